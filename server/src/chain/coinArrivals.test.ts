import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  depositFactoryAbi,
  depositFactoryAddress,
  depositFactoryBytecode,
} from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { concatHex, encodeFunctionData, zeroHash } from 'viem'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { NATIVE } from '../domain/asset.ts'
import { depositAddress } from '../domain/depositAddress.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import { bytesToHex, type Hex } from '../domain/hex.ts'
import { uuidToBytes } from '../domain/uuid.ts'
import type { Block, ChainNode, CoinArrivals } from './chainNode.ts'
import { coinArrivals } from './coinArrivals.ts'
import { evmNode } from './evmNode.ts'

const FACTORY = { factory: depositFactoryAddress, initCodeHash: depositProxyInitCodeHash } as const
const PAYOUTS = [{ chainId: 0, receiver: `0x${'ce'.repeat(20)}` as Hex, share: 10_000 }]
/** Runs as creation code: pays its value to the address in its last 20 bytes, without a transaction to it. */
const PAY_ON = (to: Hex): Hex => `0x5f5f5f5f3473${to.slice(2)}5af100`

let chain: TestChain
let node: ChainNode
let wallet: ChainWallet
let sessions = 0

before(async () => {
  chain = await startTestChain()
  const { rpcUrl, chainId } = chain
  node = evmNode({
    chainId,
    rpcUrl,
    timeoutMs: 10_000,
    tokens: [NATIVE],
    factory: depositFactoryAddress,
    coinAlias: null,
  })
  wallet = await openChainWallet(rpcUrl)
  await wallet.send({ to: deterministicDeployerAddress, data: concatHex([zeroHash, depositFactoryBytecode]) })
})

after(() => chain.stop())

/** A deposit address of its own, and how it is swept. */
function newDeposit(): { address: Hex; sweep: () => Promise<Hex> } {
  sessions += 1
  const sessionId = `00000000-0000-7000-8000-${String(sessions).padStart(12, '0')}`
  const args = [
    BigInt(bytesToHex(uuidToBytes(sessionId))),
    PAYOUTS.map(row => ({ ...row, chainId: 0n, share: 10_000n })),
    [NATIVE],
  ] as const
  const data = encodeFunctionData({ abi: depositFactoryAbi, functionName: 'sweep', args })
  return {
    address: depositAddress(FACTORY, sessionId, PAYOUTS),
    sweep: () => wallet.send({ to: depositFactoryAddress, data, gas: 500_000n }),
  }
}

const pay = (to: Hex, value: bigint) => wallet.send({ to, value })
const mine = (count: number) => wallet.call('anvil_mine', `0x${count.toString(16)}`)

async function blocksAfter(number: bigint): Promise<Block[]> {
  const head = await node.head()
  const numbers = Array.from({ length: Number(head.number - number) }, (_, index) => number + BigInt(index) + 1n)
  return await Promise.all(numbers.map(each => node.block(each)))
}

/** What arrived after block `number`, each as the height after it, the amount and the transaction. */
async function arrivedAfter(number: bigint, address: Hex, expected: bigint, by = node) {
  const told = await coinArrivals(by, chain.chainId, await blocksAfter(number), new Map([[address, expected]]))
  assert.deepEqual(told.missing, [])
  return inShort(told, number)
}

function inShort({ arrivals }: CoinArrivals, number: bigint) {
  return [...arrivals].flatMap(([hash, transfers]) => {
    return transfers.map(transfer => {
      assert.equal(transfer.blockHash, hash)
      assert.equal(transfer.place, `native:${transfer.to}`)
      return [transfer.blockNumber - number, transfer.amountRaw, transfer.txHash]
    })
  })
}

/** The node when it keeps the state of these heights no more. */
function forgetful(isGone: (number: bigint) => boolean): ChainNode {
  return {
    ...node,
    balances: async (wanted, block) => (isGone(block.number) ? null : await node.balances(wanted, block)),
  }
}

test('coin is one fact per address and block, with its transaction where one brought the whole', async () => {
  const [several, single, none] = [newDeposit().address, newDeposit().address, newDeposit().address]
  const { number } = await node.head()
  let only: Hex = '0x'
  await wallet.inOneBlock(async () => {
    await wallet.send({ to: several, value: 5n })
    await wallet.send({ from: wallet.accounts[1], to: several, value: 7n })
    only = await wallet.send({ to: single, value: 11n })
    await wallet.send({ to: none, value: 0n })
  })
  const blocks = await blocksAfter(number)
  const watch = new Map([several, single, none].map(address => [address, 0n]))
  const { arrivals, missing } = await coinArrivals(node, chain.chainId, blocks, watch)
  assert.deepEqual(missing, [])
  const block = blocks.at(-1)
  invariant(block, 'a block was mined')
  const at = { chainId: chain.chainId, asset: NATIVE, blockHash: block.header.hash, blockNumber: block.header.number }
  assert.deepEqual([...arrivals.values()].flat(), [
    { ...at, to: several, from: null, amountRaw: 12n, txHash: null, place: `native:${several}` },
    { ...at, to: single, from: wallet.accounts[0], amountRaw: 11n, txHash: only, place: `native:${single}` },
  ])
})

test('F81: a transaction that was undone brings nothing, and is no name for what came otherwise', async () => {
  const reverting: Hex = `0x${'ee'.repeat(20)}`
  await wallet.call('anvil_setCode', reverting, '0x5f5ffd')
  const { number } = await node.head()
  await wallet.send({ to: reverting, value: 13n, gas: 100_000n })
  assert.deepEqual(await arrivedAfter(number, reverting, 0n), [])
  await wallet.call('anvil_setBalance', reverting, '0xd')
  assert.deepEqual(await arrivedAfter(number, reverting, 0n), [[1n, 13n, null]])
})

test('F93, F95: coin that no transaction to the address shows is found by its balance', async () => {
  const deposit = newDeposit().address
  const { number } = await node.head()
  const creating = { from: wallet.accounts[0], value: '0x2a', data: PAY_ON(deposit) }
  await wallet.call('eth_sendTransaction', creating)
  await mine(1)
  await wallet.call('anvil_setBalance', deposit, '0x30')
  assert.deepEqual(await arrivedAfter(number, deposit, 0n), [
    [1n, 42n, null],
    [2n, 6n, null],
  ])
})

test('each payment of a long span is found in its block, in few calls', async () => {
  const deposit = newDeposit().address
  await pay(deposit, 100n)
  const { number } = await node.head()
  await mine(20)
  const first = await pay(deposit, 1n)
  await mine(30)
  const second = await pay(deposit, 2n)
  const third = await pay(deposit, 3n)
  await mine(40)
  let calls = 0
  const counting: ChainNode = {
    ...node,
    balances: (wanted, block) => {
      calls += 1
      return node.balances(wanted, block)
    },
  }
  assert.deepEqual(await arrivedAfter(number, deposit, 100n, counting), [
    [21n, 1n, first],
    [52n, 2n, second],
    [53n, 3n, third],
  ])
  assert.ok(calls <= 20, `${calls} calls for 93 blocks`)
  calls = 0
  assert.deepEqual(await arrivedAfter(number, deposit, 106n, counting), [])
  assert.equal(calls, 1)
})

test('B8.6: what was swept in between counts; the sweep is told by the factory’s log', async () => {
  const deposit = newDeposit()
  const { number } = await node.head()
  const first = await pay(deposit.address, 1n)
  const swept = await deposit.sweep()
  const second = await pay(deposit.address, 2n)
  await wallet.inOneBlock(async () => {
    await wallet.send({ to: deposit.address, value: 4n, gas: 100_000n })
    void deposit.sweep()
    await waitUntil('both wait', async () => {
      const status = (await wallet.call('txpool_status')) as { pending: string }
      return status.pending === '0x2'
    })
  })
  const blocks = await blocksAfter(number)
  assert.deepEqual(blocks[1]?.coinSweeps, [
    {
      chainId: chain.chainId,
      asset: NATIVE,
      to: PAYOUTS[0]?.receiver,
      from: deposit.address,
      amountRaw: 1n,
      txHash: swept,
      place: '0',
      blockHash: blocks[1]?.header.hash,
      blockNumber: number + 2n,
    },
  ])
  assert.deepEqual(
    blocks.flatMap(block => block.coinSweeps.map(sweep => sweep.amountRaw)),
    [1n, 6n],
  )
  const arrived = await arrivedAfter(number, deposit.address, 0n)
  assert.deepEqual(arrived.slice(0, 2), [
    [1n, 1n, first],
    [3n, 2n, second],
  ])
  assert.deepEqual(arrived[2]?.slice(0, 2), [4n, 4n])
  assert.equal(arrived.length, 3)
})

test('a share that the factory sent to a fallback is told by its log, and not by the balance too', async () => {
  const fallback = newDeposit()
  const { number } = await node.head()
  await pay(fallback.address, 12n)
  const [block] = await blocksAfter(number)
  invariant(block, 'a block was mined')
  const { hash: blockHash, number: blockNumber } = block.header
  const share = {
    chainId: chain.chainId,
    asset: NATIVE,
    from: newDeposit().address,
    to: fallback.address,
    amountRaw: 5n,
  }
  const told = { ...block, coinSweeps: [{ ...share, txHash: blockHash, place: '0', blockHash, blockNumber }] }
  const arrived = await coinArrivals(node, chain.chainId, [told], new Map([[fallback.address, 0n]]))
  assert.deepEqual(
    inShort(arrived, number).map(([, amountRaw]) => amountRaw),
    [7n],
  )
})

test('less than the facts say is told as missing, and nothing is told to arrive there', async () => {
  const [robbed, other] = [newDeposit().address, newDeposit().address]
  const { number } = await node.head()
  await mine(3)
  await pay(robbed, 50n)
  await pay(other, 1n)
  const blocks = await blocksAfter(number)
  // 20 are said to have lain there before: in the first half 20 are missing, in the second 50 arrive.
  const watch = new Map([
    [robbed, 20n],
    [other, 0n],
  ])
  const { arrivals, missing } = await coinArrivals(node, chain.chainId, blocks, watch)
  assert.deepEqual(missing, [robbed])
  assert.deepEqual(
    [...arrivals.values()].flat().map(({ to, amountRaw }) => [to, amountRaw]),
    [[other, 1n]],
  )
})

test('where the state of older blocks is gone, payments date what the newest shows, and it takes the rest', async () => {
  const deposit = newDeposit().address
  const { number } = await node.head()
  await mine(3)
  const first = await pay(deposit, 5n)
  await mine(2)
  await wallet.call('anvil_setBalance', deposit, `0x${12n.toString(16)}`)
  await mine(2)
  const { number: newest } = await node.head()
  const dated = [
    [4n, 5n, first],
    [newest - number, 7n, null],
  ]
  assert.deepEqual(
    await arrivedAfter(
      number,
      deposit,
      0n,
      forgetful(height => height < newest),
    ),
    dated,
  )
})

test('where the state of all blocks is gone, what no payment dates is in doubt, and told with the first state that shows it', async () => {
  const deposit = newDeposit().address
  const { number } = await node.head()
  const first = await pay(deposit, 5n)
  await wallet.call('anvil_setBalance', deposit, `0x${12n.toString(16)}`)
  await mine(2)
  const blocks = await blocksAfter(number)
  const { number: newest } = await node.head()
  const deep = forgetful(height => height <= newest)
  await mine(1)
  const told = await coinArrivals(deep, chain.chainId, blocks, new Map([[deposit, 0n]]))
  assert.deepEqual([inShort(told, number), told.inDoubt], [[[1n, 5n, first]], [deposit]])
  const later = await coinArrivals(deep, chain.chainId, await blocksAfter(newest), new Map([[deposit, 5n]]))
  assert.deepEqual([inShort(later, newest), later.inDoubt], [[[1n, 7n, null]], []])
})

test('in deep catch-up coin is told with no block before the one that it came with', async () => {
  const [named, unnamed] = [newDeposit().address, newDeposit().address]
  const { number } = await node.head()
  await mine(2)
  const paid = await pay(named, 5n)
  await wallet.call('anvil_setBalance', unnamed, '0x7')
  await mine(3)
  const deep = forgetful(height => height <= number + 4n)
  const held = new Map([named, unnamed].map(address => [address, 0n]))
  const seen: unknown[] = []
  for (const block of await blocksAfter(number)) {
    const told = await coinArrivals(deep, chain.chainId, [block], new Map(held))
    for (const { to, amountRaw } of [...told.arrivals.values()].flat()) held.set(to, (held.get(to) ?? 0n) + amountRaw)
    seen.push([inShort(told, number), told.inDoubt])
  }
  assert.deepEqual(seen, [
    [[], [named, unnamed]],
    [[], [named, unnamed]],
    [[[3n, 5n, paid]], [unnamed]],
    [[], [unnamed]],
    [[[5n, 7n, null]], []],
    [[], []],
  ])
})

test('in deep catch-up nothing is told before the oldest state that is kept shows it, and then nothing is missing', async () => {
  const deposit = newDeposit().address
  const { number } = await node.head()
  await mine(4)
  await pay(deposit, 3n)
  // Of the four blocks before the payment the state of two is kept still.
  const deep = forgetful(height => height <= number + 2n)
  let held = 0n
  for (const block of await blocksAfter(number)) {
    const told = await coinArrivals(deep, chain.chainId, [block], new Map([[deposit, held]]))
    assert.deepEqual(told.missing, [])
    held += [...told.arrivals.values()].flat().reduce((sum, { amountRaw }) => sum + amountRaw, 0n)
    assert.equal(held, block.header.number === number + 5n ? 3n : 0n)
  }
})

test('in deep catch-up a sweep that comes later makes nothing missing, and what it moved is counted with it', async () => {
  const deposit = newDeposit()
  const { number } = await node.head()
  await pay(deposit.address, 8n)
  const paid = await blocksAfter(number)
  await deposit.sweep()
  await mine(1)
  const swept = await blocksAfter(number + 1n)
  const deep = forgetful(height => height <= number + 2n)
  const before = await coinArrivals(deep, chain.chainId, paid, new Map([[deposit.address, 0n]]))
  assert.deepEqual([[...before.arrivals], before.missing], [[], []])
  // What was swept came before, be the state of its block gone too.
  const alone = await coinArrivals(deep, chain.chainId, swept.slice(0, 1), new Map([[deposit.address, 0n]]))
  assert.deepEqual([inShort(alone, number), alone.inDoubt], [[[2n, 8n, null]], []])
  const told = await coinArrivals(deep, chain.chainId, swept, new Map([[deposit.address, 0n]]))
  assert.deepEqual(told.missing, [])
  assert.equal(
    [...told.arrivals.values()].flat().reduce((sum, { amountRaw }) => sum + amountRaw, 0n),
    8n,
  )
})

test('a node without the state of its own head, or with other receipts, is an error', async () => {
  const deposit = newDeposit().address
  const { number } = await node.head()
  await pay(deposit, 1n)
  const blocks = await blocksAfter(number)
  const watch = new Map([[deposit, 0n]])
  await assert.rejects(
    coinArrivals(
      forgetful(() => true),
      chain.chainId,
      blocks,
      watch,
    ),
    { code: 'pruned' },
  )
  const elsewhere: ChainNode = { ...node, sent: async () => null }
  await assert.rejects(coinArrivals(elsewhere, chain.chainId, blocks, watch), { code: 'stale' })
  const failing: ChainNode = { ...node, balances: () => Promise.reject(new UpstreamError('no', { retryable: true })) }
  await assert.rejects(coinArrivals(failing, chain.chainId, blocks, watch), UpstreamError)
  assert.deepEqual(await coinArrivals(failing, chain.chainId, blocks, new Map()), {
    arrivals: new Map(),
    missing: [],
    inDoubt: [],
  })
  assert.deepEqual(await coinArrivals(failing, chain.chainId, [], watch), {
    arrivals: new Map(),
    missing: [],
    inDoubt: [],
  })
})
