import { NATIVE } from '../domain/asset.ts'
import { bytesToHex, type Hex, hexToBytes } from '../domain/hex.ts'
import type { Log, LogFilter } from './blockLogs.ts'
import { type BloomBits, bloomBits, EMPTY_BLOOM, mayHold } from './bloom.ts'
import type { Block, BlockHeader, Transfer } from './chainNode.ts'
import { coinSweeps, SWEPT_TOPIC } from './coinSweeps.ts'
import { type TokenTransfer, TRANSFER_TOPIC, tokenTransfers } from './tokenTransfers.ts'

/** What is watched on a chain: contracts of tokens, and `NATIVE` for the coin. */
export type MoneyWatch = {
  chainId: number
  tokens: readonly Hex[]
  /** The factory whose `Swept` logs tell of coin that left deposit addresses. */
  factory: Hex
  /** A contract whose transfers are those of the native coin, or null. */
  coinAlias: Hex | null
}

/** What logs tell: transfers of tokens, coin out of deposit addresses, and transfers of the coin under its other name. */
export type LoggedMoney = Pick<Block, 'transfers' | 'coinSweeps'> & { aliased: readonly TokenTransfer[] }

/** Reads the logs of a chain for the money that is watched there. */
export type MoneyLogs = {
  /** The logs to ask a node for; null where no log is of interest. */
  filter: LogFilter | null
  /** Whether a block with that bloom may have such logs; false is certain. */
  mayBeIn(bloom: Hex): boolean
  /** What `logs` of the block tell; others than those of the filter tell nothing. */
  read(logs: readonly Log[], header: BlockHeader): LoggedMoney
}

/** The logs of interest where `watch` is watched. */
export function moneyLogs({ chainId, tokens, factory, coinAlias }: MoneyWatch): MoneyLogs {
  const contracts = tokens.filter(token => token !== NATIVE && token !== coinAlias)
  const watchesCoin = tokens.includes(NATIVE)
  const aliases = watchesCoin && coinAlias !== null ? [coinAlias] : []
  const factories = watchesCoin ? [factory] : []
  const filter = {
    addresses: [...contracts, ...factories, ...aliases],
    topics: [TRANSFER_TOPIC, ...(watchesCoin ? [SWEPT_TOPIC] : [])],
  }
  const pairs = [
    ...[...contracts, ...aliases].map(contract => [bloomBits(contract), bloomBits(TRANSFER_TOPIC)]),
    ...factories.map(contract => [bloomBits(contract), bloomBits(SWEPT_TOPIC)]),
  ]
  return {
    filter: filter.addresses.length === 0 ? null : filter,
    mayBeIn: bloom => pairs.some(pair => pair.every(bits => mayHold(bloom, bits))),
    read: (logs, { hash, number }) => {
      const at = { chainId, blockHash: hash, blockNumber: number }
      const transfers = tokenTransfers(logs)
      return {
        transfers: transfers.filter(({ asset }) => contracts.includes(asset)).map(transfer => ({ ...transfer, ...at })),
        coinSweeps: watchesCoin ? coinSweeps(logs, factory).map(sweep => ({ ...sweep, ...at })) : [],
        aliased: transfers.filter(({ asset }) => aliases.includes(asset)),
      }
    },
  }
}

/** Whether `block` tells of money from or to one of `addresses`, or its bloom leaves open that it should. */
export function concerns({ transfers, coinSweeps, bloom }: Block, addresses: ReadonlySet<Hex>): boolean {
  const isNamed = ({ from, to }: Transfer) => addresses.has(to) || (from !== null && addresses.has(from))
  if (transfers.some(isNamed) || coinSweeps.some(isNamed)) return true
  return (
    bloom !== undefined && bloom !== EMPTY_BLOOM && [...addresses].some(address => mayHold(bloom, topicBits(address)))
  )
}

/** The bits of addresses as topics; computing them takes longer than all the rest of a look at a bloom. */
const TOPIC_BITS = new Map<Hex, BloomBits>()
const TOPIC_BITS_MOST = 50_000

function topicBits(address: Hex): BloomBits {
  const known = TOPIC_BITS.get(address)
  if (known !== undefined) return known
  const word = new Uint8Array(32)
  word.set(hexToBytes(address), 12)
  const bits = bloomBits(bytesToHex(word))
  if (TOPIC_BITS.size >= TOPIC_BITS_MOST) TOPIC_BITS.clear()
  TOPIC_BITS.set(address, bits)
  return bits
}
