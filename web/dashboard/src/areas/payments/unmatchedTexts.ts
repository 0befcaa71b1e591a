import type { UnmatchedPayment } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

/** Why money does not count for the payment whose address it came to: in two words, and what happened. */
export const UNMATCHED_REASONS: Readonly<Record<UnmatchedPayment['reason'], readonly [short: string, what: string]>> = {
  late: ['Late', 'It came after the payment had ended.'],
  duplicate: ['Paid twice', 'The payment was complete already when this came.'],
  wrong_token: ['Other coin', 'The payment could not be made in this coin, so it cannot count.'],
  wrong_chain: ['Other network', 'The payment could not be made on this network, so it cannot count.'],
}

const RESOLUTIONS = { accepted: 'Accepted', refunded: 'Given back', swept: 'Kept' } as const

/** What was decided about it, in a word. */
export function decisionOf({ resolution }: Pick<UnmatchedPayment, 'resolution'>): Status {
  return resolution === null ? ['warn', 'To decide'] : ['plain', RESOLUTIONS[resolution]]
}
