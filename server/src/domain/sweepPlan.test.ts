import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Asset, NATIVE } from './asset.ts'
import type { GasMarket } from './gasFees.ts'
import { bytesToHex, type Hex } from './hex.ts'
import { ONE_USD } from './rate.ts'
import { DEPOSITS_MAX, daysOfGas, dollarValue, groupHeld, type Held, paysOn, planByPolicy } from './sweepPlan.ts'

const address = (fill: number): Hex => bytesToHex(new Uint8Array(20).fill(fill))
const asset = (fill: number, options: Partial<Asset> = {}): Asset => ({
  id: `asset ${fill}`,
  chainId: 1,
  address: fill === 0 ? NATIVE : address(fill),
  currency: 'usdc',
  symbol: '',
  name: '',
  decimals: 6,
  coingeckoId: null,
  isPublic: true,
  ...options,
})

let made = 0
function held(options: Partial<Held> & { receiver?: number } = {}): Held {
  made += 1
  const { receiver = 1, ...rest } = options
  const of = options.asset ?? asset(7)
  const sessionId = `00000000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`
  return {
    organizationId: 'shop',
    sessionId,
    assetId: of.id,
    asset: of,
    address: bytesToHex(new Uint8Array(new Uint32Array([made, 0, 0, 0, 0]).buffer)),
    amountRaw: 10_000_000n,
    factory: address(9),
    payouts: [{ chainId: 1, receiver: address(receiver), share: 10_000 }],
    valueUsd: 10_00000000n,
    ...rest,
  }
}

// A gwei, and a coin of 2,500 dollars: a deposit costs 13.5 cents, a sweep of one 21.75 cents.
const GWEI = 10n ** 9n
const market: GasMarket = { fees: { cap: 2n * GWEI, tip: GWEI }, price: GWEI, usual: GWEI, coinUsd: 2_500_00000000n }

test('every deposit is in exactly one group, of one call: the same factory, payouts, and assets at each address', () => {
  const one = fc.record({
    receiver: fc.integer({ min: 1, max: 3 }),
    assets: fc.uniqueArray(fc.constantFrom(0, 5, 6), { minLength: 1 }),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 130 }), sessions => {
      const all = sessions.flatMap(({ receiver, assets }) => {
        const first = held({ receiver })
        return assets.map(fill => ({ ...first, asset: asset(fill), assetId: asset(fill).id }))
      })
      const groups = groupHeld(all)
      const key = ({ address: at, assetId }: Held) => `${at} ${assetId}`
      assert.deepEqual(groups.flat().map(key).sort(), all.map(key).sort())
      for (const group of groups) {
        assert.ok(group.length <= DEPOSITS_MAX)
        assert.equal(new Set(group.map(({ payouts }) => JSON.stringify(payouts))).size, 1)
        const addresses = new Set(group.map(each => each.address)).size
        const tokens = new Set(group.map(each => each.assetId)).size
        assert.equal(group.length, addresses * tokens, 'the call sweeps nothing else')
      }
    }),
  )
})

test('another factory or organization is another group', () => {
  assert.equal(groupHeld([held(), held({ factory: address(8) }), held({ organizationId: 'other' })]).length, 3)
})

test('by hand, nothing is planned; at once, all that is worth its gas', () => {
  const poor = held({ valueUsd: 13_000000n })
  const rich = held({ valueUsd: 14_000000n })
  assert.deepEqual(planByPolicy([rich, held()], { policy: 'manual', worthTimes: 1 }, market), [])
  const third = held()
  assert.deepEqual(planByPolicy([poor, rich, third], { policy: 'now', worthTimes: 99 }, market), [[rich, third]])
  assert.deepEqual(planByPolicy([rich], { policy: 'now', worthTimes: 1 }, market), [], 'alone it is not worth the call')
})

test('by worth, a group is planned once it is worth so many times its gas, and nothing of unknown worth is', () => {
  const worthy = held({ valueUsd: 4_35000000n })
  assert.deepEqual(planByPolicy([worthy], { policy: 'worth', worthTimes: 20 }, market), [[worthy]])
  assert.deepEqual(
    planByPolicy([{ ...worthy, valueUsd: 4_34999999n }], { policy: 'worth', worthTimes: 20 }, market),
    [],
  )
  const unknown = held({ valueUsd: null })
  assert.deepEqual(planByPolicy([unknown], { policy: 'worth', worthTimes: 1 }, market), [])
  assert.deepEqual(planByPolicy([held()], { policy: 'worth', worthTimes: 1 }, { ...market, coinUsd: null }), [])
  assert.deepEqual(planByPolicy([unknown], { policy: 'now', worthTimes: 1 }, market), [[unknown]])
})

test('G34: at a spike nothing is planned', () => {
  const spike = { ...market, usual: GWEI / 10n - 1n }
  assert.deepEqual(planByPolicy([held()], { policy: 'now', worthTimes: 1 }, spike), [])
  assert.equal(planByPolicy([held()], { policy: 'now', worthTimes: 1 }, { ...market, usual: GWEI / 10n }).length, 1)
})

test('worth: dollars by themselves, other coins by their rate, nothing without one', () => {
  const rates = new Map([
    ['eth' as const, { currency: 'eth' as const, usd: 2_500n * ONE_USD, sources: [], fetchedAt: new Date(0) }],
  ])
  assert.equal(dollarValue({ currency: 'usdc', decimals: 6 }, 1_234_567n, new Map()), 1_23456700n)
  assert.equal(dollarValue({ currency: 'eth', decimals: 18 }, 10n ** 17n, rates), 250_00000000n)
  assert.equal(dollarValue({ currency: 'btc', decimals: 8 }, 1n, rates), null)
})

test('a chain is paid by its own rows or by those for any chain', () => {
  const row = { receiver: address(1), share: 10_000 }
  assert.equal(paysOn([{ chainId: 2, ...row }], 1), false)
  assert.equal(paysOn([{ chainId: 1, ...row }], 1), true)
  assert.equal(paysOn([{ chainId: 0, ...row }], 1), true)
})

test('G36: days of gas are whole days of last week’s need', () => {
  const day = (33_000n + 54_000n) * GWEI
  const week = { sweeps: 7, deposits: 7 }
  assert.equal(daysOfGas(3n * day, GWEI, week, 7), 3n)
  assert.equal(daysOfGas(3n * day - 1n, GWEI, week, 7), 2n)
  assert.equal(daysOfGas(day, GWEI, { sweeps: 0, deposits: 0 }, 7), null)
})
