import { WebhookError } from './errors.ts'
import type { Event } from './types.ts'

/** The headers of a request, in any of the forms that servers hand them out. */
export type HeadersLike = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** What a webhook carries: `data.object` is the object as a GET answers it, `created` in milliseconds, `sequence` its place among the object's events. */
export type WebhookEvent<T = Record<string, unknown>> = {
  id: string
  apiVersion: string
  created: number
  sequence: number
  object: string
  type: Event['type']
  data: { object: T }
}

/** What a webhook is checked with. */
export type WebhookOptions = {
  /** How far its timestamp may lie from now, in seconds; 300 unless told. */
  toleranceS?: number
  /** Now, in milliseconds; the clock unless told. */
  now?: number
  /**
   * Which signature to check: that of Standard Webhooks, unless told; `x-webhook-signature` has no timestamp, so that whoever saw a
   * request can repeat it.
   */
  signature?: 'webhook-signature' | 'x-webhook-signature'
}

const encoder = new TextEncoder()

/**
 * The event of a webhook, once it is known that this server sent it and when. `body` is the request's body as it came, not parsed;
 * `secrets` are the endpoint's, more than one while they change. Throws `WebhookError` with the code `header_missing`,
 * `header_duplicate`, `timestamp_invalid`, `timestamp_too_old`, `timestamp_in_future`, `signature_mismatch`, `secret_invalid` or
 * `body_invalid`. Standard Webhooks 1.0.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: HeadersLike,
  secrets: string | readonly string[],
  options: WebhookOptions = {},
): Promise<WebhookEvent> {
  const all = typeof secrets === 'string' ? [secrets] : secrets
  const keys = all.map(secret => ({ secret, bytes: keyOf(secret) }))
  if (keys.length === 0)
    throw new WebhookError({ code: 'secret_invalid', message: 'Give the secret of the webhook endpoint.' })
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new WebhookError({
      code: 'body_invalid',
      message: 'Give the body as it came, before it is parsed: a string or bytes.',
    })
  }
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  const isMatch =
    options.signature === 'x-webhook-signature'
      ? await matchesBody(bytes, single(headers, 'x-webhook-signature'), all)
      : await matchesStandard(
          bytes,
          headers,
          keys.map(key => key.bytes),
          options,
        )
  if (!isMatch) {
    throw new WebhookError({
      code: 'signature_mismatch',
      message: 'The signature does not fit: check the secret, and that the body is as it came.',
    })
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as WebhookEvent
}

async function matchesStandard(
  body: Uint8Array,
  headers: HeadersLike,
  keys: readonly Uint8Array[],
  options: WebhookOptions,
): Promise<boolean> {
  const id = single(headers, 'webhook-id')
  const timestamp = single(headers, 'webhook-timestamp')
  const given = single(headers, 'webhook-signature').split(' ')
  checkTime(timestamp, options)
  const prefix = encoder.encode(`${id}.${timestamp}.`)
  const message = new Uint8Array(prefix.length + body.length)
  message.set(prefix)
  message.set(body, prefix.length)
  let isMatch = false
  for (const key of keys) {
    const expected = `v1,${btoa(String.fromCharCode(...(await hmac(key, message))))}`
    for (const signature of given) isMatch = isEqual(signature, expected) || isMatch
  }
  return isMatch
}

async function matchesBody(body: Uint8Array, given: string, secrets: readonly string[]): Promise<boolean> {
  let isMatch = false
  for (const secret of secrets) {
    const digest = await hmac(encoder.encode(secret), body)
    isMatch =
      isEqual(given.toLowerCase(), [...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')) || isMatch
  }
  return isMatch
}

function checkTime(text: string, { toleranceS = 300, now = Date.now() }: WebhookOptions): void {
  if (!/^[1-9]\d{0,11}$/.test(text)) {
    throw new WebhookError({
      code: 'timestamp_invalid',
      message: 'webhook-timestamp must be whole seconds since 1970.',
    })
  }
  const ageS = Math.floor(now / 1000) - Number(text)
  if (ageS > toleranceS) {
    throw new WebhookError({
      code: 'timestamp_too_old',
      message: `The webhook is ${ageS} seconds old: it may be a repetition. Check this machine’s clock.`,
    })
  }
  if (ageS < -toleranceS) {
    throw new WebhookError({
      code: 'timestamp_in_future',
      message: `The webhook is of ${-ageS} seconds from now: check this machine’s clock.`,
    })
  }
}

/** The one value of a header, whatever its case; a value that was joined from two lines counts as two. */
function single(headers: HeadersLike, name: string): string {
  const values =
    headers instanceof Headers
      ? [headers.get(name) ?? []].flat()
      : Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []))
  const [value, ...more] = values.flatMap(each => each.split(/,\s+/))
  if (value === undefined || value === '')
    throw new WebhookError({ code: 'header_missing', message: `The header ${name} is missing.` })
  if (more.length > 0)
    throw new WebhookError({ code: 'header_duplicate', message: `The header ${name} is there twice.` })
  return value
}

function keyOf(secret: string): Uint8Array {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const bytes =
    text === undefined || text.length % 4 !== 0
      ? null
      : Uint8Array.from(atob(text), character => character.charCodeAt(0))
  if (bytes === null || bytes.length < 24 || bytes.length > 64) {
    throw new WebhookError({
      code: 'secret_invalid',
      message: 'A webhook secret is whsec_ and the base64 of 24 to 64 bytes: copy it whole, without spaces.',
    })
  }
  return bytes
}

async function hmac(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, new Uint8Array(message)))
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
function isEqual(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let index = 0; index < right.length; index++)
    difference |= left.charCodeAt(index % (left.length || 1)) ^ right.charCodeAt(index)
  return difference === 0
}
