import { z } from '@hono/zod-openapi'
import { createPrice } from '../actions/createPrice.ts'
import { getPrice, listPrices } from '../actions/getPrice.ts'
import { updatePrice } from '../actions/updatePrice.ts'
import type { Context } from '../context.ts'
import { catalogPriceView } from '../domain/catalogView.ts'
import { priceSchema } from './catalogObjects.ts'
import {
  createdAtOf,
  listParameters,
  pageOf,
  pageSchema,
  pageView,
  queryFlag,
  queryUuid,
  queryVisibility,
} from './list.ts'
import { newPriceSchema, priceChangesSchema, priceType, toNewPrice } from './priceFields.ts'
import { missing, type Route, route } from './router.ts'

const listQuery = z.strictObject({
  ...listParameters,
  visibility: queryVisibility.optional(),
  isActive: queryFlag.optional(),
  type: priceType.optional(),
  productId: queryUuid.optional(),
})

/** The operations on prices. */
export function priceRoutes(ctx: Context): Route[] {
  const tag = 'Prices'
  const read = { tag, scope: 'prices:read' } as const
  const write = { tag, scope: 'prices:write' } as const
  return [
    route({
      ...write,
      method: 'post',
      path: '/prices',
      operationId: 'createPrice',
      summary: 'Create a price; its amount and currency never change',
      body: newPriceSchema,
      response: priceSchema,
      handle: async ({ caller, body, once }) => await createPrice(ctx, caller, toNewPrice(body), once),
    }),
    route({
      ...read,
      method: 'get',
      path: '/prices',
      operationId: 'listPrices',
      summary: 'List prices, newest first',
      query: listQuery,
      response: pageSchema(priceSchema),
      handle: async ({ caller, query }) => {
        const { ids, visibility, isActive, type, productId } = query
        const filter = { createdAt: createdAtOf(query), ids, visibility, isActive, type, productId }
        const found = await listPrices(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(query, found.map(catalogPriceView))
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/prices/{id}',
      operationId: 'getPrice',
      summary: 'Get a price',
      response: priceSchema,
      handle: async ({ caller, id }) => {
        const price = await getPrice(ctx, caller.organizationId, id)
        if (price === null) throw missing()
        return catalogPriceView(price)
      },
    }),
    route({
      ...write,
      method: 'put',
      path: '/prices/{id}',
      operationId: 'updatePrice',
      summary: 'Change what is noted about a price, or whether new sessions may have it',
      body: priceChangesSchema,
      response: priceSchema,
      handle: async ({ caller, id, body }) => {
        const price = await updatePrice(ctx, caller.organizationId, id, body)
        if (price === null) throw missing()
        return catalogPriceView(price)
      },
    }),
  ]
}
