import type { Address, FullAddress, Metadata, Visibility } from './session.ts'

/** A number that a state gave the customer for taxes. */
export type TaxId = {
  id: string
  createdAt: Date
  updatedAt: Date
  customerId: string
  name: string | null
  value: string | null
  country: string | null
}

/** Who buys from a merchant. `customerNumber` is 8 characters that no other customer of the merchant has. */
export type Customer = {
  id: string
  createdAt: Date
  updatedAt: Date
  email: string
  name: string | null
  phone: string | null
  organizationName: string | null
  address: Address | null
  shipping: FullAddress | null
  customerReferenceId: string | null
  customerNumber: string
  metadata: Metadata | null
  visibility: Visibility
  taxIds: TaxId[]
}

const SYMBOLS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A customer's number from 8 random bytes: 8 of 32 letters and digits, none of which is taken for another (no 0, O, 1, I). */
export function customerNumber(random: Uint8Array): string {
  return Array.from(random, byte => SYMBOLS[byte & 31]).join('')
}
