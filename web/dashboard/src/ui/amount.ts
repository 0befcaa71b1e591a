const DECIMALS = 8
const STATES: ReadonlySet<string> = new Set(['usd', 'eur', 'gbp', 'cad', 'aud', 'sgd', 'inr'])
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
  const isNegative = digits.startsWith('-')
  const padded = digits.replace('-', '').padStart(decimals + 1, '0')
  const decimal = `${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`
  const number = `${isNegative ? '−' : ''}${formatOf(decimals).format(decimal as Intl.StringNumericLiteral)}`
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
  const padded = digits.padStart(DECIMALS + 1, '0')
  return `${padded.slice(0, -DECIMALS)}.${padded.slice(-DECIMALS).replace(/0+$/, '').padEnd(2, '0')}`
}

const EXACT = { minimumFractionDigits: 2, maximumFractionDigits: DECIMALS } as const

/** Digits of an amount at 8 decimals as payers read it, exact: `$12.50` of a state currency, `12.50 USDC` of a coin. */
export function priceText(digits: string, currency: string): string {
  if (!isStateCurrency(currency)) return amountText(digits, currency)
  const padded = digits.padStart(DECIMALS + 1, '0')
  const decimal = `${padded.slice(0, -DECIMALS)}.${padded.slice(-DECIMALS)}` as Intl.StringNumericLiteral
  return new Intl.NumberFormat(undefined, { ...EXACT, style: 'currency', currency }).format(decimal)
}

/** Whether it is the money of a state, for which payers send coins of the same worth. */
export function isStateCurrency(currency: string): boolean {
  return STATES.has(currency)
}
