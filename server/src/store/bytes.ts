import type { Hex } from '../domain/hex.ts'

/** A hex string as the driver takes a `bytea`. */
export function hexBuffer(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), 'hex')
}

/** A `bytea` of the driver as lower-case hex. */
export function bufferHex(buffer: Buffer): Hex {
  return `0x${buffer.toString('hex')}`
}

/** A hex string as a `bytea` is written inside JSON. */
export function byteaText(hex: Hex): string {
  return `\\x${hex.slice(2)}`
}
