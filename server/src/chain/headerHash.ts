import type { Hex } from '../domain/hex.ts'
import { hashDigits, rlpList } from './rlp.ts'
import { rlpFields } from './rlpFields.ts'
import type { Fields } from './rpcAnswer.ts'

/** The fields that every header has had since Frontier, in the order in which they are hashed. */
const FRONTIER = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'number'],
  ['number', 'number'],
  ['gasLimit', 'number'],
  ['gasUsed', 'number'],
  ['timestamp', 'number'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
] as const

/** Those that forks added at the end: EIP-1559, EIP-4895, EIP-4844, EIP-4788, EIP-7685. */
const ADDED = [
  ['baseFeePerGas', 'number'],
  ['withdrawalsRoot', 'bytes'],
  ['blobGasUsed', 'number'],
  ['excessBlobGas', 'number'],
  ['parentBeaconBlockRoot', 'bytes'],
  ['requestsHash', 'bytes'],
] as const

/** The hash of a block by its fields as JSON-RPC tells them, as Ethereum hashes headers; null where a field is missing or malformed. */
export function headerHash(block: Fields): Hex | null {
  const fields = rlpFields(block, FRONTIER, ADDED)
  return fields && hashDigits(rlpList(fields))
}
