import type { Context } from '../context.ts'
import { endpointEmail } from '../documents/emails/endpointEmail.ts'
import { nextAttemptAt, shouldDisable } from '../domain/retry.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { enqueueAttempt, insertAttempt, lockResentAfter } from '../store/deliveries.ts'
import { clearFailures, lockEndpoint, noteFailingTold, saveEndpoint } from '../store/webhookEndpoints.ts'
import type { DeliveryAttempt } from './beginDelivery.ts'
import { docsUrlOf, tellMerchant } from './tellMerchant.ts'

/**
 * What came of an attempt: `ok` for a whole 2xx answer, `body` its first kilobyte, `error` what kept it from arriving;
 * `retryAfterS` what the receiver asked for.
 */
export type DeliveryResult = {
  ok: boolean
  status: number | null
  error: string | null
  body: string
  durationMs: number
  retryAfterS: number | null
}

const GONE = 410
const SLOW_DOWN = [429, 503]

/**
 * Records an attempt, with all that follows from it, in one transaction: the record of the endpoint, which answer 410 or
 * five days of nothing but failures disable, the state of the delivery, the job of the next attempt, and a message to the merchant
 * when an event is given up or the endpoint disabled. An attempt that was recorded before is not recorded again.
 */
export async function recordDelivery(ctx: Context, attempt: DeliveryAttempt, result: DeliveryResult): Promise<void> {
  const { deliveryId, organizationId, endpointId } = attempt
  const disabled = await asWorker(ctx.db, async tx => {
    const now = ctx.clock.now()
    const made = {
      number: attempt.number,
      at: now,
      responseStatus: result.status,
      responseBody: result.body,
      error: result.error,
      durationMs: result.durationMs,
    }
    if (result.ok) {
      await clearFailures(tx, endpointId)
      await insertAttempt(tx, deliveryId, made, { status: 'succeeded', nextAttemptAt: null })
      return false
    }
    const { isDisabled, isDisabledNow, failingSince } = await recordFailure(tx, endpointId, result, now)
    const nth = attempt.number - (await lockResentAfter(tx, deliveryId))
    const retryAt = isDisabled ? null : retryTime(ctx, nth, result, now)
    const status = retryAt === null ? 'failed' : 'pending'
    const isRecorded = await insertAttempt(tx, deliveryId, made, { status, nextAttemptAt: retryAt })
    if (isRecorded && retryAt !== null) {
      await enqueueAttempt(tx, deliveryId, attempt.number + 1, attempt.queue, retryAt.getTime() - now.getTime())
    }
    const isGivenUp = isRecorded && status === 'failed' && !isDisabled
    if (isDisabledNow || (isGivenUp && (await noteFailingTold(tx, endpointId, now)))) {
      const disabled = result.status === GONE ? 'gone' : 'disabled'
      await tellOwner(tx, ctx, attempt, { state: isDisabled ? disabled : 'failing', result, failingSince })
    }
    return isDisabledNow
  })
  if (disabled) {
    ctx.log.warn(
      { organizationId, endpointId, status: result.status },
      'a webhook endpoint was disabled for its failures',
    )
  }
}

/** Keeps since when the endpoint has only failed, and disables it where that is called for. */
async function recordFailure(
  tx: Tx,
  endpointId: string,
  result: DeliveryResult,
  now: Date,
): Promise<{ isDisabled: boolean; isDisabledNow: boolean; failingSince: Date }> {
  const endpoint = await lockEndpoint(tx, endpointId)
  if (endpoint === null) return { isDisabled: true, isDisabledNow: false, failingSince: now }
  const failingSince = endpoint.failingSince ?? now
  const isDisabled = endpoint.isDisabled || result.status === GONE || shouldDisable(failingSince, now)
  const isDisabledNow = isDisabled && !endpoint.isDisabled
  if (isDisabledNow || endpoint.failingSince === null) {
    await saveEndpoint(tx, { ...endpoint, failingSince, isDisabled, ...(isDisabledNow && { updatedAt: now }) })
  }
  return { isDisabled, isDisabledNow, failingSince }
}

async function tellOwner(
  tx: Tx,
  ctx: Context,
  { organizationId, url }: DeliveryAttempt,
  about: { state: 'failing' | 'gone' | 'disabled'; result: DeliveryResult; failingSince: Date },
): Promise<void> {
  const { state, result, failingSince } = about
  const lastAnswer = result.status === null ? (result.error ?? 'none') : `HTTP ${result.status}`
  const facts = { state, endpointUrl: url, failingSince, lastAnswer, docsUrl: docsUrlOf(ctx) }
  await tellMerchant(tx, ctx, organizationId, `endpoint_${state}`, brand => endpointEmail(facts, brand))
}

function retryTime(ctx: Context, nth: number, result: DeliveryResult, now: Date): Date | null {
  const random01 = Buffer.from(ctx.random(4)).readUInt32BE() / 2 ** 32
  const isAsked = result.status !== null && SLOW_DOWN.includes(result.status)
  return nextAttemptAt(nth, now, random01, isAsked ? result.retryAfterS : null)
}
