import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { feeCeiling, type GasMarket, gasCost, offer, raise } from './gasFees.ts'

const GWEI = 10n ** 9n
const market: GasMarket = {
  fees: { cap: 21n * GWEI, tip: GWEI },
  price: 11n * GWEI,
  usual: 10n * GWEI,
  coinUsd: 2_000_00000000n,
}

test('gas in dollars is rounded up', () => {
  assert.equal(gasCost(100_000n, 10n * GWEI, 2_000_00000000n), 2_00000000n)
  assert.equal(gasCost(1n, 1n, 1n), 1n)
  assert.equal(gasCost(100_000n, GWEI, null), null)
})

test('the most that gas may cost is ten times the usual, or what is moved, whichever is less', () => {
  assert.equal(feeCeiling(market, 100_000n, null), 100n * GWEI)
  assert.equal(feeCeiling(market, 100_000n, 2_00000000n), 10n * GWEI)
  assert.equal(feeCeiling({ ...market, usual: null }, 100_000n, 2_00000000n), 10n * GWEI)
  assert.equal(feeCeiling({ ...market, usual: null }, 100_000n, null), null)
})

test('a new transaction waits while the price is above the ceiling, and never offers more', () => {
  assert.deepEqual(offer(market, null), market.fees)
  assert.deepEqual(offer(market, 15n * GWEI), { cap: 15n * GWEI, tip: GWEI })
  assert.equal(offer(market, 11n * GWEI - 1n), null)
})

test('a replacement offers at least an eighth more of both, so that nodes take it, and never more than the ceiling', () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 15n })
  fc.assert(
    fc.property(amount, amount, amount, amount, fc.option(amount), (oldTip, oldMore, tip, base, ceiling) => {
      const old = { cap: oldTip + oldMore, tip: oldTip }
      const now = { ...market, fees: { cap: 2n * base + tip, tip } }
      const fees = raise(old, now, ceiling)
      if (fees === null) return assert.ok(ceiling !== null && old.cap * 9n > ceiling * 8n - 8n)
      assert.ok(fees.tip !== null)
      assert.ok(fees.cap * 8n >= old.cap * 9n)
      assert.ok(fees.tip * 8n >= old.tip * 9n)
      assert.ok(fees.tip <= fees.cap)
      if (ceiling !== null) assert.ok(fees.cap <= ceiling)
    }),
  )
})

test('before EIP-1559 there is one price', () => {
  const legacy = { ...market, fees: { cap: 12n * GWEI, tip: null } }
  assert.deepEqual(raise({ cap: 16n * GWEI, tip: null }, legacy, null), { cap: 18n * GWEI, tip: null })
  assert.deepEqual(offer(legacy, 11n * GWEI), { cap: 11n * GWEI, tip: null })
})
