import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { assetView, chainView } from '../domain/chainView.ts'
import { AppError } from '../domain/errors.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryNumber } from './list.ts'
import { assetSchema, chainSchema } from './objects.ts'
import { missing, type Route, route } from './router.ts'

const assetQuery = z.strictObject(listParameters)

/** Chains are named by numbers. */
const chainQuery = z.strictObject({
  ...listParameters,
  startingAfter: queryNumber.optional(),
  ids: z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(queryNumber).max(200))
    .optional()
    .openapi({ type: 'string', description: 'Chain ids, separated by commas.' }),
})

type ConfiguredQuery = Omit<z.output<typeof assetQuery>, 'ids' | 'startingAfter'> & {
  ids?: (string | number)[] | undefined
  startingAfter?: string | number | undefined
}

/** A page of rows that are configuration: they have no time of creation, so that no bound fits it. */
function configuredPage<T extends { id: string | number }>(given: ConfiguredQuery, rows: T[]) {
  const { ids, startingAfter, ...query } = given
  const { isNull = true, ...bounds } = createdAtOf(query)
  const isEmpty = !isNull || Object.keys(bounds).length > 0
  const named = rows.filter(row => !isEmpty && (ids?.includes(row.id) ?? true))
  const { limit, offset } = pageOf(query)
  const start = startingAfter === undefined ? offset : named.findIndex(row => row.id === startingAfter) + 1
  if (startingAfter !== undefined && start === 0) {
    const message = 'startingAfter must be the id of an object of this list.'
    throw new AppError('cursor_invalid', message, { param: 'startingAfter' })
  }
  return pageView(query, named.slice(start, start + limit))
}

/** The networks and coins that sessions can be paid in. */
export function chainRoutes(ctx: Context): Route[] {
  const chains = [...ctx.chains.values()]
  const assets = chains.flatMap(chain => chain.assets)
  const publicChains = chains.filter(({ chain }) => chain.isPublic)
  const publicAssets = publicChains.flatMap(chain => chain.assets).filter(asset => asset.isPublic)
  const common = { method: 'get', scope: null } as const
  return [
    route({
      ...common,
      path: '/chains',
      tag: 'Chains and assets',
      operationId: 'listChains',
      summary: 'List the networks that are served',
      query: chainQuery,
      response: pageSchema(chainSchema),
      handle: async ({ query }) =>
        configuredPage(
          query,
          publicChains.map(chain => chainView(chain, ctx.health.now())),
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
      query: assetQuery,
      response: pageSchema(assetSchema),
      handle: async ({ query }) =>
        configuredPage(
          query,
          publicAssets.map(asset => assetView(asset, ctx.health.now())),
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
