import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Hex } from './hex.ts'
import {
  assertSweepMove,
  deriveSweep,
  type Evidence,
  type OpenSweep,
  type SeenDeposit,
  SWEEP_STATUSES,
} from './sweep.ts'

const OWN: Hex = `0x${'11'.repeat(32)}`
const STRANGE: Hex = `0x${'22'.repeat(32)}`
const created = new Date('2026-03-01T12:00:00.000Z')
const DAY_MS = 86_400_000

function deposit(swept: SeenDeposit['swept']): SeenDeposit {
  return { sessionId: '', assetId: '', address: '0x', amountRaw: 1n, swept }
}

function open(status: 'planned' | 'submitted', deposits: readonly SeenDeposit['swept'][]): OpenSweep {
  return {
    organizationId: '',
    id: '',
    createdAt: created,
    updatedAt: created,
    chainId: 1,
    status,
    isOurs: true,
    failure: null,
    call: { chainId: 1, to: '0x', data: '0x', value: '0' },
    txHash: null,
    deposits: deposits.map(deposit),
    ownHashes: status === 'submitted' ? [OWN] : [],
  }
}

const lies = null
const byUs = { txHash: OWN, isFinal: true }
const byStranger = { txHash: STRANGE, isFinal: true }
const notFinal = (txHash: Hex) => ({ txHash, isFinal: false })
const mined = (succeeded: boolean, isFinal = true): Evidence => ({ kind: 'mined', txHash: OWN, succeeded, isFinal })
const taken: Evidence = { kind: 'nonce_taken' }

const CASES: [string, OpenSweep, Evidence | null, number, object][] = [
  ['planned, nothing moved', open('planned', [lies]), null, 0, { to: null }],
  [
    'planned, a stranger moved it',
    open('planned', [byStranger]),
    null,
    0,
    { to: 'succeeded', txHash: STRANGE, left: 0 },
  ],
  ['planned, moved but not final', open('planned', [notFinal(STRANGE)]), null, DAY_MS, { to: null }],
  ['planned, one of two moved', open('planned', [byStranger, lies]), null, DAY_MS - 1, { to: null }],
  [
    'planned, one of two moved for a day',
    open('planned', [byStranger, lies]),
    null,
    DAY_MS,
    { to: 'succeeded', txHash: STRANGE, left: 1 },
  ],
  ['planned for a day', open('planned', [lies]), null, DAY_MS, { to: 'failed', txHash: null, failure: 'not_sent' }],
  ['submitted, in no block', open('submitted', [lies]), null, DAY_MS, { to: null }],
  ['submitted, moved by us', open('submitted', [byUs]), null, 0, { to: 'succeeded', txHash: OWN, left: 0 }],
  ['submitted, moved by us, not final', open('submitted', [notFinal(OWN)]), null, 0, { to: null }],
  ['submitted, a stranger moved it, ours in no block', open('submitted', [byStranger]), null, DAY_MS, { to: null }],
  [
    'submitted, a stranger moved it, ours mined',
    open('submitted', [byStranger]),
    mined(true),
    0,
    { to: 'succeeded', txHash: STRANGE, left: 0 },
  ],
  [
    'submitted, a stranger moved it, nonce taken',
    open('submitted', [byStranger]),
    taken,
    0,
    { to: 'succeeded', txHash: STRANGE, left: 0 },
  ],
  ['submitted, nonce taken', open('submitted', [lies]), taken, 0, { to: 'planned' }],
  [
    'submitted, reverted',
    open('submitted', [lies]),
    mined(false),
    0,
    { to: 'failed', txHash: OWN, failure: 'reverted' },
  ],
  ['submitted, reverted, not final', open('submitted', [lies]), mined(false, false), 0, { to: null }],
  [
    'submitted, mined, one refused',
    open('submitted', [byUs, lies]),
    mined(true),
    0,
    { to: 'succeeded', txHash: OWN, left: 1, failure: 'transfer_refused' },
  ],
  [
    'submitted, mined, all refused',
    open('submitted', [lies, lies]),
    mined(true),
    0,
    { to: 'failed', txHash: OWN, failure: 'transfer_refused' },
  ],
]

for (const [name, sweep, evidence, ageMs, expected] of CASES) {
  test(`what becomes of a sweep: ${name}`, () => {
    const outcome = deriveSweep(sweep, evidence, new Date(created.getTime() + ageMs))
    const { left, ...rest } = { left: [], ...outcome }
    const found: Record<string, unknown> = { ...rest, left: left.length }
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(found[key], value, key)
  })
}

test('a sweep goes on only by legal moves, and loses no deposit', () => {
  const swept = fc.constantFrom<SeenDeposit['swept']>(lies, byUs, byStranger, notFinal(OWN), notFinal(STRANGE))
  const evidence = fc.constantFrom(null, taken, mined(true), mined(false), mined(true, false), mined(false, false))
  fc.assert(
    fc.property(
      fc.constantFrom('planned' as const, 'submitted' as const),
      fc.array(swept, { minLength: 1, maxLength: 6 }),
      evidence,
      fc.integer({ min: 0, max: 2 * DAY_MS }),
      (status, deposits, found, ageMs) => {
        const sweep = open(status, deposits)
        const outcome = deriveSweep(sweep, status === 'planned' ? null : found, new Date(created.getTime() + ageMs))
        if (outcome.to === null) return
        assertSweepMove(status, outcome.to)
        // Nothing that is not final decides anything.
        if (outcome.to !== 'planned') assert.ok(deposits.every(each => each === null || each.isFinal))
        if (outcome.to === 'succeeded') {
          assert.ok(outcome.left.length < deposits.length)
          assert.deepEqual(
            outcome.left,
            sweep.deposits.filter(each => each.swept === null),
          )
        }
        if (outcome.to === 'failed') assert.ok(deposits.every(each => each === null))
      },
    ),
  )
})

test('what has ended stays as it is', () => {
  for (const to of SWEEP_STATUSES) {
    assert.throws(() => assertSweepMove('succeeded', to), /invariant/)
    assert.throws(() => assertSweepMove('failed', to), /invariant/)
  }
  assert.throws(() => assertSweepMove('submitted', 'submitted'), /invariant/)
})
