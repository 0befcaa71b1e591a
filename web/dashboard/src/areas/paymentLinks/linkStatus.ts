import type { PaymentLink } from '@bitstream/sdk'
import type { Tone } from '../../ui/Badge.tsx'

/** How a payment link stands. */
export function linkStatus({ isActive }: PaymentLink): readonly [Tone, string] {
  return isActive ? ['good', 'Active'] : ['plain', 'Off']
}
