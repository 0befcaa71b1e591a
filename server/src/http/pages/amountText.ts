import { invariant } from '../../domain/errors.ts'

const FIAT = new Set(['usd', 'eur', 'gbp', 'cad', 'aud', 'sgd', 'inr'])

/** The exact decimal text of `units` at `decimals`, at least two decimals where the scale has them: `('1000000', 6)` is `1.00`. */
export function decimalText(units: bigint, decimals: number): string {
  invariant(units >= 0n, 'an amount on the page is never negative')
  const digits = units.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  const shortest = fraction.replace(/0+$/, '').padEnd(Math.min(2, decimals), '0')
  return shortest === '' ? whole : `${whole}.${shortest}`
}

/** What a wallet must be told to send, `1250.00 USDC`: exact and ungrouped, so that it can be pasted. */
export function coinText(units: bigint, asset: { decimals: number; symbol: string }): string {
  return `${decimalText(units, asset.decimals)} ${asset.symbol}`
}

/** A price for reading, exact and grouped: `$1,250.00` for a fiat currency, `1,250.00 USDC` else. `amount` is amt8. */
export function priceText(amount: string, currency: string, language = 'en'): string {
  const decimal = decimalText(BigInt(amount), 8)
  // Intl formats a digit string exactly; as a Number it would round.
  const exact = decimal as Intl.StringNumericLiteral
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 8 }
  if (!FIAT.has(currency)) return `${new Intl.NumberFormat(language, digits).format(exact)} ${currency.toUpperCase()}`
  return new Intl.NumberFormat(language, { ...digits, style: 'currency', currency: currency.toUpperCase() }).format(
    exact,
  )
}
