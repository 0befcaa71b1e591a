import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Payout } from './depositAddress.ts'
import { bytesToHex, type Hex } from './hex.ts'
import { uuidToBigint } from './uuid.ts'

/** A transaction that anyone may send: `value` is in base units of the native coin. */
export type Call = { chainId: number; to: Hex; data: Hex; value: '0' }

/** What is swept by one call: all of `tokens` (`NATIVE` for the coin) at the addresses of sessions with the same payouts. */
export type SweepScope = {
  chainId: number
  factory: Hex
  payouts: readonly Payout[]
  sessionIds: readonly string[]
  tokens: readonly Hex[]
}

const ROWS = '(uint256,address,uint256)[]'
const SWEEP = selector(`sweep(uint128,${ROWS},address[])`)
const SWEEP_BATCH = selector(`sweepBatch(uint128[],${ROWS},address[])`)
const WORD_BYTES = 32

/** The call of the factory that sweeps `scope`, in the contract ABI's encoding: `sweep` for one session, `sweepBatch` for more. */
export function sweepCall({ chainId, factory, payouts, sessionIds, tokens }: SweepScope): Call {
  const ids = sessionIds.map(uuidToBigint)
  const [only, ...others] = ids
  const rows = list(payouts.map(row => [BigInt(row.chainId), BigInt(row.receiver), BigInt(row.share)]))
  const assets = list(tokens.map(token => [BigInt(token)]))
  const isOne = only !== undefined && others.length === 0
  const head = isOne ? only : list(ids.map(id => [id]))
  const data: Hex = `${isOne ? SWEEP : SWEEP_BATCH}${argumentsOf([head, rows, assets])}`
  return { chainId, to: factory, data, value: '0' }
}

/** A dynamic list in its words: how many entries, then each entry's. */
function list(entries: readonly bigint[][]): bigint[] {
  return [BigInt(entries.length), ...entries.flat()]
}

/** Heads first: a word that is one, or where a list begins. Then the lists. */
function argumentsOf(values: readonly (bigint | bigint[])[]): string {
  const heads: bigint[] = []
  const tails: bigint[] = []
  for (const value of values) {
    if (typeof value === 'bigint') heads.push(value)
    else {
      heads.push(BigInt((values.length + tails.length) * WORD_BYTES))
      tails.push(...value)
    }
  }
  return [...heads, ...tails].map(word => word.toString(16).padStart(2 * WORD_BYTES, '0')).join('')
}

function selector(signature: string): Hex {
  return bytesToHex(keccak_256(utf8ToBytes(signature)).subarray(0, 4))
}
