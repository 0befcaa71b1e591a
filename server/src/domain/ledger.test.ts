import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Account,
  entryFor,
  type LastEntry,
  liveEntry,
  type NextEntry,
  nextEntries,
  type Subject,
} from './ledger.ts'

const flag = fc.boolean()

/** The states that one subject goes through, whatever it is. */
const histories: fc.Arbitrary<Subject[]> = fc.oneof(
  fc.array(fc.record({ subject: fc.constant('transfer' as const), isLive: flag, isCounted: flag, isPosted: flag })),
  fc
    .constantFrom('out' as const, 'back' as const)
    .chain(kind =>
      fc.array(fc.record({ subject: fc.constant('sweep' as const), kind: fc.constant(kind), isLive: flag })),
    ),
  fc
    .constantFrom('posted' as const, 'unmatched' as const)
    .chain(of => fc.array(fc.record({ subject: fc.constant('refund' as const), of: fc.constant(of), isLive: flag }))),
)

let ids = 0
const newId = () => `${++ids}`

/** Books each state in turn; returns all entries, and how many of them each state left. */
function book(states: readonly Subject[]): { entries: NextEntry[]; lengths: number[] } {
  const entries: NextEntry[] = []
  const lengths = states.map(state => {
    entries.push(...nextEntries(entries.at(-1) ?? null, entryFor(state), newId))
    return entries.length
  })
  return { entries, lengths }
}

/** What one unit booked by `entries` leaves on each account, debits above zero. */
function fold(entries: readonly { debit: Account; credit: Account }[]): Map<Account, number> {
  const sums = new Map<Account, number>()
  for (const { debit, credit } of entries) {
    sums.set(debit, (sums.get(debit) ?? 0) + 1)
    sums.set(credit, (sums.get(credit) ?? 0) - 1)
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0))
}

test('I1, I5, I15: the entries up to any moment add up to the state of that moment, and to zero', () => {
  fc.assert(
    fc.property(histories, states => {
      const { entries, lengths } = book(states)
      for (const [index, state] of states.entries()) {
        const wanted = entryFor(state)
        const sums = fold(entries.slice(0, lengths[index]))
        assert.deepEqual(sums, fold(wanted === null ? [] : [wanted]))
        assert.equal(
          [...sums.values()].reduce((sum, value) => sum + value, 0),
          0,
        )
      }
    }),
    { numRuns: 1_000 },
  )
})

test('I3, I8: entries count up; every second one reverses the one before exactly, and none is reversed twice', () => {
  fc.assert(
    fc.property(histories, states => {
      const { entries } = book(states)
      for (const [index, entry] of entries.entries()) {
        assert.equal(entry.nth, index + 1)
        const before = entries[index - 1]
        if (index % 2 === 0) assert.equal(entry.reverses, null)
        else assert.deepEqual([entry.reverses, entry.debit, entry.credit], [before?.id, before?.credit, before?.debit])
      }
      const reversed = entries.flatMap(({ reverses }) => (reverses === null ? [] : [reverses]))
      assert.equal(new Set(reversed).size, reversed.length)
    }),
    { numRuns: 1_000 },
  )
})

test('I21: a state that is told again books nothing', () => {
  fc.assert(
    fc.property(histories, states => {
      const told = book(states)
      const twice = book(states.flatMap(state => [state, state]))
      assert.equal(twice.entries.length, told.entries.length)
    }),
  )
})

test('what is in force is the newest entry, unless that takes one back', () => {
  const first: LastEntry = { id: 'a', nth: 1, debit: 'deposits', credit: 'pending' }
  const [reversal, again] = nextEntries(first, { debit: 'deposits', credit: 'posted' }, newId)
  assert.equal(liveEntry(null), null)
  assert.equal(liveEntry(first), first)
  assert.equal(liveEntry(reversal ?? null), null)
  assert.deepEqual({ ...again, id: '' }, { id: '', nth: 3, debit: 'deposits', credit: 'posted', reverses: null })
})

test('what each subject stands for', () => {
  const transfer = { subject: 'transfer', isLive: true, isCounted: true, isPosted: false } as const
  assert.deepEqual(
    [
      entryFor(transfer),
      entryFor({ ...transfer, isPosted: true }),
      entryFor({ ...transfer, isCounted: false }),
      entryFor({ ...transfer, isCounted: false, isPosted: true }),
      entryFor({ ...transfer, isLive: false }),
      entryFor({ subject: 'sweep', kind: 'out', isLive: true }),
      entryFor({ subject: 'sweep', kind: 'back', isLive: true }),
      entryFor({ subject: 'refund', of: 'posted', isLive: true }),
      entryFor({ subject: 'refund', of: 'unmatched', isLive: true }),
    ].map(move => move && `${move.credit} → ${move.debit}`),
    [
      'pending → deposits',
      'posted → deposits',
      'unmatched → deposits',
      'unmatched → deposits',
      null,
      'deposits → swept',
      'swept → deposits',
      'refunded → posted',
      'refunded → unmatched',
    ],
  )
})
