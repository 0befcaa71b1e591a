import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, type Hex } from '../domain/hex.ts'

// RLP (Ethereum's yellow paper, appendix B) as lower-case hex digits without `0x`: nodes tell hex, and digits are joined faster than bytes.

/** The empty string. */
export const RLP_EMPTY = '80'

/** The bytes of those digits as a string. */
export function rlpString(digits: string): string {
  return digits.length === 2 && digits < '80' ? digits : head(0x80, digits) + digits
}

/** A list of items that are encoded already. */
export function rlpList(items: readonly string[]): string {
  const body = items.join('')
  return head(0xc0, body) + body
}

/** The Keccak-256 hash of the bytes of those digits. */
export function hashDigits(digits: string): Hex {
  return bytesToHex(keccak_256(Buffer.from(digits, 'hex')))
}

function head(kind: number, body: string): string {
  const size = body.length / 2
  if (size < 56) return byteDigits(kind + size)
  const length = byteDigits(size)
  return byteDigits(kind + 55 + length.length / 2) + length
}

/** A whole number as the digits of its bytes, without leading zeros. */
function byteDigits(value: number): string {
  const digits = value.toString(16)
  return digits.length % 2 === 0 ? digits : `0${digits}`
}
