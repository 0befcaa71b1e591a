import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { invariant } from './errors.ts'

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A version 7 UUID (RFC 9562): 48 bits of `now` in milliseconds, then 74 of the 80 bits of `random` (10 bytes). */
export function uuidv7(now: Date, random: Uint8Array): string {
  invariant(random.length === 10, 'uuidv7 takes 10 random bytes')
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(now.getTime()) << 16n)
  bytes.set(random, 6)
  return bytesToUuid(bytes, 7)
}

/** The lower-case text of 16 bytes, with `version` and the RFC 9562 variant written over their six bits. */
export function bytesToUuid(bytes: Uint8Array, version: 7 | 8): string {
  invariant(bytes.length === 16, 'a UUID has 16 bytes')
  const marked = bytes.slice()
  marked[6] = (version << 4) | ((bytes[6] ?? 0) & 0x0f)
  marked[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytesToHex(marked)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Whether `text` has the form of a UUID: 8-4-4-4-12 hex digits in either case, of any version. */
export function isUuid(text: string): boolean {
  return FORM.test(text)
}

/** The 16 bytes of a UUID; throws when `uuid` is not one. */
export function uuidToBytes(uuid: string): Uint8Array {
  invariant(isUuid(uuid), 'not a UUID')
  return hexToBytes(uuid.replaceAll('-', ''))
}

/** A UUID as the unsigned 128-bit integer that contracts know it by. */
export function uuidToBigint(uuid: string): bigint {
  invariant(isUuid(uuid), 'not a UUID')
  return BigInt(`0x${uuid.replaceAll('-', '')}`)
}
