import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  askedPolicy,
  type Band,
  finalUpTo,
  leastWait,
  type Marks,
  parseWait,
  policyFor,
  stricter,
  strictest,
  type Wait,
  waitProblem,
  withinAllowance,
} from './finality.ts'

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

describe('what a merchant waits for', () => {
  const number = fc.integer({ min: 1, max: 50 })
  const wait: fc.Arbitrary<Wait> = fc.oneof(number, fc.constantFrom('safe' as const, 'finalized' as const))
  const witness = fc.constantFrom('quorum' as const, 'all' as const)
  // As nodes tell them: what is final is safe, and what is safe was read.
  const marks = fc.record({ head: fc.integer({ min: 0, max: 200 }), gaps: fc.tuple(fc.nat(60), fc.nat(60)) })

  it('is never less than what the server does, in any band, and witnessed as the server says', () => {
    fc.assert(
      fc.property(fc.record({ wait, witness }), fc.option(wait), marks, (policy, asked, { head, gaps }) => {
        const taken = stricter(policy, asked)
        assert.equal(taken.witness, policy.witness)
        assert.equal(stricter(taken, policy.wait).wait, taken.wait)
        assert.equal(asked === null || stricter(taken, asked).wait === taken.wait, true)
        const [safe, finalized] = [head - gaps[0], head - gaps[0] - gaps[1]]
        const told = { head, safe, finalized, agreed: head, agreedByAll: head }
        const seen = Object.fromEntries(Object.entries(told).map(([name, mark]) => [name, BigInt(mark)])) as Marks
        // A number of blocks and a tag of the chain are not of one kind: the tag is taken for stricter, wherever it is.
        if (typeof taken.wait !== typeof policy.wait) assert.equal(typeof policy.wait, 'number')
        else assert.ok(finalUpTo(taken, seen) <= finalUpTo(policy, seen))
      }),
    )
  })

  it('is the server’s strictest where a tag was asked for that its bands name no more', () => {
    const bands: typeof BANDS = [
      { below: 100_00000000n, wait: 2, witness: 'quorum' },
      { below: null, wait: 30, witness: 'all' },
    ]
    assert.deepEqual(askedPolicy(bands, 1n, 'finalized'), { wait: 30, witness: 'all' })
    assert.deepEqual(askedPolicy(bands, 1n, 12), { wait: 12, witness: 'quorum' })
    assert.deepEqual(askedPolicy(bands, null, 12), { wait: 30, witness: 'all' })
    assert.deepEqual(askedPolicy(bands, 1n, null), { wait: 2, witness: 'quorum' })
    assert.deepEqual(askedPolicy(BANDS, 1n, 'finalized'), { wait: 'finalized', witness: 'quorum' })
  })

  it('is refused where it is less than the least, or where nobody could tell it', () => {
    assert.deepEqual(stricter({ wait: 2, witness: 'quorum' }, 12), { wait: 12, witness: 'quorum' })
    assert.deepEqual(stricter({ wait: 'safe', witness: 'all' }, 12), { wait: 'safe', witness: 'all' })
    assert.equal(leastWait(BANDS), 2)
    assert.equal(waitProblem(BANDS, 2), null)
    assert.match(waitProblem(BANDS, 1) ?? '', /at least 2/)
    assert.equal(waitProblem(BANDS, 'finalized'), null)
    assert.match(waitProblem([{ below: null, wait: 3, witness: 'all' }], 'finalized') ?? '', /a number/)
    assert.match(waitProblem([{ below: null, wait: 'finalized', witness: 'all' }], 9_999) ?? '', /finalized/)
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
