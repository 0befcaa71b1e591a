import type { PaymentLink } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

/** How a payment link stands. */
export function linkStatus({ isActive }: PaymentLink): Status {
  return isActive ? ['good', 'Active'] : ['plain', 'Off']
}
