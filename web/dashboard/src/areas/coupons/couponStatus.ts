import type { Coupon } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Tone } from '../../ui/Badge.tsx'

const STATUSES: Readonly<Record<Coupon['status'], readonly [Tone, string]>> = {
  active: ['good', 'Active'],
  expired: ['plain', 'Expired'],
  disabled: ['plain', 'Off'],
  limit_reached: ['warn', 'Used up'],
}

/** How a coupon stands. */
export function couponStatus({ isArchived, status }: Coupon): readonly [Tone, string] {
  return isArchived ? ['plain', 'Archived'] : STATUSES[status]
}

/** What a coupon takes off, in words. */
export function offText({ percentOff, amountOff, currency }: Coupon): string {
  return percentOff === null ? `${amountText(amountOff ?? '0', currency)} off` : `${percentOff} % off`
}
