import type { Currency } from '../../domain/currency.ts'
import { AMOUNT_DECIMALS, formatDecimal } from '../../domain/money.ts'

/** An amount at 8 decimals, exact, with its currency: `12.50 USD`. */
export function amountText(amount: bigint, currency: Currency): string {
  const [whole = '', fraction = ''] = formatDecimal(amount, AMOUNT_DECIMALS).split('.')
  return `${whole}.${fraction.padEnd(2, '0')} ${currency.toUpperCase()}`
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** The day in UTC: `1 March 2026`. */
export function dayText(time: Date): string {
  return `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()}`
}

/** The minute in UTC: `1 March 2026, 12:00 UTC`. */
export function timeText(time: Date): string {
  return `${dayText(time)}, ${time.toISOString().slice(11, 16)} UTC`
}
