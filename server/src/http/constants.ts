import { z } from '@hono/zod-openapi'
import { type CurrencyPrice, getPrices } from '../actions/getPrices.ts'
import type { Context } from '../context.ts'
import { currency as answeredCurrency } from './answerFields.ts'
import { type Route, route } from './router.ts'
import { currency } from './rules.ts'

const pricesSchema = z
  .object({
    prices: z.array(
      z
        .object({
          price: z.number().openapi({ description: 'US dollars for one whole unit.' }),
          currency: answeredCurrency,
          coingeckoId: z.string().nullable(),
        })
        .openapi('CurrencyPrice'),
    ),
  })
  .openapi('CurrencyPrices')

type RawJson = { rawJSON: (text: string) => unknown }

/** The price as a JSON number with every digit that it has: as a float it would be another one. */
function priceView({ price, currency, coingeckoId }: CurrencyPrice) {
  return { price: (JSON as unknown as RawJson).rawJSON(price), currency, coingeckoId }
}

/** What currencies are worth. */
export function constantRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'get',
      path: '/constants/prices',
      operationId: 'getCurrencyPrices',
      summary: 'Get the prices of coins in US dollars',
      tag: 'Rates',
      scope: null,
      query: z.strictObject({ currency: currency.optional() }),
      response: pricesSchema,
      handle: async ({ query }) => ({ prices: (await getPrices(ctx, query.currency ?? null)).map(priceView) }),
    }),
  ]
}
