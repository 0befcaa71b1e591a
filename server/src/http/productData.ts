import { z } from '@hono/zod-openapi'
import type { NewProduct } from '../actions/createCheckoutSession.ts'
import { parseHttpUrl } from '../domain/url.ts'
import { visibility } from './answerFields.ts'
import { metadata, name, text, url } from './rules.ts'

const link = url((value, param) => parseHttpUrl(value, param, { mode: 'test' }))

/** What a product is described by. */
export const productFields = {
  name,
  description: text(1000).nullish(),
  images: z.array(link).max(8),
  unitLabel: text(50).nullish(),
  url: link.nullish(),
  metadata: metadata.nullish(),
}

/** A product that is made with its price. */
export const productData = z
  .strictObject({ ...productFields, images: productFields.images.default([]), visibility: visibility.default(10) })
  .openapi('ProductData')

/** The product that a request describes. */
export function newProduct(data: z.output<typeof productData>): NewProduct {
  return {
    name: data.name,
    description: data.description ?? null,
    images: data.images,
    unitLabel: data.unitLabel ?? null,
    url: data.url ?? null,
    metadata: data.metadata ?? null,
    visibility: data.visibility,
  }
}
