import type { AppliedDiscount } from './coupon.ts'
import { type Currency, FIAT_DECIMALS, isFiat } from './currency.ts'
import { atMostMax, smallestStep } from './money.ts'
import type { LineItem, Price } from './session.ts'
import type { LineTax, TaxRate } from './taxRate.ts'

const PPM = 1_000_000n

/** A line to be priced: `unitAmount` is the payer's choice for an open price, null while nothing is chosen. */
export type CartLine = {
  price: Price
  quantity: number
  unitAmount: bigint | null
  description: string | null
  periodStart: Date | null
  periodEnd: Date | null
  taxRates: readonly TaxRate[]
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
 * Prices a cart. A discount is rounded down to a whole step, added tax and the fee are rounded up: what the payer owes rounds up. A
 * discount on the whole is divided among the lines by their subtotals, the rest going to the first ones. Tax is of what is left of a
 * line after its discount; a tax that the price includes changes no sum. Throws `amount_too_large` above 2^63 − 1.
 */
export function priceCart(lines: readonly CartLine[], { discount, feePpm, step }: CartTerms): PricedCart {
  const subtotals = lines.map(
    ({ price, quantity, unitAmount }) => (price.unitAmount ?? unitAmount ?? 0n) * BigInt(quantity),
  )
  const amountSubtotal = sum(subtotals)
  const discounts = divide(discountOf(amountSubtotal, discount, step), subtotals, amountSubtotal, step)
  const lineItems = lines.map((line, index) => pricedLine(line, subtotals[index] ?? 0n, discounts[index] ?? 0n, step))
  const amountDiscount = sum(discounts)
  const amountTax = sum(lineItems.map(item => item.amountTax))
  const beforeFee = amountSubtotal - amountDiscount + amountTax
  const amountFee = feePpm === null ? 0n : ceilTo(ceilDiv(beforeFee * BigInt(feePpm), PPM), step)
  atMostMax(amountSubtotal, 'lineItems')
  const amountTotal = atMostMax(beforeFee + amountFee, 'lineItems')
  return { lineItems, amountSubtotal, amountDiscount, amountTax, amountFee, amountTotal }
}

/** The smallest amount at 8 decimals that a price in `currency` can differ by, payable in coins of `decimals`. */
export function priceStep(currency: Currency, decimals: readonly number[]): bigint {
  return isFiat(currency) ? smallestStep(FIAT_DECIMALS[currency]) : smallestStep(Math.min(8, ...decimals))
}

function pricedLine(
  { taxRates, ...line }: CartLine,
  amountSubtotal: bigint,
  amountDiscount: bigint,
  step: bigint,
): LineItem {
  const taxable = amountSubtotal - amountDiscount
  const taxes = taxesOf(taxable, taxRates, step)
  const amountTax = sum(taxes.filter(({ type }) => type === 'exclusive').map(({ amount }) => BigInt(amount)))
  return { ...line, amountSubtotal, amountDiscount, amountTax, amountTotal: taxable + amountTax, taxes }
}

/** Included taxes share what they are of the taxable amount together; each added one is of what is left without the included ones. */
function taxesOf(taxable: bigint, rates: readonly TaxRate[], step: bigint): LineTax[] {
  const included = rates
    .filter(({ type }) => type === 'inclusive')
    .reduce((total, { ratePpm }) => total + BigInt(ratePpm), 0n)
  const base = (taxable * PPM) / (PPM + included)
  return rates.map(({ id, name, description, country, ratePpm, type }) => {
    const exact = ceilDiv(base * BigInt(ratePpm), PPM)
    const amount = type === 'exclusive' ? ceilTo(exact, step) : exact
    return { id, name, description, country, ratePpm, type, amount: amount.toString() }
  })
}

function discountOf(subtotal: bigint, discount: CartTerms['discount'], step: bigint): bigint {
  if (discount === null) return 0n
  const wanted =
    discount.percentPpm === null ? BigInt(discount.amountOff ?? 0) : (subtotal * BigInt(discount.percentPpm)) / PPM
  // A whole that is off the step is taken off whole.
  return wanted >= subtotal ? subtotal : wanted - (wanted % step)
}

/** `whole` in parts proportional to `weights`, of `total`, each a multiple of `step` where `whole` is one, none above its weight. */
function divide(whole: bigint, weights: readonly bigint[], total: bigint, step: bigint): bigint[] {
  if (whole === 0n || whole === total) return weights.map(weight => (whole === 0n ? 0n : weight))
  const parts = weights.map(weight => {
    const part = (whole * weight) / total
    return part - (part % step)
  })
  let rest = whole - sum(parts)
  for (const [index, weight] of weights.entries()) {
    const part = parts[index] ?? 0n
    const more = rest < weight - part ? rest : weight - part
    parts[index] = part + more
    rest -= more
  }
  return parts
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function ceilDiv(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}

function ceilTo(value: bigint, step: bigint): bigint {
  return ceilDiv(value, step) * step
}
