import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { invariant } from './errors.ts'

/** What a key may do: everything, what its scopes say, or the little that a browser may. */
export type ApiKeyType = 'secret' | 'restricted' | 'publishable'

/** Whether real money moves; one deployment has one mode, and its keys say which. */
export type Mode = 'test' | 'live'

const PREFIX = { secret: 'sk', restricted: 'rk', publishable: 'pk' } as const satisfies Record<ApiKeyType, string>
const TYPE = { sk: 'secret', rk: 'restricted', pk: 'publishable' } as const satisfies Record<string, ApiKeyType>

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LENGTH = 43
const CHECKSUM_LENGTH = 6
const FORM = /^(sk|rk|pk)_(test|live)_[0-9A-Za-z]{49}$/

/** A key's text: prefix, 43 characters that hold `random` (32 bytes), and 6 of CRC-32 over all before them. */
export function makeApiKey(type: ApiKeyType, mode: Mode, random: Uint8Array): string {
  invariant(random.length === 32, 'a key holds 32 random bytes')
  const body = apiKeyPrefix(type, mode) + base62(random, SECRET_LENGTH)
  return body + checksum(body)
}

/** How every key of this type and mode begins, such as `sk_test_`. */
export function apiKeyPrefix(type: ApiKeyType, mode: Mode): string {
  return `${PREFIX[type]}_${mode}_`
}

/** Type and mode of a key, or null when form or checksum are wrong, so that no database is asked about it. */
export function parseApiKey(text: string): { type: ApiKeyType; mode: Mode } | null {
  const match = FORM.exec(text)
  if (match === null) return null
  const body = text.slice(0, -CHECKSUM_LENGTH)
  if (checksum(body) !== text.slice(-CHECKSUM_LENGTH)) return null
  const type = TYPE[match[1] as keyof typeof TYPE]
  return { type, mode: match[2] as Mode }
}

/** SHA-256 of a key, 32 bytes: all of it that is stored. */
export function hashApiKey(text: string): Uint8Array {
  return sha256(utf8ToBytes(text))
}

/** The last four characters of a key, by which people tell their keys apart. */
export function lastFour(text: string): string {
  return text.slice(-4)
}

function checksum(body: string): string {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, crc32(utf8ToBytes(body)))
  return base62(bytes, CHECKSUM_LENGTH)
}

/** The big-endian number in `bytes` in base 62, by long division: its last `length` digits. */
function base62(bytes: Uint8Array, length: number): string {
  let quotient = bytes
  let text = ''
  for (let position = 0; position < length; position += 1) {
    let remainder = 0
    quotient = quotient.map(byte => {
      const value = remainder * 256 + byte
      remainder = value % 62
      return Math.floor(value / 62)
    })
    text = ALPHABET.charAt(remainder) + text
  }
  return text
}

/** CRC-32 of ISO-HDLC, the one of zip and PNG: reflected polynomial 0xEDB88320. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
