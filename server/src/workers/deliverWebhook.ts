import { beginDelivery } from '../actions/beginDelivery.ts'
import { recordDelivery } from '../actions/recordDelivery.ts'
import type { Clock, Context } from '../context.ts'
import { parseRetryAfter } from '../domain/retry.ts'
import { signWebhook } from '../domain/webhook.ts'

/** Thrown when the program stops while a webhook is under way: its job stays, and is done again elsewhere or later. */
export class StoppedError extends Error {
  constructor() {
    super('the program stopped while a webhook was under way')
    this.name = 'StoppedError'
  }
}

/**
 * Makes the next attempt of a delivery and records what came of it; nothing is open towards the database while the
 * receiver takes its time. Returns whatever the receiver does, since retries are jobs of their own; throws `StoppedError`
 * when `signal` fires, and when the database cannot be used. What was sent and not recorded is sent again with the same id.
 * With `number` that attempt alone is made, and nothing where it was made before.
 */
export async function deliverWebhook(
  ctx: Context,
  deliveryId: string,
  options: { signal: AbortSignal; wallClock: Clock; number?: number | null },
): Promise<void> {
  const { signal, wallClock, number = null } = options
  const attempt = await beginDelivery(ctx, deliveryId, number)
  if (attempt === null) return
  const { url, body } = attempt
  const timestampS = Math.floor(wallClock.now().getTime() / 1000)
  const headers = signWebhook({ id: attempt.eventId, timestampS, body, secrets: attempt.secrets })
  const result = await unlessStopped(ctx.sender.send(url, headers, body), signal)
  const { ok, status, error, reason, durationMs } = result
  await recordDelivery(ctx, attempt, {
    ok,
    status,
    error: error === null || reason === null ? error : `${error}: ${reason}`,
    body: result.body,
    durationMs,
    retryAfterS: parseRetryAfter(result.retryAfter, wallClock.now()),
  })
}

/** What `work` comes to, or `StoppedError` once `signal` fires. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(new StoppedError())
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
