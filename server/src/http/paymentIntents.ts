import { z } from '@hono/zod-openapi'
import { getPaymentIntent, listPaymentIntents } from '../actions/getPaymentIntent.ts'
import { markAsRefunded } from '../actions/markAsRefunded.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { paymentIntentView } from '../domain/paymentIntentView.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryUuid } from './list.ts'
import { paymentIntentSchema } from './paymentObjects.ts'
import { missing, type Route, route } from './router.ts'
import { text } from './rules.ts'

const listQuery = z.strictObject({
  ...listParameters,
  status: paymentIntentSchema.shape.status.optional(),
  customerId: queryUuid.optional(),
})

const comment = z
  .strictObject({ markRefundedComment: text(500).nullish() })
  .openapi('MarkPaymentAsRefunded')
  .optional()

/** The operations on payment intents. */
export function paymentIntentRoutes(ctx: Context): Route[] {
  const tag = 'Payment intents'
  const read = { tag, scope: 'payment_intents:read', response: paymentIntentSchema } as const
  const world = { chains: ctx.known.chains, payUrl: ctx.config.publicUrl ?? '' }
  return [
    route({
      ...read,
      method: 'get',
      path: '/payment-intents',
      operationId: 'listPaymentIntents',
      summary: 'List payment intents, newest first',
      query: listQuery,
      response: pageSchema(paymentIntentSchema),
      handle: async ({ caller, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.status !== undefined && { status: query.status }),
          ...(query.customerId !== undefined && { customerId: query.customerId }),
        }
        const sessions = await listPaymentIntents(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          sessions.map(session => paymentIntentView(session, world)),
        )
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/payment-intents/{id}',
      operationId: 'getPaymentIntent',
      summary: 'Get a payment intent',
      handle: async ({ caller, id }) => {
        const session = await getPaymentIntent(ctx, caller.organizationId, id)
        if (session === null) throw missing()
        return paymentIntentView(session, world)
      },
    }),
    route({
      ...read,
      scope: 'payment_intents:write',
      method: 'post',
      path: '/payment-intents/{paymentIntentId}/mark-as-refund',
      operationId: 'markPaymentAsRefunded',
      summary: 'Note that the payer has the money back; this moves none',
      body: comment,
      handle: async ({ caller, id, body, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const session = await markAsRefunded(tx, ctx, caller, id, body?.markRefundedComment ?? null)
          if (session === null) throw missing()
          return { body: JSON.stringify(paymentIntentView(session, world)) }
        }),
    }),
  ]
}
