/** What a restricted key may be allowed, `<resource>:read` or `<resource>:write`. */
export type Scope = `${(typeof RESOURCES)[number]}:${'read' | 'write'}`

/** What scopes are over. */
export const RESOURCES = [
  'checkout_sessions',
  'payment_links',
  'products',
  'prices',
  'customers',
  'invoices',
  'subscriptions',
  'payment_intents',
  'refunds',
  'coupons',
  'tax_rates',
  'webhook_endpoints',
  'events',
  'balances',
  'organization',
] as const
