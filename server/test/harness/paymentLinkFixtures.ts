import type { ApiCaller } from './apiCaller.ts'

/** The body of a plain link over 12.50 USDC, for any number of payments. */
export const LINK = {
  type: 'multiple',
  amount: '1250000000',
  currency: 'usdc',
  title: 'Workshop',
  tags: [],
  nameCollection: false,
  emailCollection: false,
  phoneNumberCollection: false,
  shippingAddressCollection: false,
  billingAddressCollection: false,
  submitType: 'pay',
  afterCompletion: 'hosted_confirmation',
} as const

/** What these tests read of a link, as the API answers it. */
export type Link = { id: string; url: string; isActive: boolean; amount: string | null } & Record<string, unknown>

/** A new link of the caller's: `LINK` with `changes`; what is undefined is left out. */
export async function addLink(api: ApiCaller, changes: Record<string, unknown> = {}): Promise<Link> {
  return (await api.ok('POST', '/payment-links', { ...LINK, ...changes })) as Link
}
