import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeFunctionData, erc20Abi } from 'viem'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { type Asset, NATIVE } from './asset.ts'
import { AppError } from './errors.ts'
import type { Hex } from './hex.ts'
import {
  assertConfirmed,
  assertRefundReceiver,
  isLiveRefund,
  moveRefund,
  NEXT_REFUND,
  placesOfPayments,
  planRefund,
  type Refund,
  type RefundStatus,
  refundCall,
} from './refund.ts'
import type { CheckoutSession, SessionTransfer } from './session.ts'

const config = testChainConfig()
const [usdc, , dai, eth] = config.assets as [Asset, Asset, Asset, Asset]
const PAYER: Hex = `0x1234${'ab'.repeat(16)}5678`
const WALLET: Hex = `0x${'9a'.repeat(20)}`
const NOW = new Date('2026-03-01T12:00:00.000Z')
const STATUSES = Object.keys(NEXT_REFUND) as RefundStatus[]

let count = 0

function transfer(facts: Partial<SessionTransfer> = {}): SessionTransfer {
  count += 1
  return {
    id: `t${count}`,
    asset: usdc,
    from: PAYER,
    amountRaw: 10_000_000n,
    txHash: null,
    place: `${count}`,
    blockNumber: 1n,
    blockTime: NOW,
    firstSeenAt: NOW,
    postedAt: NOW,
    orphanedAt: null,
    replacedAt: null,
    unmatchedReason: null,
    ...facts,
  }
}

// The rules read nothing of a session but its payments.
function sessionWith(...transfers: SessionTransfer[]): CheckoutSession {
  return { transfers } as unknown as CheckoutSession
}

function refund(facts: Partial<Refund> = {}): Refund {
  return {
    id: 'r',
    organizationId: 'o',
    createdAt: NOW,
    updatedAt: NOW,
    sessionId: 's',
    paymentIntentId: 'i',
    transferId: null,
    asset: usdc,
    amount: 10_00000000n,
    amountRaw: 10_000_000n,
    to: WALLET,
    reason: null,
    status: 'requires_signature',
    failure: null,
    txHash: null,
    payment: null,
    ...facts,
  }
}

const all = { transferId: null, assetId: undefined, amount: undefined }

/** The code of what `run` throws. */
function codeOf(run: () => unknown): string | null {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return null
}

describe('how much can be given back', () => {
  test('all that is final and counted, unless less is asked for', () => {
    const paid = sessionWith(transfer(), transfer({ amountRaw: 5n }))
    assert.deepEqual(planRefund(paid, [], all), { asset: usdc, amount: 10_00000500n, amountRaw: 10_000_005n })
    const part = planRefund(paid, [], { ...all, amount: 1_00000000n })
    assert.deepEqual(part, { asset: usdc, amount: 1_00000000n, amountRaw: 1_000_000n })
    assert.equal(
      codeOf(() => planRefund(paid, [], { ...all, amount: 10_00000600n })),
      'refund_too_large',
    )
    assert.equal(
      codeOf(() => planRefund(paid, [], { ...all, amount: 1n })),
      'amount_scale',
    )
  })

  test('no payment twice, whether it counted when it was given back or not', () => {
    const late = transfer({ unmatchedReason: 'late' })
    const [counted, paid] = [{ ...late, unmatchedReason: null }, transfer()]
    const ofLate = [refund({ transferId: late.id, status: 'succeeded' })]
    assert.equal(
      codeOf(() => planRefund(sessionWith(counted), ofLate, all)),
      'nothing_to_refund',
    )
    assert.equal(planRefund(sessionWith(counted, paid), ofLate, all).amountRaw, paid.amountRaw)
    assert.equal(
      codeOf(() => planRefund(sessionWith(late), [refund()], { ...all, transferId: late.id })),
      'nothing_to_refund',
    )
  })

  test('no payment twice that a reorg moved to another block', () => {
    const txHash: Hex = `0x${'7c'.repeat(32)}`
    const lost = transfer({ unmatchedReason: 'late', txHash, orphanedAt: NOW })
    const again = transfer({ unmatchedReason: 'late', txHash })
    const of = { ...all, transferId: again.id }
    const refunds = [refund({ transferId: lost.id, amountRaw: 4_000_000n })]
    assert.equal(planRefund(sessionWith(lost, again, transfer()), refunds, of).amountRaw, 6_000_000n)
    // Of two equal payments of one transaction each is given back by itself.
    const first = { ...lost, orphanedAt: null }
    assert.equal(planRefund(sessionWith(first, again), refunds, of).amountRaw, again.amountRaw)
  })

  test('nothing that is pending, lost or unmatched', () => {
    const none = sessionWith(
      transfer({ postedAt: null }),
      transfer({ orphanedAt: NOW }),
      transfer({ unmatchedReason: 'late' }),
    )
    assert.equal(
      codeOf(() => planRefund(none, [], all)),
      'nothing_to_refund',
    )
  })

  test('of an unmatched payment that payment alone', () => {
    const late = transfer({ unmatchedReason: 'late', amountRaw: 3_000_000n })
    const session = sessionWith(transfer(), late)
    assert.equal(planRefund(session, [], { ...all, transferId: late.id }).amountRaw, 3_000_000n)
    const given = refund({ transferId: late.id, amountRaw: 1_000_000n })
    assert.equal(planRefund(session, [given], { ...all, transferId: late.id }).amountRaw, 2_000_000n)
    assert.equal(planRefund(session, [given], all).amountRaw, 10_000_000n)
  })

  test('several assets are refunded one by one', () => {
    const both = sessionWith(transfer(), transfer({ asset: dai, amountRaw: 10n ** 18n + 1n }))
    assert.equal(
      codeOf(() => planRefund(both, [], all)),
      'asset_required',
    )
    const inDai = planRefund(both, [], { ...all, assetId: dai.id })
    assert.deepEqual(inDai, { asset: dai, amount: 1_00000000n, amountRaw: 10n ** 18n + 1n })
    assert.equal(planRefund(both, [refund({ asset: dai, amountRaw: 10n ** 18n + 1n })], all).asset, usdc)
    assert.equal(
      codeOf(() => planRefund(both, [], { ...all, assetId: eth.id })),
      'nothing_to_refund',
    )
  })

  test('refunds together are never more than what came, however they are asked for and whatever becomes of them', () => {
    const steps = fc.array(fc.record({ micros: fc.bigInt(1n, 6n), status: fc.constantFrom(...STATUSES) }))
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 5n), { minLength: 1, maxLength: 4 }), steps, (paid, asked) => {
        const session = sessionWith(...paid.map(amountRaw => transfer({ amountRaw })))
        const refunds: Refund[] = []
        for (const { micros, status } of asked) {
          if (codeOf(() => planRefund(session, refunds, { ...all, amount: micros * 100n })) !== null) continue
          refunds.push(refund({ status, ...planRefund(session, refunds, { ...all, amount: micros * 100n }) }))
        }
        const given = refunds.filter(isLiveRefund).reduce((sum, { amountRaw }) => sum + amountRaw, 0n)
        assert.ok(given <= paid.reduce((sum, amountRaw) => sum + amountRaw, 0n))
      }),
      { numRuns: 500 },
    )
  })
})

describe('where it may go', () => {
  const chains = new Map([[config.chain.id, config]])
  const to = (address: Hex, isDeposit = false) => codeOf(() => assertRefundReceiver(address, chains, isDeposit))

  test('to a wallet, and nowhere from where it never comes back', () => {
    assert.equal(to(WALLET), null)
    assert.equal(to(WALLET, true), 'address_forbidden')
    for (const lost of [NATIVE, usdc.address, config.deposit.factory, `0x${'00'.repeat(19)}09` as const]) {
      assert.equal(to(lost), 'address_forbidden', lost)
    }
  })

  test('B7.9: a sender of the session and whoever looks like it are typed in twice', () => {
    const session = sessionWith(transfer(), transfer({ from: null }))
    const alike: Hex = `0x1234${'cd'.repeat(16)}5678`
    const check = (address: Hex, again?: Hex) => codeOf(() => assertConfirmed(address, again, session))
    for (const address of [PAYER, alike]) {
      assert.equal(check(address), 'address_unconfirmed')
      assert.equal(check(address, WALLET), 'address_unconfirmed')
      assert.equal(check(address, address), null)
    }
    assert.equal(check(PAYER, alike), 'address_unconfirmed')
    assert.equal(check(WALLET), null)
    assert.equal(check(WALLET, PAYER), 'address_unconfirmed')
  })
})

describe('what the wallet sends', () => {
  test('a transfer of the token, as its contract reads it', () => {
    const call = refundCall(refund())
    assert.deepEqual([call.chainId, call.to, call.value], [80001, usdc.address, '0'])
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data: call.data as Hex })
    assert.equal(functionName, 'transfer')
    assert.equal(args[0].toLowerCase(), WALLET)
    assert.equal(args[1], 10_000_000n)
  })

  test('or the coin itself', () => {
    const expected = { chainId: 80001, to: WALLET, data: '0x', value: '7' }
    assert.deepEqual(refundCall(refund({ asset: eth, amountRaw: 7n })), expected)
  })
})

describe('which payment settles it', () => {
  const paid = { asset: usdc.address, to: WALLET, amountRaw: 10_000_000n, place: '3' }
  const places = (refunds: Refund[], ...payments: (typeof paid)[]) => {
    const found = placesOfPayments(refunds, payments, new Set(['9']))
    return refunds.map(({ id }) => found.get(id) ?? null)
  }
  const place = (...payments: (typeof paid)[]) => places([refund()], ...payments)[0]

  test('one to the receiver, in the asset, of enough', () => {
    assert.equal(place(paid), '3')
    assert.equal(place({ ...paid, amountRaw: 9_999_999n }), null)
    assert.equal(place({ ...paid, to: PAYER }), null)
    assert.equal(place({ ...paid, asset: dai.address }), null)
  })

  test('that settles no other refund, and leaves larger ones to those that need them', () => {
    assert.equal(place({ ...paid, place: '9' }), null)
    assert.equal(place({ ...paid, amountRaw: 20_000_000n, place: '1' }, paid), '3')
  })

  test('its own where it is exactly paid, whichever of the refunds that one transaction pays comes first', () => {
    const [small, large] = [refund({ id: 'small' }), refund({ id: 'large', amountRaw: 20_000_000n })]
    const [ofLarge, more] = [
      { ...paid, amountRaw: 20_000_000n, place: '1' },
      { ...paid, amountRaw: 20_000_001n, place: '2' },
    ]
    for (const order of [
      [small, large],
      [large, small],
    ]) {
      const expect = (...payments: (typeof paid)[]) =>
        new Map(order.map(({ id }, index) => [id, places(order, ...payments)[index]]))
      assert.deepEqual(expect(ofLarge).get('small'), null)
      assert.deepEqual(expect(ofLarge).get('large'), '1')
      assert.deepEqual([expect(ofLarge, more).get('small'), expect(more, ofLarge).get('large')], ['2', '1'])
    }
  })

  test('as many are settled as can be, each by enough and none by the payment of another', () => {
    const amounts = fc.array(fc.bigInt(1n, 6n), { maxLength: 4 })
    fc.assert(
      fc.property(amounts, amounts, (asked, sent) => {
        const refunds = asked.map((amountRaw, index) => refund({ id: `${index}`, amountRaw }))
        const payments = sent.map((amountRaw, index) => ({ ...paid, amountRaw, place: `${index}` }))
        const found = placesOfPayments(refunds, payments, new Set())
        assert.equal(new Set(found.values()).size, found.size)
        for (const [id, at] of found) assert.ok((sent[Number(at)] ?? 0n) >= (asked[Number(id)] ?? 0n))
        assert.equal(found.size, mostSettled(asked, sent))
        const exact = asked.filter(amount => sent.includes(amount))
        for (const amount of new Set(exact)) {
          const own = refunds.filter(({ amountRaw }) => amountRaw === amount)
          const exactly = own.filter(({ id }) => sent[Number(found.get(id))] === amount).length
          assert.equal(exactly, Math.min(own.length, sent.filter(amountRaw => amountRaw === amount).length))
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** How many of `asked` can be settled by different ones of `sent`, found by trying everything. */
function mostSettled([first, ...others]: readonly bigint[], sent: readonly bigint[]): number {
  if (first === undefined) return 0
  const settled = sent.flatMap((amount, index) =>
    amount >= first ? 1 + mostSettled(others, sent.toSpliced(index, 1)) : [],
  )
  return Math.max(mostSettled(others, sent), ...settled)
}

test('a refund moves only as the table says', () => {
  for (const from of STATUSES) {
    for (const status of STATUSES) {
      const move = () => moveRefund(refund({ status: from }), { status }, NOW)
      if (NEXT_REFUND[from].includes(status)) assert.equal(move().status, status)
      else assert.throws(move, /illegal move/)
    }
  }
})
