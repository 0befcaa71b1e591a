import type { Hex } from '../domain/hex.ts'
import type { BlockHeader, Transfer } from './chainNode.ts'
import { addressOf, expect, type Fields, fieldsOf, hashOf, listOf, quantityOf } from './rpcAnswer.ts'

/** keccak256 of `Transfer(address,address,uint256)`, the first topic of an ERC-20 transfer (EIP-20). */
export const TRANSFER_TOPIC: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

/** What the logs were asked for: a block with the hashes of its transactions, and the contracts that are watched. */
export type LogsAsked = {
  chainId: number
  header: BlockHeader
  contracts: readonly Hex[]
  hashes: ReadonlySet<Hex>
}

const ADDRESS_TOPIC = /^0x0{24}[0-9a-f]{40}$/
const WORD = /^0x[0-9a-f]{64}$/

/**
 * The ERC-20 transfers in `logs`: three topics, 32 bytes of data, an amount above zero; other logs with that topic (ERC-721,
 * older forms) are nobody's money. Throws `UpstreamError` when a log is not what was asked for.
 */
export function tokenTransfers(logs: readonly unknown[], asked: LogsAsked): Transfer[] {
  const places = new Set<string>()
  return logs.flatMap(entry => {
    const log = fieldsOf(entry, 'log')
    const { token, place } = checkLog(log, asked)
    expect(!places.has(place), 'the same log twice')
    places.add(place)
    const transfer = decode(log)
    if (transfer === null) return []
    return {
      chainId: asked.chainId,
      asset: token,
      ...transfer,
      txHash: hashOf(log.transactionHash, 'transaction hash'),
      place,
      blockHash: asked.header.hash,
      blockNumber: asked.header.number,
    }
  })
}

function checkLog(log: Fields, { header, contracts, hashes }: LogsAsked): { token: Hex; place: string } {
  expect(hashOf(log.blockHash, 'block hash') === header.hash, 'a log of another block')
  expect(quantityOf(log.blockNumber, 'block number') === header.number, 'a log of another height')
  expect(log.removed === false || log.removed === undefined, 'a log that was removed')
  expect(hashes.has(hashOf(log.transactionHash, 'transaction hash')), 'a log of a transaction outside the block')
  const token = addressOf(log.address, 'address of a log')
  expect(contracts.includes(token), 'a log of another contract')
  expect(listOf(log.topics, 'topics')[0] === TRANSFER_TOPIC, 'a log of another topic')
  return { token, place: quantityOf(log.logIndex, 'log index').toString() }
}

function decode({ topics, data }: Fields): Pick<Transfer, 'from' | 'to' | 'amountRaw'> | null {
  const [, from, to, ...more] = listOf(topics, 'topics')
  if (!isAddressTopic(from) || !isAddressTopic(to) || more.length > 0) return null
  if (typeof data !== 'string' || !WORD.test(data)) return null
  const amountRaw = BigInt(data)
  return amountRaw === 0n ? null : { from: `0x${from.slice(26)}`, to: `0x${to.slice(26)}`, amountRaw }
}

function isAddressTopic(topic: unknown): topic is Hex {
  return typeof topic === 'string' && ADDRESS_TOPIC.test(topic)
}
