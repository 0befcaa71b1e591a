import { AppError, invariant } from './errors.ts'

/** Decimals of every amount of the API, whatever the decimals of its currency. */
export const AMOUNT_DECIMALS = 8

/** The largest amount at 8 decimals: what a signed 64-bit integer holds. */
export const AMOUNT_MAX = 2n ** 63n - 1n

const SAFE_INTEGER_MAX = 2 ** 53 - 1
const DIGITS = /^[1-9][0-9]*$/
const EXAMPLE = 'a whole number at 8 decimals, as a string of digits (12.50 is "1250000000")'

/**
 * The amount at 8 decimals in a request: a string of digits without leading zero, or a JSON integer up to 2^53−1.
 * Throws `amount_invalid`, `amount_must_be_string`, `amount_too_small` or `amount_too_large` with `param`.
 */
export function parseAmount(value: unknown, param: string): bigint {
  if (typeof value === 'string') return parseDigits(value, param)
  if (typeof value === 'number') return parseJsonNumber(value, param)
  throw new AppError('amount_invalid', `${param} must be ${EXAMPLE}.`, { param })
}

function parseDigits(text: string, param: string): bigint {
  if (text === '0') throw tooSmall(param)
  if (!DIGITS.test(text)) throw new AppError('amount_invalid', `${param} must be ${EXAMPLE}.`, { param })
  // Length first: BigInt of a million digits is slow, and anything over 19 digits is too large anyway.
  if (text.length > 19) throw tooLarge(param)
  return atMostMax(BigInt(text), param)
}

function parseJsonNumber(value: number, param: string): bigint {
  if (value > SAFE_INTEGER_MAX) {
    const message = `${param} is above 2^53-1, where JSON numbers lose digits: send ${EXAMPLE}.`
    throw new AppError('amount_must_be_string', message, { param })
  }
  if (value === 0) throw tooSmall(param)
  if (!(value > 0) || value % 1 !== 0) {
    throw new AppError('amount_invalid', `${param} must be ${EXAMPLE}.`, { param })
  }
  return BigInt(value)
}

/** `amount` itself; throws `amount_too_large` when it is above `AMOUNT_MAX`, as a product or a sum may be. */
export function atMostMax(amount: bigint, param: string): bigint {
  if (amount > AMOUNT_MAX) throw tooLarge(param)
  return amount
}

function tooLarge(param: string): AppError {
  return new AppError('amount_too_large', `${param} must be at most ${AMOUNT_MAX} (2^63-1).`, { param })
}

function tooSmall(param: string): AppError {
  return new AppError('amount_too_small', `${param} must be at least 1, which is 0.00000001.`, { param })
}

/** An amount at 8 decimals as answers carry it: digits, without sign or leading zero; what was received may exceed `AMOUNT_MAX`. */
export function formatAmount(amount: bigint): string {
  invariant(amount >= 0n, 'amounts are not negative')
  return amount.toString()
}

/** The smallest step, at 8 decimals, of something with `decimals` decimals: 100 for 6, 1 for 8 and more. */
export function smallestStep(decimals: number): bigint {
  return decimals >= AMOUNT_DECIMALS ? 1n : 10n ** BigInt(AMOUNT_DECIMALS - decimals)
}

/** Throws `amount_scale`, naming the smallest step, when `currency` with its `decimals` cannot represent `amount` exactly. */
export function assertPayable(amount: bigint, currency: string, decimals: number, param: string): void {
  const step = smallestStep(decimals)
  if (amount % step === 0n) return
  const message = `${param} cannot be paid exactly: ${currency} has ${decimals} decimals, the smallest step is ${step}.`
  throw new AppError('amount_scale', message, { param })
}

/** An amount at 8 decimals in base units of `decimals`; the caller has checked that it is exact, else this throws. */
export function toRaw(amount: bigint, decimals: number): bigint {
  invariant(amount % smallestStep(decimals) === 0n, 'the amount is a multiple of the smallest step')
  return toRawCeil(amount, decimals)
}

/** An amount at 8 decimals in base units of `decimals`, rounded up: what a payer owes. */
export function toRawCeil(amount: bigint, decimals: number): bigint {
  invariant(amount >= 0n, 'amounts are not negative')
  const step = smallestStep(decimals)
  return ((amount + step - 1n) / step) * rawPerAmount(decimals)
}

/** Base units of `decimals` as an amount at 8 decimals, rounded down: what was received. */
export function fromRawFloor(raw: bigint, decimals: number): bigint {
  invariant(raw >= 0n, 'amounts are not negative')
  return (raw * smallestStep(decimals)) / rawPerAmount(decimals)
}

function rawPerAmount(decimals: number): bigint {
  return decimals <= AMOUNT_DECIMALS ? 1n : 10n ** BigInt(decimals - AMOUNT_DECIMALS)
}

const TYPED = /^(\d{1,12})(?:[.,](\d{1,8}))?$/

/**
 * What a person typed as an amount at 8 decimals: digits, with a point or a comma before at most 8 decimals, and blanks around them;
 * null for anything else, and for 0.
 */
export function parseTypedAmount(text: string): bigint | null {
  const [, whole = '', fraction = ''] = TYPED.exec(text.trim()) ?? []
  const amount = BigInt(`${whole}${fraction.padEnd(AMOUNT_DECIMALS, '0')}`)
  return amount > 0n && amount <= AMOUNT_MAX ? amount : null
}

/** Base units of `decimals` for people, exact: `1500000` at 6 is `1.5`; no rounding, no exponent, no trailing zeros. */
export function formatDecimal(raw: bigint, decimals: number): string {
  invariant(raw >= 0n, 'amounts are not negative')
  const digits = raw.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
