import { z } from '@hono/zod-openapi'
import { getEvent, listEvents } from '../actions/getEvent.ts'
import { resendEvent } from '../actions/resendEvent.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { API_VERSION, EVENT_TYPES, type EventType } from '../domain/event.ts'
import { eventView } from '../domain/eventView.ts'
import { id, time } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryFlag } from './list.ts'
import { nearest } from './problems.ts'
import { missing, type Route, route } from './router.ts'
import { PARAM, refuse, rule, uuid } from './rules.ts'

/** Something that happened to an object, with the object as it was then and how the telling of it goes. */
export const eventSchema = z
  .object({
    id,
    createdAt: time,
    apiVersion: z.literal(API_VERSION),
    type: z.enum(EVENT_TYPES),
    object: z.string(),
    objectId: id,
    sequence: z.int().min(1).openapi({ description: 'The number of the event among those of its object.' }),
    data: z.object({ object: z.record(z.string(), z.unknown()) }),
    deliveries: z.object({ pending: z.int(), succeeded: z.int(), failed: z.int() }).openapi('DeliveryCounts'),
  })
  .openapi('Event')

const eventType = rule(
  value => {
    const type = EVENT_TYPES.find(each => each === value)
    if (type !== undefined) return type
    const near = typeof value === 'string' ? nearest(value, [...EVENT_TYPES]) : null
    const hint = near === null ? '' : ` Did you mean ${near}?`
    throw refuse('event_type_unknown', `${PARAM} must be an event type.${hint}`)
  },
  { type: 'string', enum: [...EVENT_TYPES] },
)

const listQuery = z.strictObject({
  ...listParameters,
  type: eventType.optional(),
  deliverySuccess: queryFlag.optional().openapi({
    description: 'true: every endpoint that was to be told was told. false: one of them was not, or not yet.',
  }),
})

const resend = z
  .strictObject({
    webhookEndpointId: uuid.optional().openapi({
      description: 'Tell this endpoint alone, whatever it asks for; else all that ask for the type now.',
    }),
  })
  .openapi('ResendEvent')
  .optional()

/** The operations on events. */
export function eventRoutes(ctx: Context): Route[] {
  const tag = 'Events'
  const read = { tag, scope: 'events:read', response: eventSchema } as const
  return [
    route({
      ...read,
      method: 'get',
      path: '/events',
      operationId: 'listEvents',
      summary: 'List the events of the last 30 days, newest first',
      query: listQuery,
      response: pageSchema(eventSchema),
      handle: async ({ caller, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.type !== undefined && { type: query.type as EventType }),
          ...(query.deliverySuccess !== undefined && { isDelivered: query.deliverySuccess }),
        }
        const found = await listEvents(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(event => eventView(event)),
        )
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/events/{id}',
      operationId: 'getEvent',
      summary: 'Get an event of the last 30 days',
      handle: async ({ caller, id }) => {
        const event = await getEvent(ctx, caller.organizationId, id)
        if (event === null) throw missing()
        return eventView(event)
      },
    }),
    route({
      ...read,
      scope: 'events:write',
      method: 'post',
      path: '/events/{id}/resend',
      operationId: 'resendEvent',
      summary: 'Tell an event once more, with the same webhook-id',
      body: resend,
      handle: async ({ caller, id, body, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const event = await resendEvent(tx, ctx, id, body?.webhookEndpointId ?? null)
          if (event === null) throw missing()
          return { body: JSON.stringify(eventView(event)) }
        }),
    }),
  ]
}
