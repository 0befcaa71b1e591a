import type { PublicPrice, PublicProduct } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Tone } from '../../ui/Badge.tsx'

/** How a product or a price stands. */
export function productStatus({ isActive }: Pick<PublicProduct, 'isActive'>): readonly [Tone, string] {
  return isActive ? ['good', 'Active'] : ['plain', 'Archived']
}

/** What a price asks for, in words: `12.50 USDC`, `12.50 USDC every 2 weeks`, `5.00 to 50.00 USDC`. */
export function priceSummary(price: PublicPrice): string {
  const { interval, intervalCount } = price
  if (interval === null) return amountSummary(price)
  return `${amountSummary(price)} every ${(intervalCount ?? 1) === 1 ? interval : `${intervalCount} ${interval}s`}`
}

function amountSummary({ unitAmount, currency, customUnitMin: min, customUnitMax: max }: PublicPrice): string {
  if (unitAmount !== null) return amountText(unitAmount, currency)
  if (min !== null && max !== null) return `${amountText(min)} to ${amountText(max, currency)}`
  if (min !== null) return `At least ${amountText(min, currency)}`
  return max === null ? `Open, in ${currency.toUpperCase()}` : `At most ${amountText(max, currency)}`
}
