import { findUnsentEmail, recordEmail } from '../actions/recordEmail.ts'
import type { Context } from '../context.ts'
import { UpstreamError } from '../domain/errors.ts'
import { unlessStopped } from './deliverWebhook.ts'

/**
 * Sends a message that is not sent yet, with nothing open towards the database meanwhile, and records what came of it. Throws
 * `UpstreamError` for what may work later, unless this `isLast`, and `StoppedError` when `signal` fires. What was sent and not recorded
 * is sent again with the same Message-ID. Without a mailer nothing happens.
 */
export async function sendEmail(
  ctx: Context,
  named: { organizationId: string; emailId: string },
  options: { signal: AbortSignal; isLast: boolean },
): Promise<void> {
  const { mailer } = ctx
  if (mailer === null) return
  const { organizationId, emailId } = named
  const email = await findUnsentEmail(ctx, organizationId, emailId)
  if (email === null) return
  const failure = await unlessStopped(mailer.send(email), options.signal)
  await recordEmail(ctx, organizationId, emailId, failure?.error ?? null)
  if (failure === null) return
  if (failure.retryable && !options.isLast) throw new UpstreamError(failure.error, { retryable: true })
  const { kind } = email
  ctx.log.warn({ organizationId, emailId, kind, reason: failure.error }, 'a message could not be sent and was given up')
}
