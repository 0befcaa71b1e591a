import { type Coupon, couponStatus, type PromotionCode } from './coupon.ts'
import { formatAmount } from './money.ts'
import { percentOf } from './priceView.ts'

/** A coupon with its codes and its redemptions. */
export type CouponRecord = { organizationId: string; coupon: Coupon; codes: PromotionCode[]; timesRedeemed: number }

/** A coupon as every GET answers it at `now`. */
export function couponView({ organizationId, coupon, codes, timesRedeemed }: CouponRecord, now: Date) {
  return {
    id: coupon.id,
    organizationId,
    createdAt: coupon.createdAt,
    updatedAt: coupon.updatedAt,
    name: coupon.name,
    percentOff: coupon.percentPpm === null ? null : percentOf(coupon.percentPpm),
    amountOff: coupon.amountOff === null ? null : formatAmount(coupon.amountOff),
    currency: coupon.currency,
    maxRedemptions: coupon.maxRedemptions,
    maxRedemptionsPerCustomer: coupon.maxRedemptionsPerCustomer,
    redeemBy: coupon.redeemBy,
    isEnable: coupon.isEnabled,
    isArchived: coupon.archivedAt !== null,
    archivedAt: coupon.archivedAt,
    metadata: coupon.metadata,
    promotionCodes: codes.map(code => ({ ...code, organizationId })),
    status: couponStatus(coupon, timesRedeemed, now),
    timesRedeemed,
  }
}
