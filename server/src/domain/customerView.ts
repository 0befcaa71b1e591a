import type { Customer } from './customer.ts'

/** A customer as every GET answers it, with the tax numbers as a list. */
export function customerView(customer: Customer) {
  return { ...customer, taxIds: { object: 'list' as const, data: customer.taxIds } }
}
