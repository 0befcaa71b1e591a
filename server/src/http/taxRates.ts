import { z } from '@hono/zod-openapi'
import { createTaxRate } from '../actions/createTaxRate.ts'
import { getTaxRate, listTaxRates } from '../actions/getTaxRate.ts'
import { updateTaxRate } from '../actions/updateTaxRate.ts'
import type { Context } from '../context.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import { taxRateView } from '../domain/taxRateView.ts'
import { taxRateSchema } from './catalogObjects.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryFlag } from './list.ts'
import { percentage } from './percentage.ts'
import { missing, type Route, route } from './router.ts'
import { metadata, name, text } from './rules.ts'

const fields = {
  name,
  description: text(1000).nullish(),
  country: text(100).nullish(),
  metadata: metadata.nullish(),
}

const newTaxRate = z
  .strictObject({
    ...fields,
    percentage: percentage({ decimals: 4 }),
    type: z.enum(['exclusive', 'inclusive']).default('exclusive'),
    isActive: z.boolean().default(true),
  })
  .openapi('CreateTaxRate')

const changes = z
  .strictObject({ ...fields, isActive: z.boolean() })
  .partial()
  .openapi('UpdateTaxRate')

const listQuery = z.strictObject({ ...listParameters, isActive: queryFlag.optional() })

const tag = 'Tax rates'
const read = { tag, scope: 'tax_rates:read' } as const
const write = { tag, scope: 'tax_rates:write' } as const

/** The operations on tax rates. */
export function taxRateRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...taxRateRoute(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/tax-rates',
      operationId: 'createTaxRate',
      summary: 'Create a tax rate; its percentage and type never change',
      body: newTaxRate,
      response: taxRateSchema,
      handle: async ({ caller, body, once }) => {
        const { percentage: ratePpm, description = null, country = null, metadata = null, ...rest } = body
        return await createTaxRate(ctx, caller, { ...rest, ratePpm, description, country, metadata }, once)
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/tax-rates',
      operationId: 'listTaxRates',
      summary: 'List tax rates, newest first',
      query: listQuery,
      response: pageSchema(taxRateSchema),
      handle: async ({ caller, query }) => {
        const filter = { createdAt: createdAtOf(query), ids: query.ids, isActive: query.isActive }
        const found = await listTaxRates(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(query, found.map(taxRateView))
      },
    }),
  ]
}

function taxRateRoute(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/tax-rates/{id}',
      operationId: 'getTaxRate',
      summary: 'Get a tax rate',
      response: taxRateSchema,
      handle: async ({ caller, id }) => shown(await getTaxRate(ctx, caller.organizationId, id)),
    }),
    route({
      ...write,
      method: 'put',
      path: '/tax-rates/{id}',
      operationId: 'updateTaxRate',
      summary: 'Change what a tax rate is called, or whether new carts may have it',
      body: changes,
      response: taxRateSchema,
      handle: async ({ caller, id, body }) => shown(await updateTaxRate(ctx, caller.organizationId, id, body)),
    }),
    ...(['activate', 'deactivate'] as const).map(verb =>
      route({
        ...write,
        method: 'put',
        path: `/tax-rates/{id}/${verb}`,
        operationId: `${verb}TaxRate`,
        summary: verb === 'activate' ? 'Let new carts have the tax rate' : 'Keep the tax rate from new carts',
        response: taxRateSchema,
        handle: async ({ caller, id }) =>
          shown(await updateTaxRate(ctx, caller.organizationId, id, { isActive: verb === 'activate' })),
      }),
    ),
  ]
}

function shown(rate: TaxRate | null) {
  if (rate === null) throw missing()
  return taxRateView(rate)
}
