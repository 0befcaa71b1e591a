import { NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type {
  Block,
  BlockHeader,
  ChainNode,
  CoinPayment,
  CoinWatch,
  Sent,
  Transfer,
  WatchedChain,
} from './chainNode.ts'
import { type FollowOptions, followChain } from './followChain.ts'
import { inOrder } from './inOrder.ts'
import { type JsonRpcOptions, jsonRpc } from './jsonRpc.ts'
import { newHeads } from './newHeads.ts'
import { tipOf } from './reconcile.ts'
import { addressOf, expect, type Fields, fieldsOf, hashOf, listOf, quantityOf } from './rpcAnswer.ts'
import { TRANSFER_TOPIC, tokenTransfers } from './tokenTransfers.ts'

/** An EVM chain, its node, and what is watched there: contracts of tokens, and `NATIVE` for the coin. */
export type EvmChainOptions = JsonRpcOptions &
  FollowOptions & {
    chainId: number
    tokens: readonly Hex[]
    /** Where the node tells of new blocks by itself. */
    wsUrl?: string | null
  }

const RECEIPTS_AHEAD = 8
const TIME_MAX_S = 8_640_000_000_000n

/** The chain `chainId` as its node tells it; see `WatchedChain` for what each answer promises. */
export function evmChain(options: EvmChainOptions): WatchedChain {
  const node = evmNode(options)
  const heads = newHeads(options.wsUrl ?? null)
  return {
    ...node,
    coinArrivals: async (blocks, watch) => {
      const found = new Map<Hex, Transfer[]>()
      for (const block of blocks) found.set(block.header.hash, await coinTransfers(node, options.chainId, block, watch))
      return found
    },
    marks: async known => {
      const { number } = tipOf(known)
      const [safe, finalized] = [await node.tagged('safe'), await node.tagged('finalized')]
      return {
        head: number,
        safe: safe?.number ?? null,
        finalized: finalized?.number ?? null,
        agreed: number,
        agreedByAll: number,
      }
    },
    providers: () => [{ name: 'node', problem: null, since: null }],
    follow: async function* (known) {
      const end = heads.listen()
      try {
        return yield* followChain(node, known, options)
      } finally {
        end()
      }
    },
    nextHead: heads.next,
  }
}

function evmNode(options: EvmChainOptions): ChainNode {
  const { chainId, tokens } = options
  const call = jsonRpc(options)
  const contracts = tokens.filter(token => token !== NATIVE)
  const watchesCoin = tokens.includes(NATIVE)

  async function fetchBlock(id: bigint | Hex, whole: boolean): Promise<{ header: BlockHeader; fields: Fields }> {
    const [method, key] = typeof id === 'bigint' ? ['eth_getBlockByNumber', toQuantity(id)] : ['eth_getBlockByHash', id]
    const fields = fieldsOf(await call(method, [key, whole]), 'block')
    const header = headerOf(fields)
    expect((typeof id === 'bigint' ? header.number : header.hash) === id, 'another block')
    return { header, fields }
  }

  return {
    async check() {
      const answered = quantityOf(await call('eth_chainId', []), 'chain id')
      if (answered === BigInt(chainId)) return
      throw new UpstreamError(`The node of chain ${chainId} serves chain ${answered}.`, { retryable: false })
    },
    async head() {
      return headerOf(fieldsOf(await call('eth_getBlockByNumber', ['latest', false]), 'block'))
    },
    async header(id) {
      return (await fetchBlock(id, false)).header
    },
    async tagged(tag) {
      const answer = await call('eth_getBlockByNumber', [tag, false])
      return answer === null ? null : headerOf(fieldsOf(answer, 'block'))
    },
    async balances(wanted, block) {
      return await Promise.all(
        wanted.map(async ({ asset, address }) => {
          const at = { blockHash: block.hash }
          if (asset === NATIVE) return quantityOf(await call('eth_getBalance', [address, at]), 'balance')
          const data = `${BALANCE_OF}${address.slice(2)}`
          return BigInt(String(await call('eth_call', [{ to: asset, data }, at])))
        }),
      )
    },
    async sent(txHash) {
      const receipt = await call('eth_getTransactionReceipt', [txHash])
      const transaction = await call('eth_getTransactionByHash', [txHash])
      return receipt === null || transaction === null
        ? null
        : sentOf(fieldsOf(transaction, 'transaction'), fieldsOf(receipt, 'receipt'))
    },
    async nonce(address, block) {
      return quantityOf(await call('eth_getTransactionCount', [address, { blockHash: block.hash }]), 'nonce')
    },
    async call(to, data, block) {
      return (await call('eth_call', [to === null ? { data } : { to, data }, { blockHash: block.hash }])) as Hex
    },
    async code(address, block) {
      return (await call('eth_getCode', [address, { blockHash: block.hash }])) as Hex
    },
    async block(id) {
      const { header, fields } = await fetchBlock(id, watchesCoin)
      const transactions = listOf(fields.transactions, 'transactions')
      const hashes = new Set(transactions.map(entry => transactionHash(entry, header)))
      const coinPayments = watchesCoin ? coinPaymentsOf(transactions) : []
      // Without transactions there are no receipts, and without receipts no logs.
      if (contracts.length === 0 || hashes.size === 0) return { header, transfers: [], coinSweeps: [], coinPayments }
      const filter = { blockHash: header.hash, address: contracts, topics: [TRANSFER_TOPIC] }
      const logs = listOf(await call('eth_getLogs', [filter]), 'logs')
      return {
        header,
        transfers: tokenTransfers(logs, { chainId, header, contracts, hashes }),
        coinSweeps: [],
        coinPayments,
      }
    },
  }
}

/** The first four bytes of keccak256 of `balanceOf(address)` and the padding of its argument. */
const BALANCE_OF = `0x70a08231${'00'.repeat(12)}`

function sentOf(transaction: Fields, receipt: Fields): Sent {
  const status = quantityOf(receipt.status, 'receipt status')
  expect(status <= 1n, 'an unknown receipt status')
  return {
    sender: addressOf(transaction.from, 'sender'),
    nonce: quantityOf(transaction.nonce, 'nonce'),
    blockHash: hashOf(receipt.blockHash, 'block hash'),
    blockNumber: quantityOf(receipt.blockNumber, 'block number'),
    succeeded: status === 1n,
  }
}

async function coinTransfers(
  node: ChainNode,
  chainId: number,
  { header, coinPayments }: Block,
  watch: CoinWatch,
): Promise<Transfer[]> {
  const payments = coinPayments.filter(payment => watch.has(payment.to))
  const succeeded = inOrder(payments, RECEIPTS_AHEAD, async payment => {
    const sent = await node.sent(payment.txHash)
    expect(sent?.blockHash === header.hash, 'a receipt from another block')
    return sent.succeeded
  })
  const arrived: CoinPayment[] = []
  for (const payment of payments) {
    if ((await succeeded.next()).value) arrived.push(payment)
  }
  return [...Map.groupBy(arrived, payment => payment.to)].map(([to, parts]) => ({
    chainId,
    asset: NATIVE,
    to,
    from: only(parts.map(part => part.from)),
    amountRaw: parts.reduce((sum, part) => sum + part.amountRaw, 0n),
    txHash: only(parts.map(part => part.txHash)),
    place: `native:${to}`,
    blockHash: header.hash,
    blockNumber: header.number,
  }))
}

/** The value that all of `values` are, or null where they differ. */
function only(values: readonly Hex[]): Hex | null {
  const [first, ...others] = new Set(values)
  return first === undefined || others.length > 0 ? null : first
}

function headerOf(fields: Fields): BlockHeader {
  const seconds = quantityOf(fields.timestamp, 'block time')
  expect(seconds <= TIME_MAX_S, 'an impossible block time')
  return {
    number: quantityOf(fields.number, 'block number'),
    hash: hashOf(fields.hash, 'block hash'),
    parentHash: hashOf(fields.parentHash, 'parent hash'),
    time: new Date(Number(seconds) * 1000),
  }
}

function transactionHash(entry: unknown, header: BlockHeader): Hex {
  if (typeof entry === 'string') return hashOf(entry, 'transaction hash')
  const transaction = fieldsOf(entry, 'transaction')
  expect(transaction.blockHash === header.hash, 'a transaction of another block')
  return hashOf(transaction.hash, 'transaction hash')
}

function coinPaymentsOf(transactions: readonly unknown[]): CoinPayment[] {
  return transactions.flatMap(entry => {
    const transaction = fieldsOf(entry, 'transaction')
    const amountRaw = quantityOf(transaction.value, 'value')
    // A transaction without a recipient creates a contract.
    if (amountRaw === 0n || transaction.to === null || transaction.to === undefined) return []
    return {
      txHash: hashOf(transaction.hash, 'transaction hash'),
      from: addressOf(transaction.from, 'sender'),
      to: addressOf(transaction.to, 'recipient'),
      amountRaw,
    }
  })
}

function toQuantity(value: bigint): string {
  return `0x${value.toString(16)}`
}
