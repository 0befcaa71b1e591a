import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Halt, haltedMs, payUntil } from './haltedTime.ts'
import { deadlineOf } from './sessionTime.ts'

const MINUTE_MS = 60_000
const START = Date.UTC(2026, 2, 1)

const at = (minute: number) => new Date(START + minute * MINUTE_MS)

const halt = (from: number, to: number): Halt => ({ from: at(from), to: at(to) })

const movedBy = (halts: readonly Halt[], created: number, deadline: number) =>
  haltedMs(halts, at(created), at(deadline)) / MINUTE_MS

test('a halt within the session’s time moves its deadline by its length', () => {
  assert.equal(movedBy([], 0, 60), 0)
  assert.equal(movedBy([halt(10, 53)], 0, 60), 43)
})

test('what lies before the session or after its deadline moves nothing', () => {
  assert.equal(movedBy([halt(-30, -10)], 0, 60), 0)
  assert.equal(movedBy([halt(-30, 10)], 0, 60), 10)
  assert.equal(movedBy([halt(60, 90)], 0, 60), 0)
  assert.equal(movedBy([halt(59, 90)], 0, 60), 31)
})

test('a halt counts that begins in the time which an earlier one has given', () => {
  assert.equal(movedBy([halt(50, 70), halt(75, 90)], 0, 60), 35)
  assert.equal(movedBy([halt(50, 70), halt(80, 90)], 0, 60), 20)
})

test('halts of two chains at the same time count once', () => {
  assert.equal(movedBy([halt(10, 30), halt(20, 40)], 0, 60), 30)
  assert.equal(movedBy([halt(10, 40), halt(20, 30)], 0, 60), 30)
  assert.equal(movedBy([halt(10, 40), halt(10, 40)], 0, 60), 30)
})

/** The rule in other words: a session has so many minutes that are not halted. */
function movedByCounting(halts: readonly [number, number][], created: number, deadline: number): number {
  let left = deadline - created
  let minute = created
  for (; left > 0; minute++) {
    if (!halts.some(([from, to]) => from <= minute && minute < to)) left -= 1
  }
  return minute - deadline
}

test('the deadline comes when as many minutes have passed without a halt as the session was given', () => {
  const span = fc.tuple(fc.integer({ min: -20, max: 150 }), fc.integer({ min: 1, max: 40 }))
  fc.assert(
    fc.property(fc.array(span, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }), (spans, given) => {
      const halts = spans.map(([from, length]): [number, number] => [from, from + length])
      const moved = movedBy(
        halts.map(([from, to]) => halt(from, to)),
        0,
        given,
      )
      assert.equal(moved, movedByCounting(halts, 0, given))
      assert.equal(
        moved,
        movedBy(
          halts.toReversed().map(([from, to]) => halt(from, to)),
          0,
          given,
        ),
      )
    }),
    { numRuns: 500 },
  )
})

test('the payer gets the same time, and none beyond what the merchant has ended', () => {
  const expiresAt = at(60)
  assert.deepEqual(payUntil({ expiresAt, deadline: deadlineOf(expiresAt) }), expiresAt)
  assert.deepEqual(
    payUntil({ expiresAt, deadline: new Date(deadlineOf(expiresAt).getTime() + 43 * MINUTE_MS) }),
    at(103),
  )
  assert.deepEqual(payUntil({ expiresAt, deadline: at(30) }), at(30))
  assert.deepEqual(payUntil({ expiresAt, deadline: at(70) }), expiresAt)
})
