import type { Hex } from '../domain/hex.ts'
import { rlpList } from './rlp.ts'
import { rlpField, rlpFields } from './rlpFields.ts'
import type { Fields } from './rpcAnswer.ts'
import { trieRoot } from './trieRoot.ts'

/** Types of transactions whose receipts are known: EIP-2718 and those after it, and the deposits of the OP Stack. */
const DEPOSIT = 0x7e
const KNOWN_TYPES = [0, 1, 2, 3, 4, DEPOSIT]

const PAYLOAD = [
  ['cumulativeGasUsed', 'number'],
  ['logsBloom', 'bytes'],
] as const

/** What the receipts of deposits commit to since Canyon; a receipt without the version is older, and commits to neither. */
const DEPOSIT_FIELDS = [
  ['depositNonce', 'number'],
  ['depositReceiptVersion', 'number'],
] as const

/** The root that a header commits to, of a block's receipts as JSON-RPC tells them; null where one of them is malformed. */
export function receiptsRoot(receipts: readonly Fields[]): Hex | null {
  const values = receipts.map(encode)
  if (!values.every(value => value !== null)) return null
  return trieRoot(values.map((value, index) => ({ key: rlpField(`0x${index.toString(16)}`, 'number') ?? '', value })))
}

/**
 * Whether the root of `receipts` follows from the rules of Ethereum: their types are known, and each used gas. A receipt that
 * used none is no transaction's: some chains tell of the system in such, and no header commits to it.
 */
export function arePlain(receipts: readonly Fields[]): boolean {
  return receipts.every((receipt, index) => {
    const before = index === 0 ? '0x0' : receipts[index - 1]?.cumulativeGasUsed
    return KNOWN_TYPES.includes(typeOf(receipt)) && Number(receipt.cumulativeGasUsed) > Number(before)
  })
}

function encode(receipt: Fields): string | null {
  const type = typeOf(receipt)
  const outcome = rlpField(receipt.root ?? receipt.status, receipt.root === undefined ? 'number' : 'bytes')
  const payload = rlpFields(receipt, PAYLOAD)
  const logs = Array.isArray(receipt.logs) ? receipt.logs.map(encodeLog) : [null]
  const hasVersion = typeof receipt.depositReceiptVersion === 'string'
  const deposit = type === DEPOSIT && hasVersion ? rlpFields(receipt, DEPOSIT_FIELDS) : []
  if (outcome === null || payload === null || deposit === null || !logs.every(log => log !== null)) return null
  const body = rlpList([outcome, ...payload, rlpList(logs), ...deposit])
  if (type === 0) return body
  return type > 0 && type < 0x80 ? type.toString(16).padStart(2, '0') + body : null
}

function encodeLog(log: unknown): string | null {
  const { address, topics, data } = (log ?? {}) as Fields
  const by = rlpField(address, 'bytes')
  const about = Array.isArray(topics) ? topics.map(topic => rlpField(topic, 'bytes')) : [null]
  const bytes = rlpField(data, 'bytes')
  if (by === null || bytes === null || !about.every(topic => topic !== null)) return null
  return rlpList([by, rlpList(about), bytes])
}

/** The type of the transaction; older nodes tell none for those before EIP-2718. */
function typeOf({ type = '0x0' }: Fields): number {
  return typeof type === 'string' && /^0x[0-9a-f]{1,2}$/.test(type) ? parseInt(type.slice(2), 16) : -1
}
