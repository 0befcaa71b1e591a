import type { Currency } from './currency.ts'
import type { Metadata } from './session.ts'

/** A discount that a merchant offers: `percentPpm` in parts per million, or `amountOff` at 8 decimals in `currency`. */
export type Coupon = {
  id: string
  createdAt: Date
  updatedAt: Date
  name: string
  percentPpm: number | null
  amountOff: bigint | null
  currency: Currency | null
  maxRedemptions: number | null
  maxRedemptionsPerCustomer: number | null
  redeemBy: Date | null
  metadata: Metadata | null
  isEnabled: boolean
  archivedAt: Date | null
}

/** What a payer types to get a coupon's discount; unique without regard to case among active ones. */
export type PromotionCode = {
  id: string
  createdAt: Date
  couponId: string
  code: string
  isActive: boolean
  expiredAt: Date | null
  maxRedemptions: number | null
  metadata: Metadata | null
}

/** A coupon as it was when a session took it; `amountOff` as digits. */
export type AppliedDiscount = {
  couponId: string
  promotionCodeId: string | null
  name: string
  percentPpm: number | null
  amountOff: string | null
  currency: Currency | null
  code: string
}
