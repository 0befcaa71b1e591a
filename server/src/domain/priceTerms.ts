import { type Currency, FIAT_DECIMALS, isFiat } from './currency.ts'
import { AppError } from './errors.ts'
import { assertPayable } from './money.ts'
import type { Interval, OpenAmount, Price } from './session.ts'

/** What a price asks for; none of it ever changes. */
export type PriceTerms = Pick<Price, 'currency' | 'type' | 'unitAmount' | 'open' | 'interval' | 'intervalCount'>

/** The terms as asked for, amounts at 8 decimals; without `unitAmount` the payer chooses one. */
export type AskedTerms = {
  currency: Currency
  type: Price['type']
  unitAmount?: bigint | null | undefined
  customUnitMin?: bigint | null | undefined
  customUnitMax?: bigint | null | undefined
  customPreset?: bigint | null | undefined
  customUnitAmountSuggestions?: bigint[] | null | undefined
  interval?: Interval | null | undefined
  intervalCount?: number | null | undefined
}

const OPEN = ['customUnitMin', 'customUnitMax', 'customPreset', 'customUnitAmountSuggestions'] as const

/**
 * The terms that `asked` means: an amount, or bounds with what is offered within them; an interval exactly where the price is not paid
 * once, each 1 unless told. `coinDecimals` are those of the currency on the chains that are served. Throws `parameter_invalid`,
 * `parameter_missing`, or `amount_scale` where no coin can pay an amount exactly, naming the field after `prefix`.
 */
export function priceTerms(asked: AskedTerms, coinDecimals: readonly number[], prefix = ''): PriceTerms {
  const { currency, type, unitAmount = null } = asked
  const open = unitAmount === null ? openAmount(asked, prefix) : null
  const surplus = unitAmount === null ? undefined : OPEN.find(field => (asked[field] ?? null) !== null)
  if (surplus !== undefined) {
    throw invalid(`${prefix}${surplus} is for prices without unitAmount: give one or the other.`, `${prefix}${surplus}`)
  }
  checkSteps(asked, coinDecimals, prefix)
  return { currency, type, unitAmount, open, ...intervalOf(asked, prefix) }
}

function openAmount(asked: AskedTerms, prefix: string): OpenAmount {
  const { customUnitMin: min = null, customUnitMax: max = null, customPreset: preset = null } = asked
  const suggestions = asked.customUnitAmountSuggestions ?? []
  if (min !== null && max !== null && min > max) {
    throw invalid(`${prefix}customUnitMin must be at most customUnitMax, ${max}.`, `${prefix}customUnitMin`)
  }
  for (const [amount, field] of amountsOf(asked)) {
    if ((min !== null && amount < min) || (max !== null && amount > max)) {
      throw invalid(`${prefix}${field} must lie between customUnitMin and customUnitMax.`, `${prefix}${field}`)
    }
  }
  return { min, max, preset, suggestions }
}

function intervalOf({ type, interval = null, intervalCount = null }: AskedTerms, prefix: string) {
  if (type !== 'one_time') {
    if (interval !== null) return { interval, intervalCount: intervalCount ?? 1 }
    const message = `${prefix}interval is required for a price of type ${type}.`
    throw new AppError('parameter_missing', message, { param: `${prefix}interval` })
  }
  if (interval === null && intervalCount === null) return { interval, intervalCount }
  const field = interval === null ? 'intervalCount' : 'interval'
  throw invalid(`${prefix}${field} is for prices of type recurring or streaming.`, `${prefix}${field}`)
}

/** Each amount that is given, with its field. */
function amountsOf(asked: AskedTerms): [bigint, string][] {
  const single = (['unitAmount', 'customUnitMin', 'customUnitMax', 'customPreset'] as const).map(
    field => [asked[field] ?? null, field] as const,
  )
  const offered = (asked.customUnitAmountSuggestions ?? []).map(
    (amount, index) => [amount, `customUnitAmountSuggestions[${index}]`] as const,
  )
  return [...single, ...offered].flatMap(([amount, field]) => (amount === null ? [] : [[amount, field]]))
}

function checkSteps(asked: AskedTerms, coinDecimals: readonly number[], prefix: string): void {
  const { currency } = asked
  // A coin that no chain serves yet sets no limit.
  const decimals = isFiat(currency)
    ? FIAT_DECIMALS[currency]
    : coinDecimals.length === 0
      ? 8
      : Math.max(...coinDecimals)
  for (const [amount, field] of amountsOf(asked)) assertPayable(amount, currency, decimals, `${prefix}${field}`)
}

function invalid(message: string, param: string): AppError {
  return new AppError('parameter_invalid', message, { param })
}
