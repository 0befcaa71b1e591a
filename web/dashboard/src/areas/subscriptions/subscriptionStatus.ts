import type { Subscription } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

const STATUSES: Readonly<Record<Subscription['status'], Status>> = {
  incomplete: ['plain', 'Not begun'],
  incomplete_expired: ['plain', 'Never begun'],
  trialing: ['good', 'On trial'],
  active: ['good', 'Active'],
  past_due: ['warn', 'Late'],
  canceled: ['plain', 'Ended'],
  unpaid: ['bad', 'Unpaid'],
  paused: ['plain', 'Paused'],
}

/** How a subscription stands. */
export function subscriptionStatus({ status }: Subscription): Status {
  return STATUSES[status]
}

/** How often a subscription is paid: `month`, `2 weeks`. */
export function intervalText({ interval, intervalCount }: Subscription): string {
  return intervalCount === 1 ? interval : `${intervalCount} ${interval}s`
}
