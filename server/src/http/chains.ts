import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { assetView, chainView } from '../domain/chainView.ts'
import { AppError } from '../domain/errors.ts'
import { listParameters, pageOf, pageSchema, pageView } from './list.ts'
import { assetSchema, chainSchema } from './objects.ts'
import { missing, type Route, route } from './router.ts'

const listQuery = z.strictObject(listParameters)

/** A page of rows that are configuration and have no time of creation: filters on it match all or nothing. */
function configuredPage<T extends { id: string | number }>(query: z.output<typeof listQuery>, rows: T[]) {
  const { limit, offset, after } = pageOf(query)
  const named = query.ids === undefined ? rows : rows.filter(row => query.ids?.includes(String(row.id)))
  let start = offset
  if (after !== null) {
    start = named.findIndex(row => row.id === after) + 1
    if (start === 0)
      throw new AppError('cursor_invalid', 'startingAfter must be the id of an object of this list.', {
        param: 'startingAfter',
      })
  }
  return pageView(query, named.slice(start, start + limit))
}

/** The networks and coins that sessions can be paid in. */
export function chainRoutes(ctx: Context): Route[] {
  const chains = [...ctx.chains.values()]
  const assets = chains.flatMap(chain => chain.assets)
  const common = { method: 'get', scope: null } as const
  return [
    route({
      ...common,
      path: '/chains',
      tag: 'Chains and assets',
      operationId: 'listChains',
      summary: 'List the networks that are served',
      query: listQuery,
      response: pageSchema(chainSchema),
      handle: async ({ query }) =>
        configuredPage(
          query,
          chains.map(chain => chainView(chain, ctx.health.now())),
        ),
    }),
    route({
      ...common,
      path: '/chains/{id}',
      tag: 'Chains and assets',
      operationId: 'getChain',
      summary: 'Get a network by its chain id',
      idKind: 'number',
      response: chainSchema,
      handle: async ({ id }) => {
        const chain = ctx.chains.get(Number(id))
        if (chain === undefined) throw missing()
        return chainView(chain, ctx.health.now())
      },
    }),
    route({
      ...common,
      path: '/assets',
      tag: 'Chains and assets',
      operationId: 'listAssets',
      summary: 'List the coins that sessions can be paid in',
      query: listQuery,
      response: pageSchema(assetSchema),
      handle: async ({ query }) =>
        configuredPage(
          query,
          assets.map(asset => assetView(asset, ctx.health.now())),
        ),
    }),
    route({
      ...common,
      path: '/assets/{id}',
      tag: 'Chains and assets',
      operationId: 'getAsset',
      summary: 'Get a coin of a network',
      response: assetSchema,
      handle: async ({ id }) => {
        const asset = assets.find(each => each.id === id)
        if (asset === undefined) throw missing()
        return assetView(asset, ctx.health.now())
      },
    }),
  ]
}
