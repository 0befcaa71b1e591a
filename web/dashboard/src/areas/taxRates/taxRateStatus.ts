import type { TaxRate } from '@bitstream/sdk'
import type { Tone } from '../../ui/Badge.tsx'

/** How a tax goes together with the price. */
export const TAX_TYPES = { exclusive: 'Added to prices', inclusive: 'Included in prices' } as const

/** How a tax rate stands. */
export function taxRateStatus({ isActive }: TaxRate): readonly [Tone, string] {
  return isActive ? ['good', 'Active'] : ['plain', 'Archived']
}
