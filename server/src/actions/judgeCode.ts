import { type CodeRefusal, type Coupon, isLimited, type PromotionCode, refusal } from '../domain/coupon.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { loadCoupons } from '../store/coupons.ts'
import type { Tx } from '../store/database.ts'
import { countRedemptions, lockRedemptions } from '../store/redemptions.ts'

/** Who would redeem a coupon, and for what. */
export type Redeemer = Pick<CheckoutSession, 'id' | 'currency' | 'redeemedBy'>

/**
 * Why the session cannot take the coupon by this code at `now`; null when it can. Limits are counted under the coupon's lock, which
 * stays until the transaction ends: two payers at once never exceed one.
 */
export async function judgeCode(
  tx: Tx,
  { coupon: found, code }: { coupon: Coupon; code: PromotionCode },
  { id: sessionId, currency, redeemedBy }: Redeemer,
  now: Date,
): Promise<CodeRefusal | null> {
  if (!isLimited(found, code)) {
    return refusal({ coupon: found, code }, currency, { coupon: 0, code: 0, customer: null }, now)
  }
  const coupon = await lockedCoupon(tx, found)
  const counted = await countRedemptions(tx, { couponId: found.id, promotionCodeId: code.id, redeemedBy, sessionId })
  return refusal({ coupon, code }, currency, counted, now)
}

/** Whether the payer, known by another name now, has used the session's coupon as often as a customer may. */
export async function isUsedUp(
  tx: Tx,
  { id: sessionId, redeemedBy }: Redeemer,
  { couponId, promotionCodeId }: { couponId: string; promotionCodeId: string | null },
): Promise<boolean> {
  const found = (await loadCoupons(tx, [couponId])).get(couponId)
  if (found === undefined || found.maxRedemptionsPerCustomer === null) return false
  const { maxRedemptionsPerCustomer: limit } = await lockedCoupon(tx, found)
  const { customer } = await countRedemptions(tx, { couponId, promotionCodeId, redeemedBy, sessionId })
  return limit !== null && customer !== null && customer >= limit
}

/** As it is now: its limits may have changed while the lock was waited for. */
async function lockedCoupon(tx: Tx, found: Coupon): Promise<Coupon> {
  await lockRedemptions(tx, found.id)
  return (await loadCoupons(tx, [found.id])).get(found.id) ?? found
}
