import type { Context } from '../context.ts'
import { assertMoves, type Cause } from '../domain/assertMoves.ts'
import { haltedMs } from '../domain/haltedTime.ts'
import { type CheckoutSession, deadlineOf } from '../domain/session.ts'
import { type Decision, deriveSettlement, type Settlement } from '../domain/settlement.ts'
import { type Heads, loadHeads } from '../store/chains.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { loadDecisions } from '../store/decisions.ts'
import { appendEvents } from '../store/events.ts'
import { type ChainHalt, loadHalts } from '../store/halts.ts'
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
  const times = await loadTimes(tx, sessions)
  const world = worldAt(ctx, times.heads)
  const settled = sessions
    .map(session => settle(session, settlementOf(session, decisions.get(session.id) ?? [], times, now), now, cause))
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

/** How far the chains were read, and when they stood still. */
export type ChainTimes = { heads: Heads; halts: readonly ChainHalt[] }

/** The times of all chains that matter to these sessions. */
export async function loadTimes(tx: Tx, sessions: readonly CheckoutSession[]): Promise<ChainTimes> {
  const oldest = Math.min(...sessions.map(({ createdAt }) => createdAt.getTime()))
  return { heads: await loadHeads(tx), halts: sessions.length === 0 ? [] : await loadHalts(tx, new Date(oldest)) }
}

/** What follows from a session's facts by `now`, with the times of the chains that it may be paid on. */
export function settlementOf(
  session: CheckoutSession,
  decisions: readonly Decision[],
  { heads, halts }: ChainTimes,
  now: Date,
): Settlement {
  const { amountTotal, assets, toleranceBps, expiresAt, createdAt } = session
  const isOwn = ({ chainId }: { chainId: number }) => assets.some(({ asset }) => asset.chainId === chainId)
  const own = [...heads].map(([chainId, { time }]) => ({ chainId, time })).filter(isOwn)
  const halted = haltedMs(halts.filter(isOwn), createdAt, deadlineOf(expiresAt))
  const terms = { amountTotal, assets, toleranceBps, expiresAt, haltedMs: halted }
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
