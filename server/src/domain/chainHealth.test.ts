import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type QuorumTold, tellQuorum } from './chainHealth.ts'

test('a missing quorum is told when it was missing all of the last 30 s, and taken back when it was there all of the last minute', () => {
  const looks = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 40_000 }), isMissing: fc.boolean() }))
  fc.assert(
    fc.property(looks, steps => {
      let told: QuorumTold = { isMissing: false, otherwiseSince: null }
      let [ms, lastMs, run] = [0, 0, false]
      for (const { afterMs, isMissing } of steps) {
        ms += afterMs
        if (isMissing !== run) [run, lastMs] = [isMissing, ms]
        const next = tellQuorum(told, isMissing, new Date(ms))
        const lasted = ms - lastMs >= (isMissing ? 30_000 : 60_000)
        assert.equal(next.isMissing, lasted ? isMissing : told.isMissing)
        told = next
      }
    }),
  )
})
