import { BitstreamError, WebhookError } from './errors.ts'
import type { WebhookEvent } from './webhookEvent.ts'

/** The headers of a request, in any of the forms that servers hand them out. */
export type HeadersLike =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

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

type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/**
 * The event of a webhook, once it is known that this server sent it and when. `body` is the request's body as it came, not parsed;
 * `secrets` are the endpoint's, more than one while they change. Throws `WebhookError` with the code `header_missing`,
 * `header_duplicate`, `timestamp_invalid`, `timestamp_too_old`, `timestamp_in_future` or `signature_mismatch`; and where the call
 * itself is wrong, a `BitstreamError` with `secret_invalid` or `body_invalid`. Standard Webhooks 1.0.
 */
export async function verifyWebhook(
  body: string | ArrayBuffer | ArrayBufferView,
  headers: HeadersLike,
  secrets: string | readonly string[],
  options: WebhookOptions = {},
): Promise<WebhookEvent> {
  const all = [secrets].flat()
  const keys = all.map(keyOf)
  if (keys.length === 0) throw secretInvalid()
  const bytes = bytesOf(body)
  const isMatch =
    options.signature === 'x-webhook-signature'
      ? await matchesBody(bytes, headers, all)
      : await matchesStandard(bytes, headers, keys, options)
  if (!isMatch) {
    throw new WebhookError({
      code: 'signature_mismatch',
      message: 'The signature does not fit: check the secret, and that the body is as it came.',
    })
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as WebhookEvent
}

async function matchesStandard(
  body: Bytes,
  headers: HeadersLike,
  keys: readonly Bytes[],
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
  // With a dot in the id, two different messages could share one signed text.
  return isMatch && !id.includes('.')
}

async function matchesBody(body: Bytes, headers: HeadersLike, secrets: readonly string[]): Promise<boolean> {
  const given = single(headers, 'x-webhook-signature').toLowerCase()
  let isMatch = false
  for (const secret of secrets) {
    const digest = await hmac(encoder.encode(secret), body)
    const expected = [...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')
    isMatch = isEqual(given, expected) || isMatch
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
  // Stated as what is accepted: an option that is no number accepts nothing.
  if (Math.abs(ageS) <= toleranceS) return
  throw ageS < 0
    ? new WebhookError({
        code: 'timestamp_in_future',
        message: `The webhook is of ${-ageS} seconds from now: check this machine’s clock.`,
      })
    : new WebhookError({
        code: 'timestamp_too_old',
        message: `The webhook is ${ageS} seconds old: it may be a repetition. Check this machine’s clock.`,
      })
}

/** The one value of a header, whatever its case; a value that was joined from two lines counts as two. */
function single(headers: HeadersLike, name: string): string {
  const values = isHeaders(headers)
    ? [headers.get(name) ?? []].flat()
    : Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []))
  const [value, ...more] = values.flatMap(each => String(each).split(/,\s+/))
  if (value === undefined || value === '')
    throw new WebhookError({ code: 'header_missing', message: `The header ${name} is missing.` })
  if (more.length > 0)
    throw new WebhookError({ code: 'header_duplicate', message: `The header ${name} is there twice.` })
  return value
}

// By its form: frameworks bring Headers of their own.
function isHeaders(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function'
}

function keyOf(secret: string): Bytes {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  if (text === undefined || text.length % 4 !== 0) throw secretInvalid()
  const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
  if (bytes.length < 24 || bytes.length > 64) throw secretInvalid()
  return bytes
}

function secretInvalid(): BitstreamError {
  return new BitstreamError({
    code: 'secret_invalid',
    message: 'A webhook secret is whsec_ and the base64 of 24 to 64 bytes: copy it whole, without spaces.',
  })
}

function bytesOf(body: string | ArrayBuffer | ArrayBufferView): Bytes {
  if (typeof body === 'string') return encoder.encode(body)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return new Uint8Array(body)
  throw new BitstreamError({
    code: 'body_invalid',
    message: 'Give the body as it came, before it is parsed: a string or bytes.',
  })
}

async function hmac(key: Bytes, message: Bytes): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message))
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
function isEqual(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length
  for (let index = 0; index < expected.length; index++)
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index)
  return difference === 0
}
