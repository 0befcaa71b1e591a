import { accountNow, type Role } from './account.ts'

/** What is written by whom, beside owners and admins, who may do all of it; the server has the last word. */
const WRITERS = {
  checkout_sessions: ['developer', 'support'],
  refunds: ['support'],
  balances: [],
  payment_links: ['developer', 'support'],
  products: ['developer'],
  customers: ['developer', 'support'],
  invoices: ['support'],
  coupons: [],
  tax_rates: [],
  webhook_endpoints: ['developer'],
  events: [],
  api_keys: [],
} as const satisfies Record<string, readonly Role[]>

/** What pages change. */
export type Writable = keyof typeof WRITERS

/** Whether whoever is signed in may change objects of `resource`: what they may not do is not offered. */
export function mayWrite(resource: Writable): boolean {
  const role = accountNow().signIn?.organization.role
  if (role === undefined) return false
  const writers: readonly Role[] = WRITERS[resource]
  return role === 'owner' || role === 'admin' || writers.includes(role)
}
