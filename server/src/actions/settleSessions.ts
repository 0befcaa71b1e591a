import type { Context } from '../context.ts'
import type { Cause } from '../domain/assertMoves.ts'
import { haltedMs } from '../domain/haltedTime.ts'
import { entryFor } from '../domain/ledger.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import { deadlineOf } from '../domain/sessionTime.ts'
import {
  type BlockNews,
  isDifferent,
  isTurned,
  newReasons,
  type Settled,
  settledSession,
  transfersAt,
} from '../domain/settledSession.ts'
import { type Decision, deriveSettlement, type Settlement } from '../domain/settlement.ts'
import { type Heads, loadHeads } from '../store/chains.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import { type CoinDoubt, loadCoinDoubts } from '../store/coinDoubts.ts'
import type { Tx } from '../store/database.ts'
import { loadDecisions } from '../store/decisions.ts'
import { appendEvents, type NewEvent } from '../store/events.ts'
import { type ChainHalt, loadHalts } from '../store/halts.ts'
import { notifySessions, updateSettlements } from '../store/settlement.ts'
import { afterSettled } from './afterSettled.ts'
import { type Booking, bookEntries } from './bookEntries.ts'
import { worldAt } from './getCheckoutSession.ts'
import { sessionEvents } from './sessionEvents.ts'

const BATCH = 500
const NONE: ReadonlySet<string> = new Set()

/**
 * Derives the sessions anew from their facts, after those were changed in the same transaction, and writes what is different
 * with its events and entries; `arrived` are the transfers that were added with it. Locks the sessions; a few statements for each
 * 500 of them. Throws on a move that the tables do not know.
 */
export async function settleSessions(
  tx: Tx,
  ctx: Context,
  sessionIds: readonly string[],
  now: Date,
  cause: Cause = 'progress',
  arrived: ReadonlySet<string> = NONE,
): Promise<void> {
  const ids = [...new Set(sessionIds)].sort()
  await lockSessions(tx, ids)
  const heads = await loadHeads(tx)
  const isNew: Moment['isNew'] = ({ id }) => arrived.has(id)
  const moment: Moment = { heads, transfersOf: ({ transfers }) => transfers, isNew, gone: NONE }
  await settleAll(tx, ctx, ids, () => [moment], now, cause)
}

/** What blocks that are recorded together brought, and for which sessions that matters. */
export type SettledBlocks = BlockNews & {
  /** For each session the numbers of the blocks after which it is settled. */
  sessions: ReadonlyMap<string, ReadonlySet<bigint>>
  /** The times of those blocks. */
  times: ReadonlyMap<bigint, Date>
  /** The lost transfers that each of those blocks gives up, by their ids. */
  goneIn: ReadonlyMap<bigint, ReadonlySet<string>>
}

/**
 * Settles sessions as if each block had been recorded alone, in the order of the blocks and after everything that they brought was
 * stored; otherwise as `settleSessions`. The caller holds the sessions' locks.
 */
export async function settleBlocks(tx: Tx, ctx: Context, blocks: SettledBlocks, now: Date): Promise<void> {
  const heads = await loadHeads(tx)
  const moments = new Map(
    [...blocks.times].map(([number, time]): [bigint, Moment] => [
      number,
      {
        heads: new Map(heads).set(blocks.chainId, { number, time }),
        transfersOf: ({ transfers }) => transfersAt(transfers, blocks, number),
        isNew: ({ id, asset, blockNumber }, wasUnmatched) =>
          asset.chainId === blocks.chainId && blockNumber === number && (wasUnmatched || !blocks.revived.has(id)),
        gone: blocks.goneIn.get(number) ?? NONE,
      },
    ]),
  )
  const inOrder = [...moments.keys()].sort((left, right) => (left < right ? -1 : 1))
  const momentsOf = (id: string) => {
    const numbers = blocks.sessions.get(id)
    return inOrder.filter(number => numbers?.has(number)).flatMap(number => moments.get(number) ?? [])
  }
  await settleAll(tx, ctx, [...blocks.sessions.keys()].sort(), momentsOf, now, 'progress')
}

/** When sessions are settled: how far the chains were read by then, which transfers were known, new, and given up. */
type Moment = {
  heads: Heads
  transfersOf: (session: CheckoutSession) => SessionTransfer[]
  isNew: (transfer: SessionTransfer, wasUnmatched: boolean) => boolean
  gone: ReadonlySet<string>
}

async function settleAll(
  tx: Tx,
  ctx: Context,
  ids: readonly string[],
  momentsOf: (id: string) => Moment[],
  now: Date,
  cause: Cause,
): Promise<void> {
  const turned: Settled[] = []
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH)
    const sessions = await loadSessions(tx, batch, ctx.known)
    const decisions = await loadDecisions(tx, batch)
    const halts = await loadHaltsSince(tx, sessions)
    const doubts = await loadDoubts(tx, sessions)
    const settled = sessions.map(session => {
      const own = decisions.get(session.id) ?? []
      return settleThrough(ctx, session, momentsOf(session.id), own, { halts, doubts }, now, cause)
    })
    const changed = settled.filter(({ isChanged }) => isChanged)
    await updateSettlements(
      tx,
      changed.map(({ after }) => after),
      changed.flatMap(newReasons),
    )
    await bookEntries(
      tx,
      ctx,
      settled.flatMap(({ bookings }) => bookings),
      now,
    )
    await appendEvents(
      tx,
      settled.flatMap(({ events }) => events),
    )
    await notifySessions(
      tx,
      changed.map(({ after }) => after.id),
    )
    turned.push(...changed.filter(isTurned))
  }
  // Once, after all of them are written: what follows may concern several, and locks its own rows in one order.
  await afterSettled(tx, ctx, turned, now)
}

/** Settles a session at each of the moments in turn; nothing is written. */
function settleThrough(
  ctx: Context,
  session: CheckoutSession,
  moments: readonly Moment[],
  decisions: readonly Decision[],
  times: Omit<ChainTimes, 'heads'>,
  now: Date,
  cause: Cause,
) {
  const events: NewEvent[] = []
  const bookings: Booking[] = []
  let after = session
  let isChanged = false
  for (const { heads, transfersOf, isNew, gone } of moments) {
    const reasons = new Map(after.transfers.map(({ id, unmatchedReason }) => [id, unmatchedReason]))
    const transfers = transfersOf(session).map(transfer => {
      const reason = reasons.get(transfer.id)
      return reason === undefined ? transfer : { ...transfer, unmatchedReason: reason }
    })
    const before = { ...after, transfers }
    after = settledSession(before, settlementOf(before, decisions, { ...times, heads }, now), now, cause)
    bookings.push(...bookingsOf(after))
    const isMoved = isDifferent({ before, after })
    isChanged ||= isMoved
    if (!isMoved && gone.size === 0) continue
    events.push(...sessionEvents({ before, after, isNew, gone }, worldAt(ctx, heads), now, ctx.random))
  }
  return { before: session, after, isChanged, events, bookings }
}

function bookingsOf({ id, organizationId, deposit, transfers }: CheckoutSession): Booking[] {
  return transfers.map(({ id: subjectId, asset, amountRaw, orphanedAt, postedAt, unmatchedReason }) => {
    const { chainId, id: assetId } = asset
    const { address } = deposit
    const state = { isLive: orphanedAt === null, isCounted: unmatchedReason === null, isPosted: postedAt !== null }
    return {
      subject: { subject: 'transfer', subjectId, organizationId, sessionId: id, chainId, assetId, address, amountRaw },
      wanted: entryFor({ subject: 'transfer', ...state }),
    }
  })
}

/** How far the chains were read, when they stood still, and since when they may hold coin that is in doubt. */
export type ChainTimes = { heads: Heads; halts: readonly ChainHalt[]; doubts: readonly CoinDoubt[] }

/** The times of all chains that matter to these sessions. */
export async function loadTimes(tx: Tx, sessions: readonly CheckoutSession[]): Promise<ChainTimes> {
  return {
    heads: await loadHeads(tx),
    halts: await loadHaltsSince(tx, sessions),
    doubts: await loadDoubts(tx, sessions),
  }
}

async function loadHaltsSince(tx: Tx, sessions: readonly CheckoutSession[]): Promise<ChainHalt[]> {
  if (sessions.length === 0) return []
  return await loadHalts(tx, new Date(Math.min(...sessions.map(({ createdAt }) => createdAt.getTime()))))
}

async function loadDoubts(tx: Tx, sessions: readonly CheckoutSession[]): Promise<CoinDoubt[]> {
  return await loadCoinDoubts(
    tx,
    sessions.map(({ deposit }) => deposit.address),
  )
}

/**
 * What follows from a session's facts by `now`, with the times of the chains that it may be paid on. One that is open is not closed
 * while coin is in doubt that came in time: for it no time has passed since then.
 */
export function settlementOf(
  session: CheckoutSession,
  decisions: readonly Decision[],
  { heads, halts, doubts }: ChainTimes,
  now: Date,
): Settlement {
  const { amountTotal, assets, toleranceBps, expiresAt, createdAt, deposit, isClosed } = session
  const isOwn = ({ chainId }: { chainId: number }) => assets.some(({ asset }) => asset.chainId === chainId)
  const doubted = isClosed ? [] : doubts.filter(({ address }) => address === deposit.address)
  const own = [
    ...[...heads].map(([chainId, { time }]) => ({ chainId, time })),
    ...doubted.map(({ chainId, seenAt }) => ({ chainId, time: seenAt })),
  ].filter(isOwn)
  const halted = haltedMs(halts.filter(isOwn), createdAt, deadlineOf(expiresAt))
  const terms = { amountTotal, assets, toleranceBps, expiresAt, haltedMs: halted }
  return deriveSettlement(terms, session.transfers, decisions, own, now)
}
