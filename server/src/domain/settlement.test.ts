import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { assertMoves, type Cause } from './assertMoves.ts'
import {
  canExpire,
  type Decision,
  deriveSettlement,
  type Head,
  type Settlement,
  type SettlementTerms,
  type SettlementTransfer,
} from './settlement.ts'

const runs = { numRuns: 1000 }

// One session over 100 USDC: on chain 1 with 6 decimals, on chain 56 with 18. DAI on chain 1 and USDC on chain 137 have no row.
const USDC = { id: 'usdc-1', chainId: 1 }
const USDC_BSC = { id: 'usdc-56', chainId: 56 }
const DAI = { id: 'dai-1', chainId: 1 }
const USDC_POLYGON = { id: 'usdc-137', chainId: 137 }
const DUE = 100_000_000n
const DUE_BSC = DUE * 10n ** 12n

/** Minutes after the session's creation; it expires at 60, so its deadline is at 75. */
function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000)
}

const TERMS: SettlementTerms = {
  amountTotal: 100_00000000n,
  assets: [
    { asset: USDC, amountRaw: DUE },
    { asset: USDC_BSC, amountRaw: DUE_BSC },
  ],
  toleranceBps: 0,
  expiresAt: at(60),
  haltedMs: 0,
}

let count = 0

/** A transfer seen and posted at minute 10, unless told otherwise. */
function transfer(amountRaw: bigint, facts: Partial<SettlementTransfer> = {}): SettlementTransfer {
  count += 1
  const id = `t${count.toString().padStart(6, '0')}`
  const firstSeenAt = facts.firstSeenAt ?? at(10)
  return {
    id,
    asset: USDC,
    amountRaw,
    txHash: `0x${id}`,
    place: '0',
    blockTime: firstSeenAt,
    firstSeenAt,
    postedAt: firstSeenAt,
    orphanedAt: null,
    ...facts,
  }
}

function pending(amountRaw: bigint, facts: Partial<SettlementTransfer> = {}): SettlementTransfer {
  return transfer(amountRaw, { ...facts, postedAt: null })
}

function headsAt(minutes: number): Head[] {
  return [1, 56].map(chainId => ({ chainId, time: at(minutes) }))
}

type World = {
  terms?: Partial<SettlementTerms>
  transfers?: SettlementTransfer[]
  decisions?: Decision[]
  heads?: Head[]
  /** Minutes; heads follow the clock unless given. */
  now?: number
}

function derive({ terms = {}, transfers = [], decisions = [], now = 20, heads = headsAt(now) }: World): Settlement {
  return deriveSettlement({ ...TERMS, ...terms }, transfers, decisions, heads, at(now))
}

function reasons({ unmatched }: Settlement): string[] {
  return unmatched.map(({ reason }) => reason)
}

type Expected = Partial<Omit<Settlement, 'unmatched'>> & { unmatched?: string[] }

/** One sentence of the rule per row. */
function table(rows: [sentence: string, world: World, expected: Expected][]): void {
  for (const [sentence, world, expected] of rows) {
    it(sentence, () => {
      const settlement = derive(world)
      const seen = { ...settlement, unmatched: reasons(settlement) }
      assert.partialDeepStrictEqual(seen, expected)
      if (expected.exceptions !== undefined) assert.deepEqual(seen.exceptions, expected.exceptions)
      if (expected.unmatched !== undefined) assert.deepEqual(seen.unmatched, expected.unmatched)
    })
  }
}

const fresh: Expected = {
  status: 'open',
  paymentStatus: 'unpaid',
  intentStatus: 'requires_payment_method',
  exceptions: [],
}
const paid: Expected = { status: 'complete', paymentStatus: 'paid', intentStatus: 'succeeded', exceptions: [] }
const short: Expected = { status: 'incomplete', paymentStatus: 'unpaid', exceptions: ['underpaid'] }
const gone: Expected = { status: 'expired', paymentStatus: 'unpaid', intentStatus: 'canceled' }

describe('counting (rule 1)', () => {
  table([
    ['nothing seen: open, and received is null, not 0', {}, { ...fresh, amountReceived: null, completedAt: null }],
    [
      'a transfer is pending until its chain says otherwise',
      { transfers: [pending(DUE)] },
      { ...fresh, intentStatus: 'processing', amountReceived: 100_00000000n, isCovered: true },
    ],
    ['then posted', { transfers: [transfer(DUE)] }, { ...paid, amountReceived: 100_00000000n, completedAt: at(10) }],
    [
      'several rows are paid in part and add up exactly',
      { transfers: [transfer(DUE - 1n), transfer(10n ** 12n, { asset: USDC_BSC })] },
      { ...paid, amountReceived: 100_00000000n },
    ],
    [
      'one base unit of 18 decimals is missing (F97)',
      { transfers: [transfer(DUE - 1n), transfer(10n ** 12n - 1n, { asset: USDC_BSC })] },
      { ...short, intentStatus: 'requires_payment_method', amountReceived: 99_99999999n, isCovered: false },
    ],
    [
      'a third and two sevenths are not enough, a third and five sevenths are: no rounding on the way (too little)',
      {
        terms: {
          assets: [
            { asset: USDC, amountRaw: 3n },
            { asset: USDC_BSC, amountRaw: 7n },
          ],
        },
        transfers: [transfer(2n), transfer(2n, { asset: USDC_BSC })],
      },
      { ...short, amountReceived: (100_00000000n * 20n) / 21n },
    ],
    [
      'a third and two sevenths are not enough, a third and five sevenths are: no rounding on the way (enough)',
      {
        terms: {
          assets: [
            { asset: USDC, amountRaw: 3n },
            { asset: USDC_BSC, amountRaw: 7n },
          ],
        },
        transfers: [transfer(1n), transfer(5n, { asset: USDC_BSC })],
      },
      { ...paid, exceptions: ['overpaid'] },
    ],
    [
      'two transfers in one transaction are two (F122)',
      { transfers: [transfer(DUE / 2n, { txHash: '0xa' }), transfer(DUE / 2n, { txHash: '0xa', place: '1' })] },
      paid,
    ],
    [
      'paid in 101 parts: the sum is exact (F99)',
      { transfers: [...Array.from({ length: 100 }, () => transfer(990_099n)), transfer(DUE - 99_009_900n)] },
      { ...paid, amountReceived: 100_00000000n },
    ],
    ['a block before the session was made counts (F103)', { transfers: [transfer(DUE, { blockTime: at(-5) })] }, paid],
    ['0.01 short with no tolerance', { transfers: [transfer(99_990_000n)] }, short],
    [
      '1 % short with a tolerance of 1 %',
      { terms: { toleranceBps: 100 }, transfers: [transfer(99_000_000n)] },
      { ...paid, amountReceived: 99_00000000n },
    ],
    [
      'within the tolerance is not too much',
      { terms: { toleranceBps: 100 }, transfers: [transfer(99_500_000n)] },
      paid,
    ],
    [
      'one base unit more than the tolerance is short',
      { terms: { toleranceBps: 100 }, transfers: [transfer(98_999_999n)] },
      short,
    ],
    ['nothing at all is never enough', { terms: { toleranceBps: 10_000 }, now: 80 }, { ...gone, exceptions: [] }],
    [
      'more than 64 bits can be received',
      { transfers: [transfer(2n ** 255n)] },
      { ...paid, exceptions: ['overpaid'], amountReceived: 2n ** 255n * 100n },
    ],
  ])

  it('tells posted and pending apart, per row', () => {
    const transfers = [transfer(5n), pending(3n), transfer(2n, { asset: USDC_BSC }), pending(9n, { asset: DAI })]
    assert.deepEqual(derive({ transfers }).received, [
      { assetId: 'usdc-1', postedRaw: 5n, pendingRaw: 3n },
      { assetId: 'usdc-56', postedRaw: 2n, pendingRaw: 0n },
    ])
  })
})

describe('the deadline (rule 2)', () => {
  const late = { firstSeenAt: at(76) }
  table([
    ['is 15 minutes past the expiry', {}, { deadline: at(75) }],
    ['moves by the length of a halt', { terms: { haltedMs: 10 * 60_000 } }, { deadline: at(85) }],
    ['is the moment of a decision to expire', { decisions: [{ kind: 'expire', at: at(30) }] }, { deadline: at(30) }],
    ['is not moved later by such a decision', { decisions: [{ kind: 'expire', at: at(90) }] }, { deadline: at(75) }],
    [
      'a payer who leaves moves nothing',
      { decisions: [{ kind: 'payer_cancel', at: at(5) }] },
      { ...fresh, deadline: at(75) },
    ],
    [
      'mined a second after expiry is on time (F104)',
      { transfers: [transfer(DUE, { firstSeenAt: at(60 + 1 / 60) })], now: 90 },
      paid,
    ],
    ['at the deadline is on time', { transfers: [transfer(DUE, { firstSeenAt: at(75) })], now: 90 }, paid],
    [
      'after it is late',
      { transfers: [transfer(DUE, late)], now: 90 },
      { ...gone, exceptions: ['late'], unmatched: ['late'], amountReceived: null },
    ],
    [
      'an early block that we saw late is on time',
      { transfers: [transfer(DUE, { ...late, blockTime: at(74) })], now: 90 },
      paid,
    ],
    [
      'a late block of a transaction that we saw early is on time',
      { transfers: [transfer(DUE, { firstSeenAt: at(74), blockTime: at(76), postedAt: at(78) })], now: 90 },
      paid,
    ],
    [
      'paid 40 days after expiry is late (F105)',
      { transfers: [transfer(DUE, { firstSeenAt: at(40 * 24 * 60) })], now: 41 * 24 * 60 },
      { ...gone, exceptions: ['late'], unmatched: ['late'] },
    ],
  ])
})

describe('closing (rule 3)', () => {
  const lagging = [...headsAt(80).slice(0, 1), { chainId: 56, time: at(75) }]
  table([
    ['not before the clock has passed the deadline', { now: 75, heads: headsAt(80) }, { ...fresh, isClosed: false }],
    ['not while one chain is read only up to the deadline', { now: 80, heads: lagging }, { ...fresh, isClosed: false }],
    [
      'not while a payable chain was never read',
      { now: 80, heads: headsAt(80).slice(0, 1) },
      { ...fresh, isClosed: false },
    ],
    [
      'not while an allowed chain without a row is behind',
      { now: 80, heads: [...headsAt(80), { chainId: 137, time: at(20) }] },
      { ...fresh, isClosed: false },
    ],
    ['when clock and chains have passed it', { now: 80 }, { ...gone, isClosed: true, exceptions: [] }],
    ['by decision, soon', { now: 31, decisions: [{ kind: 'expire', at: at(30) }] }, { ...gone, isClosed: true }],
    ['without chains, by the clock alone', { now: 80, heads: [], terms: { amountTotal: 0n, assets: [] } }, gone],
  ])
})

describe('session and intent (rules 4 to 6)', () => {
  const half = DUE / 2n
  table([
    [
      'closed while something is pending: still open and processing',
      { transfers: [pending(DUE)], now: 80 },
      { ...fresh, intentStatus: 'processing', isClosed: true },
    ],
    ['part posted: incomplete', { transfers: [transfer(half)] }, { ...short, intentStatus: 'requires_payment_method' }],
    [
      'part posted, the rest pending: processing',
      { transfers: [transfer(half), pending(half)] },
      { ...short, intentStatus: 'processing', isCovered: true },
    ],
    [
      'incomplete stays so after closing, and its intent is not canceled',
      { transfers: [transfer(half)], now: 80 },
      { ...short, intentStatus: 'requires_payment_method', isClosed: true },
    ],
    [
      'an on-time top-up completes',
      { transfers: [transfer(half), transfer(half, { firstSeenAt: at(70) })], now: 80 },
      paid,
    ],
    [
      'a late top-up does not',
      { transfers: [transfer(half), transfer(half, { firstSeenAt: at(76) })], now: 80 },
      { ...short, exceptions: ['late', 'underpaid'], unmatched: ['late'], amountReceived: 50_00000000n },
    ],
  ])

  const topUp = transfer(half, { firstSeenAt: at(76) })
  const take: Decision = { kind: 'accept_transfer', at: at(200), transferId: topUp.id }
  const giveBack: Decision = { kind: 'refund_transfer', at: at(200), transferId: topUp.id }
  const moved = transfer(half, { firstSeenAt: at(76), txHash: topUp.txHash })
  table([
    [
      'what is given back does not count when a halt has moved the deadline past it',
      { transfers: [transfer(half), topUp], decisions: [giveBack], terms: { haltedMs: 10 * 60_000 }, now: 300 },
      { ...short, exceptions: ['late', 'underpaid'], unmatched: ['late'] },
    ],
    [
      'nor in another block that a reorg put it into',
      {
        transfers: [transfer(half), { ...topUp, orphanedAt: at(210) }, moved],
        decisions: [giveBack],
        terms: { haltedMs: 10 * 60_000 },
        now: 300,
      },
      { ...short, exceptions: ['late', 'underpaid'], unmatched: ['late'] },
    ],
    [
      'nor when a reorg has taken what it came after',
      {
        transfers: [transfer(DUE, { orphanedAt: at(30) }), { ...topUp, firstSeenAt: at(20), blockTime: at(20) }],
        decisions: [giveBack],
        now: 40,
      },
      { ...fresh, exceptions: ['duplicate', 'reorged'], unmatched: ['duplicate'] },
    ],
  ])
  const settle: Decision = { kind: 'accept_partial', at: at(30), accepted: [{ assetId: 'usdc-1', amountRaw: half }] }
  table([
    [
      'until it is accepted',
      { transfers: [transfer(half), topUp], decisions: [take], now: 300 },
      { ...paid, unmatched: [], completedAt: at(200) },
    ],
    [
      'what arrived while the late top-up waited completes nothing twice',
      { transfers: [transfer(half), topUp, transfer(half, { firstSeenAt: at(250) })], decisions: [take], now: 300 },
      { ...paid, exceptions: ['duplicate', 'late'], unmatched: ['duplicate'] },
    ],
    [
      'an accepted transfer that is pending waits like any other',
      { transfers: [{ ...topUp, postedAt: null }], decisions: [take], now: 300 },
      { status: 'open', intentStatus: 'processing', exceptions: [] },
    ],
    [
      'nobody can accept what has no row',
      { transfers: [{ ...topUp, asset: DAI }], decisions: [take], now: 300 },
      { ...gone, unmatched: ['wrong_token'] },
    ],
    [
      'an acceptance follows its transfer into another block',
      {
        transfers: [
          { ...topUp, orphanedAt: at(210) },
          { ...topUp, id: 'z', place: '7' },
        ],
        decisions: [take],
        now: 300,
      },
      { ...short, unmatched: [] },
    ],
    [
      'but one transfer only, where amounts and place are alike',
      {
        transfers: [
          { ...topUp, txHash: null, orphanedAt: at(210) },
          { ...topUp, txHash: null, id: 'y' },
          { ...topUp, txHash: null, id: 'z' },
        ],
        decisions: [take, take],
        now: 300,
      },
      { ...short, exceptions: ['late', 'underpaid'], unmatched: ['late'], amountReceived: 50_00000000n },
    ],
    [
      'and one for each that was accepted',
      {
        transfers: [
          { ...topUp, txHash: null, orphanedAt: at(210) },
          { ...topUp, txHash: null, id: 'w', orphanedAt: at(210) },
          { ...topUp, txHash: null, id: 'y' },
          { ...topUp, txHash: null, id: 'z' },
        ],
        decisions: [take, { ...take, transferId: 'w' }],
        now: 300,
      },
      { ...paid, unmatched: [], completedAt: at(200) },
    ],
    [
      'accepted twice counts from the first time',
      {
        transfers: [transfer(half), topUp],
        decisions: [{ ...take, at: at(220) }, take, { ...take, at: at(240) }],
        now: 300,
      },
      { ...paid, completedAt: at(200) },
    ],
    [
      'accepting partial takes what is posted',
      { transfers: [transfer(half)], decisions: [settle], now: 40 },
      { ...paid, amountReceived: 50_00000000n, completedAt: at(30) },
    ],
    [
      'later money is unmatched',
      { transfers: [transfer(half), transfer(half, { firstSeenAt: at(35) })], decisions: [settle], now: 40 },
      { ...paid, exceptions: ['duplicate'], unmatched: ['duplicate'], amountReceived: 50_00000000n },
    ],
    [
      'what was accepted and then lost is not paid',
      { transfers: [transfer(half - 1n), transfer(1n, { orphanedAt: at(35) })], decisions: [settle], now: 40 },
      { ...short, exceptions: ['reorged', 'underpaid'] },
    ],
    ['accepting nothing is not enough', { decisions: [{ ...settle, accepted: [] }], now: 40 }, fresh],
  ])
})

describe('exceptions (rule 7)', () => {
  table([
    [
      'one base unit over is overpaid (F98)',
      { transfers: [transfer(DUE + 1n)] },
      { ...paid, exceptions: ['overpaid'] },
    ],
    [
      'one of 18 decimals too',
      { transfers: [transfer(DUE_BSC + 1n, { asset: USDC_BSC })] },
      { ...paid, exceptions: ['overpaid'], amountReceived: 100_00000000n },
    ],
    [
      'two payers, both seen before completion: overpaid (F100)',
      { transfers: [transfer(DUE), transfer(DUE, { postedAt: at(15) })] },
      { ...paid, exceptions: ['overpaid'], unmatched: [], amountReceived: 200_00000000n },
    ],
    [
      'money on its way is not yet too much',
      { transfers: [transfer(DUE), pending(DUE)] },
      { ...paid, amountReceived: 200_00000000n },
    ],
    [
      'two payers, the second seen after completion: duplicate (F100, F106)',
      { transfers: [transfer(DUE), transfer(DUE, { firstSeenAt: at(15) })] },
      { ...paid, exceptions: ['duplicate'], unmatched: ['duplicate'], amountReceived: 100_00000000n },
    ],
    [
      'a duplicate is one even where its block is older',
      { transfers: [transfer(DUE), transfer(DUE, { firstSeenAt: at(15), blockTime: at(1) })] },
      { ...paid, exceptions: ['duplicate'] },
    ],
    [
      'completion is when the policy was met, not when the money was seen',
      { transfers: [transfer(DUE, { postedAt: at(18) }), transfer(DUE, { firstSeenAt: at(15) })], now: 20 },
      { ...paid, exceptions: ['overpaid'], completedAt: at(15) },
    ],
    [
      'paid again months later is duplicate and late',
      { transfers: [transfer(DUE), transfer(DUE, { firstSeenAt: at(100_000) })], now: 100_001 },
      { ...paid, exceptions: ['duplicate', 'late'], unmatched: ['duplicate'] },
    ],
    [
      'another token on a payable chain',
      { transfers: [transfer(DUE, { asset: DAI })], now: 80 },
      { ...gone, exceptions: ['wrong_token'], unmatched: ['wrong_token'], amountReceived: null },
    ],
    [
      'a chain without a row',
      { transfers: [transfer(DUE, { asset: USDC_POLYGON })] },
      { ...fresh, exceptions: ['wrong_chain'], unmatched: ['wrong_chain'], amountReceived: null },
    ],
    [
      'a replaced transaction (F111)',
      { transfers: [pending(DUE, { orphanedAt: at(15), replacedAt: at(16) })] },
      { ...fresh, exceptions: ['replaced'], amountReceived: null },
    ],
    [
      'a clock that went back makes no duplicate of what completed',
      { transfers: [transfer(DUE, { firstSeenAt: at(10), postedAt: at(9) })] },
      { ...paid, completedAt: at(10) },
    ],
  ])

  const back = (amountRaw: bigint, assetId = USDC.id): Decision => ({ kind: 'refund', at: at(17), assetId, amountRaw })
  table([
    ['what was paid can be given back', { transfers: [transfer(DUE)], decisions: [back(DUE)] }, paid],
    [
      'so can what does not count',
      { transfers: [transfer(DUE), transfer(7n, { asset: DAI })], decisions: [back(7n, DAI.id)] },
      { ...paid, exceptions: ['wrong_token'] },
    ],
    [
      'more was given back than came: nothing of that asset',
      { transfers: [transfer(DUE)], decisions: [back(1n, USDC_BSC.id)] },
      { ...paid, exceptions: ['refunded_without_payment'] },
    ],
    [
      'or less than the refunds together, since a reorg took the rest',
      { transfers: [transfer(5n), transfer(5n, { orphanedAt: at(18) })], decisions: [back(5n), back(1n)] },
      { ...short, exceptions: ['refunded_without_payment', 'reorged', 'underpaid'] },
    ],
    [
      'or what is not final',
      { transfers: [pending(DUE)], decisions: [back(DUE)] },
      { ...fresh, intentStatus: 'processing', exceptions: ['refunded_without_payment'] },
    ],
    [
      'paid again after completion and refund: duplicate (F106)',
      { transfers: [transfer(DUE), transfer(DUE, { firstSeenAt: at(18) })], decisions: [back(DUE)] },
      { ...paid, exceptions: ['duplicate'], unmatched: ['duplicate'] },
    ],
  ])

  it('lists each once, sorted', () => {
    const transfers = [
      transfer(DUE * 2n),
      transfer(1n, { firstSeenAt: at(90) }),
      transfer(1n, { firstSeenAt: at(91) }),
      transfer(1n, { asset: USDC_POLYGON }),
      transfer(1n, { asset: DAI }),
    ]
    const expected = ['duplicate', 'late', 'overpaid', 'wrong_chain', 'wrong_token']
    assert.deepEqual(derive({ transfers, now: 95 }).exceptions, expected)
  })
})

describe('reorgs (rule 8)', () => {
  const lost = { orphanedAt: at(18) }
  table([
    [
      'lost before its policy was met (F108)',
      { transfers: [pending(DUE, lost)] },
      { ...fresh, exceptions: ['reorged'] },
    ],
    ['lost after paid (F109)', { transfers: [transfer(DUE, lost)] }, { ...fresh, exceptions: ['reorged'] }],
    [
      'mined again in another block: one net credit (F110)',
      {
        transfers: [
          transfer(DUE, { ...lost, txHash: '0xa' }),
          transfer(DUE, { txHash: '0xa', place: '4', postedAt: at(19) }),
        ],
      },
      { ...paid, amountReceived: 100_00000000n, completedAt: at(19) },
    ],
    [
      'replaced by less from the same payer (B2.4)',
      { transfers: [transfer(DUE, lost), transfer(60_000_000n)] },
      { ...short, exceptions: ['reorged', 'underpaid'], amountReceived: 60_00000000n },
    ],
    [
      'mined again with another amount: what was lost is told, what came counts',
      { transfers: [transfer(DUE, { ...lost, txHash: '0xa' }), transfer(DUE + 1n, { txHash: '0xa' })] },
      { ...paid, exceptions: ['overpaid', 'reorged'] },
    ],
    [
      'what was a duplicate pays, once the first is lost',
      { transfers: [transfer(DUE, lost), transfer(DUE, { firstSeenAt: at(15) })] },
      { ...paid, exceptions: ['reorged'], unmatched: [], completedAt: at(15) },
    ],
    [
      'lost after closing: expired',
      { transfers: [transfer(DUE, lost)], now: 80 },
      { ...gone, exceptions: ['reorged'] },
    ],
    ['money without a row is not missed', { transfers: [transfer(DUE, { ...lost, asset: DAI })] }, fresh],
  ])
})

describe('expire and zero (rules 9 and 10)', () => {
  it('is refused only while pending and posted reach what is due', () => {
    const half = DUE / 2n
    assert.equal(canExpire(derive({})), true)
    assert.equal(canExpire(derive({ transfers: [transfer(half)] })), true)
    assert.equal(canExpire(derive({ transfers: [transfer(half), pending(half - 1n)] })), true)
    assert.equal(canExpire(derive({ transfers: [transfer(half), pending(half)] })), false)
    assert.equal(canExpire(derive({ transfers: [pending(99_000_000n)], terms: { toleranceBps: 100 } })), false)
    assert.equal(canExpire(derive({ transfers: [transfer(DUE)] })), false)
    assert.equal(canExpire(derive({ transfers: [transfer(DUE, { asset: DAI })] })), true)
    const accepted: Decision = {
      kind: 'accept_partial',
      at: at(15),
      accepted: [{ assetId: 'usdc-1', amountRaw: half }],
    }
    assert.equal(canExpire(derive({ transfers: [transfer(half)], decisions: [accepted] })), false)
    assert.equal(canExpire(derive({ transfers: [transfer(DUE, { firstSeenAt: at(76) })], now: 80 })), true)
  })

  const zero = { amountTotal: 0n, assets: [] }
  const open = { amountTotal: null, assets: [] }
  table([
    ['zero is not complete by itself', { terms: zero }, fresh],
    [
      'but by confirmation',
      { terms: zero, decisions: [{ kind: 'confirm_zero', at: at(5) }] },
      { ...paid, amountReceived: null, completedAt: at(5) },
    ],
    [
      'from the first time on',
      {
        terms: zero,
        decisions: [75, 74].map(minutes => ({ kind: 'confirm_zero', at: at(minutes) }) as const),
        now: 80,
      },
      { ...paid, completedAt: at(74) },
    ],
    ['at the very deadline', { terms: zero, decisions: [{ kind: 'confirm_zero', at: at(75) }], now: 80 }, paid],
    ['not after it', { terms: zero, decisions: [{ kind: 'confirm_zero', at: at(76) }], now: 80 }, gone],
    ['stays complete', { terms: zero, decisions: [{ kind: 'confirm_zero', at: at(5) }], now: 80 }, paid],
    [
      'an amount not chosen completes by nothing',
      { terms: open, decisions: [{ kind: 'confirm_zero', at: at(5) }] },
      fresh,
    ],
    ['and expires', { terms: open, now: 80 }, { ...gone, exceptions: [] }],
    ['a price is not confirmed away', { decisions: [{ kind: 'confirm_zero', at: at(5) }] }, fresh],
  ])

  it('refuses terms that make no sense', () => {
    assert.throws(() => derive({ terms: { amountTotal: 0n } }), /invariant/)
    assert.throws(() => derive({ terms: { assets: [{ asset: USDC, amountRaw: 0n }] } }), /invariant/)
    assert.throws(() => derive({ decisions: [{ kind: 'accept_transfer', at: at(5), transferId: 'x' }] }), /invariant/)
  })
})

describe('assertMoves', () => {
  it('lets a paid session be undone by a reorg alone', () => {
    const before = { status: 'complete', intentStatus: 'succeeded' } as const
    const after = { status: 'open', intentStatus: 'requires_payment_method' } as const
    assertMoves(before, after, 'reorg')
    assertMoves(before, before, 'progress')
    assert.throws(() => assertMoves(before, after, 'progress'), /invariant: illegal move of a session by progress/)
    const half = { status: 'complete', intentStatus: 'processing' } as const
    assert.throws(() => assertMoves(before, half, 'progress'), /invariant: illegal move of a payment intent/)
  })
})

// ---------------------------------------------------------------- properties

const ASSETS = [USDC, USDC_BSC, DAI, USDC_POLYGON]

/** What an amount of one of the assets is worth in units of 10^-18 USDC; nothing where there is no row. */
function worth({ asset, amountRaw }: SettlementTransfer): bigint {
  if (asset === USDC) return amountRaw * 10n ** 12n
  return asset === USDC_BSC ? amountRaw : 0n
}

/** What must hold of every settlement, stated without the words of its code. */
function assertSound(settlement: Settlement, world: Required<Pick<World, 'transfers' | 'decisions'>>): void {
  const live = world.transfers.filter(({ orphanedAt }) => orphanedAt === null)
  const unmatched = new Set(settlement.unmatched.map(({ transferId }) => transferId))
  const counted = live.filter(({ id }) => !unmatched.has(id))
  const total = (list: SettlementTransfer[]) => list.reduce((sum, one) => sum + worth(one), 0n)

  assert.equal(settlement.paymentStatus === 'paid', settlement.status === 'complete')
  assert.equal(settlement.intentStatus === 'succeeded', settlement.status === 'complete')
  assert.equal(settlement.intentStatus === 'canceled', settlement.status === 'expired')
  assert.equal(settlement.completedAt !== null, settlement.status === 'complete')
  assert.ok([...unmatched].every(id => live.some(one => one.id === id)))
  assert.ok(settlement.unmatched.every(({ reason }) => settlement.exceptions.includes(reason)))
  // No money is lost: what is live is counted or has a reason.
  const receivedRaw = settlement.received.map(row => row.postedRaw + row.pendingRaw)
  assert.equal((receivedRaw[0] ?? 0n) * 10n ** 12n + (receivedRaw[1] ?? 0n), total(counted))
  assert.equal(settlement.amountReceived, counted.length === 0 ? null : total(counted) / 10n ** 10n)
  if (settlement.status === 'expired') assert.equal(counted.length, 0)
  if (settlement.status === 'incomplete') assert.ok(settlement.exceptions.includes('underpaid'))
  const posted = counted.filter(({ postedAt }) => postedAt !== null)
  if (settlement.status === 'complete' && !world.decisions.some(({ kind }) => kind === 'accept_partial')) {
    assert.ok(total(posted) >= DUE_BSC)
  }
  if (settlement.status !== 'complete') assert.ok(total(posted) < DUE_BSC)
  assert.equal(settlement.exceptions.includes('overpaid'), settlement.status === 'complete' && total(posted) > DUE_BSC)
}

const minute = fc.integer({ min: 0, max: 120 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })

/** Any facts at all, consistent or not: the rule must hold for what a broken clock leaves behind, too. */
const anyTransfers = fc.array(
  fc.record({
    asset: fc.constantFrom(...ASSETS),
    hundredths: fc.integer({ min: 1, max: 120 }),
    firstSeen: minute,
    block: minute,
    posted: maybe(minute),
    orphaned: maybe(minute),
    tx: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 8 },
)

function build(rows: typeof anyTransfers extends fc.Arbitrary<infer Rows> ? Rows : never): SettlementTransfer[] {
  return rows.map((row, index) => ({
    id: `p${index}`,
    asset: row.asset,
    amountRaw: ((row.asset === USDC_BSC ? DUE_BSC : DUE) * BigInt(row.hundredths)) / 100n,
    txHash: row.tx === 0 ? null : `0x${row.tx}`,
    place: row.tx === 0 ? 'native:0x' : `${index}`,
    blockTime: at(row.block),
    firstSeenAt: at(row.firstSeen),
    postedAt: row.posted === null ? null : at(row.posted),
    orphanedAt: row.orphaned === null ? null : at(row.orphaned),
  }))
}

const anyDecisions = (transfers: SettlementTransfer[]) =>
  fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constantFrom('expire' as const, 'payer_cancel' as const, 'confirm_zero' as const),
        at: minute.map(at),
      }),
      fc.record({
        kind: fc.constant('accept_partial' as const),
        at: minute.map(at),
        accepted: fc.array(fc.record({ assetId: fc.constant('usdc-1'), amountRaw: fc.bigInt(1n, DUE) }), {
          maxLength: 1,
        }),
      }),
      ...transfers.map(({ id }) =>
        fc.record({ kind: fc.constant('accept_transfer' as const), at: minute.map(at), transferId: fc.constant(id) }),
      ),
    ),
    { maxLength: 4 },
  )

const anyWorld = anyTransfers
  .map(build)
  .chain(transfers => fc.record({ transfers: fc.constant(transfers), decisions: anyDecisions(transfers), now: minute }))

describe('whatever the facts', () => {
  it('the order of transfers, decisions and heads does not matter', () => {
    const shuffled = anyWorld.chain(world =>
      fc.record({
        world: fc.constant(world),
        transfers: fc.shuffledSubarray(world.transfers, { minLength: world.transfers.length }),
        decisions: fc.shuffledSubarray(world.decisions, { minLength: world.decisions.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ world, transfers, decisions }) => {
        const heads = headsAt(world.now).reverse()
        assert.deepEqual(derive({ ...world, transfers, decisions, heads }), derive(world))
      }),
      runs,
    )
  })

  it('no money is lost or counted twice, and both statuses agree', () => {
    fc.assert(
      fc.property(anyWorld, world => assertSound(derive(world), world)),
      runs,
    )
  })

  it('a block that is lost and comes back leaves everything as it was', () => {
    fc.assert(
      fc.property(anyWorld, fc.nat(), (world, pick) => {
        fc.pre(world.transfers.length > 0)
        const before = derive(world)
        const index = pick % world.transfers.length
        const apply = (orphanedAt: Date | null) =>
          world.transfers.map((one, position) => (position === index ? { ...one, orphanedAt } : one))
        assertSound(derive({ ...world, transfers: apply(at(60)) }), { ...world, transfers: apply(at(60)) })
        assert.deepEqual(derive({ ...world, transfers: apply(world.transfers[index]?.orphanedAt ?? null) }), before)
      }),
      runs,
    )
  })

  it('what a lost block brought is as if it had never come, but for the exception', () => {
    fc.assert(
      fc.property(anyWorld, world => {
        const accepted = new Set(world.decisions.map(one => (one.kind === 'accept_transfer' ? one.transferId : '')))
        const transfers = world.transfers.filter(({ id, orphanedAt }) => orphanedAt === null || accepted.has(id))
        const { exceptions, ...rest } = derive(world)
        const { exceptions: fewer, ...same } = derive({ ...world, transfers })
        assert.deepEqual(rest, same)
        const isLoss = (one: string) => one === 'reorged'
        assert.deepEqual(
          exceptions.filter(one => !isLoss(one)),
          fewer.filter(one => !isLoss(one)),
        )
      }),
      runs,
    )
  })

  it('any split of what is due is paid exactly once, with the last part; without it, not at all', () => {
    const cuts = fc.uniqueArray(fc.bigInt(1n, DUE - 1n), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, fc.infiniteStream(fc.boolean()), (unsorted, onBsc) => {
        const ends = [...unsorted, DUE].sort((left, right) => (left < right ? -1 : 1))
        const parts = ends.map((end, index) => end - (ends[index - 1] ?? 0n))
        const transfers = parts.map((units, index) => {
          const facts = { firstSeenAt: at(5), postedAt: at(10 + index) }
          return onBsc.next().value
            ? transfer(units * 10n ** 12n, { ...facts, asset: USDC_BSC })
            : transfer(units, facts)
        })
        const statuses = transfers.map((_, index) => {
          const soFar = transfers.map((one, position) => (position <= index ? one : { ...one, postedAt: null }))
          return derive({ transfers: soFar }).paymentStatus
        })
        assert.deepEqual(statuses, [...parts.slice(1).map(() => 'unpaid'), 'paid'])
        const whole = derive({ transfers })
        assert.deepEqual([whole.exceptions, whole.amountReceived], [[], 100_00000000n])
        assert.equal(whole.completedAt?.getTime(), at(9 + parts.length).getTime())
        assert.equal(derive({ transfers: transfers.slice(1) }).paymentStatus, 'unpaid')
      }),
      runs,
    )
  })
})

// ---------------------------------------------------------- random histories

type Step =
  | { kind: 'arrive'; asset: number; hundredths: number; isPosted: boolean; isNative: boolean }
  | { kind: 'post' | 'lose' | 'restore' | 'remine' | 'accept'; pick: number }
  | { kind: 'wait'; minutes: number; lagMinutes: number }
  | { kind: 'expire' | 'accept_partial' | 'payer_cancel' }

const pick = fc.nat(100)
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('arrive' as const),
        asset: fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
        hundredths: fc.constantFrom(1, 30, 50, 70, 99, 100, 100, 101),
        isPosted: fc.boolean(),
        isNative: fc.boolean(),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('post' as const), pick }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        minutes: fc.constantFrom(1, 5, 20, 60, 80),
        lagMinutes: fc.constantFrom(0, 0, 0, 30),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('lose' as const, 'restore' as const, 'remine' as const), pick }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('accept' as const), pick }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('expire' as const, 'accept_partial' as const, 'payer_cancel' as const),
      }),
    },
  ),
  { minLength: 1, maxLength: 30, size: 'max' },
)

type History = { transfers: SettlementTransfer[]; decisions: Decision[]; now: number; headTime: number }

function settle({ transfers, decisions, now, headTime }: History): Settlement {
  return derive({ transfers, decisions, now, heads: headsAt(headTime) })
}

function replace(history: History, id: string, change: Partial<SettlementTransfer>): History {
  return { ...history, transfers: history.transfers.map(one => (one.id === id ? { ...one, ...change } : one)) }
}

/** The world after `step`, as an action would write it; the same world where the action would refuse. */
function play(history: History, step: Step, settlement: Settlement): History {
  const { transfers, decisions, now, headTime } = history
  const add = (decision: Decision) => ({ ...history, decisions: [...decisions, decision] })
  const choose = (from: SettlementTransfer[], index: number) => from[index % Math.max(from.length, 1)]
  const hasTwin = ({ txHash, place, asset, amountRaw }: SettlementTransfer) =>
    transfers.some(
      one =>
        one.orphanedAt === null &&
        one.asset === asset &&
        one.amountRaw === amountRaw &&
        (one.txHash ?? one.place) === (txHash ?? place),
    )
  switch (step.kind) {
    case 'arrive': {
      const asset = ASSETS[step.asset] ?? USDC
      const due = asset === USDC_BSC ? DUE_BSC : DUE
      const facts = { asset, firstSeenAt: at(now), postedAt: step.isPosted ? at(now) : null }
      const native = step.isNative ? { txHash: null, place: `native:${transfers.length}` } : {}
      return {
        ...history,
        transfers: [...transfers, transfer((due * BigInt(step.hundredths)) / 100n, { ...facts, ...native })],
      }
    }
    case 'post': {
      const chosen = choose(
        transfers.filter(one => one.orphanedAt === null && one.postedAt === null),
        step.pick,
      )
      return chosen === undefined ? history : replace(history, chosen.id, { postedAt: at(now) })
    }
    case 'lose': {
      const chosen = choose(
        transfers.filter(one => one.orphanedAt === null),
        step.pick,
      )
      // A reorg sets the processed head back, too.
      return chosen === undefined
        ? history
        : { ...replace(history, chosen.id, { orphanedAt: at(now) }), headTime: headTime - 3 }
    }
    case 'restore': {
      const chosen = choose(
        transfers.filter(one => one.orphanedAt !== null && !hasTwin(one)),
        step.pick,
      )
      return chosen === undefined ? history : replace(history, chosen.id, { orphanedAt: null })
    }
    case 'remine': {
      const chosen = choose(
        transfers.filter(one => one.orphanedAt !== null && !hasTwin(one)),
        step.pick,
      )
      if (chosen === undefined) return history
      const { id } = transfer(1n)
      const again = { ...chosen, id, blockTime: at(now), postedAt: null, orphanedAt: null }
      return { ...history, transfers: [...transfers, again] }
    }
    case 'wait':
      return { ...history, now: now + step.minutes, headTime: Math.max(headTime, now + step.minutes - step.lagMinutes) }
    case 'accept': {
      const open = settlement.unmatched.filter(({ reason }) => reason === 'late' || reason === 'duplicate')
      const chosen = open[step.pick % Math.max(open.length, 1)]
      return chosen === undefined
        ? history
        : add({ kind: 'accept_transfer', at: at(now), transferId: chosen.transferId })
    }
    case 'accept_partial': {
      if (settlement.status !== 'incomplete') return history
      const accepted = settlement.received.map(({ assetId, postedRaw }) => ({ assetId, amountRaw: postedRaw }))
      return add({ kind: 'accept_partial', at: at(now), accepted })
    }
    case 'expire':
      return canExpire(settlement) ? add({ kind: 'expire', at: at(now) }) : history
    case 'payer_cancel':
      return add({ kind: 'payer_cancel', at: at(now) })
  }
}

describe('along random histories', () => {
  it('statuses move only as the tables say, no money is lost, and expired hides none', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(steps, list => {
        let history: History = { transfers: [], decisions: [], now: 0, headTime: 0 }
        let settlement = settle(history)
        for (const step of list) {
          const cause: Cause = step.kind === 'lose' ? 'reorg' : 'progress'
          history = play(history, step, settlement)
          const next = settle(history)
          assertMoves(settlement, next, cause)
          assertSound(next, history)
          if (settlement.status !== next.status) seen.add(`${cause}: ${settlement.status} to ${next.status}`)
          settlement = next
        }
      }),
      runs,
    )
    // The histories are worth something only if they go everywhere.
    for (const move of ['open to complete', 'open to incomplete', 'open to expired', 'incomplete to complete']) {
      assert.ok(seen.has(`progress: ${move}`), move)
    }
    for (const move of ['complete to open', 'incomplete to open']) assert.ok(seen.has(`reorg: ${move}`), move)
  })
})
