import type { Hex } from '../domain/hex.ts'
import type { Log } from './blockLogs.ts'
import type { Transfer } from './chainNode.ts'

/** keccak256 of `Transfer(address,address,uint256)`, the first topic of an ERC-20 transfer (EIP-20). */
export const TRANSFER_TOPIC: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

/** What a log tells about an ERC-20 transfer. */
export type TokenTransfer = Pick<Transfer, 'asset' | 'to' | 'from' | 'amountRaw' | 'txHash' | 'place'> & {
  from: Hex
  txHash: Hex
}

const ADDRESS_TOPIC = /^0x0{24}[0-9a-f]{40}$/
const WORD = /^0x[0-9a-f]{64}$/

/**
 * The ERC-20 transfers in `logs`: three topics, 32 bytes of data, an amount above zero; other logs with that topic (ERC-721,
 * older forms) are nobody's money.
 */
export function tokenTransfers(logs: readonly Log[]): TokenTransfer[] {
  return logs.flatMap(({ address, topics, data, txHash, place }) => {
    const [topic, from, to, ...more] = topics
    if (topic !== TRANSFER_TOPIC || !isAddressTopic(from) || !isAddressTopic(to) || more.length > 0) return []
    if (typeof data !== 'string' || !WORD.test(data)) return []
    const amountRaw = BigInt(data)
    if (amountRaw === 0n) return []
    return { asset: address, from: `0x${from.slice(26)}`, to: `0x${to.slice(26)}`, amountRaw, txHash, place }
  })
}

/** Whether `topic` is an address as the ABI encodes it. */
export function isAddressTopic(topic: unknown): topic is Hex {
  return typeof topic === 'string' && ADDRESS_TOPIC.test(topic)
}
