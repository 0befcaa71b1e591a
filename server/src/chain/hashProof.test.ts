import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { createWalletClient, http, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { inFrontOf, withServer } from '../../test/harness/rpcServer.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block, ChainNode } from './chainNode.ts'
import { evmNode } from './evmNode.ts'
import { headerHash } from './headerHash.ts'
import { receiptsRoot } from './receiptsRoot.ts'
import type { Fields } from './rpcAnswer.ts'
import { TRANSFER_TOPIC } from './tokenTransfers.ts'

const DEPOSIT: Hex = `0x${'de'.repeat(20)}`
const STRANGER: Hex = `0x${'57'.repeat(20)}`
const OURS = new Set([DEPOSIT])

let chain: TestChain
let wallet: ChainWallet
/** A block in which a stranger, the deposit address, and a stranger again are paid 1, 2 and 3 of test USDC. */
let paid: bigint

const nodeAt = (rpcUrl: string, chainId = 80001) =>
  evmNode({
    chainId,
    rpcUrl,
    timeoutMs: 10_000,
    tokens: [testUsdcAddress, NATIVE],
    factory: STRANGER,
    coinAlias: null,
  })

before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  await wallet.mintUsdc(wallet.accounts[0], 1_000_000n)
  await wallet.inOneBlock(async () => {
    await wallet.transferUsdc(STRANGER, 1n)
    await wallet.transferUsdc(DEPOSIT, 2n)
    await wallet.transferUsdc(STRANGER, 3n)
  })
  paid = (await nodeAt(chain.rpcUrl).head()).number
})

after(() => chain.stop())

type Lie = (method: string, result: Fields & Fields[], params: unknown[]) => unknown

/** Runs `run` with a node that answers as the chain does, but for what `lie` makes of an answer, and the methods it was asked. */
async function withLiar<T>(
  lie: Lie,
  run: (node: ChainNode, asked: string[]) => Promise<T>,
  chainId?: number,
): Promise<T> {
  const asked: string[] = []
  const listener = inFrontOf(chain.rpcUrl, async ({ method, params }, pass) => {
    asked.push(method)
    const answer = await pass()
    if (!('result' in answer) || answer.result === null) return answer
    const result = lie(method, answer.result as Fields & Fields[], params)
    return result instanceof Error ? { error: { code: -32601, message: result.message } } : { result }
  })
  return await withServer(listener, url => run(nodeAt(url, chainId), asked))
}

const amounts = ({ transfers }: Block) => transfers.map(({ to, amountRaw }) => [to, amountRaw])
const ALL = [
  [STRANGER, 1n],
  [DEPOSIT, 2n],
  [STRANGER, 3n],
]

/** What a node says that forges a transfer of 2,000 instead of 2 to the deposit address. */
const forged = (entry: Fields): Fields => {
  if (Array.isArray(entry.logs)) return { ...entry, logs: entry.logs.map(forged) }
  return { ...entry, data: `${entry.data}`.replace(/0002$/, '07d0') }
}

test('blocks with transactions of every type are proved by their hashes', async () => {
  const account = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
  await wallet.call('anvil_setBalance', account.address, '0xde0b6b3a7640000')
  const transport = http(chain.rpcUrl)
  const client = createWalletClient({ account, transport, chain: { ...anvil, id: chain.chainId } })
  const authorization = await client.signAuthorization({ contractAddress: testUsdcAddress, executor: 'self' })
  const common = { to: testUsdcAddress, data: `0xa9059cbb${'0'.repeat(128)}`, gas: 100_000n } as const
  await wallet.call('evm_setAutomine', false)
  await client.sendTransaction({ ...common, type: 'legacy', nonce: 0 })
  await client.sendTransaction({ ...common, type: 'eip2930', accessList: [], nonce: 1 })
  await client.sendTransaction({ ...common, type: 'eip1559', nonce: 2 })
  await client.sendTransaction({ ...common, type: 'eip7702', authorizationList: [authorization], nonce: 3 })
  // More than 128, so that keys of two lengths are in the trie; the last runs out of gas.
  for (let nonce = 4; nonce < 140; nonce += 1) await client.sendTransaction({ ...common, type: 'eip1559', nonce })
  await client.sendTransaction({ ...common, type: 'legacy', nonce: 140, gas: 22_000n })
  await wallet.call('evm_mine')
  await wallet.call('evm_setAutomine', true)
  const block = (await wallet.call('eth_getBlockByNumber', 'latest', false)) as Fields
  const receipts = (await wallet.call('eth_getBlockReceipts', block.hash)) as Fields[]
  assert.equal(receipts.length, 141)
  assert.deepEqual([...new Set(receipts.map(({ type }) => type))], ['0x0', '0x1', '0x2', '0x4'])
  assert.equal(headerHash(block), block.hash)
  assert.equal(receiptsRoot(receipts), block.receiptsRoot)
})

test('a block without logs of interest costs one call, and one that names nobody of ours is taken as it is', async () => {
  await withLiar(
    (_, result) => result,
    async (node, asked) => {
      await wallet.call('anvil_mine', '0x1')
      await wallet.send({ to: STRANGER, value: 1n })
      const { number } = await node.head()
      asked.splice(0)
      const block = await node.block(number)
      assert.deepEqual([block.coinPayments.length, asked], [1, ['eth_getBlockByNumber']])
      const busy = await node.block(paid)
      assert.deepEqual(amounts(busy), ALL)
      asked.splice(0)
      assert.equal(await node.proven(busy, new Set<Hex>([`0x${'01'.repeat(20)}`])), busy)
      assert.deepEqual(asked, [])
      const proven = await node.proven(busy, OURS)
      assert.deepEqual(proven, busy)
      assert.deepEqual(asked, ['eth_getBlockByHash', 'eth_getBlockReceipts'])
    },
  )
})

test('on a chain with logs beyond its blooms, logs are asked for all the same', async () => {
  const asked: string[] = []
  const listener = inFrontOf(chain.rpcUrl, async ({ method }, pass) => {
    asked.push(method)
    return await pass()
  })
  await withServer(listener, async url => {
    const polygon = nodeAt(url, 137)
    const { number } = await polygon.head()
    asked.splice(0)
    await polygon.block(number)
    assert.deepEqual(asked, ['eth_getBlockByNumber', 'eth_getLogs'])
  })
})

/** What a node of Polygon tells beside the chain's own answers: a transfer of 5 to the deposit address by a state sync in block `paid`. */
async function stateSync() {
  const { hash } = await nodeAt(chain.rpcUrl).header(paid)
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(paid)
  const key = Buffer.concat([Buffer.from('matic-bor-receipt-'), number, Buffer.from(hash.slice(2), 'hex')])
  const transactionHash = keccak256(key)
  const [told] = (await wallet.call('eth_getLogs', { blockHash: hash })) as Fields[]
  const [, from] = (told?.topics ?? []) as Hex[]
  const log: Fields = {
    ...told,
    transactionHash,
    transactionIndex: '0x3',
    logIndex: '0x3',
    topics: [TRANSFER_TOPIC, from, `0x${DEPOSIT.slice(2).padStart(64, '0')}`],
    data: `0x${'5'.padStart(64, '0')}`,
  }
  const receipt = {
    type: '0x0',
    status: '0x1',
    cumulativeGasUsed: '0x0',
    gasUsed: '0x0',
    logsBloom: `0x${'00'.repeat(256)}`,
    logs: [log],
    transactionHash,
  }
  const transaction = { hash: transactionHash, blockHash: hash, from: NATIVE, to: NATIVE, value: '0x0' }
  return {
    inLogs: (method: string, params: unknown[]) =>
      method === 'eth_getLogs' && (params[0] as Fields).blockHash === hash ? [log] : [],
    inReceipts: (method: string, params: unknown[]) =>
      method === 'eth_getBlockReceipts' && params[0] === hash ? [receipt] : [],
    inBlock: (method: string, block: Fields, whole: unknown) =>
      method.startsWith('eth_getBlockBy') && block.hash === hash
        ? { ...block, transactions: [...(block.transactions as unknown[]), whole ? transaction : transactionHash] }
        : block,
  }
}

test('on Polygon the log of a state sync, which no receipt tells of, is believed as told; other logs are proved all the same', async () => {
  const sync = await stateSync()
  const unlisted: Lie = (method, result, params) =>
    method === 'eth_getLogs' ? [...result, ...sync.inLogs(method, params)] : result
  const listed: Lie = (method, result, params) =>
    sync.inBlock(method, unlisted(method, result, params) as Fields, params[1])
  for (const lie of [unlisted, listed]) {
    await withLiar(
      lie,
      async node => {
        const block = await node.block(paid)
        assert.deepEqual(amounts(block), [...ALL, [DEPOSIT, 5n]])
        assert.deepEqual(await node.proven(block, OURS), block)
      },
      137,
    )
    await withLiar(lie, async node => {
      // On no other chain is there such a thing.
      await assert.rejects(async () => node.proven(await node.block(paid), OURS), { code: 'lie' })
    })
  }
  const forging: Lie = (method, result, params) =>
    method === 'eth_getLogs' ? [...result.map(forged), ...sync.inLogs(method, params)] : result
  await withLiar(
    forging,
    async node => {
      const block = await node.block(paid)
      await assert.rejects(node.proven(block, OURS), { code: 'lie' })
    },
    137,
  )
})

test('on Polygon the log of a state sync that receipts alone tell of is found, and those receipts prove the others', async () => {
  const sync = await stateSync()
  const inReceipts: Lie = (method, result, params) => {
    const told = method === 'eth_getBlockReceipts' ? [...result, ...sync.inReceipts(method, params)] : result
    return sync.inBlock(method, told as Fields & Fields[], params[1])
  }
  await withLiar(
    inReceipts,
    async node => {
      const block = await node.block(paid)
      assert.deepEqual(amounts(block), ALL)
      assert.deepEqual(amounts(await node.proven(block, OURS)), [...ALL, [DEPOSIT, 5n]])
    },
    137,
  )
  const everywhere: Lie = (method, result, params) => {
    const told = inReceipts(method, result, params) as Fields[]
    return method === 'eth_getLogs' ? [...told, ...sync.inLogs(method, params)] : told
  }
  await withLiar(
    everywhere,
    async node => {
      const block = await node.block(paid)
      assert.deepEqual(await node.proven(block, OURS), block, 'it is counted once')
    },
    137,
  )
  const forging: Lie = (method, result, params) => {
    const told = inReceipts(method, result, params) as Fields[]
    return method === 'eth_getLogs' ? told.map(forged) : told
  }
  await withLiar(
    forging,
    async node => {
      const block = await node.block(paid)
      await assert.rejects(node.proven(block, OURS), { code: 'lie' }, 'a receipt beside them hides no forged log')
    },
    137,
  )
})

test('a header that contradicts its hash is a lie', async () => {
  const changes = [
    { timestamp: '0x1' },
    { parentHash: `0x${'12'.repeat(32)}` },
    { logsBloom: `0x${'00'.repeat(256)}` },
    { receiptsRoot: `0x${'12'.repeat(32)}` },
  ]
  for (const change of changes) {
    const lie: Lie = (_, result) => (result.number === `0x${paid.toString(16)}` ? { ...result, ...change } : result)
    await withLiar(lie, async node => {
      await node.header(paid - 1n)
      await assert.rejects(node.block(paid), { code: 'lie' }, JSON.stringify(change))
      await assert.rejects(node.header(paid), { code: 'lie' }, JSON.stringify(change))
    })
  }
})

test('G33: a chain that forks to other headers, or never hashed as Ethereum does, is read as it is told', async () => {
  const forks: Lie = (method, result) => {
    const isAfter = method.startsWith('eth_getBlockBy') && result.number === `0x${paid.toString(16)}`
    return isAfter ? { ...result, mixHash: `0x${'12'.repeat(32)}`, somethingNew: '0x1' } : result
  }
  await withLiar(forks, async node => {
    assert.notEqual((await node.block(paid - 1n)).bloom, undefined)
    const block = await node.block(paid)
    assert.deepEqual([amounts(block), block.bloom], [ALL, undefined])
    assert.equal(await node.proven(block, OURS), block)
  })
  const otherwise: Lie = (method, result) =>
    method.startsWith('eth_getBlockBy') ? { ...result, mixHash: '0x12' } : result
  await withLiar(otherwise, async (node, asked) => {
    const block = await node.block(paid)
    assert.deepEqual([amounts(block), block.bloom], [ALL, undefined])
    assert.equal(await node.proven(block, OURS), block)
    asked.splice(0)
    assert.equal(await node.proven(block, OURS), block)
    assert.deepEqual(asked, [])
  })
})

test('G33: a receipt of an unknown type is no lie, and does not stop the chain', async () => {
  const unknown: Lie = (method, result) => {
    return method === 'eth_getBlockReceipts' ? result.map(receipt => ({ ...receipt, type: '0x7f' })) : result
  }
  await withLiar(unknown, async node => {
    const block = await node.block(paid)
    assert.equal(await node.proven(block, OURS), block)
  })
})

test('B4.5: logs that a node leaves out are found by its own receipts', async () => {
  const dropping: Lie = (method, result) => (method === 'eth_getLogs' ? [] : result)
  await withLiar(dropping, async node => assert.deepEqual(amounts(await node.block(paid)), ALL))
  const omitting: Lie = (method, result) => (method === 'eth_getLogs' ? result.toSpliced(1, 1) : result)
  await withLiar(omitting, async node => {
    const block = await node.block(paid)
    assert.deepEqual(amounts(block), [ALL[0], ALL[2]])
    const proven = await node.proven(block, OURS)
    assert.deepEqual(amounts(proven), ALL)
    assert.deepEqual(proven.transfers[1]?.place, '1')
  })
})

test('B4.3: a log that is forged is a lie, with or without receipts to fit', async () => {
  const inLogs: Lie = (method, result) => (method === 'eth_getLogs' ? result.map(forged) : result)
  const everywhere: Lie = (method, result) => {
    return method === 'eth_getLogs' || method === 'eth_getBlockReceipts' ? result.map(forged) : result
  }
  for (const lie of [inLogs, everywhere]) {
    await withLiar(lie, async node => {
      const block = await node.block(paid)
      assert.deepEqual(amounts(block)[1], [DEPOSIT, 2_000n])
      await assert.rejects(node.proven(block, OURS), { code: 'lie', retryable: true })
      await assert.rejects(node.proven(block, OURS), { code: 'lie' })
    })
  }
  // Even a node that never told the truth of any header is measured by its older blocks.
  const withRoot: Lie = (method, result, params) => {
    if (everywhere(method, result, params) !== result) return everywhere(method, result, params)
    return result.number === `0x${paid.toString(16)}` ? { ...result, receiptsRoot: `0x${'12'.repeat(32)}` } : result
  }
  await withLiar(withRoot, async node => {
    await assert.rejects(async () => node.proven(await node.block(paid), OURS), { code: 'lie' })
  })
})

test('a node that tells no receipts proves nothing; one that tells them of other blocks only is at fault', async () => {
  const without: Lie = (method, result) => (method === 'eth_getBlockReceipts' ? new Error('no such method') : result)
  await withLiar(without, async (node, asked) => {
    const block = await node.block(paid)
    assert.equal(await node.proven(block, OURS), block)
    asked.splice(0)
    assert.equal(await node.proven(block, OURS), block)
    assert.deepEqual(asked, [])
  })
  let hash = ''
  const hiding: Lie = (method, result, params) => {
    return method === 'eth_getBlockReceipts' && params[0] === hash ? new Error('not now') : result
  }
  await withLiar(hiding, async node => {
    const block = await node.block(paid)
    hash = block.header.hash
    await assert.rejects(node.proven(block, OURS), { code: 'failed', retryable: true })
  })
})

test('a block that the node no longer has cannot be proved', async () => {
  const node = nodeAt(chain.rpcUrl)
  const block = await node.block(paid)
  invariant(block.transfers[1], 'the deposit address was paid')
  const lost = { ...block, header: { ...block.header, hash: `0x${'12'.repeat(32)}` as Hex } }
  await assert.rejects(node.proven(lost, OURS), { code: 'stale' })
})
