import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { nextAttemptAt, parseRetryAfter, RETRY_DELAYS_S, shouldDisable } from './retry.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const DAY_MS = 86_400_000
const random01 = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const waitS = (attempt: number, random: number, retryAfterS?: number | null) => {
  const at = nextAttemptAt(attempt, NOW, random, retryAfterS)
  assert.ok(at !== null)
  return (at.getTime() - NOW.getTime()) / 1000
}

test('ten attempts, 75:35:05 from first to last without jitter', () => {
  assert.deepEqual(RETRY_DELAYS_S, [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400])
  let at = NOW
  let attempts = 1
  for (let next = nextAttemptAt(attempts, at, 0.5); next !== null; next = nextAttemptAt(attempts, at, 0.5)) {
    at = next
    attempts += 1
  }
  assert.equal(attempts, 10)
  assert.equal(at.getTime() - NOW.getTime(), ((75 * 60 + 35) * 60 + 5) * 1000)
})

test('whatever the jitter: later each time, each wait within 10 %, ten attempts, total 75:35:05 within 10 %', () => {
  fc.assert(
    fc.property(fc.array(random01, { minLength: 9, maxLength: 9 }), randoms => {
      let at = NOW
      randoms.forEach((random, index) => {
        const next = nextAttemptAt(index + 1, at, random)
        const planned = RETRY_DELAYS_S[index + 1]
        assert.ok(next !== null && planned !== undefined && next > at)
        const wait = (next.getTime() - at.getTime()) / 1000
        assert.ok(wait >= planned * 0.9 - 0.001 && wait <= planned * 1.1 + 0.001)
        at = next
      })
      assert.equal(nextAttemptAt(10, at, 0), null)
      const totalS = (at.getTime() - NOW.getTime()) / 1000
      assert.ok(totalS >= 272_105 * 0.9 - 0.01 && totalS <= 272_105 * 1.1 + 0.01)
    }),
    { numRuns: 1000 },
  )
})

test('jitter uses its whole width', () => {
  assert.equal(waitS(2, 0), 270)
  assert.equal(waitS(2, 0.5), 300)
  assert.equal(waitS(2, 0.75), 315)
})

test('F145: Retry-After lengthens a wait, never shortens it, and counts 24 hours at most', () => {
  assert.equal(waitS(1, 0.5, 120), 120)
  assert.equal(waitS(3, 0.5, 120), 1800)
  assert.equal(waitS(1, 0.5, 999_999), 86_400)
  assert.equal(waitS(1, 0.5, Number.POSITIVE_INFINITY), 86_400)
  for (const ignored of [null, 0, -1, Number.NaN]) assert.equal(waitS(1, 0.5, ignored), 5)
  assert.equal(nextAttemptAt(10, NOW, 0.5, 120), null)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), random01, fc.double(), fc.double(), (attempt, random, a, b) => {
      const [low, high] = a <= b ? [a, b] : [b, a]
      if (!Number.isNaN(low + high)) assert.ok(waitS(attempt, random, low) <= waitS(attempt, random, high))
      assert.ok(waitS(attempt, random, a) <= 86_400 * 1.1)
    }),
  )
})

test('F145: Retry-After is a count of seconds or an HTTP date, and anything else is ignored', () => {
  assert.equal(parseRetryAfter('120', NOW), 120)
  assert.equal(parseRetryAfter(' 0 ', NOW), 0)
  assert.equal(parseRetryAfter('999999', NOW), 999_999)
  assert.equal(parseRetryAfter('Sun, 01 Mar 2026 12:02:00 GMT', NOW), 120)
  for (const header of [
    null,
    '',
    '-1',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '٣',
    'soon',
    '120, 130',
    '9'.repeat(400),
    '2026-03-01T12:02:00Z',
    'Sun, 01 Mar 2026 11:59:59 GMT',
    'Sun, 99 Foo 2026 12:02:00 GMT',
  ]) {
    assert.equal(parseRetryAfter(header, NOW), null, `${header}`)
  }
})

test('no header text breaks the schedule', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.date().map(date => `${date.toString()}`),
      ),
      header => {
        const asked = parseRetryAfter(header, NOW)
        assert.ok(asked === null || asked >= 0)
        assert.ok(waitS(1, 0.5, asked) >= 5 && waitS(1, 0.5, asked) <= 86_400)
      },
    ),
  )
})

test('an endpoint is disabled after five whole days of failure, and not before', () => {
  assert.equal(shouldDisable(null, NOW), false)
  assert.equal(shouldDisable(NOW, NOW), false)
  assert.equal(shouldDisable(new Date(NOW.getTime() - 5 * DAY_MS + 1), NOW), false)
  assert.equal(shouldDisable(new Date(NOW.getTime() - 5 * DAY_MS), NOW), true)
})
