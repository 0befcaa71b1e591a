import type { Hex } from './hex.ts'

/**
 * Where money is. `deposits` (what lies on deposit addresses, equal to their balances on chain) and `swept` (what has left them
 * towards the merchant) grow with a debit; the others say what became of what payers brought, and grow with a credit.
 */
export type Account = 'deposits' | 'swept' | 'pending' | 'posted' | 'unmatched' | 'refunded'

/** An entry moves its amount from `credit` to `debit`, so that it balances by its form. */
export type Move = { debit: Account; credit: Account }

/** What an entry can be about: one fact or one refund, as it stands now. A fact that a reorg took away is not live. */
export type Subject =
  | { subject: 'transfer'; isLive: boolean; isCounted: boolean; isPosted: boolean }
  | { subject: 'sweep'; isLive: boolean; kind: 'out' | 'back' }
  | { subject: 'refund'; isLive: boolean; of: 'posted' | 'unmatched' }

/** What an entry is about, with everything that its entries have in common; its amount is fixed. */
export type BookedSubject = {
  subject: 'transfer' | 'sweep' | 'refund'
  subjectId: string
  organizationId: string
  sessionId: string
  chainId: number
  assetId: string
  /** The deposit address that the money lies or lay on. */
  address: Hex
  amountRaw: bigint
}

/** The newest entry of a subject, by which the next ones are made. */
export type LastEntry = Move & { id: string; nth: number }

/** An entry to be written; `reverses` is the entry that it takes back. */
export type NextEntry = LastEntry & { reverses: string | null }

/** The move that a subject stands for, or null where it stands for none. */
export function entryFor(subject: Subject): Move | null {
  if (!subject.isLive) return null
  switch (subject.subject) {
    case 'transfer': {
      if (!subject.isCounted) return { debit: 'deposits', credit: 'unmatched' }
      return { debit: 'deposits', credit: subject.isPosted ? 'posted' : 'pending' }
    }
    case 'sweep':
      return subject.kind === 'out' ? { debit: 'swept', credit: 'deposits' } : { debit: 'deposits', credit: 'swept' }
    case 'refund':
      return { debit: subject.of, credit: 'refunded' }
    default:
      return subject satisfies never
  }
}

/** The entry of a subject that is in force: the newest one, unless that takes another one back. */
export function liveEntry<E extends LastEntry>(last: E | null): E | null {
  return last !== null && last.nth % 2 === 1 ? last : null
}

/**
 * What must be written after a subject's newest entry so that it is booked as `wanted`: nothing, an entry, the exact reversal
 * of the one in force, or both. Applied to its own result it gives nothing.
 */
export function nextEntries(last: LastEntry | null, wanted: Move | null, newId: () => string): NextEntry[] {
  const live = liveEntry(last)
  if (live?.debit === wanted?.debit && live?.credit === wanted?.credit) return []
  const entries: NextEntry[] = []
  let nth = last?.nth ?? 0
  if (live !== null) {
    nth += 1
    entries.push({ id: newId(), nth, debit: live.credit, credit: live.debit, reverses: live.id })
  }
  if (wanted !== null) entries.push({ id: newId(), nth: nth + 1, ...wanted, reverses: null })
  return entries
}
