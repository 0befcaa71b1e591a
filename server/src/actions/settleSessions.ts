import type { Context } from '../context.ts'
import { assertMoves, type Cause } from '../domain/assertMoves.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { type Decision, deriveSettlement, type Settlement } from '../domain/settlement.ts'
import { type Heads, loadHeads } from '../store/chains.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { loadDecisions } from '../store/decisions.ts'
import { appendEvents } from '../store/events.ts'
import { notifySessions, updateSettlements } from '../store/settlement.ts'
import { setUnmatchedReasons } from '../store/transfers.ts'
import { worldAt } from './getCheckoutSession.ts'
import { sessionEvents } from './sessionEvents.ts'

const BATCH = 500

/** A session as it was stored, and as the facts have it now. */
export type Settled = { before: CheckoutSession; after: CheckoutSession }

/**
 * Derives the sessions anew from their facts, after those were changed in the same transaction, and writes what is different
 * with its events. Locks the sessions; a few statements for each 500 of them. Throws on a move that the tables do not know.
 */
export async function settleSessions(
  tx: Tx,
  ctx: Context,
  sessionIds: readonly string[],
  now: Date,
  cause: Cause = 'progress',
): Promise<void> {
  const ids = [...new Set(sessionIds)].sort()
  await lockSessions(tx, ids)
  for (let start = 0; start < ids.length; start += BATCH) {
    await settleBatch(tx, ctx, ids.slice(start, start + BATCH), now, cause)
  }
}

async function settleBatch(tx: Tx, ctx: Context, ids: readonly string[], now: Date, cause: Cause): Promise<void> {
  const sessions = await loadSessions(tx, ids, ctx.known)
  const decisions = await loadDecisions(tx, ids)
  const heads = await loadHeads(tx)
  const world = worldAt(ctx, heads)
  const settled = sessions
    .map(session => settle(session, settlementOf(session, decisions.get(session.id) ?? [], heads, now), now, cause))
    .filter(isDifferent)
  await updateSettlements(
    tx,
    settled.map(({ after }) => after),
  )
  await setUnmatchedReasons(tx, settled.flatMap(newReasons))
  await appendEvents(
    tx,
    settled.flatMap(change => sessionEvents(change, world, now, ctx.random)),
  )
  await notifySessions(
    tx,
    settled.map(({ after }) => after.id),
  )
}

/** What follows from a session's facts by `now`, with the heads of the chains that it may be paid on. */
export function settlementOf(
  session: CheckoutSession,
  decisions: readonly Decision[],
  heads: Heads,
  now: Date,
): Settlement {
  const { amountTotal, assets, toleranceBps, expiresAt } = session
  const own = [...heads]
    .map(([chainId, { time }]) => ({ chainId, time }))
    .filter(head => assets.some(({ asset }) => asset.chainId === head.chainId))
  const terms = { amountTotal, assets, toleranceBps, expiresAt, haltedMs: 0 }
  return deriveSettlement(terms, session.transfers, decisions, own, now)
}

function settle(before: CheckoutSession, settlement: Settlement, now: Date, cause: Cause): Settled {
  const { status, intentStatus, exceptions, amountReceived, deadline, isClosed } = settlement
  const { intent } = before
  assertMoves({ status: before.status, intentStatus: intent.status }, { status, intentStatus }, cause)
  const isMoved = status !== before.status || intentStatus !== intent.status || amountReceived !== intent.amountReceived
  const reasons = new Map(settlement.unmatched.map(({ transferId, reason }) => [transferId, reason]))
  const after: CheckoutSession = {
    ...before,
    updatedAt: isMoved ? now : before.updatedAt,
    status,
    exceptions,
    deadline,
    isClosed,
    intent: {
      ...intent,
      updatedAt: isMoved ? now : intent.updatedAt,
      status: intentStatus,
      amountReceived,
      canceledAt: intentStatus === 'canceled' ? (intent.canceledAt ?? now) : null,
    },
    // A lost transfer keeps the reason that was told: should it come back, it is not told again.
    transfers: before.transfers.map(transfer =>
      transfer.orphanedAt === null ? { ...transfer, unmatchedReason: reasons.get(transfer.id) ?? null } : transfer,
    ),
  }
  return { before, after }
}

function isDifferent(change: Settled): boolean {
  const { before, after } = change
  return (
    before.status !== after.status ||
    before.isClosed !== after.isClosed ||
    before.deadline.getTime() !== after.deadline.getTime() ||
    before.exceptions.join() !== after.exceptions.join() ||
    before.intent.status !== after.intent.status ||
    before.intent.amountReceived !== after.intent.amountReceived ||
    newReasons(change).length > 0
  )
}

function newReasons({ before, after }: Settled) {
  return after.transfers
    .filter((transfer, index) => transfer.unmatchedReason !== before.transfers[index]?.unmatchedReason)
    .map(transfer => ({ transferId: transfer.id, reason: transfer.unmatchedReason }))
}
