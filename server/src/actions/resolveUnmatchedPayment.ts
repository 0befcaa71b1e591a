import type { Context } from '../context.ts'
import { isLiveRefund } from '../domain/refund.ts'
import { canResolve, type Resolution } from '../domain/unmatchedPayment.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { insertDecision } from '../store/decisions.ts'
import { loadSessionRefunds } from '../store/refunds.ts'
import { findUnmatched } from '../store/unmatchedPayments.ts'
import type { Caller } from './caller.ts'
import { type Seen, viewWorld } from './getCheckoutSession.ts'
import type { Stray } from './listUnmatchedPayments.ts'
import { noteAudit } from './noteAudit.ts'
import { settleSessions } from './settleSessions.ts'

const DECISIONS = { accepted: 'accept_transfer', refunded: 'refund_transfer', swept: 'sweep_transfer' } as const

/**
 * Decides what became of the unmatched payment `id`; once accepted it counts for its session, which is settled with its events.
 * The same decision twice is one. Null when `tx` sees no such payment; throws what `canResolve` throws.
 */
export async function resolveUnmatchedPayment(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
  resolution: Resolution,
): Promise<Seen<Stray> | null> {
  const owner = await findUnmatched(tx, id)
  if (owner === null) return null
  await lockSessions(tx, [owner.sessionId])
  const payment = await findUnmatched(tx, id)
  const [session] = await loadSessions(tx, [owner.sessionId], ctx.known)
  if (payment === null || session === undefined) return null
  const refunds = await loadSessionRefunds(tx, session.id, ctx.known)
  const isBeingRefunded = refunds.some(refund => refund.transferId === id && isLiveRefund(refund))
  if (!canResolve(payment, session, resolution, isBeingRefunded)) {
    return { found: { payment, session }, world: await viewWorld(tx, ctx) }
  }
  const now = ctx.clock.now()
  await insertDecision(tx, {
    id: uuidv7(now, ctx.random(10)),
    organizationId: session.organizationId,
    sessionId: session.id,
    kind: DECISIONS[resolution],
    at: now,
    transferId: id,
    reason: payment.reason,
  })
  await settleSessions(tx, ctx, [session.id], now)
  const detail = { resolution, checkoutSessionId: session.id }
  await noteAudit(tx, ctx, caller, { action: 'unmatched_payment.resolved', objectId: id, detail })
  return { found: { payment: { ...payment, updatedAt: now, resolution }, session }, world: await viewWorld(tx, ctx) }
}
