import { type Currency, isCrypto, isSameCoin } from './currency.ts'
import { AppError } from './errors.ts'
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

/** What a merchant sees of a coupon: whether it still gives a discount, and if not, why. */
export type CouponStatus = 'active' | 'expired' | 'disabled' | 'limit_reached'

/** A coupon's status at `now` after `timesRedeemed` redemptions; an archived one is disabled. */
export function couponStatus(
  { isEnabled, archivedAt, redeemBy, maxRedemptions }: Coupon,
  timesRedeemed: number,
  now: Date,
): CouponStatus {
  if (!isEnabled || archivedAt !== null) return 'disabled'
  if (redeemBy !== null && redeemBy <= now) return 'expired'
  return maxRedemptions !== null && timesRedeemed >= maxRedemptions ? 'limit_reached' : 'active'
}

/**
 * How often a coupon, one of its codes, and that coupon by one customer were redeemed, the session in question apart. A redemption is
 * a session that has the coupon and has not expired; `customer` is null while nobody knows who pays.
 */
export type Redemptions = { coupon: number; code: number; customer: number | null }

/** Whether the number of redemptions matters: only then is the coupon's row locked while a session takes it. */
export function isLimited({ maxRedemptions, maxRedemptionsPerCustomer }: Coupon, code: PromotionCode): boolean {
  return maxRedemptions !== null || maxRedemptionsPerCustomer !== null || code.maxRedemptions !== null
}

/** Why a session cannot take a code. */
export type CodeRefusal =
  | 'not_taken'
  | 'unknown'
  | 'expired'
  | 'used_up'
  | 'other_currency'
  | 'email_needed'
  | 'used_by_customer'

/** `promotion_code_invalid`, with the reason for pages that say it in their own words, and the currency that the code is for. */
export class CodeRefusedError extends AppError {
  readonly why: CodeRefusal
  readonly currency: Currency | null

  constructor(why: CodeRefusal, currency: Currency | null = null) {
    super('promotion_code_invalid', refusalText(why, currency), { param: 'code' })
    this.name = 'CodeRefusedError'
    this.why = why
    this.currency = currency
  }
}

function refusalText(why: CodeRefusal, currency: Currency | null): string {
  switch (why) {
    case 'not_taken':
      return 'This session takes no promotion codes.'
    case 'unknown':
      return 'There is no such code: check what you typed.'
    case 'expired':
      return 'This code has expired.'
    case 'used_up':
      return 'This code was used as often as it may be.'
    case 'other_currency':
      return `This code is for prices in ${currency?.toUpperCase()}.`
    case 'email_needed':
      return 'Give your e-mail address first: this code is limited for each customer.'
    case 'used_by_customer':
      return 'You have used this code already.'
    default:
      return why satisfies never
  }
}

/** Why a session in `currency` cannot take the coupon by this code at `now`; null when it can. */
export function refusal(
  { coupon, code }: { coupon: Coupon; code: PromotionCode },
  currency: Currency,
  redemptions: Redemptions,
  now: Date,
): CodeRefusal | null {
  const status = couponStatus(coupon, redemptions.coupon, now)
  if (!code.isActive || status === 'disabled') return 'unknown'
  if (status === 'expired' || (code.expiredAt !== null && code.expiredAt <= now)) return 'expired'
  if (status === 'limit_reached' || (code.maxRedemptions !== null && redemptions.code >= code.maxRedemptions)) {
    return 'used_up'
  }
  if (coupon.currency !== null && !isSameCurrency(coupon.currency, currency)) return 'other_currency'
  if (coupon.maxRedemptionsPerCustomer === null) return null
  if (redemptions.customer === null) return 'email_needed'
  return redemptions.customer < coupon.maxRedemptionsPerCustomer ? null : 'used_by_customer'
}

/** The coupon as a session keeps it, with the code that it was taken by. */
export function appliedDiscount({ coupon, code }: { coupon: Coupon; code: PromotionCode }): AppliedDiscount {
  const { id: couponId, name, percentPpm, amountOff, currency } = coupon
  return {
    couponId,
    promotionCodeId: code.id,
    name,
    percentPpm,
    amountOff: amountOff?.toString() ?? null,
    currency,
    code: code.code,
  }
}

function isSameCurrency(one: Currency, other: Currency): boolean {
  return one === other || (isCrypto(one) && isCrypto(other) && isSameCoin(one, other))
}
