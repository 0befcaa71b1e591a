import type { Metadata } from './session.ts'

/** A tax in parts per million: added to a price (`exclusive`), or part of it already (`inclusive`). */
export type TaxRate = {
  id: string
  createdAt: Date
  updatedAt: Date
  name: string
  description: string | null
  country: string | null
  ratePpm: number
  type: 'exclusive' | 'inclusive'
  isActive: boolean
  metadata: Metadata | null
}

/** A tax in force for a line as it was when the line was priced; `amount` at 8 decimals, as digits. */
export type LineTax = Pick<TaxRate, 'id' | 'name' | 'description' | 'country' | 'ratePpm' | 'type'> & { amount: string }
