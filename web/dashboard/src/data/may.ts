import { accountNow } from './account.ts'

/** What pages change: the server's resources, and keys, which belong to the organization. */
type Writable =
  | 'checkout_sessions'
  | 'refunds'
  | 'balances'
  | 'payment_links'
  | 'products'
  | 'customers'
  | 'invoices'
  | 'coupons'
  | 'tax_rates'
  | 'webhook_endpoints'
  | 'events'
  | 'api_keys'
  | 'organization'

/** Whether whoever is signed in may change objects of `resource`: what they may not do is not offered. The server has the last word. */
export function mayWrite(resource: Writable): boolean {
  const scopes = accountNow().signIn?.organization.scopes ?? []
  return scopes.includes('*') || scopes.includes(`${resource === 'api_keys' ? 'organization' : resource}:write`)
}
