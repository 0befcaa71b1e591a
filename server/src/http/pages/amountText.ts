import { isFiat } from '../../domain/currency.ts'
import { AMOUNT_DECIMALS, formatDecimal } from '../../domain/money.ts'

/** The exact decimal text of `raw` at `decimals`, at least two decimals where the scale has them: `('1000000', 6)` is `1.00`. */
export function decimalText(raw: bigint, decimals: number): string {
  const [whole = '', fraction = ''] = formatDecimal(raw, decimals).split('.')
  const padded = fraction.padEnd(Math.min(2, decimals), '0')
  return padded === '' ? whole : `${whole}.${padded}`
}

/** What a wallet must be told to send, `1250.00 USDC`: exact and ungrouped, so that it can be pasted. */
export function coinText(raw: bigint, asset: { decimals: number; symbol: string }): string {
  return `${decimalText(raw, asset.decimals)} ${asset.symbol}`
}

/** A price for reading, exact and grouped: `$1,250.00` for a fiat currency, `1,250.00 USDC` else. `amount` is amt8. */
export function priceText(amount: string, currency: string, language = 'en'): string {
  const decimal = decimalText(BigInt(amount), AMOUNT_DECIMALS)
  // Intl formats a digit string exactly; as a Number it would round.
  const exact = decimal as Intl.StringNumericLiteral
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: AMOUNT_DECIMALS }
  if (!isFiat(currency)) return `${new Intl.NumberFormat(language, digits).format(exact)} ${currency.toUpperCase()}`
  return new Intl.NumberFormat(language, { ...digits, style: 'currency', currency: currency.toUpperCase() }).format(
    exact,
  )
}
