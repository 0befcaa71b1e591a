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
