import type { Hex } from '../domain/hex.ts'
import type { BlockHeader } from './chainNode.ts'
import { addressOf, expect, type Fields, fieldsOf, listOf, quantityOf, toQuantity } from './rpcAnswer.ts'

/** A log of a block as money is read from it; `place` is its index in the block. */
export type Log = { address: Hex; topics: readonly unknown[]; data: unknown; txHash: Hex; place: string }

/** What logs were asked for: those of any of these contracts with any of these first topics. */
export type LogFilter = { addresses: readonly Hex[]; topics: readonly Hex[] }

/** The block that logs were asked for, with the hashes of its transactions. */
export type LogBlock = { header: BlockHeader; hashes: ReadonlySet<Hex> }

/** The logs in `answer`, each once. Throws `UpstreamError`, `lie` when one of them is not what was asked for. */
export function blockLogs(answer: unknown, block: LogBlock, filter: LogFilter): Log[] {
  const places = new Set<string>()
  return listOf(answer, 'logs').map(entry => {
    const log = parseLog(fieldsOf(entry, 'log'), block)
    expect(filter.addresses.includes(log.address), 'a log of another contract', 'lie')
    expect(filter.topics.includes(log.topics[0] as Hex), 'a log of another topic', 'lie')
    expect(!places.has(log.place), 'the same log twice', 'lie')
    places.add(log.place)
    return log
  })
}

function parseLog(fields: Fields, { header, hashes }: LogBlock): Log {
  // What must be the same as something that was checked already needs no check of its form: full blocks have thousands of logs.
  const txHash = fields.transactionHash as Hex
  expect(fields.blockHash === header.hash, 'a log of another block', 'lie')
  expect(fields.blockNumber === toQuantity(header.number), 'a log of another height', 'lie')
  expect(fields.removed === false || fields.removed === undefined, 'a log that was removed', 'lie')
  expect(hashes.has(txHash), 'a log of a transaction outside the block', 'lie')
  const index = quantityOf(fields.transactionIndex, 'index of a transaction')
  expect(index < BigInt(hashes.size), 'a log of a transaction beyond the block', 'lie')
  return {
    address: addressOf(fields.address, 'address of a log'),
    topics: listOf(fields.topics, 'topics'),
    data: fields.data,
    txHash,
    place: quantityOf(fields.logIndex, 'log index').toString(),
  }
}
