import type { ApiKey } from '@bitstream/sdk'
import { RESOURCES } from './scopes.ts'

/** What makes a checkout session over 1.00 USDC. */
const SESSION = {
  successUrl: 'https://example.com/success?cid={CHECKOUT_SESSION_ID}',
  lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Basic' } } }] },
}

/** A first request that works with this key when it is pasted into a terminal; null where the key is for pages. */
export function curlFor({ type, scopes }: Pick<ApiKey, 'type' | 'scopes'>, token: string): string | null {
  if (type === 'publishable') return null
  const api = `${location.origin}/api/v1`
  const who = `-H 'Authorization: Bearer ${token}'`
  if (type === 'secret' || scopes.includes('*') || scopes.includes('checkout_sessions:write')) {
    return `curl ${api}/checkout/sessions \\\n  ${who} \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(SESSION)}'`
  }
  const readable = Object.entries(RESOURCES).find(([resource]) => scopes.some(scope => scope === `${resource}:read`))
  return readable === undefined ? null : `curl ${api}${readable[1][1]} \\\n  ${who}`
}
