import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Band, finalUpTo, type Marks, parseWait, policyFor, strictest, withinAllowance } from './finality.ts'

const BANDS: readonly [...Band[], Band] = [
  { below: 100_00000000n, wait: 2, witness: 'quorum' },
  { below: 1000_00000000n, wait: 'safe', witness: 'quorum' },
  { below: null, wait: 'finalized', witness: 'all' },
]
const MARKS: Marks = { head: 100n, safe: 90n, finalized: 70n, agreed: 99n, agreedByAll: 60n }

describe('policyFor', () => {
  it('takes the first band that is above the worth', () => {
    assert.equal(policyFor(BANDS, 99_99999999n).wait, 2)
    assert.equal(policyFor(BANDS, 100_00000000n).wait, 'safe')
    assert.equal(policyFor(BANDS, 999_99000000n).wait, 'safe')
    assert.equal(policyFor(BANDS, 1000_00000000n).wait, 'finalized')
  })

  it('takes the strictest where nothing is known', () => {
    assert.deepEqual(policyFor(BANDS, null), { wait: 'finalized', witness: 'all' })
    assert.deepEqual(policyFor(BANDS, null), strictest(BANDS))
  })
})

describe('finalUpTo', () => {
  it('counts the payment’s own block as a confirmation', () => {
    const upTo = (wait: number) => finalUpTo({ wait, witness: 'quorum' }, { ...MARKS, agreed: 100n })
    assert.deepEqual([1, 2, 12, 101].map(upTo), [100n, 99n, 89n, 0n])
  })

  it('goes no further than those who must vouch', () => {
    assert.equal(finalUpTo({ wait: 1, witness: 'quorum' }, MARKS), 99n)
    assert.equal(finalUpTo({ wait: 1, witness: 'all' }, MARKS), 60n)
    assert.equal(finalUpTo({ wait: 'safe', witness: 'quorum' }, MARKS), 90n)
    assert.equal(finalUpTo({ wait: 'finalized', witness: 'all' }, MARKS), 60n)
  })

  it('is never where a tag is missing, nor past what was read', () => {
    assert.equal(finalUpTo({ wait: 'safe', witness: 'quorum' }, { ...MARKS, safe: null }), -1n)
    assert.equal(finalUpTo({ wait: 'safe', witness: 'quorum' }, { ...MARKS, safe: 200n, agreed: 200n }), 100n)
    assert.equal(finalUpTo({ wait: 500, witness: 'quorum' }, MARKS), -1n)
  })

  it('never falls when a mark rises', () => {
    const mark = fc.bigInt({ min: -1n, max: 200n })
    const marks = fc.record({
      head: mark,
      safe: fc.option(mark),
      finalized: fc.option(mark),
      agreed: mark,
      agreedByAll: mark,
    })
    const policy = fc.record({
      wait: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom('safe' as const, 'finalized' as const)),
      witness: fc.constantFrom('quorum' as const, 'all' as const),
    })
    fc.assert(
      fc.property(
        marks,
        policy,
        fc.constantFrom('head', 'safe', 'finalized', 'agreed', 'agreedByAll'),
        (before, rule, name) => {
          const after = { ...before, [name]: (before[name as keyof Marks] ?? -1n) + 1n }
          assert.ok(finalUpTo(rule, after) >= finalUpTo(rule, before))
        },
      ),
    )
  })
})

describe('parseWait', () => {
  it('reads what was written', () => {
    for (const wait of [1, 12, 100_000, 'safe', 'finalized'] as const) assert.equal(parseWait(`${wait}`), wait)
  })
})

describe('withinAllowance', () => {
  const payment = (id: string, valueUsd: bigint, isBeyondDoubt = false, organizationId = 'shop') => {
    return { id, organizationId, valueUsd, isBeyondDoubt }
  }
  const posted = (payments: ReturnType<typeof payment>[], used: bigint, cap = 500n) =>
    withinAllowance(payments, new Map([['shop', { cap, used }]])).map(({ id }) => id)

  it('B1.2: takes payments in their order up to the cap, which the last one may reach', () => {
    assert.deepEqual(posted([payment('a', 200n), payment('b', 100n), payment('c', 1n)], 200n), ['a', 'b'])
    assert.deepEqual(posted([payment('a', 301n), payment('b', 300n)], 200n), ['b'])
  })

  it('takes what is beyond doubt whatever was taken, and counts it not', () => {
    assert.deepEqual(posted([payment('a', 900n, true), payment('b', 500n)], 0n), ['a', 'b'])
    assert.deepEqual(posted([payment('a', 900n, true), payment('b', 1n)], 700n), ['a'])
  })

  it('takes nothing early from a merchant whose cap is not known', () => {
    assert.deepEqual(posted([payment('a', 0n, false, 'other'), payment('b', 0n, true, 'other')], 0n), ['b'])
  })

  it('never lets a merchant take more than the cap before it is beyond doubt, nor leaves out what fits', () => {
    const value = fc.bigInt({ min: 0n, max: 300n })
    const entry = fc.record({ valueUsd: value, isBeyondDoubt: fc.boolean(), shop: fc.constantFrom('one', 'two') })
    fc.assert(
      fc.property(fc.array(entry), value, value, (entries, cap, used) => {
        const payments = entries.map(({ shop, valueUsd, isBeyondDoubt }, index) =>
          payment(`${index}`, valueUsd, isBeyondDoubt, shop),
        )
        const allowances = new Map(['one', 'two'].map(shop => [shop, { cap, used }]))
        const taken = withinAllowance(payments, allowances)
        for (const shop of ['one', 'two']) {
          const early = taken.filter(one => one.organizationId === shop && !one.isBeyondDoubt)
          const total = early.reduce((sum, one) => sum + one.valueUsd, used)
          assert.ok(early.length === 0 || total <= cap)
          const left = payments.filter(one => one.organizationId === shop && !taken.includes(one))
          assert.ok(left.every(one => !one.isBeyondDoubt && total + one.valueUsd > cap))
        }
      }),
    )
  })
})
