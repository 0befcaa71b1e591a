import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appliedDiscount, type Coupon, couponStatus, isLimited, type PromotionCode, refusal } from './coupon.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const PAST = new Date(NOW.getTime())
const FUTURE = new Date(NOW.getTime() + 1)

const coupon = (changes: Partial<Coupon> = {}): Coupon => ({
  ...{
    id: 'coupon',
    createdAt: NOW,
    updatedAt: NOW,
    name: 'Spring',
    metadata: null,
    isEnabled: true,
    archivedAt: null,
  },
  ...{ percentPpm: 100_000, amountOff: null, currency: null, redeemBy: null },
  ...{ maxRedemptions: null, maxRedemptionsPerCustomer: null },
  ...changes,
})
const code = (changes: Partial<PromotionCode> = {}): PromotionCode => ({
  ...{ id: 'code', createdAt: NOW, couponId: 'coupon', code: 'SPRING', isActive: true, metadata: null },
  ...{ expiredAt: null, maxRedemptions: null },
  ...changes,
})
const NONE = { coupon: 0, code: 0, customer: null }
const refused = (
  one: Partial<Coupon>,
  other: Partial<PromotionCode> = {},
  redemptions: Partial<typeof NONE> | object = {},
) => refusal({ coupon: coupon(one), code: code(other) }, 'usdc', { ...NONE, ...redemptions }, NOW)

test('a coupon is active until it is disabled, archived, expired or used up, in this order', () => {
  assert.equal(couponStatus(coupon({ redeemBy: FUTURE, maxRedemptions: 2 }), 1, NOW), 'active')
  assert.equal(couponStatus(coupon({ maxRedemptions: 2 }), 2, NOW), 'limit_reached')
  assert.equal(couponStatus(coupon({ redeemBy: PAST, maxRedemptions: 1 }), 1, NOW), 'expired')
  assert.equal(couponStatus(coupon({ isEnabled: false, redeemBy: PAST }), 0, NOW), 'disabled')
  assert.equal(couponStatus(coupon({ archivedAt: PAST }), 0, NOW), 'disabled')
})

test('a code is taken, or refused with what is wrong', () => {
  assert.equal(refused({}), null)
  assert.equal(
    refused({ redeemBy: FUTURE, maxRedemptions: 3 }, { expiredAt: FUTURE, maxRedemptions: 2 }, { coupon: 2, code: 1 }),
    null,
  )
  assert.equal(refused({ isEnabled: false }), 'unknown')
  assert.equal(refused({}, { isActive: false }), 'unknown')
  assert.equal(refused({ redeemBy: PAST }), 'expired')
  assert.equal(refused({}, { expiredAt: PAST }), 'expired')
  assert.equal(refused({ maxRedemptions: 1 }, {}, { coupon: 1 }), 'used_up')
  assert.equal(refused({}, { maxRedemptions: 1 }, { code: 1 }), 'used_up')
})

test('an amount off fits prices in its own currency only, by either name of the same coin', () => {
  const off = { percentPpm: null, amountOff: 5n }
  assert.equal(refused({ ...off, currency: 'usdc' }), null)
  assert.equal(refused({ ...off, currency: 'usd' }), 'other_currency')
  const matic = coupon({ ...off, currency: 'matic' })
  assert.equal(refusal({ coupon: matic, code: code() }, 'pol', NONE, NOW), null)
})

test('a limit for each customer needs to know the customer', () => {
  const limited = { maxRedemptionsPerCustomer: 1 }
  assert.equal(refused(limited), 'email_needed')
  assert.equal(refused(limited, {}, { customer: 0 }), null)
  assert.equal(refused(limited, {}, { customer: 1 }), 'used_by_customer')
})

test('only limits ask for a lock', () => {
  assert.equal(isLimited(coupon({ redeemBy: FUTURE }), code({ expiredAt: FUTURE })), false)
  assert.equal(isLimited(coupon({ maxRedemptions: 1 }), code()), true)
  assert.equal(isLimited(coupon({ maxRedemptionsPerCustomer: 1 }), code()), true)
  assert.equal(isLimited(coupon(), code({ maxRedemptions: 1 })), true)
})

test('a session keeps the coupon as it was, with the code as the merchant wrote it', () => {
  const kept = appliedDiscount({
    coupon: coupon({ percentPpm: null, amountOff: 500n, currency: 'usdc' }),
    code: code(),
  })
  assert.deepEqual(kept, {
    ...{ couponId: 'coupon', promotionCodeId: 'code', name: 'Spring', code: 'SPRING' },
    ...{ percentPpm: null, amountOff: '500', currency: 'usdc' },
  })
})
