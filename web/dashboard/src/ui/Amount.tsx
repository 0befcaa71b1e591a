import { amountText } from './amount.ts'

/** An amount in a column of amounts, at its end: their numbers stand below each other, whatever their currencies are. */
export function Amount({ digits, currency }: { digits: string; currency: string }) {
  return (
    <span className="block leading-tight whitespace-normal tabular-nums md:whitespace-nowrap">
      <span className="font-medium">{amountText(digits)}</span>{' '}
      <span className="inline-block text-start text-muted md:w-10">{currency.toUpperCase()}</span>
    </span>
  )
}
