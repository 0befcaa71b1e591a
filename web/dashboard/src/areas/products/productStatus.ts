import type { PublicPrice, PublicProduct } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Status } from '../../ui/Badge.tsx'

/** How a product or a price stands. */
export function productStatus({ isActive }: Pick<PublicProduct, 'isActive'>): Status {
  return isActive ? ['good', 'Active'] : ['plain', 'Archived']
}

/** What a price asks for, in words: `12.50 USDC`, `12.50 USDC every 2 weeks`, `5.00 to 50.00 USDC`. */
export function priceSummary(price: PublicPrice): string {
  return [amountSummary(price), intervalSummary(price)].filter(Boolean).join(' ')
}

/** How often a price is paid, such as `every 2 weeks`; null for once. */
export function intervalSummary({ interval, intervalCount }: PublicPrice): string | null {
  if (interval === null) return null
  return (intervalCount ?? 1) === 1 ? `every ${interval}` : `every ${intervalCount} ${interval}s`
}

/** As `priceSummary`, without how often. */
export function amountSummary({ unitAmount, currency, customUnitMin: min, customUnitMax: max }: PublicPrice): string {
  if (unitAmount !== null) return amountText(unitAmount, currency)
  if (min !== null && max !== null) return `${amountText(min)} to ${amountText(max, currency)}`
  if (min !== null) return `At least ${amountText(min, currency)}`
  return max === null ? `Payers choose, in ${currency.toUpperCase()}` : `At most ${amountText(max, currency)}`
}
