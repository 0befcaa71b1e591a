import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { EnabledEvent } from '../domain/event.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { makeWebhookSecret } from '../domain/webhook.ts'
import { type Tx, violatedConstraint } from '../store/database.ts'
import { insertEndpoint, lockEndpointCount, type WebhookEndpoint } from '../store/webhookEndpoints.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'
import { answerWithSecret, webhookEndpointView } from './webhookEndpointView.ts'
import { type Answered, findReplay, type OnceKey, writeOnce } from './writeOnce.ts'

/** How many webhook endpoints an organization may have. */
export const ENDPOINTS_MAX = 16

/** An endpoint as asked for, its URL in the form that is stored. */
export type NewWebhookEndpoint = { description: string; url: string; enabledEvents: EnabledEvent[] }

/**
 * Creates a webhook endpoint; its answer is the only one that shows the secret. Throws `endpoint_exists`,
 * `endpoint_limit`, and what the host of the URL is refused for.
 */
export async function createWebhookEndpoint(
  ctx: Context,
  caller: Caller,
  asked: NewWebhookEndpoint,
  once: OnceKey | null,
): Promise<Answered> {
  try {
    await ctx.sender.resolveHost(asked.url, 'url')
  } catch (error) {
    // The key may have been answered when the host could still be found: that answer stands.
    const earlier = error instanceof AppError ? await findReplay(ctx, caller, once) : null
    if (earlier !== null) return earlier
    throw error
  }
  return await refusingKnownUrl(() =>
    writeOnce(ctx, caller, once, async tx => {
      const { endpoint, secret } = await addEndpoint(tx, ctx, caller.organizationId, asked)
      const detail = { after: webhookEndpointView(endpoint) }
      await noteAudit(tx, ctx, caller, { action: 'webhook_endpoint.created', objectId: endpoint.id, detail })
      return answerWithSecret(endpoint, secret)
    }),
  )
}

/** Adds an endpoint with a new secret; throws `endpoint_limit`, and violates as `insertEndpoint`. */
export async function addEndpoint(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  asked: NewWebhookEndpoint,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  if ((await lockEndpointCount(tx, organizationId)) >= ENDPOINTS_MAX) {
    throw new AppError(
      'endpoint_limit',
      `An organization has at most ${ENDPOINTS_MAX} webhook endpoints: delete one, or subscribe one to more events.`,
    )
  }
  const now = ctx.clock.now()
  const id = uuidv7(now, ctx.random(10))
  const endpoint = {
    id,
    organizationId,
    createdAt: now,
    updatedAt: now,
    ...asked,
    isDisabled: false,
    failingSince: null,
  }
  const secret = makeWebhookSecret(ctx.random(32))
  await insertEndpoint(tx, endpoint, ctx.secrets.seal(secret))
  return { endpoint, secret }
}

/** What `run` returns; a second endpoint with the URL of a first is `endpoint_exists`. */
export async function refusingKnownUrl<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (violatedConstraint(error) !== 'webhook_endpoints_url') throw error
    throw new AppError(
      'endpoint_exists',
      'A webhook endpoint with this url exists already: change that one, or delete it first.',
      { param: 'url', cause: error },
    )
  }
}
