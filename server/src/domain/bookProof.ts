import { type BookedSubject, liveEntry, type Move, type NextEntry } from './ledger.ts'

/** An entry as it is stored, with everything that it repeats of its subject. */
export type StoredEntry = BookedSubject & NextEntry & { createdAt: Date }

/** Something that is not as it must be, and the row by which it can be found. */
export type Difference = {
  table:
    | 'checkout_sessions'
    | 'payment_intents'
    | 'deposit_addresses'
    | 'transfers'
    | 'sweep_facts'
    | 'refunds'
    | 'entries'
    | 'events'
  id: string
  problem: string
}

/** The table that a subject of the ledger is a row of. */
export const TABLE_OF = { transfer: 'transfers', sweep: 'sweep_facts', refund: 'refunds' } as const

/** A fact or refund with its move, and, of a transfer that is posted and counts, when it was. */
export type ProvenSubject = { subject: BookedSubject; wanted: Move | null; postedAt: Date | null }

/** What is wrong with how a subject is booked by `entries`, all that there are of it in their order. */
export function bookDifferences(
  { subject, wanted, postedAt }: ProvenSubject,
  entries: readonly StoredEntry[],
): Difference[] {
  const table = TABLE_OF[subject.subject]
  const found: Difference[] = []
  const say = (problem: string) => void found.push({ table, id: subject.subjectId, problem })
  for (const [index, entry] of entries.entries()) {
    const problem = entryProblem(subject, entry, entries[index - 1], index + 1)
    if (problem !== null) found.push({ table: 'entries', id: entry.id, problem })
  }
  const live = liveEntry(entries.at(-1) ?? null)
  if (live?.debit !== wanted?.debit || live?.credit !== wanted?.credit) {
    say(`it is to be booked as ${moveText(wanted)} and is booked as ${moveText(live)}`)
  }
  if (live !== null && live.amountRaw !== subject.amountRaw) {
    say(`it moved ${subject.amountRaw} base units, and its entry says ${live.amountRaw}`)
  }
  if (postedAt !== null && !isBookedAt(postedAt, entries)) {
    say(`it is said to have been posted at ${postedAt.toISOString()}, and nothing was booked then`)
  }
  return found
}

function entryProblem(
  subject: BookedSubject,
  entry: StoredEntry,
  before: StoredEntry | undefined,
  nth: number,
): string | null {
  if (entry.nth !== nth) return `it is number ${entry.nth} of its subject, and number ${nth} in their order`
  const isReversal = nth % 2 === 0
  if (isReversal !== (entry.reverses !== null))
    return `number ${nth} ${isReversal ? 'reverses nothing' : 'reverses another'}`
  if (before !== undefined && entry.createdAt < before.createdAt) return 'it is older than the one before it'
  if (isReversal) {
    const isExact =
      entry.reverses === before?.id &&
      entry.debit === before.credit &&
      entry.credit === before.debit &&
      entry.amountRaw === before.amountRaw
    if (!isExact) return 'it is not the exact opposite of the one before it'
  }
  for (const field of ['subject', 'organizationId', 'sessionId', 'chainId', 'assetId', 'address'] as const) {
    if (entry[field] !== subject[field]) return `its ${field} is ${entry[field]}, its subject's is ${subject[field]}`
  }
  return null
}

/** Whether an entry was written at that moment, or the money did not count then, so that nothing changed for the ledger. */
function isBookedAt(moment: Date, entries: readonly StoredEntry[]): boolean {
  const then = entries.filter(({ createdAt }) => createdAt <= moment).at(-1)
  if (then === undefined) return false
  return then.createdAt.getTime() === moment.getTime() || then.credit === 'unmatched'
}

function moveText(move: Move | null): string {
  return move === null ? 'nothing' : `${move.credit} → ${move.debit}`
}
