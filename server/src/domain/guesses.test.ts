import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guessAgain, OF_ONE } from './guesses.ts'

const START = new Date('2026-03-01T12:00:00.000Z').getTime()
const FRESH = { count: 0, guessedAt: new Date(START), freeAt: new Date(START) }

/** When guesses are looked at that come every `everyMs` for so long, in ms from the first. */
function lookedAt(everyMs: number, forMs: number): number[] {
  let guesses = FRESH
  const times: number[] = []
  for (let ms = 0; ms < forMs; ms += everyMs) {
    const next = guessAgain(guesses, OF_ONE, new Date(START + ms))
    if (next === null) continue
    guesses = next
    times.push(ms)
  }
  return times
}

test('C7.4: of 1,000 guesses in a minute at most 10 are looked at', () => {
  const times = lookedAt(60, 60_000)
  assert.deepEqual(times.slice(0, 5), [0, 60, 120, 180, 240])
  assert.ok(times.length <= 10, `${times.length}`)
})

test('C7.4: the wait doubles, and nobody waits longer than 15 minutes', () => {
  const times = lookedAt(1_000, 4 * 3_600_000)
  const waits = times.slice(1).map((ms, index) => ms - (times[index] ?? 0))
  assert.deepEqual(waits.slice(4, 9), [10_000, 20_000, 40_000, 80_000, 160_000])
  assert.equal(Math.max(...waits), 15 * 60_000)
})

test('guesses are forgotten after a day without one', () => {
  const many = { count: 50, guessedAt: new Date(START), freeAt: new Date(START + 900_000) }
  assert.equal(guessAgain(many, OF_ONE, new Date(START + 86_399_000))?.count, 51)
  assert.equal(guessAgain(many, OF_ONE, new Date(START + 86_400_000))?.count, 1)
})
