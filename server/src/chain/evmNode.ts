import { NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { blockLogs, type Log, type LogBlock } from './blockLogs.ts'
import type { BlockHeader, ChainNode, CoinPayment, Sent } from './chainNode.ts'
import { coinSweeps, SWEPT_TOPIC } from './coinSweeps.ts'
import { type JsonRpcOptions, jsonRpc, RpcError } from './jsonRpc.ts'
import { readBalances } from './readBalances.ts'
import {
  addressOf,
  bytesOf,
  expect,
  type Fields,
  fieldsOf,
  hashOf,
  listOf,
  quantityOf,
  toQuantity,
} from './rpcAnswer.ts'
import { stateCall } from './stateCall.ts'
import { TRANSFER_TOPIC, tokenTransfers } from './tokenTransfers.ts'

/** A node of an EVM chain, and what is watched there: contracts of tokens, and `NATIVE` for the coin. */
export type EvmNodeOptions = JsonRpcOptions & {
  chainId: number
  tokens: readonly Hex[]
  /** The factory whose `Swept` logs tell of coin that left deposit addresses. */
  factory: Hex
  /** A contract whose transfers are those of the native coin, or null. */
  coinAlias: Hex | null
}

const TIME_MAX_S = 8_640_000_000_000n

/** One node of an EVM chain; see `ChainNode` for what each answer promises. */
export function evmNode(options: EvmNodeOptions): ChainNode {
  const { chainId, tokens, factory, coinAlias } = options
  const call = jsonRpc(options)
  const ask = stateCall(call)
  const watchesCoin = tokens.includes(NATIVE)
  const filter = {
    addresses: [
      ...tokens.filter(token => token !== NATIVE && token !== coinAlias),
      ...(watchesCoin ? [factory, ...(coinAlias === null ? [] : [coinAlias])] : []),
    ],
    topics: [TRANSFER_TOPIC, ...(watchesCoin ? [SWEPT_TOPIC] : [])],
  }

  async function fetchBlock(id: bigint | Hex, whole: boolean): Promise<{ header: BlockHeader; fields: Fields }> {
    const [method, key] = typeof id === 'bigint' ? ['eth_getBlockByNumber', toQuantity(id)] : ['eth_getBlockByHash', id]
    const fields = fieldsOf(await call(method, [key, whole]), 'block')
    const header = headerOf(fields)
    expect((typeof id === 'bigint' ? header.number : header.hash) === id, 'another block')
    return { header, fields }
  }

  async function fetchLogs(block: LogBlock): Promise<Log[]> {
    // Without transactions there are no receipts, and without receipts no logs.
    if (filter.addresses.length === 0 || block.hashes.size === 0) return []
    const asked = { blockHash: block.header.hash, address: filter.addresses, topics: [filter.topics] }
    return blockLogs(await call('eth_getLogs', [asked]), block, filter)
  }

  return {
    async check() {
      const answered = quantityOf(await call('eth_chainId', []), 'chain id')
      if (answered === BigInt(chainId)) return
      throw new UpstreamError(`The node of chain ${chainId} serves chain ${answered}.`, {
        retryable: false,
        code: 'wrong_chain',
      })
    },
    async head() {
      return headerOf(fieldsOf(await call('eth_getBlockByNumber', ['latest', false]), 'block'))
    },
    async header(id) {
      return (await fetchBlock(id, false)).header
    },
    async tagged(tag) {
      try {
        const answer = await call('eth_getBlockByNumber', [tag, false])
        return answer === null ? null : headerOf(fieldsOf(answer, 'block'))
      } catch (error) {
        // Nodes that know no such tag, or no such block yet, refuse the call.
        if (error instanceof RpcError) return null
        throw error
      }
    },
    balances: (wanted, block) => readBalances(ask, wanted, block),
    async sent(txHash) {
      const receipt = await call('eth_getTransactionReceipt', [txHash])
      if (receipt === null) return null
      const transaction = await call('eth_getTransactionByHash', [txHash])
      return sentOf(txHash, fieldsOf(transaction, 'transaction'), fieldsOf(receipt, 'receipt'))
    },
    async nonce(address, block) {
      const told = await ask('eth_getTransactionCount', [address], block)
      return told && quantityOf(told.answer, 'nonce')
    },
    async call(to, data, block) {
      try {
        const told = await ask('eth_call', [to === null ? { data } : { to, data }], block)
        return told && bytesOf(told.answer, 'result')
      } catch (error) {
        if (error instanceof RpcError && error.isRevert) return null
        throw error
      }
    },
    async code(address, block) {
      const told = await ask('eth_getCode', [address], block)
      return told && bytesOf(told.answer, 'code')
    },
    async block(id) {
      const { header, fields } = await fetchBlock(id, watchesCoin)
      const transactions = listOf(fields.transactions, 'transactions')
      const hashes = new Set(transactions.map(entry => transactionHash(entry, header)))
      const logs = await fetchLogs({ header, hashes })
      const { aliased, ...money } = moneyIn(logs, header, options)
      const coinPayments = watchesCoin ? coinPaymentsOf(transactions) : []
      return { header, ...money, coinPayments: [...coinPayments, ...unlisted(aliased, coinPayments)] }
    },
  }
}

/** What `logs` tell of money: of tokens, of coin that left deposit addresses, and of coin by the contract that is its alias. */
function moneyIn(logs: readonly Log[], header: BlockHeader, { chainId, tokens, factory, coinAlias }: EvmNodeOptions) {
  const at = { chainId, blockHash: header.hash, blockNumber: header.number }
  const transfers = tokenTransfers(logs)
  const isToken = (asset: Hex) => asset !== coinAlias && tokens.includes(asset)
  return {
    transfers: transfers.filter(({ asset }) => isToken(asset)).map(transfer => ({ ...transfer, ...at })),
    coinSweeps: coinSweeps(logs, factory).map(sweep => ({ ...sweep, ...at })),
    aliased: transfers.filter(({ asset }) => asset === coinAlias),
  }
}

/** Those payments that `listed` does not have, under another name of the same coin. */
function unlisted(payments: readonly CoinPayment[], listed: readonly CoinPayment[]): CoinPayment[] {
  return payments
    .filter(({ txHash, to }) => !listed.some(payment => payment.txHash === txHash && payment.to === to))
    .map(({ txHash, from, to, amountRaw }) => ({ txHash, from, to, amountRaw }))
}

function sentOf(txHash: Hex, transaction: Fields, receipt: Fields): Sent {
  expect(receipt.transactionHash === txHash && transaction.hash === txHash, 'another transaction')
  // Between the two answers the chain may have changed.
  expect(transaction.blockHash === receipt.blockHash, 'a receipt from another block', 'stale')
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
  expect(transaction.blockHash === header.hash, 'a transaction of another block', 'lie')
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
