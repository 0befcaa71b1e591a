import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { bytesToHex, type Hex, hexToBytes } from '../domain/hex.ts'
import type { BlockHeader } from './chainNode.ts'

/** Polygon and its testnet, and their first blocks that commit to what their validators add (PIP-74, the Madhugiri fork). */
const COMMITTED_FROM: ReadonlyMap<number, bigint> = new Map([
  [137, 80_084_800n],
  [80002, 28_899_616n],
])

/** Whether blocks of the chain may have logs that are not in their bloom. */
export function hasLogsBeyondBloom(chainId: number): boolean {
  return COMMITTED_FROM.has(chainId)
}

/**
 * The hash under which nodes tell of what validators added to the block: keccak256 of `matic-bor-receipt-`, its number in 8 bytes and
 * its hash. No root of the block commits to that: some nodes tell it among its logs, some among its receipts, some not at all. Null
 * where there is no such thing.
 */
export function stateSyncHash(chainId: number, { number, hash }: Pick<BlockHeader, 'number' | 'hash'>): Hex | null {
  const from = COMMITTED_FROM.get(chainId)
  if (from === undefined || number >= from) return null
  const height = hexToBytes(`0x${number.toString(16).padStart(16, '0')}`)
  return bytesToHex(keccak_256(concatBytes(utf8ToBytes('matic-bor-receipt-'), height, hexToBytes(hash))))
}
