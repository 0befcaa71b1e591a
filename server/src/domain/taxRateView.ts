import { percentOf } from './priceView.ts'
import type { TaxRate } from './taxRate.ts'

/** A tax rate as every GET answers it. */
export function taxRateView({ ratePpm, ...rate }: TaxRate) {
  return { ...rate, percentage: percentOf(ratePpm) }
}
