import { z } from '@hono/zod-openapi'
import { listTransactions } from '../actions/listTransactions.ts'
import type { Context } from '../context.ts'
import { transactionView } from '../domain/transaction.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryUuid } from './list.ts'
import { transaction } from './paymentObjects.ts'
import { type Route, route } from './router.ts'

const listQuery = z.strictObject({
  ...listParameters,
  subscriptionId: queryUuid.optional(),
  paymentIntentId: queryUuid.optional(),
  type: z.enum(['incoming', 'outgoing', 'event', 'transfer']).optional(),
})

/** What moved the merchant's money. */
export function transactionRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'get',
      path: '/transactions',
      operationId: 'listTransactions',
      summary: 'List payments, sweeps and refunds as the chains tell them, newest first',
      tag: 'Transactions',
      scope: 'payment_intents:read',
      query: listQuery,
      response: pageSchema(transaction),
      handle: async ({ caller, query }) => {
        const { ids, type, paymentIntentId, subscriptionId } = query
        // Reserved: nothing has these types yet.
        if (type === 'event' || type === 'transfer') return pageView(query, [])
        const filter = {
          createdAt: createdAtOf(query),
          ...(ids !== undefined && { ids }),
          ...(type !== undefined && { type }),
          ...(paymentIntentId !== undefined && { paymentIntentId }),
          ...(subscriptionId !== undefined && { subscriptionId }),
        }
        const found = await listTransactions(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(each => transactionView(each, ctx.known.chains)),
        )
      },
    }),
  ]
}
