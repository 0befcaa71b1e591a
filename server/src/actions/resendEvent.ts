import type { Context } from '../context.ts'
import type { Delivery } from '../domain/delivery.ts'
import { AppError } from '../domain/errors.ts'
import type { StoredEvent } from '../domain/eventView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { findDelivery } from '../store/listDeliveries.ts'
import { findEvent } from '../store/listEvents.ts'
import { resendDeliveries } from '../store/resendDeliveries.ts'
import { lockEndpoint, lockEndpointsFor, type WebhookEndpoint } from '../store/webhookEndpoints.ts'
import { keptSince } from './getEvent.ts'

/**
 * Tells event `id` once more, with the same webhook-id: to all enabled endpoints that ask for its type now, or to
 * `endpointId` alone, whatever it asks for. Null where `tx` sees no such event; throws `parameter_invalid` where there is no such
 * endpoint, and `endpoint_disabled`.
 */
export async function resendEvent(
  tx: Tx,
  ctx: Context,
  id: string,
  endpointId: string | null,
): Promise<StoredEvent | null> {
  const event = await findEvent(tx, id, keptSince(ctx))
  if (event === null) return null
  const endpoints = endpointId === null ? await lockEndpointsFor(tx, event.type) : [await lockNamed(tx, endpointId)]
  await resend(tx, ctx, event, endpoints)
  return await findEvent(tx, id, keptSince(ctx))
}

/** The same for one delivery of `endpointId`, as it stands afterwards; null where there is no such endpoint or delivery. */
export async function resendDelivery(
  tx: Tx,
  ctx: Context,
  endpointId: string,
  deliveryId: string,
): Promise<Delivery | null> {
  const endpoint = await lockEndpoint(tx, endpointId)
  const delivery = endpoint === null ? null : await findDelivery(tx, endpointId, deliveryId)
  if (endpoint === null || delivery === null) return null
  await resend(tx, ctx, { id: delivery.eventId, objectId: delivery.objectId }, [assertEnabled(endpoint)])
  return await findDelivery(tx, endpointId, deliveryId)
}

async function resend(
  tx: Tx,
  ctx: Context,
  event: Pick<StoredEvent, 'id' | 'objectId'>,
  endpoints: readonly WebhookEndpoint[],
): Promise<void> {
  const [first] = endpoints
  if (first === undefined) return
  const now = ctx.clock.now()
  const wanted = endpoints.map(endpoint => ({ endpointId: endpoint.id, newId: uuidv7(now, ctx.random(10)) }))
  await resendDeliveries(tx, { ...event, organizationId: first.organizationId }, wanted, now)
}

async function lockNamed(tx: Tx, id: string): Promise<WebhookEndpoint> {
  const endpoint = await lockEndpoint(tx, id)
  if (endpoint === null) {
    const message = 'There is no such webhook endpoint, or it belongs to another organization.'
    throw new AppError('parameter_invalid', message, { param: 'webhookEndpointId' })
  }
  return assertEnabled(endpoint)
}

function assertEnabled(endpoint: WebhookEndpoint): WebhookEndpoint {
  if (!endpoint.isDisabled) return endpoint
  throw new AppError('endpoint_disabled', 'This webhook endpoint is disabled: enable it before you send to it.')
}
