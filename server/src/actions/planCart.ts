import type { Context } from '../context.ts'
import { presetOf } from '../domain/cart.ts'
import type { Customer } from '../domain/customer.ts'
import { AppError } from '../domain/errors.ts'
import type { CartLine } from '../domain/pricing.ts'
import type { Price, Product } from '../domain/session.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import { findActiveCode } from '../store/coupons.ts'
import { findCustomer } from '../store/customers.ts'
import { inOrganization } from '../store/database.ts'
import { loadPrices } from '../store/prices.ts'
import { loadProducts } from '../store/products.ts'
import { loadTaxRates } from '../store/taxRates.ts'
import type { NewLine, NewPrice, NewSession } from './createCheckoutSession.ts'

/** What a request names that exists already. */
export type Named = {
  prices: ReadonlyMap<string, Price>
  products: ReadonlyMap<string, Product>
  taxRates: ReadonlyMap<string, TaxRate>
  customer: Customer | null
  /** The coupon that the default code stands for. */
  offer: Awaited<ReturnType<typeof findActiveCode>>
}

const NOTHING: Named = { prices: new Map(), products: new Map(), taxRates: new Map(), customer: null, offer: null }

/** Reads what the request names in one transaction; a request that names nothing needs none. */
export async function readNamed(ctx: Context, organizationId: string, asked: NewSession): Promise<Named> {
  const { lines, customerId = null, taxRateIds = [], options } = asked
  const priceIds = lines.flatMap(({ price }) => ('id' in price ? [price.id] : []))
  const productIds = lines.flatMap(({ price }) => ('id' in price || !('id' in price.product) ? [] : [price.product.id]))
  const rateIds = [...taxRateIds, ...lines.flatMap(line => line.taxRateIds ?? [])]
  const { defaultPromotionCode: code } = options
  if (priceIds.length + productIds.length + rateIds.length === 0 && customerId === null && code === null) return NOTHING
  return await inOrganization(ctx.db, organizationId, async tx => ({
    prices: await loadPrices(tx, priceIds),
    products: await loadProducts(tx, productIds),
    taxRates: await loadTaxRates(tx, rateIds),
    customer: customerId === null ? null : await findCustomer(tx, customerId),
    offer: code === null ? null : await findActiveCode(tx, code),
  }))
}

/** Makes ids and knows the moment of what is made. */
export type Making = { now: Date; newId: () => string }

/** What of a request is about its lines. */
type AskedLines = Pick<NewSession, 'lines' | 'taxRateIds' | 'isPublic' | 'isAgreed'>

/** What lines name that exists already. */
type NamedInLines = Pick<Named, 'prices' | 'products' | 'taxRates'>

/** The lines of the cart with their prices and tax rates; what does not exist or is not active is refused by its place. */
export function planLines(asked: AskedLines, named: NamedInLines, making: Making): CartLine[] {
  const common = (asked.taxRateIds ?? []).map((id, index) => taxRate(named, id, asked, `taxRateIds[${index}]`))
  return asked.lines.map((line, index) => {
    const place = `lineItems.data[${index}]`
    const own = line.taxRateIds?.map((id, at) => taxRate(named, id, asked, `${place}.taxRateIds[${at}]`))
    const price = priceOf(line, named, asked, place, making)
    return {
      price,
      quantity: line.quantity,
      unitAmount: presetOf(price.open),
      description: line.description ?? null,
      periodStart: line.periodStart ?? null,
      periodEnd: line.periodEnd ?? null,
      taxRates: own ?? common,
    }
  })
}

function taxRate({ taxRates }: NamedInLines, id: string, { isAgreed = false }: AskedLines, param: string): TaxRate {
  const rate = taxRates.get(id)
  if (rate === undefined) throw new AppError('parameter_invalid', `There is no tax rate ${id}.`, { param })
  if (rate.isActive || isAgreed) return rate
  throw new AppError('parameter_invalid', `Tax rate ${id} is not active: activate it or choose another.`, { param })
}

function priceOf(
  line: NewLine,
  { prices, products }: NamedInLines,
  asked: AskedLines,
  place: string,
  making: Making,
): Price {
  if (!('id' in line.price)) return newPrice(line.price, `${place}.priceData.productId`, products, making)
  const { id } = line.price
  const price = prices.get(id)
  const param = `${place}.priceId`
  const { isPublic = false, isAgreed = false } = asked
  if (price === undefined || (isPublic && !price.isPublic)) {
    const hint = isPublic ? ' that is public: a publishable key takes prices with isPublic only' : ''
    throw new AppError('parameter_invalid', `There is no price ${id}${hint}.`, { param })
  }
  if ((price.isActive && price.product.isActive) || isAgreed) return price
  throw new AppError('parameter_invalid', `Price ${id} is not active: activate it or choose another.`, { param })
}

function newPrice(
  asked: NewPrice,
  param: string,
  products: ReadonlyMap<string, Product>,
  { now, newId }: Making,
): Price {
  const id = newId()
  const made = { createdAt: now, updatedAt: now, isActive: true }
  const { product: of } = asked
  const product =
    'id' in of ? products.get(of.id) : { ...made, id: newId(), ...of, imageFileIds: [], defaultPriceId: id }
  if (product === undefined) {
    throw new AppError('parameter_invalid', `There is no product ${'id' in of ? of.id : ''}.`, { param })
  }
  return {
    ...made,
    id,
    product,
    currency: asked.currency,
    type: 'one_time',
    unitAmount: asked.unitAmount,
    open: null,
    interval: null,
    intervalCount: null,
    nickname: null,
    metadata: null,
    isPublic: false,
    visibility: 20,
  }
}
