import { z } from '@hono/zod-openapi'
import { createProduct } from '../actions/createProduct.ts'
import { getProduct, listProducts } from '../actions/getProduct.ts'
import { deleteProduct, updateProduct } from '../actions/updateProduct.ts'
import type { Context } from '../context.ts'
import { type CatalogProduct, catalogProductView } from '../domain/catalogView.ts'
import { interval, visibility } from './answerFields.ts'
import { productSchema } from './catalogObjects.ts'
import {
  createdAtOf,
  listParameters,
  pageOf,
  pageSchema,
  pageView,
  queryFlag,
  queryNumber,
  queryVisibility,
} from './list.ts'
import { successSchema } from './objects.ts'
import { defaultPriceData, priceType } from './priceFields.ts'
import { newProduct, productFields } from './productData.ts'
import { missing, type Route, route } from './router.ts'
import { currency, PARAM, refuse, rule, text, uuid } from './rules.ts'

const newProductSchema = z
  .strictObject({
    ...productFields,
    images: productFields.images.default([]),
    isActive: z.boolean().default(true),
    visibility: visibility.default(20),
    defaultPriceData,
  })
  .openapi('CreateProduct')

const changesSchema = z
  .strictObject({ ...productFields, isActive: z.boolean(), visibility, defaultPriceId: uuid })
  .partial()
  .openapi('UpdateProduct')

/** Types of prices, repeated or separated by commas. */
const priceTypes = rule(
  value => {
    const list = z.array(priceType).safeParse(typeof value === 'string' ? value.split(',') : value)
    if (list.success) return list.data
    throw refuse('parameter_invalid', `${PARAM} must be one or more of ${priceType.options.join(', ')}.`)
  },
  { type: 'array', items: { type: 'string', enum: priceType.options } },
)

const listQuery = z.strictObject({
  ...listParameters,
  visibility: queryVisibility.optional(),
  isActive: queryFlag.optional(),
  url: text(2048).optional(),
  priceTypes: priceTypes.optional(),
  interval: interval.optional(),
  intervalCount: queryNumber.optional(),
  priceCurrency: currency.optional(),
})

const tag = 'Products'
const read = { tag, scope: 'products:read' } as const
const write = { tag, scope: 'products:write' } as const

/** The operations on products. */
export function productRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...productRoute(ctx), ...stateRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/products',
      operationId: 'createProduct',
      summary: 'Create a product with its default price',
      body: newProductSchema,
      response: productSchema,
      handle: async ({ caller, body, once }) =>
        await createProduct(ctx, caller, { ...newProduct(body), isActive: body.isActive }, body.defaultPriceData, once),
    }),
    route({
      ...read,
      method: 'get',
      path: '/products',
      operationId: 'listProducts',
      summary: 'List products, newest first; several filters on prices are met by one price',
      query: listQuery,
      response: pageSchema(productSchema),
      handle: async ({ caller, query }) => {
        const { ids, visibility, isActive, url, priceTypes, interval, intervalCount, priceCurrency } = query
        const ofPrices = { priceTypes, interval, intervalCount, priceCurrency }
        const filter = { createdAt: createdAtOf(query), ids, visibility, isActive, url, ...ofPrices }
        const found = await listProducts(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(query, found.map(catalogProductView))
      },
    }),
  ]
}

function productRoute(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/products/{id}',
      operationId: 'getProduct',
      summary: 'Get a product',
      response: productSchema,
      handle: async ({ caller, id }) => shown(await getProduct(ctx, caller.organizationId, id)),
    }),
    route({
      ...write,
      method: 'put',
      path: '/products/{id}',
      operationId: 'updateProduct',
      summary: 'Change a product',
      body: changesSchema,
      response: productSchema,
      handle: async ({ caller, id, body }) => shown(await updateProduct(ctx, caller.organizationId, id, body)),
    }),
    route({
      ...write,
      method: 'delete',
      path: '/products/{id}',
      operationId: 'deleteProduct',
      summary: 'Delete a product none of whose prices was ever used',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await deleteProduct(ctx, caller.organizationId, id))) throw missing()
        return { message: 'The product is deleted.', statusCode: 200 }
      },
    }),
  ]
}

function stateRoutes(ctx: Context): Route[] {
  return (['activate', 'deactivate'] as const).map(verb =>
    route({
      ...write,
      method: 'put',
      path: `/products/{id}/${verb}`,
      operationId: `${verb}Product`,
      summary: verb === 'activate' ? 'Let new sessions have the product' : 'Keep the product from new sessions',
      response: productSchema,
      handle: async ({ caller, id }) =>
        shown(await updateProduct(ctx, caller.organizationId, id, { isActive: verb === 'activate' })),
    }),
  )
}

function shown(found: CatalogProduct | null) {
  if (found === null) throw missing()
  return catalogProductView(found)
}
