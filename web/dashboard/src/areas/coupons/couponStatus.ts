import type { Coupon } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Status } from '../../ui/Badge.tsx'
import { countText } from '../../ui/countText.ts'

const STATUSES: Readonly<Record<Coupon['status'], Status>> = {
  active: ['good', 'Active'],
  expired: ['plain', 'Expired'],
  disabled: ['plain', 'Off'],
  limit_reached: ['warn', 'Used up'],
}

/** How a coupon stands. */
export function couponStatus({ isArchived, status }: Coupon): Status {
  return isArchived ? ['plain', 'Archived'] : STATUSES[status]
}

/** What a coupon takes off, in words. */
export function offText({ percentOff, amountOff, currency }: Coupon): string {
  return percentOff === null ? `${amountText(amountOff ?? '0', currency)} off` : `${percentOff}% off`
}

/** `1 time`, `1,000 times`. */
export function timesText(times: number): string {
  return `${countText(times)} ${times === 1 ? 'time' : 'times'}`
}

/** How often a coupon was used, of how often it may be. */
export function usesText({ timesRedeemed, maxRedemptions }: Coupon): string {
  return maxRedemptions === null
    ? timesText(timesRedeemed)
    : `${countText(timesRedeemed)} of ${timesText(maxRedemptions)}`
}
