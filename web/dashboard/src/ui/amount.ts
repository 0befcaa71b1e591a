const DECIMALS = 8

/** The money of states. */
export const STATE_CURRENCIES = ['usd', 'eur', 'gbp', 'cad', 'aud', 'sgd', 'inr'] as const

const formats = new Map<number, Intl.NumberFormat>()

/** Numbers with up to so many decimals, two at least where there are any; made once, which takes longer than writing a number. */
function formatOf(decimals: number): Intl.NumberFormat {
  const known = formats.get(decimals)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat(undefined, {
    minimumFractionDigits: Math.min(2, decimals),
    maximumFractionDigits: decimals,
  })
  formats.set(decimals, format)
  return format
}

/** Digits of an amount with `decimals` (8 unless told) as people read them, exact, with two decimals at least: `1250000000` is 12.50. */
export function amountText(digits: string, currency?: string | null, decimals = DECIMALS): string {
  const sign = digits.startsWith('-') ? '−' : ''
  const number = `${sign}${formatOf(decimals).format(decimalOf(digits.replace('-', ''), decimals))}`
  return currency ? `${number} ${currency.toUpperCase()}` : number
}

/** What a person typed as an amount at 8 decimals in digits; null where it is none. */
export function amountDigits(typed: string): string | null {
  const match = /^(\d{1,11})(?:[.,](\d{0,8}))?$/.exec(typed.trim())
  if (match === null) return null
  return BigInt(`${match[1]}${(match[2] ?? '').padEnd(DECIMALS, '0')}`).toString()
}

/** Digits of an amount at 8 decimals as they are typed: `1250000000` is 12.50. */
export function typedAmount(digits: string): string {
  return decimalOf(digits).replace(/0{1,6}$/, '')
}

/** Digits of an amount at 8 decimals as payers read it, exact: `$12.50` of a state currency, `12.50 USDC` of a coin. */
export function priceText(digits: string, currency: string): string {
  if (!isStateCurrency(currency)) return amountText(digits, currency)
  const exact = { minimumFractionDigits: 2, maximumFractionDigits: DECIMALS } as const
  return new Intl.NumberFormat(undefined, { ...exact, style: 'currency', currency }).format(decimalOf(digits))
}

/** Digits as the number with `decimals` that they stand for, all of which it has. */
function decimalOf(digits: string, decimals = DECIMALS): Intl.StringNumericLiteral {
  const padded = digits.padStart(decimals + 1, '0')
  const point = padded.length - decimals
  return `${padded.slice(0, point)}.${padded.slice(point)}` as Intl.StringNumericLiteral
}

/** Whether it is the money of a state, for which payers send coins of the same worth. */
export function isStateCurrency(currency: string): boolean {
  return STATE_CURRENCIES.some(each => each === currency)
}
