import type { TaxRate } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Status } from '../../ui/Badge.tsx'

/** How a tax goes together with the price. */
export const TAX_TYPES = { exclusive: 'Added to prices', inclusive: 'Included in prices' } as const

/** How a tax rate stands. */
export function taxRateStatus({ isActive }: TaxRate): Status {
  return isActive ? ['good', 'Active'] : ['plain', 'Archived']
}

/** What 100 costs at 8 decimals, and what is all of a price in ten thousandths of a percent. */
const HUNDRED = 10_000_000_000n
const WHOLE = 1_000_000n
const CENT = 1_000_000n

/** What a tax of so many percent, as they are typed, makes of a price of 100. */
export function exampleText(percentage = '', type: string | undefined): string {
  const [, whole = '', part = ''] = /^(\d{1,3})(?:[.,](\d{0,4}))?$/.exec(percentage.trim()) ?? []
  if (whole === '') return 'Such as 19 or 7.25.'
  const rate = BigInt(`${whole}${part.padEnd(4, '0')}`)
  if (type !== 'inclusive') return `A price of 100.00 comes to ${amountText(`${HUNDRED + (HUNDRED * rate) / WHOLE}`)}.`
  const held = (HUNDRED * rate) / (WHOLE + rate)
  const rounded = ((held + CENT / 2n) / CENT) * CENT
  return `A price of 100.00 stays 100.00, of which about ${amountText(`${rounded}`)} are tax.`
}
