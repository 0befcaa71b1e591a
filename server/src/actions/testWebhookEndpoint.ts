import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { appendEventFor } from '../store/events.ts'
import { lockEndpoint } from '../store/webhookEndpoints.ts'
import { webhookEndpointView } from './webhookEndpointView.ts'

/**
 * Sends endpoint `id` the event `webhook_endpoint_test`, whatever it subscribed to, and no other endpoint; false if there
 * is none. One that is disabled gets nothing: `endpoint_disabled`.
 */
export async function testWebhookEndpoint(tx: Tx, ctx: Context, id: string): Promise<boolean> {
  const endpoint = await lockEndpoint(tx, id)
  if (endpoint === null) return false
  if (endpoint.isDisabled) {
    throw new AppError('endpoint_disabled', 'This webhook endpoint is disabled: enable it before you test it.')
  }
  const now = ctx.clock.now()
  await appendEventFor(tx, id, {
    id: uuidv7(now, ctx.random(10)),
    organizationId: endpoint.organizationId,
    createdAt: now,
    type: 'webhook_endpoint_test',
    object: 'webhookEndpoint',
    objectId: id,
    data: webhookEndpointView(endpoint),
  })
  return true
}
