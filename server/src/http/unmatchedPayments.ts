import { z } from '@hono/zod-openapi'
import { listUnmatchedPayments } from '../actions/listUnmatchedPayments.ts'
import { resolveUnmatchedPayment } from '../actions/resolveUnmatchedPayment.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { RESOLUTIONS, unmatchedPaymentView } from '../domain/unmatchedPayment.ts'
import { id, time } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryUuid } from './list.ts'
import { transaction } from './paymentObjects.ts'
import { missing, type Route, route } from './router.ts'

const reason = z.enum(['duplicate', 'late', 'wrong_token', 'wrong_chain'])
const status = z.enum(['open', 'resolved'])

/** Money that arrived at a session's address and does not count for it. */
export const unmatchedPaymentSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    checkoutSessionId: id,
    transfer: transaction,
    reason,
    status,
    resolution: z.enum(RESOLUTIONS).nullable(),
  })
  .openapi('UnmatchedPayment')

const listQuery = z.strictObject({
  ...listParameters,
  status: status.optional(),
  reason: reason.optional(),
  checkoutSessionId: queryUuid.optional(),
})

const resolveBody = z
  .strictObject({
    resolution: z.enum(RESOLUTIONS).openapi({
      description:
        '`accepted`: it counts for its session after all. `refunded`: you gave it back yourself (to give it back with this server, create a refund instead). `swept`: you keep it.',
    }),
  })
  .openapi('ResolveUnmatchedPayment')

/** The operations on unmatched payments; they decide about the payments of checkout sessions, whose scopes they take. */
export function unmatchedPaymentRoutes(ctx: Context): Route[] {
  const tag = 'Unmatched payments'
  return [
    route({
      tag,
      scope: 'checkout_sessions:read',
      method: 'get',
      path: '/unmatched-payments',
      operationId: 'listUnmatchedPayments',
      summary: 'List payments that do not count for their session, newest first',
      query: listQuery,
      response: pageSchema(unmatchedPaymentSchema),
      handle: async ({ caller, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.status !== undefined && { status: query.status }),
          ...(query.reason !== undefined && { reason: query.reason }),
          ...(query.checkoutSessionId !== undefined && { sessionId: query.checkoutSessionId }),
        }
        const { found, world } = await listUnmatchedPayments(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(({ payment, session }) => unmatchedPaymentView(payment, session, world)),
        )
      },
    }),
    route({
      tag,
      scope: 'checkout_sessions:write',
      method: 'post',
      path: '/unmatched-payments/{id}/resolve',
      operationId: 'resolveUnmatchedPayment',
      summary: 'Decide what became of an unmatched payment',
      body: resolveBody,
      response: unmatchedPaymentSchema,
      handle: async ({ caller, id, body, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const seen = await resolveUnmatchedPayment(tx, ctx, caller, id, body.resolution)
          if (seen === null) throw missing()
          const { payment, session } = seen.found
          return { body: JSON.stringify(unmatchedPaymentView(payment, session, seen.world)) }
        }),
    }),
  ]
}
