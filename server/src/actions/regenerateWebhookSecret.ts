import type { Context } from '../context.ts'
import { makeWebhookSecret } from '../domain/webhook.ts'
import type { Tx } from '../store/database.ts'
import { lockEndpoint, rotateSecret, saveEndpoint } from '../store/webhookEndpoints.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'
import { answerWithSecret } from './webhookEndpointView.ts'

const OVERLAP_MS = 24 * 3_600_000

/**
 * Gives endpoint `id` a new secret and returns the answer that shows it, or null if there is no such endpoint. The old
 * secret keeps signing beside it for 24 hours; one that it had replaced stops at once.
 */
export async function regenerateWebhookSecret(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
): Promise<{ body: string; kept: string } | null> {
  const before = await lockEndpoint(tx, id)
  if (before === null) return null
  const now = ctx.clock.now()
  const endpoint = { ...before, updatedAt: now }
  const secret = makeWebhookSecret(ctx.random(32))
  await rotateSecret(tx, id, ctx.secrets.seal(secret), new Date(now.getTime() + OVERLAP_MS))
  await saveEndpoint(tx, endpoint)
  await noteAudit(tx, ctx, caller, { action: 'webhook_endpoint.secret_replaced', objectId: id })
  return answerWithSecret(endpoint, secret)
}
