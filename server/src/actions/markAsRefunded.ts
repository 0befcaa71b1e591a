import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { findSessionOfIntent, markIntentRefunded } from '../store/paymentIntents.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'

/**
 * Notes that the payer of payment intent `id` has the money back, by whatever way; moves none. What was noted once stays as it was.
 * Null where `tx` sees no such intent; `nothing_to_refund` where it neither succeeded nor received anything.
 */
export async function markAsRefunded(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
  comment: string | null,
): Promise<CheckoutSession | null> {
  const sessionId = await findSessionOfIntent(tx, id)
  if (sessionId === null) return null
  await lockSessions(tx, [sessionId])
  const [session] = await loadSessions(tx, [sessionId], ctx.known)
  if (session === undefined || session.intent.markRefundedAt !== null) return session ?? null
  if (session.intent.status !== 'succeeded' && session.transfers.every(({ orphanedAt }) => orphanedAt !== null)) {
    throw new AppError(
      'nothing_to_refund',
      'Nothing was received for this payment intent: there is nothing to give back.',
    )
  }
  const at = ctx.clock.now()
  await markIntentRefunded(tx, sessionId, at, comment)
  await noteAudit(tx, ctx, caller, { action: 'payment_intent.marked_as_refunded', objectId: id, detail: { comment } })
  return { ...session, intent: { ...session.intent, markRefundedAt: at, markRefundedComment: comment } }
}
