import type { Context } from '../context.ts'
import { type BookedSubject, entryFor, type Move, nextEntries } from '../domain/ledger.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { insertEntries, loadLastEntries } from '../store/entries.ts'
import type { StoredSweep } from '../store/sweepFacts.ts'

/** A subject, and how it is to be booked: as a move, or not at all. */
export type Booking = { subject: BookedSubject; wanted: Move | null }

/**
 * Books each subject as wanted, in the transaction of the change that it follows from; the same subject may come several times,
 * and is then booked as each in turn. The caller holds what keeps others from booking them: the session, or the chain's cursor.
 */
export async function bookEntries(tx: Tx, ctx: Context, bookings: readonly Booking[], now: Date): Promise<void> {
  const last = await loadLastEntries(tx, [...new Set(bookings.map(({ subject }) => subject.subjectId))])
  const newId = () => uuidv7(now, ctx.random(10))
  const entries = bookings.flatMap(({ subject, wanted }) =>
    nextEntries(last.get(subject.subjectId) ?? null, wanted, newId).map(entry => {
      last.set(subject.subjectId, entry)
      return { ...subject, ...entry }
    }),
  )
  await insertEntries(tx, entries, now)
}

/** Books what left deposit addresses or came back, in the order of their ids, and takes it back where a reorg took it. */
export async function bookSweeps(
  tx: Tx,
  ctx: Context,
  sweeps: readonly StoredSweep[],
  isLive: boolean,
  now: Date,
): Promise<void> {
  const bookings = sweeps
    .toSorted((left, right) => (left.subjectId < right.subjectId ? -1 : 1))
    .map(({ kind, ...subject }) => ({ subject, wanted: entryFor({ subject: 'sweep', kind, isLive }) }))
  await bookEntries(tx, ctx, bookings, now)
}

/** A refund as the ledger books it: out of what was paid, or, where it gives one back, out of unmatched transfers. */
export type BookedRefund = Omit<BookedSubject, 'subject' | 'subjectId'> & { id: string; of: 'posted' | 'unmatched' }

/** Books a refund that succeeded (`isLive`), or takes it back when it was lost. The caller holds the session's lock. */
export async function bookRefund(
  tx: Tx,
  ctx: Context,
  { id, of, ...rest }: BookedRefund,
  isLive: boolean,
  now: Date,
): Promise<void> {
  const subject: BookedSubject = { ...rest, subject: 'refund', subjectId: id }
  await bookEntries(tx, ctx, [{ subject, wanted: entryFor({ subject: 'refund', of, isLive }) }], now)
}
