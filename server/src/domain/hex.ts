import { hexToBytes as decode, bytesToHex as encode } from '@noble/hashes/utils.js'

/** Bytes as text: `0x` and an even count of lower-case hex digits. Addresses and hashes have this form everywhere in code. */
export type Hex = `0x${string}`

/** The bytes of `hex`; throws when it is not `0x` and an even count of hex digits. */
export function hexToBytes(hex: Hex): Uint8Array {
  return decode(hex.slice(2))
}

/** The lower-case `0x…` text of `bytes`; the inverse of `hexToBytes`. */
export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${encode(bytes)}`
}
