import type { ApiKey } from '@bitstream/sdk'

/** What a restricted key may be allowed. */
type Scope = ApiKey['scopes'][number]

type Resource = Exclude<Scope, '*'> extends `${infer R}:${string}` ? R : never

/** What scopes are over: in words, and where the API has the list of it. */
export const RESOURCES: Readonly<Record<Resource, readonly [text: string, path: string]>> = {
  checkout_sessions: ['Payments (checkout sessions)', '/checkout/sessions'],
  payment_intents: ['Payment intents', '/payment-intents'],
  refunds: ['Refunds', '/refunds'],
  balances: ['Balances and sweeps', '/balances'],
  payment_links: ['Payment links', '/payment-links'],
  products: ['Products', '/products'],
  prices: ['Prices', '/prices'],
  customers: ['Customers', '/customers'],
  invoices: ['Invoices', '/invoices'],
  subscriptions: ['Subscriptions', '/subscriptions'],
  coupons: ['Coupons', '/coupons'],
  tax_rates: ['Tax rates', '/tax-rates'],
  webhook_endpoints: ['Webhook endpoints', '/webhook-endpoints'],
  events: ['Events', '/events'],
  organization: ['Organization, keys and people', '/organization'],
}

/** All of them, each to be read and to be changed. */
export const SCOPES = (Object.keys(RESOURCES) as Resource[]).flatMap(
  resource => [`${resource}:read`, `${resource}:write`] as const,
)
