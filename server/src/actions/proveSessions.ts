import type { Context } from '../context.ts'
import { bookDifferences, type Difference, type StoredEntry } from '../domain/bookProof.ts'
import { depositAddress } from '../domain/depositAddress.ts'
import { entryFor } from '../domain/ledger.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Decision } from '../domain/settlement.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { loadDecisions } from '../store/decisions.ts'
import {
  findGaps,
  findUndelivered,
  lastStatusEvents,
  loadEntries,
  loadFacts,
  loadStoredRefunds,
  type StoredFact,
  type StoredRefund,
} from '../store/proof.ts'
import { type ChainTimes, loadTimes, settlementOf } from './settleSessions.ts'

/** Events are kept for 30 days; what is younger than this has all of them. */
const EVENTS_KEPT_MS = 29 * 24 * 60 * 60_000

/** Some sessions as they are stored: their facts, their entries, and what is wrong among all that. */
export type ProvenSessions = { facts: StoredFact[]; entries: StoredEntry[]; differences: Difference[] }

/**
 * Derives everything of these sessions anew that follows from something else, and compares: statuses and reasons, addresses,
 * entries, events. `tx` sees all of it at one moment.
 */
export async function proveSessions(tx: Tx, ctx: Context, ids: readonly string[]): Promise<ProvenSessions> {
  const sessions = await loadSessions(tx, ids, ctx.known)
  const decisions = await loadDecisions(tx, ids)
  const times = await loadTimes(tx, sessions)
  const facts = await loadFacts(tx, ids)
  const entries = await loadEntries(tx, ids)
  const refunds = await loadStoredRefunds(tx, ids)
  const now = ctx.clock.now()
  return {
    facts,
    entries,
    differences: [
      ...sessions.flatMap(session => settlementDifferences(session, decisions.get(session.id) ?? [], times, now)),
      ...sessions.flatMap(addressDifferences),
      ...ledgerDifferences(sessions, facts, refunds, entries),
      ...(await eventDifferences(tx, sessions, facts, now)),
    ],
  }
}

function settlementDifferences(
  session: CheckoutSession,
  decisions: readonly Decision[],
  times: ChainTimes,
  now: Date,
): Difference[] {
  const { id, intent, transfers } = session
  // What is due to close and not yet closed is late and not wrong; and what is closed stays so when a reorg takes time back.
  const heads = new Map(
    [...times.heads].map(([chainId, { number, time }]) => {
      const past = new Date(session.deadline.getTime() + 1)
      return [chainId, { number, time: session.isClosed && time < past ? past : time }]
    }),
  )
  const then = session.isClosed ? now : session.deadline
  const derived = settlementOf(session, decisions, { ...times, heads }, then)
  const found: Difference[] = []
  const compare = (table: Difference['table'], row: string, what: string, stored: unknown, wanted: unknown) => {
    if (`${stored}` !== `${wanted}`)
      found.push({ table, id: row, problem: `its ${what} is ${stored}, and must be ${wanted}` })
  }
  compare('checkout_sessions', id, 'status', session.status, derived.status)
  compare('checkout_sessions', id, 'exceptions', session.exceptions.join(' '), derived.exceptions.join(' '))
  compare('checkout_sessions', id, 'deadline', session.deadline.toISOString(), derived.deadline.toISOString())
  compare('checkout_sessions', id, 'is_closed', session.isClosed, derived.isClosed)
  compare('payment_intents', intent.id, 'status', intent.status, derived.intentStatus)
  compare('payment_intents', intent.id, 'amount_received', intent.amountReceived, derived.amountReceived)
  const reasons = new Map(derived.unmatched.map(({ transferId, reason }) => [transferId, reason]))
  for (const { id: transferId, orphanedAt, unmatchedReason } of transfers) {
    if (orphanedAt !== null) continue
    compare('transfers', transferId, 'unmatched_reason', unmatchedReason, reasons.get(transferId) ?? null)
  }
  return found
}

function addressDifferences({ id, deposit }: CheckoutSession): Difference[] {
  const { address, payouts } = deposit
  const computed = depositAddress(deposit, id, payouts)
  if (computed === address) return []
  const problem = `session ${id} and its payouts give the address ${computed}`
  return [{ table: 'deposit_addresses', id: address, problem }]
}

function ledgerDifferences(
  sessions: readonly CheckoutSession[],
  facts: readonly StoredFact[],
  refunds: readonly StoredRefund[],
  entries: readonly StoredEntry[],
): Difference[] {
  const addresses = new Map(sessions.map(({ id, deposit }) => [id, deposit.address]))
  const bySubject = Map.groupBy(entries, ({ subjectId }) => subjectId)
  const entriesOf = (id: string) => bySubject.get(id) ?? []
  const known = new Set([...facts, ...refunds].map(({ subjectId }) => subjectId))
  const strangers = entries.filter(({ subjectId }) => !known.has(subjectId))
  return [
    ...facts.flatMap(fact => {
      const { kind, isLive, isCounted, postedAt } = fact
      const isPosted = postedAt !== null
      const wanted =
        kind === 'in'
          ? entryFor({ subject: 'transfer', isLive, isCounted, isPosted })
          : entryFor({ subject: 'sweep', kind, isLive })
      const posted = isLive && isCounted ? postedAt : null
      return bookDifferences({ subject: fact, wanted, postedAt: posted }, entriesOf(fact.subjectId))
    }),
    ...refunds.flatMap(({ of, isLive, ...refund }) => {
      const subject = { ...refund, address: addresses.get(refund.sessionId) ?? '0x' }
      const wanted = entryFor({ subject: 'refund', of, isLive })
      return bookDifferences({ subject, wanted, postedAt: null }, entriesOf(refund.subjectId))
    }),
    ...strangers.map(({ id, subject, subjectId }): Difference => {
      return { table: 'entries', id, problem: `it is about the ${subject} ${subjectId}, which is not there` }
    }),
  ]
}

const TOLD: Readonly<Record<CheckoutSession['status'], readonly (string | undefined)[]>> = {
  complete: ['completed'],
  incomplete: ['incomplete', 'reverted'],
  expired: ['expired', 'reverted'],
  open: [undefined, 'expired', 'reverted', 'incomplete'],
}

async function eventDifferences(
  tx: Tx,
  sessions: readonly CheckoutSession[],
  facts: readonly StoredFact[],
  now: Date,
): Promise<Difference[]> {
  const since = new Date(now.getTime() - EVENTS_KEPT_MS)
  const objects = [...sessions.flatMap(({ id, intent }) => [id, intent.id]), ...facts.map(({ subjectId }) => subjectId)]
  const told = await lastStatusEvents(
    tx,
    sessions.map(({ id }) => id),
  )
  const event = (id: string, problem: string): Difference => ({ table: 'events', id, problem })
  return [
    ...(await findGaps(tx, objects, since)).map(id => event(id, 'the sequence of this object has a gap')),
    ...(await findUndelivered(tx, objects, since)).map(id => event(id, 'an endpoint asked for it and has no delivery')),
    ...sessions
      .filter(({ updatedAt }) => updatedAt > since)
      .flatMap(({ id, status }) => {
        const last = told.get(id)?.replace('checkout_session.', '')
        if (TOLD[status].includes(last)) return []
        return event(id, `this session is ${status}, and the last that was told of that is ${last ?? 'nothing'}`)
      }),
  ]
}
