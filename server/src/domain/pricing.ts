import type { AppliedDiscount } from './coupon.ts'
import { type Currency, FIAT_DECIMALS, isFiat } from './currency.ts'
import { atMostMax, smallestStep } from './money.ts'
import type { LineItem, Price } from './session.ts'
import type { LineTax } from './taxRate.ts'

const PPM = 1_000_000n

/** What of a tax rate is kept with a line. */
export type AppliedRate = Omit<LineTax, 'amount'>

/** A line to be priced: `unitAmount` is the payer's choice for an open price, null while nothing is chosen. */
export type CartLine = {
  price: Price
  quantity: number
  unitAmount: bigint | null
  description: string | null
  periodStart: Date | null
  periodEnd: Date | null
  taxRates: readonly AppliedRate[]
}

/** What is taken off and put on the whole; `step` is the smallest amount at 8 decimals that can be paid in every way offered. */
export type CartTerms = {
  discount: Pick<AppliedDiscount, 'percentPpm' | 'amountOff'> | null
  feePpm: number | null
  step: bigint
}

/** A cart with its sums at 8 decimals: subtotal − discount + tax + fee = total, of each line and of the whole. */
export type PricedCart = {
  lineItems: LineItem[]
  amountSubtotal: bigint
  amountDiscount: bigint
  amountTax: bigint
  amountFee: bigint
  amountTotal: bigint
}

/**
 * Prices a cart. A discount is rounded down to a whole step and divided among the lines by their subtotals; tax is of what is then
 * left of a line, each rounded half up to a step; the fee is of all that and is rounded up. Divisions are by largest remainder, so
 * that nothing is lost. A tax that the price includes changes no sum. Throws `amount_too_large` above 2^63 − 1.
 */
export function priceCart(lines: readonly CartLine[], { discount, feePpm, step }: CartTerms): PricedCart {
  const subtotals = lines.map(({ price, quantity, unitAmount }) => {
    return (price.unitAmount ?? unitAmount ?? 0n) * BigInt(quantity)
  })
  const amountSubtotal = atMostMax(sum(subtotals), 'lineItems')
  const amountDiscount = discountOf(amountSubtotal, discount, step)
  // Lines that are off the step could lose more than they are.
  const lineStep = subtotals.every(subtotal => subtotal % step === 0n) ? step : 1n
  const discounts = divide(amountDiscount, subtotals, lineStep)
  const lineItems = lines.map((line, index) => pricedLine(line, subtotals[index] ?? 0n, discounts[index] ?? 0n, step))
  const amountTax = sum(lineItems.map(item => item.amountTax))
  const beforeFee = amountSubtotal - amountDiscount + amountTax
  const amountFee = roundUp(beforeFee * BigInt(feePpm ?? 0), PPM * step) * step
  const amountTotal = atMostMax(beforeFee + amountFee, 'lineItems')
  return { lineItems, amountSubtotal, amountDiscount, amountTax, amountFee, amountTotal }
}

/** A cart whose lines were priced before, without a fee. */
export function agreedCart(lineItems: readonly LineItem[]): PricedCart {
  return {
    lineItems: [...lineItems],
    amountSubtotal: sum(lineItems.map(item => item.amountSubtotal)),
    amountDiscount: sum(lineItems.map(item => item.amountDiscount)),
    amountTax: sum(lineItems.map(item => item.amountTax)),
    amountFee: 0n,
    amountTotal: sum(lineItems.map(item => item.amountTotal)),
  }
}

/** The smallest amount at 8 decimals that a price in `currency` can differ by, payable in coins of `decimals`. */
export function priceStep(currency: Currency, decimals: readonly number[]): bigint {
  return isFiat(currency) ? smallestStep(FIAT_DECIMALS[currency]) : smallestStep(Math.min(8, ...decimals))
}

function pricedLine({ taxRates, ...line }: CartLine, subtotal: bigint, discount: bigint, step: bigint): LineItem {
  const taxable = subtotal - discount
  const taxes = taxesOf(taxable, taxRates, step)
  const amountTax = sum(taxes.filter(({ type }) => type === 'exclusive').map(({ amount }) => BigInt(amount)))
  const amounts = { amountSubtotal: subtotal, amountDiscount: discount, amountTax, amountTotal: taxable + amountTax }
  return { ...line, ...amounts, taxes }
}

/** The included taxes are a share of the taxable amount together; each added one is of what is left without that share. */
function taxesOf(taxable: bigint, rates: readonly AppliedRate[], step: bigint): LineTax[] {
  const included = rates.filter(({ type }) => type === 'inclusive').map(({ ratePpm }) => BigInt(ratePpm))
  const whole = PPM + sum(included)
  // What is off the step could include more than it is.
  const ownStep = taxable % step === 0n ? step : 1n
  const parts = divide(roundHalfUp(taxable * sum(included), whole * ownStep) * ownStep, included, ownStep)
  return rates.map(({ id, name, description, country, ratePpm, type }) => {
    const amount = type === 'inclusive' ? parts.shift() : roundHalfUp(taxable * BigInt(ratePpm), whole * step) * step
    return { id, name, description, country, ratePpm, type, amount: `${amount}` }
  })
}

function discountOf(subtotal: bigint, discount: CartTerms['discount'], step: bigint): bigint {
  if (discount === null) return 0n
  const { percentPpm, amountOff } = discount
  const wanted = percentPpm === null ? BigInt(amountOff ?? 0) : (subtotal * BigInt(percentPpm)) / PPM
  // A whole that is off the step is taken off whole.
  return wanted >= subtotal ? subtotal : wanted - (wanted % step)
}

/** `whole`, a multiple of `step`, in parts that are multiples of it too and proportional to `weights`, by largest remainder. */
function divide(whole: bigint, weights: readonly bigint[], step: bigint): bigint[] {
  const total = sum(weights)
  if (total === 0n) return weights.map(() => 0n)
  const parts = weights.map(weight => {
    const exact = whole * weight
    return { steps: exact / (total * step), remainder: exact % (total * step) }
  })
  let missing = whole / step - sum(parts.map(({ steps }) => steps))
  for (const part of parts.toSorted((one, other) => compare(other.remainder, one.remainder))) {
    if (missing === 0n) break
    part.steps += 1n
    missing -= 1n
  }
  return parts.map(({ steps }) => steps * step)
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function roundUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}

function roundHalfUp(value: bigint, by: bigint): bigint {
  return (2n * value + by) / (2n * by)
}
