import { FIAT_DECIMALS, isFiat } from '../../domain/currency.ts'
import { AMOUNT_DECIMALS, formatDecimal, smallestStep } from '../../domain/money.ts'
import { parseUsd } from '../../domain/rate.ts'
import { onceEach } from './formats.ts'

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

/** A price for reading, exact and grouped: `$1,250.00` for a fiat currency, `1,250.00 USDC` else. `amount` is amt8, with `-` if it goes off. */
export function priceText(amount: string, currency: string, language = 'en'): string {
  const [, sign = '', digits = ''] = /^(-?)(.*)$/.exec(amount) ?? []
  const decimal = `${sign}${decimalText(BigInt(digits), AMOUNT_DECIMALS)}`
  // Intl formats a digit string exactly; as a Number it would round. Where a sign stands is the language's.
  const exact = decimal as Intl.StringNumericLiteral
  const code = currency.toUpperCase()
  const text = isFiat(currency)
    ? prices(`${language} ${code}`).format(exact)
    : `${numbers(language).format(exact)} ${code}`
  return text.replace('-', '−')
}

const DIGITS = { minimumFractionDigits: 2, maximumFractionDigits: AMOUNT_DECIMALS, numberingSystem: 'latn' } as const

const numbers = onceEach(language => new Intl.NumberFormat(language, DIGITS))

const prices = onceEach(key => {
  const [language, currency] = key.split(' ')
  return new Intl.NumberFormat(language, { ...DIGITS, style: 'currency', currency })
})

/** What arrived of a price, `amount` in amt8, for reading: rounded down to what its currency has, so that a part is never a whole. */
export function partText(amount: string, currency: string, language = 'en'): string {
  const step = isFiat(currency) ? smallestStep(FIAT_DECIMALS[currency]) : 1n
  const units = BigInt(amount)
  return priceText((units - (units % step)).toString(), currency, language)
}

const RATE_DECIMALS = 12

/** What one coin is in `currency` by the rates of a quote, for reading: `$2,500.10`, `$0.99985`; null where they cannot be read. */
export function rateText(quote: { fromUsd: string; toUsd: string }, currency: string, language = 'en'): string | null {
  const [from, to] = [parseUsd(quote.fromUsd), parseUsd(quote.toUsd)]
  if (from === null || to === null) return null
  const price = formatDecimal((to * 10n ** BigInt(RATE_DECIMALS)) / from, RATE_DECIMALS) as Intl.StringNumericLiteral
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: currency.toUpperCase(),
    numberingSystem: 'latn',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    maximumSignificantDigits: 5,
    roundingPriority: 'morePrecision',
  }).format(price)
}
