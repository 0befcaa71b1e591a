import { z } from '@hono/zod-openapi'
import { listBalances } from '../actions/listBalances.ts'
import type { Context } from '../context.ts'
import { assetView } from '../domain/chainView.ts'
import { id, units } from './answerFields.ts'
import { listParameters, pageOf, pageSchema, pageView } from './list.ts'
import { assetSchema } from './objects.ts'
import { type Route, route } from './router.ts'

const balanceSchema = z
  .object({
    chainId: z.int(),
    assetId: id,
    asset: assetSchema,
    pending: units.openapi({ description: 'Paid and not final yet; part of onDeposits while it was not swept.' }),
    onDeposits: units.openapi({ description: 'What lies on deposit addresses now.' }),
    swept: units.openapi({ description: 'All that has left deposit addresses towards your wallets.' }),
    refunded: units.openapi({ description: 'All that your wallets gave back to payers.' }),
  })
  .openapi('Balance')

const listQuery = z.strictObject({ page: listParameters.page, limit: listParameters.limit })

/** What the organization has by the ledger. */
export function balanceRoutes(ctx: Context): Route[] {
  return [
    route({
      tag: 'Balances and sweeps',
      scope: 'balances:read',
      method: 'get',
      path: '/balances',
      operationId: 'listBalances',
      summary: 'List what was paid in each asset, and where it is',
      query: listQuery,
      response: pageSchema(balanceSchema),
      handle: async ({ caller, query }) => {
        const balances = await listBalances(ctx, caller.organizationId)
        const { offset, limit } = pageOf(query)
        const rows = balances.slice(offset, offset + limit).map(balance => ({
          chainId: balance.chainId,
          assetId: balance.assetId,
          asset: assetView(balance.asset, ctx.health.now()),
          pending: `${balance.pendingRaw}`,
          onDeposits: `${balance.onDepositsRaw}`,
          swept: `${balance.sweptRaw}`,
          refunded: `${balance.refundedRaw}`,
        }))
        return pageView(query, rows)
      },
    }),
  ]
}
