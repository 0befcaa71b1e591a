import { z } from '@hono/zod-openapi'
import type { NewLine } from '../actions/createCheckoutSession.ts'
import { newProduct, productData } from './productData.ts'
import { amount, currency, datetime, PARAM, quantity, uuid } from './rules.ts'

const priceData = z
  .strictObject({
    currency,
    unitAmount: amount,
    productId: uuid.optional(),
    productData: productData.optional(),
    type: z.enum(['one_time', 'recurring', 'streaming']).default('one_time'),
    interval: z.enum(['day', 'week', 'month', 'year']).nullish(),
    intervalCount: z.int().min(1).nullish(),
  })
  .openapi('PriceData')

/** Tax rates by their ids, each once, at most 10. */
export const taxRateIds = z
  .array(uuid)
  .max(10)
  .transform(ids => [...new Set(ids)])

/** A line of a cart as a request gives it. */
export const newLineItem = z
  .strictObject({
    priceId: uuid.optional(),
    priceData: priceData.optional(),
    quantity: quantity.default(1).openapi({ default: 1 }),
    periodStart: datetime.optional(),
    periodEnd: datetime.optional(),
    taxRateIds: taxRateIds.optional(),
  })
  .transform((item, context): NewLine => {
    const problem = (code: string, message: string, path: string[] = []) => {
      context.addIssue({ code: 'custom', message, params: { code }, path })
      return z.NEVER
    }
    const { priceId, priceData: asked } = item
    if (priceId !== undefined && asked !== undefined)
      return problem('parameter_invalid', `${PARAM}: give priceId or priceData, not both.`)
    const { quantity, periodStart = null, periodEnd = null } = item
    if (periodStart !== null && periodEnd !== null && periodEnd <= periodStart)
      return problem('parameter_invalid', `${PARAM} must be after periodStart.`, ['periodEnd'])
    const line = { quantity, periodStart, periodEnd, taxRateIds: item.taxRateIds }
    if (priceId !== undefined) return { ...line, price: { id: priceId } }
    if (asked === undefined) return problem('parameter_missing', `${PARAM} needs a priceId or priceData.`)
    if (asked.type !== 'one_time' || asked.interval || asked.intervalCount) {
      return problem(
        'not_yet_available',
        `${PARAM}: recurring prices are not available yet; use type one_time without an interval.`,
        ['priceData', 'type'],
      )
    }
    const product = productOf(asked)
    if (product === null)
      return problem('parameter_missing', `${PARAM} needs one of productId and productData.`, ['priceData'])
    return { ...line, price: { currency: asked.currency, unitAmount: asked.unitAmount, product } }
  })
  .openapi('CreateCheckoutSessionLineItem')

function productOf({ productId, productData: data }: z.output<typeof priceData>) {
  if (productId !== undefined) return data === undefined ? { id: productId } : null
  return data === undefined ? null : newProduct(data)
}

/** The cart of a request: `{data: [...]}` or a bare list, 1 to 100 lines. */
export const lineItems = z.preprocess(
  value => (Array.isArray(value) ? { data: value } : value),
  z.strictObject({ data: z.array(newLineItem).min(1).max(100) }).openapi('CreateCheckoutSessionPriceItems'),
)
