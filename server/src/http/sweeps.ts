import { z } from '@hono/zod-openapi'
import { createSweep } from '../actions/createSweep.ts'
import { listSweeps } from '../actions/listSweeps.ts'
import type { Context } from '../context.ts'
import { SWEEP_FAILURES, SWEEP_STATUSES, sweepView } from '../domain/sweep.ts'
import { id, time, units } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryNumber } from './list.ts'
import { walletCallSchema } from './refunds.ts'
import { type Route, route } from './router.ts'
import { uuid } from './rules.ts'

/** Money on its way from deposit addresses to the merchant's wallets. */
export const sweepSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    chainId: z.int(),
    status: z.enum(SWEEP_STATUSES),
    failure: z.enum(SWEEP_FAILURES).nullable(),
    transactionHash: z.string().nullable(),
    deposits: z.array(
      z
        .object({
          checkoutSessionId: id,
          assetId: id,
          amountRaw: units.openapi({ description: 'What lay there when the sweep was planned, in base units.' }),
        })
        .openapi('SweepDeposit'),
    ),
    call: walletCallSchema.nullable().openapi({
      description: 'For a wallet of yours, or anybody’s, to send; null where the server sends it itself.',
    }),
  })
  .openapi('Sweep')

const newSweep = z
  .strictObject({
    chainId: z.int().positive(),
    assetIds: z.array(uuid).min(1).max(100).optional().openapi({ description: 'All assets where it is left out.' }),
    checkoutSessionIds: z
      .array(uuid)
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: 'All sessions where it is left out.' }),
  })
  .openapi('CreateSweep')

const listQuery = z.strictObject({
  ...listParameters,
  chainId: queryNumber.optional(),
  status: z.enum(SWEEP_STATUSES).optional(),
})

const tag = 'Balances and sweeps'

/** The operations on sweeps. */
export function sweepRoutes(ctx: Context): Route[] {
  return [
    route({
      tag,
      scope: 'balances:write',
      method: 'post',
      path: '/sweeps',
      operationId: 'createSweep',
      summary: 'Sweep as many final payments as one transaction can; again, until there is nothing to sweep',
      body: newSweep,
      response: sweepSchema,
      handle: async ({ caller, body, once }) => {
        const { chainId, assetIds, checkoutSessionIds } = body
        const asked = {
          chainId,
          ...(assetIds !== undefined && { assetIds }),
          ...(checkoutSessionIds !== undefined && { checkoutSessionIds }),
        }
        return await createSweep(ctx, caller, asked, once)
      },
    }),
    route({
      tag,
      scope: 'balances:read',
      method: 'get',
      path: '/sweeps',
      operationId: 'listSweeps',
      summary: 'List sweeps, newest first',
      query: listQuery,
      response: pageSchema(sweepSchema),
      handle: async ({ caller, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.chainId !== undefined && { chainId: query.chainId }),
          ...(query.status !== undefined && { status: query.status }),
        }
        const found = await listSweeps(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(query, found.map(sweepView))
      },
    }),
  ]
}
