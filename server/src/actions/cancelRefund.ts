import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { moveRefund, type Refund } from '../domain/refund.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { findRefund, saveRefund } from '../store/refunds.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'
import { settleSessions } from './settleSessions.ts'

/** Gives up a refund that was not sent: what it holds can be given back by another. Null when `tx` sees none; else `refund_not_open`. */
export async function cancelRefund(tx: Tx, ctx: Context, caller: Caller, id: string): Promise<Refund | null> {
  const refund = await lockRefund(tx, ctx, id)
  if (refund === null) return null
  if (refund.status !== 'requires_signature') {
    throw new AppError(
      'refund_not_open',
      `This refund is ${refund.status}: only one that was not sent can be canceled.`,
    )
  }
  const now = ctx.clock.now()
  const canceled = moveRefund(refund, { status: 'canceled' }, now)
  await saveRefund(tx, refund.status, canceled)
  // What was to be given back may count, if what spoke against it has ended meanwhile.
  await settleSessions(tx, ctx, [refund.sessionId], now)
  await noteAudit(tx, ctx, caller, { action: 'refund.canceled', objectId: id })
  return canceled
}

/** The refund as it is now, with its session locked until the transaction ends; null when `tx` sees none. */
export async function lockRefund(tx: Tx, ctx: Context, id: string): Promise<Refund | null> {
  const found = await findRefund(tx, id, ctx.known)
  if (found === null) return null
  await lockSessions(tx, [found.sessionId])
  return await findRefund(tx, id, ctx.known)
}
