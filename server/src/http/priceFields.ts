import { z } from '@hono/zod-openapi'
import type { NewPrice } from '../actions/createPrice.ts'
import { AppError } from '../domain/errors.ts'
import { interval, visibility } from './answerFields.ts'
import { newProduct, productData } from './productData.ts'
import { amount, currency, metadata, text, uuid } from './rules.ts'

/** What a price is for: paid once, each interval, or as a stream. */
export const priceType = z.enum(['one_time', 'recurring', 'streaming'])

const repeats = { interval: interval.nullish(), intervalCount: z.int().min(1).max(1000).nullish() }

/** The price that a product is made with. */
export const defaultPriceData = z
  .strictObject({ currency, unitAmount: amount, type: priceType.default('one_time'), ...repeats })
  .openapi('DefaultPriceData')

/** A price as a request describes it; `priceTerms` says how its fields go together. */
export const newPriceSchema = z
  .strictObject({
    currency,
    type: priceType.default('one_time'),
    unitAmount: amount.nullish(),
    customUnitMin: amount.nullish(),
    customUnitMax: amount.nullish(),
    customPreset: amount.nullish(),
    customUnitAmountSuggestions: z.array(amount).max(20).nullish(),
    ...repeats,
    nickname: text(250).nullish(),
    metadata: metadata.nullish(),
    isPublic: z.boolean().default(false),
    visibility: visibility.default(20),
    productId: uuid.nullish(),
    productData: productData.nullish(),
  })
  .openapi('CreatePrice')

/** What a request may change about a price. */
export const priceChangesSchema = z
  .strictObject({
    nickname: text(250).nullish(),
    metadata: metadata.nullish(),
    isActive: z.boolean(),
    isPublic: z.boolean(),
    visibility,
  })
  .partial()
  .openapi('UpdatePrice')

/** The price that `body` asks for. Throws unless it names one of a product that exists and a product to make. */
export function toNewPrice(body: z.output<typeof newPriceSchema>): NewPrice {
  const { productId, productData: data, nickname = null, metadata = null, isPublic, visibility, ...terms } = body
  return { terms, notes: { nickname, metadata, isPublic, visibility }, product: productOf(productId, data) }
}

function productOf(id: string | null | undefined, data: z.output<typeof productData> | null | undefined) {
  if (id && data) {
    throw new AppError('parameter_invalid', 'Give productId or productData, not both.', { param: 'productId' })
  }
  if (id) return { id }
  if (data) return newProduct(data)
  throw new AppError('parameter_missing', 'A price needs one of productId and productData.', { param: 'productId' })
}
