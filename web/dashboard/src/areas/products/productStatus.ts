import type { PublicPrice, PublicProduct } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Tone } from '../../ui/Badge.tsx'

/** How a product or a price stands. */
export function productStatus({ isActive }: Pick<PublicProduct, 'isActive'>): readonly [Tone, string] {
  return isActive ? ['good', 'Active'] : ['plain', 'Archived']
}

/** What a price asks for, in words: `12.50 USDC`, `12.50 USDC every 2 weeks`, `5.00 to 50.00 USDC`. */
export function priceSummary(price: PublicPrice): string {
  const { unitAmount, currency, interval, intervalCount, customUnitMin: min, customUnitMax: max } = price
  if (unitAmount !== null) {
    if (interval === null) return amountText(unitAmount, currency)
    const every = intervalCount === null || intervalCount === 1 ? interval : `${intervalCount} ${interval}s`
    return `${amountText(unitAmount, currency)} every ${every}`
  }
  if (min !== null && max !== null) return `${amountText(min)} to ${amountText(max, currency)}`
  if (min !== null) return `At least ${amountText(min, currency)}`
  return max === null ? `Open, in ${currency.toUpperCase()}` : `At most ${amountText(max, currency)}`
}
