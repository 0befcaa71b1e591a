import type { Context } from '../context.ts'
import { eventEnvelope } from '../domain/event.ts'
import { asWorker } from '../store/database.ts'
import { deliveryQueue, giveUpDelivery, loadDelivery } from '../store/deliveries.ts'

/** What one attempt of a delivery sends, and where; `secrets` in clear, the newest first. */
export type DeliveryAttempt = {
  deliveryId: string
  organizationId: string
  endpointId: string
  eventId: string
  /** 1 for the first. */
  number: number
  /** The queue that the next attempt's job goes to. */
  queue: string
  url: string
  body: string
  secrets: string[]
}

/**
 * The next attempt of a delivery, or null when there is none to make: it is over, forgotten, or (which ends it) its
 * endpoint was disabled or deleted; or `number` is that of an attempt that was made already.
 */
export async function beginDelivery(
  ctx: Context,
  deliveryId: string,
  number: number | null = null,
): Promise<DeliveryAttempt | null> {
  const delivery = await asWorker(ctx.db, async tx => {
    const found = await loadDelivery(tx, deliveryId)
    if (found === null || found.status !== 'pending') return null
    if (number !== null && number !== found.attempts + 1) return null
    if (!found.endpoint.isDisabled && !found.endpoint.isDeleted) return found
    await giveUpDelivery(tx, deliveryId)
    return null
  })
  if (delivery === null) return null
  const { organizationId, event, endpoint } = delivery
  const now = ctx.clock.now()
  const sealed = [
    endpoint.secret,
    ...(endpoint.old !== null && endpoint.old.expiresAt > now ? [endpoint.old.secret] : []),
  ]
  return {
    deliveryId,
    organizationId,
    endpointId: endpoint.id,
    eventId: event.id,
    number: delivery.attempts + 1,
    queue: deliveryQueue(endpoint.id, event.objectId),
    url: endpoint.url,
    body: JSON.stringify(eventEnvelope(event)),
    secrets: sealed.map(secret => ctx.secrets.open(secret)),
  }
}
