const DECIMALS = 8
const STATES: ReadonlySet<string> = new Set(['usd', 'eur', 'gbp', 'cad', 'aud', 'sgd', 'inr'])
const group = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const point = new Intl.NumberFormat(undefined).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.'

/** Digits of an amount with `decimals` (8 unless told) as people read them, exact, with two decimals at least: `1250000000` is 12.50. */
export function amountText(digits: string, currency?: string | null, decimals = DECIMALS): string {
  const isNegative = digits.startsWith('-')
  const padded = digits.replace('-', '').padStart(decimals + 1, '0')
  const whole = group.format(BigInt(padded.slice(0, padded.length - decimals)))
  const fraction = decimals === 0 ? '' : padded.slice(-decimals).replace(/0+$/, '').padEnd(Math.min(2, decimals), '0')
  const number = `${isNegative ? '−' : ''}${whole}${fraction === '' ? '' : `${point}${fraction}`}`
  return currency ? `${number} ${currency.toUpperCase()}` : number
}

/** What a person typed as an amount at 8 decimals in digits; null where it is none. */
export function amountDigits(typed: string): string | null {
  const match = /^(\d{1,11})(?:[.,](\d{0,8}))?$/.exec(typed.trim())
  if (match === null) return null
  return BigInt(`${match[1]}${(match[2] ?? '').padEnd(DECIMALS, '0')}`).toString()
}

const EXACT = { minimumFractionDigits: 2, maximumFractionDigits: DECIMALS } as const

/** Digits of an amount at 8 decimals as payers read it, exact: `$12.50` of a state currency, `12.50 USDC` of a coin. */
export function priceText(digits: string, currency: string): string {
  if (!STATES.has(currency)) return amountText(digits, currency)
  const padded = digits.padStart(DECIMALS + 1, '0')
  const decimal = `${padded.slice(0, -DECIMALS)}.${padded.slice(-DECIMALS)}` as Intl.StringNumericLiteral
  return new Intl.NumberFormat(undefined, { ...EXACT, style: 'currency', currency }).format(decimal)
}
