// The states of the payer's page, and that what is left to pay is exact over several coins paid in part.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  SAMPLE_STATES,
  sampleAddress,
  sampleAsset,
  samplePaymentPage,
} from '../../../test/harness/samplePaymentPage.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { isAsking, type PaymentEdit, paymentState } from './paymentState.ts'

test('each sample is in its state, and payable only while it is open and in time', () => {
  const states = Object.entries(SAMPLE_STATES).map(([name, view]) => {
    const { kind, payable } = paymentState(view, null)
    return [name, payable ? `${kind}, payable` : kind]
  })
  assert.deepEqual(Object.fromEntries(states), {
    open: 'open, payable',
    seen: 'processing',
    seenInPart: 'partial, payable',
    paidInPart: 'partial, payable',
    complete: 'complete',
    timeUp: 'expired',
    timeUpInPart: 'expiredPartial',
    timeUpSeenInPart: 'processing',
    expired: 'expired',
    expiredEarly: 'expired',
    withoutAddress: 'unready',
    amount: 'amount',
    chosen: 'open, payable',
    codeTaken: 'open, payable',
    details: 'details',
    seenWithoutDetails: 'partial, payable',
    given: 'open, payable',
    zero: 'zero',
    completeForNothing: 'complete',
  })
})

test('an amount is asked for before details, and both before a confirmation of nothing', () => {
  const kindOf = (view: PaymentPage, edit: PaymentEdit | null = null) => paymentState(view, null, edit).kind
  const { amount, chosen, details, given, zero, open } = SAMPLE_STATES
  assert.equal(kindOf({ ...details, lineItems: amount.lineItems, amountTotal: '0' }), 'amount')
  assert.equal(kindOf({ ...details, amountTotal: '0' }), 'details')
  assert.equal(kindOf({ ...given, amountTotal: '0' }), 'zero')
  assert.deepEqual(
    [kindOf(chosen, 'amount'), kindOf(given, 'details'), kindOf(zero, 'amount')],
    ['amount', 'details', 'zero'],
  )
  assert.deepEqual([kindOf(open, 'amount'), kindOf(open, 'details')], ['open', 'open'], 'nothing is asked for')
})

test('what cannot be changed is not asked for: the payment comes first', () => {
  for (const [name, view] of Object.entries(SAMPLE_STATES)) {
    const { kind } = paymentState({ ...view, isChangeable: false }, null, 'details')
    assert.ok(!isAsking(kind), `${name}: ${kind}`)
    const late = { ...view, serverTime: view.expiresAt }
    assert.ok(!isAsking(paymentState(late, null, 'amount').kind), name)
  }
})

test('the address is payable to the last millisecond before the end', () => {
  const expiresAt = '2026-02-22T13:46:11.441Z'
  const at = (serverTime: string) => paymentState(samplePaymentPage({ serverTime, expiresAt }), null).payable
  assert.equal(at('2026-02-22T13:46:11.440Z'), true)
  assert.equal(at('2026-02-22T13:46:11.441Z'), false)
})

test('halves of two coins make a whole; a unit less leaves a unit', () => {
  const row = (id: string, amountRaw: string, amountReceivedRaw: string) =>
    sampleAddress({ id, amountRaw, amountReceivedRaw, asset: sampleAsset({ id }) })
  const left = (usdc: string, ether: string) =>
    paymentState(samplePaymentPage({ addresses: [row('usdc', '3', usdc), row('ether', '9', ether)] }), 'ether')
      .remaining
  assert.equal(left('1', '6'), 0n)
  assert.equal(left('1', '5'), 1n)
  assert.equal(left('0', '0'), 9n)
  assert.equal(left('3', '9'), 0n, 'too much leaves nothing')
})

test('sending what is left completes, and a unit less does not', () => {
  const due = fc.bigInt({ min: 1n, max: 10n ** 24n })
  const rows = fc.array(fc.record({ due, share: fc.nat({ max: 1_000 }) }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(rows, drawn => {
      const paid = drawn.map(({ due, share }) => (due * BigInt(share)) / 4_000n)
      const addresses = drawn.map(({ due }, index) =>
        sampleAddress({ id: `row ${index}`, amountRaw: `${due}`, amountReceivedRaw: `${paid[index]}` }),
      )
      const { remaining } = paymentState(samplePaymentPage({ addresses }), 'row 0')
      // Over the product of all dues every share is a whole number.
      const whole = drawn.reduce((product, { due }) => product * due, 1n)
      const sharesWith = (more: bigint) =>
        drawn.reduce(
          (sum, { due }, index) => sum + (((paid[index] ?? 0n) + (index === 0 ? more : 0n)) * whole) / due,
          0n,
        )
      assert.ok(sharesWith(remaining) >= whole)
      assert.ok(remaining === 0n || sharesWith(remaining - 1n) < whole)
    }),
  )
})
