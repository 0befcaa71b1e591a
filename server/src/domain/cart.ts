import { type Currency, FIAT_DECIMALS, isFiat } from './currency.ts'
import { AppError } from './errors.ts'
import { assertPayable, formatAmount } from './money.ts'
import type { LineItem, OpenAmount, Price } from './session.ts'

/** The one currency of the cart, each line checked to be a price that can be paid now; `paramOf` names a field of a line. */
export function currencyOf(
  lines: readonly { price: Price }[],
  paramOf: (index: number, field: 'currency' | 'unitAmount') => string,
): Currency {
  let currency: Currency | undefined
  for (const [index, { price }] of lines.entries()) {
    const param = paramOf(index, 'currency')
    if (price.type !== 'one_time') {
      const message = 'Recurring and streaming prices are not available yet: use prices of type one_time.'
      throw new AppError('not_yet_available', message, { param })
    }
    if (currency !== undefined && price.currency !== currency) {
      const message = `All prices of a session must be in one currency; the first is in ${currency}.`
      throw new AppError('parameter_invalid', message, { param })
    }
    if (price.open !== null && lines.slice(0, index).some(line => line.price.open !== null)) {
      throw new AppError('parameter_invalid', 'A session takes one price of an open amount.', { param })
    }
    if (isFiat(price.currency) && price.unitAmount !== null) {
      assertPayable(price.unitAmount, price.currency, FIAT_DECIMALS[price.currency], paramOf(index, 'unitAmount'))
    }
    currency = price.currency
  }
  if (currency === undefined) {
    throw new AppError('array_too_short', 'A session needs at least one line item.', { param: 'lineItems' })
  }
  return currency
}

/** What an open price is at 8 decimals before the payer chooses; null when nothing is suggested. */
export function presetOf(open: OpenAmount | null): bigint | null {
  return open === null ? null : (open.preset ?? open.min)
}

/** Whether every open price has its amount: before that there is nothing to pay. */
export function isChosen(lines: readonly Pick<LineItem, 'price' | 'unitAmount'>[]): boolean {
  return lines.every(({ price, unitAmount }) => price.open === null || unitAmount !== null)
}

/** The lines with the payer's choice for the open price. Throws `amount_not_open`, `amount_out_of_range` or `amount_scale`. */
export function withChoice<L extends Pick<LineItem, 'price' | 'unitAmount'>>(
  lines: readonly L[],
  unitAmount: bigint,
): L[] {
  const open = lines.find(({ price }) => price.open !== null)?.price
  if (open === undefined) {
    throw new AppError('amount_not_open', 'This session has no price of an open amount: there is nothing to choose.')
  }
  const { currency, open: bounds } = open
  const param = 'unitAmount'
  if (isFiat(currency)) assertPayable(unitAmount, currency, FIAT_DECIMALS[currency], param)
  const { min = null, max = null } = bounds ?? {}
  if ((min !== null && unitAmount < min) || (max !== null && unitAmount > max)) {
    const from = min === null ? '' : ` from ${formatAmount(min)}`
    const to = max === null ? '' : ` up to ${formatAmount(max)}`
    throw new AppError('amount_out_of_range', `${param} must be an amount${from}${to}.`, { param })
  }
  return lines.map(line => (line.price.open === null ? line : { ...line, unitAmount }))
}
