import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { invariant } from './errors.ts'

const PREFIX = 'whsec_'
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** The text of a new webhook secret: `whsec_` and the base64 of `random` (32 bytes). */
export function makeWebhookSecret(random: Uint8Array): string {
  invariant(random.length === 32, 'a webhook secret holds 32 random bytes')
  return PREFIX + toBase64(random)
}

/**
 * All headers of one delivery attempt of `body` (sent as UTF-8): the three of Standard Webhooks, `x-webhook-signature`,
 * `content-type` and `user-agent`. `timestampS` is the attempt's time in whole seconds; `secrets` are the active ones,
 * the newest first. Throws when the id holds a dot, which would let two different messages share one signed text.
 */
export function signWebhook(message: {
  id: string
  timestampS: number
  body: string
  secrets: readonly string[]
}): Record<string, string> {
  const { id, timestampS, body, secrets } = message
  const newest = secrets[0]
  invariant(newest !== undefined, 'a webhook is signed with at least one secret')
  invariant(/^[\x21-\x7e]+$/.test(id) && !id.includes('.'), 'a webhook id is printable ASCII without a dot')
  invariant(timestampS > 0 && timestampS % 1 === 0, 'a webhook timestamp is whole seconds')
  const signed = utf8ToBytes(`${id}.${timestampS}.${body}`)
  return {
    'content-type': 'application/json',
    'user-agent': 'Bitstream/1 (+webhooks)',
    'webhook-id': id,
    'webhook-timestamp': `${timestampS}`,
    'webhook-signature': secrets.map(secret => `v1,${toBase64(hmac(sha256, secretKey(secret), signed))}`).join(' '),
    'x-webhook-signature': bytesToHex(hmac(sha256, utf8ToBytes(newest), utf8ToBytes(body))),
  }
}

/** The HMAC key of Standard Webhooks: the decoded bytes, of which its specification allows 24 to 64. */
function secretKey(secret: string): Uint8Array {
  const text = secret.slice(PREFIX.length)
  invariant(secret.startsWith(PREFIX) && BASE64.test(text), 'a webhook secret is whsec_ and base64')
  const key = Uint8Array.from(atob(text), character => character.charCodeAt(0))
  invariant(key.length >= 24 && key.length <= 64, 'a webhook secret holds 24 to 64 bytes')
  return key
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
