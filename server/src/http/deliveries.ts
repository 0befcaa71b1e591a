import { z } from '@hono/zod-openapi'
import { listDeliveries } from '../actions/listDeliveries.ts'
import { resendDelivery } from '../actions/resendEvent.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { DELIVERY_STATUSES, deliveryView } from '../domain/delivery.ts'
import { EVENT_TYPES } from '../domain/event.ts'
import { id, time } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryUuid } from './list.ts'
import { missing, type Route, route } from './router.ts'

const status = z.enum(DELIVERY_STATUSES)

/** The telling of one event to one endpoint, with what came of its newest attempt. */
export const deliverySchema = z
  .object({
    id,
    createdAt: time,
    eventId: id,
    eventType: z.enum(EVENT_TYPES),
    webhookEndpointId: id,
    attempt: z.int().min(0).openapi({ description: 'How many attempts were made.' }),
    status,
    attemptedAt: time.nullable(),
    responseStatus: z.int().nullable(),
    responseBody: z.string().nullable().openapi({ description: 'The first kilobyte of the answer.' }),
    error: z.string().nullable().openapi({ description: 'What kept a whole answer from arriving.' }),
    durationMs: z.int().nullable(),
    nextAttemptAt: time.nullable(),
  })
  .openapi('Delivery')

const listQuery = z.strictObject({ ...listParameters, status: status.optional(), eventId: queryUuid.optional() })

/** The operations on deliveries, which belong to their endpoint. */
export function deliveryRoutes(ctx: Context): Route[] {
  const tag = 'Webhook endpoints'
  return [
    route({
      tag,
      scope: 'webhook_endpoints:read',
      method: 'get',
      path: '/webhook-endpoints/{id}/deliveries',
      operationId: 'listDeliveries',
      summary: 'List the deliveries to an endpoint, newest first',
      query: listQuery,
      response: pageSchema(deliverySchema),
      handle: async ({ caller, id, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.status !== undefined && { status: query.status }),
          ...(query.eventId !== undefined && { eventId: query.eventId }),
        }
        const found = await listDeliveries(ctx, caller.organizationId, id, filter, pageOf(query))
        if (found === null) throw missing()
        return pageView(
          query,
          found.map(delivery => deliveryView(delivery)),
        )
      },
    }),
    route({
      tag,
      scope: 'webhook_endpoints:write',
      method: 'post',
      path: '/webhook-endpoints/{id}/deliveries/{deliveryId}/resend',
      operationId: 'resendDelivery',
      summary: 'Make a delivery once more, with the same webhook-id',
      response: deliverySchema,
      handle: async ({ caller, id, params, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const delivery = await resendDelivery(tx, ctx, id, params.deliveryId ?? '')
          if (delivery === null) throw missing()
          return { body: JSON.stringify(deliveryView(delivery)) }
        }),
    }),
  ]
}
