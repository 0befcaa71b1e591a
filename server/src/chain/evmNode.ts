import { NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { blockLogs, type Log, type LogBlock } from './blockLogs.ts'
import type { Block, BlockHeader, ChainNode, Sent, Transfer } from './chainNode.ts'
import { coinPayments } from './coinPayments.ts'
import { toldFirstBlock } from './firstBlock.ts'
import { hashProof } from './hashProof.ts'
import { type JsonRpcOptions, jsonRpc, RpcError } from './jsonRpc.ts'
import { concerns, type MoneyLogs, type MoneyWatch, moneyLogs } from './moneyLogs.ts'
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
import { hasLogsBeyondBloom, stateSyncHash } from './stateSync.ts'

/** A node of an EVM chain, and what is watched there. */
export type EvmNodeOptions = JsonRpcOptions & MoneyWatch

const TIME_MAX_S = 8_640_000_000_000n

/** One node of an EVM chain; see `ChainNode` for what each answer promises. */
export function evmNode(options: EvmNodeOptions): ChainNode {
  const { chainId, tokens } = options
  const call = jsonRpc(options)
  const ask = stateCall(call)
  const proof = hashProof(call, chainId)
  const watchesCoin = tokens.includes(NATIVE)
  const money = moneyLogs(options)

  async function fetchBlock(id: bigint | Hex, whole: boolean): Promise<Told> {
    const [method, key] = typeof id === 'bigint' ? ['eth_getBlockByNumber', toQuantity(id)] : ['eth_getBlockByHash', id]
    const answer = await call(method, [key, whole])
    expect(answer !== null, 'no such block', 'stale')
    const told = toldBy(answer)
    expect((typeof id === 'bigint' ? told.header.number : told.header.hash) === id, 'another block')
    return told
  }

  function toldBy(answer: unknown): Told {
    const fields = fieldsOf(answer, 'block')
    const header = headerOf(fields)
    return { header, fields, bloom: proof.bloomOf(fields, header.hash) }
  }

  async function fetchLogs(block: LogBlock, bloom: Hex | null): Promise<readonly Log[]> {
    // Without transactions there are no receipts, and without receipts no logs.
    if (money.filter === null || block.hashes.size === 0) return []
    const mayHaveLogs = bloom === null || money.mayBeIn(bloom)
    if (!mayHaveLogs && !hasLogsBeyondBloom(chainId)) return []
    const { addresses: address, topics } = money.filter
    const asked = { blockHash: block.header.hash, address, topics: [topics] }
    const logs = blockLogs(await call('eth_getLogs', [asked]), block, money.filter)
    // Some nodes tell of no logs while their index is behind.
    const isOdd = logs.length === 0 && bloom !== null && mayHaveLogs
    return isOdd ? ((await proof.logsOf(block.header)) ?? logs) : logs
  }

  return {
    async check(genesis) {
      const answered = quantityOf(await call('eth_chainId', []), 'chain id')
      if (answered !== BigInt(chainId)) throw wrongChain(`The node of chain ${chainId} serves chain ${answered}.`)
      if (genesis === undefined) return
      const first = await toldFirstBlock({ header: async id => (await fetchBlock(id, false)).header })
      if (first === null || first === genesis) return
      throw wrongChain(`The node of chain ${chainId} has another first block, ${first}, than ${genesis}.`)
    },
    async head() {
      return toldBy(await call('eth_getBlockByNumber', ['latest', false])).header
    },
    async header(id) {
      return (await fetchBlock(id, false)).header
    },
    async tagged(tag) {
      try {
        const answer = await call('eth_getBlockByNumber', [tag, false])
        return answer === null ? null : toldBy(answer).header
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
    async call(to, data, block, gas) {
      const limit = gas === undefined ? {} : { gas: toQuantity(gas) }
      try {
        const told = await ask('eth_call', [to === null ? { data, ...limit } : { to, data, ...limit }], block)
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
      const { header, fields, bloom } = await fetchBlock(id, watchesCoin)
      const transactions = listOf(fields.transactions, 'transactions')
      const hashes = new Set(transactions.map(entry => transactionHash(entry, header)))
      // Not every node has it in this list that tells of its logs.
      const synced = stateSyncHash(chainId, header)
      if (synced !== null) hashes.add(synced)
      const { aliased, ...logged } = money.read(await fetchLogs({ header, hashes }, bloom), header)
      const payments = watchesCoin ? coinPayments(transactions, aliased) : []
      return { header, ...logged, coinPayments: payments, ...(bloom === null ? {} : { bloom }) }
    },
    async proven(block, ours) {
      if (!concerns(block, ours)) return block
      const logs = await proof.logsOf(block.header)
      if (logs === null) return block
      return provedBy(logs, block, stateSyncHash(chainId, block.header), money)
    },
  }
}

function wrongChain(message: string): UpstreamError {
  return new UpstreamError(message, { retryable: false, code: 'wrong_chain' })
}

/** A block as it was told, and its bloom where that can be relied on. */
type Told = { header: BlockHeader; fields: Fields; bloom: Hex | null }

/** `block` as `logs`, which its hash commits to, tell of it; but for what was told of its state sync, `synced`, if it has one. */
function provedBy(logs: readonly Log[], block: Block, synced: Hex | null, money: MoneyLogs): Block {
  const isSynced = ({ txHash }: Pick<Transfer, 'txHash'>) => synced !== null && txHash === synced
  const told = [...block.transfers, ...block.coinSweeps]
  // The same log may be told here and among the receipts with another index.
  const others = told.some(isSynced) ? logs.filter(log => !isSynced(log)) : logs
  const { transfers, coinSweeps } = money.read(others, block.header)
  const proved = new Set([...transfers, ...coinSweeps].map(keyOf))
  expect(
    told.every(transfer => proved.has(keyOf(transfer)) || isSynced(transfer)),
    'a log that is in no receipt',
    'lie',
  )
  return {
    ...block,
    transfers: [...transfers, ...block.transfers.filter(isSynced)],
    coinSweeps: [...coinSweeps, ...block.coinSweeps.filter(isSynced)],
  }
}

function keyOf({ asset, from, to, amountRaw, txHash, place }: Transfer): string {
  return [asset, from, to, amountRaw, txHash, place].join(' ')
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
