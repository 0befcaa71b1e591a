import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Hex, hexToBytes } from '../domain/hex.ts'

/** The three bits that a value sets in a bloom filter of logs. */
export type BloomBits = readonly [number, number, number]

/** The form of a bloom filter: 256 bytes. */
export const BLOOM = /^0x[0-9a-f]{512}$/

/** The bloom of a block without logs. */
export const EMPTY_BLOOM: Hex = `0x${'0'.repeat(512)}`

/** The bits of an address (20 bytes) or a topic (32 bytes) in a bloom of 2,048 bits (Ethereum's yellow paper, 4.4.3). */
export function bloomBits(value: Hex): BloomBits {
  const hash = keccak_256(hexToBytes(value))
  const bit = (index: number) => (((hash[index] ?? 0) << 8) | (hash[index + 1] ?? 0)) & 2047
  return [bit(0), bit(2), bit(4)]
}

/** Whether a log with the value of `bits` may be in the block with this bloom; false is certain. */
export function mayHold(bloom: Hex, bits: BloomBits): boolean {
  return bits.every(bit => {
    // The lowest bit is the last: four of them to a digit, which is one of `0` (48) to `9` or of `a` (97) to `f`.
    const code = bloom.charCodeAt(bloom.length - 1 - (bit >> 2))
    const digit = code < 97 ? code - 48 : code - 87
    return ((digit >> (bit & 3)) & 1) === 1
  })
}
