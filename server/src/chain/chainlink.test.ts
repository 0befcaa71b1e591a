import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testFeedAbi, testFeedBytecode } from '@bitstream/contracts/testFeed.ts'
import { encodeFunctionData, getCreate2Address, pad, toHex } from 'viem'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { agree, type Feeds, formatUsd } from '../domain/rate.ts'
import { chainlinkRates } from './chainlink.ts'
import type { ChainNode } from './chainNode.ts'
import { evmNode } from './evmNode.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const NOW_S = BigInt(NOW.getTime() / 1000)
const HEARTBEAT_S = 1200
const GRACE_S = 3600

let chain: TestChain
let wallet: ChainWallet
let node: Pick<ChainNode, 'head' | 'call'>
let eth: Hex
let eur: Hex
let sequencer: Hex

/** A feed of its own on the chain. */
async function deployFeed(number: number): Promise<Hex> {
  const salt = pad(toHex(number), { size: 32 })
  await wallet.send({ to: deterministicDeployerAddress, data: `${salt}${testFeedBytecode.slice(2)}` })
  const from = deterministicDeployerAddress
  return getCreate2Address({ from, salt, bytecode: testFeedBytecode }).toLowerCase() as Hex
}

type Told = { decimals?: number; startedAtS?: bigint; updatedAtS?: bigint }

async function tell(feed: Hex, answer: bigint, { decimals = 8, startedAtS = NOW_S, updatedAtS = NOW_S }: Told = {}) {
  const args = [answer, decimals, startedAtS, updatedAtS] as const
  await wallet.send({ to: feed, data: encodeFunctionData({ abi: testFeedAbi, functionName: 'tell', args }) })
}

const ask = async (feeds: Partial<Feeds> = {}, now = NOW) => {
  const prices = [
    { currency: 'eth', address: eth, heartbeatS: HEARTBEAT_S },
    { currency: 'eur', address: eur, heartbeatS: 86_400 },
  ] as const
  const from = chainlinkRates('Chainlink on Test', { sequencer: null, prices, ...feeds }, node)
  return await from.ask(['eth', 'eur'], now, new AbortController().signal)
}

const prices = async (feeds: Partial<Feeds> = {}) =>
  (await ask(feeds)).map(([currency, { usd }]) => `${currency} ${formatUsd(usd)}`)

before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  const factory: Hex = `0x${'fa'.repeat(20)}`
  node = evmNode({ rpcUrl: chain.rpcUrl, timeoutMs: 10_000, chainId: 80001, tokens: [], factory, coinAlias: null })
  eth = await deployFeed(1)
  eur = await deployFeed(2)
  sequencer = await deployFeed(3)
})
beforeEach(async () => {
  await tell(eth, 2500_12345678n)
  await tell(eur, 1_08n * 10n ** 16n, { decimals: 18 })
  await tell(sequencer, 0n, { startedAtS: NOW_S - BigInt(GRACE_S) })
})
after(() => chain.stop())

describe('the feeds of a chain', () => {
  test('are read at their own decimals, to the last digit', async () => {
    assert.deepEqual(await prices(), ['eth 2500.12345678', 'eur 1.08'])
  })
  test('are asked only for what is wanted', async () => {
    const feeds = { sequencer: null, prices: [{ currency: 'eth', address: eth, heartbeatS: 1 }] } as const
    const unasked = { head: () => Promise.reject(new Error('asked')), call: () => Promise.reject(new Error('asked')) }
    assert.deepEqual(await chainlinkRates('x', feeds, unasked).ask(['btc'], NOW, new AbortController().signal), [])
  })
  for (const answer of [0n, -1n, -(2n ** 255n)]) {
    test(`say nothing with the answer ${answer}`, async () => {
      await tell(eth, answer)
      assert.deepEqual(await prices(), ['eur 1.08'])
    })
  }
  test('say nothing with decimals that no price has', async () => {
    await tell(eth, 1n, { decimals: 37 })
    assert.deepEqual(await prices(), ['eur 1.08'])
  })
  test('say nothing with an impossible time', async () => {
    await tell(eth, 1n, { updatedAtS: 2n ** 256n - 1n })
    assert.deepEqual(await prices(), ['eur 1.08'])
  })
  test('say nothing where there is no contract', async () => {
    const address: Hex = `0x${'11'.repeat(20)}`
    assert.deepEqual(await prices({ prices: [{ currency: 'eth', address, heartbeatS: 1 }] }), [])
  })
  test('are stale after their heartbeat and a tenth more', async () => {
    const isFresh = async (ageS: number) => {
      await tell(eth, 2500n, { updatedAtS: NOW_S - BigInt(ageS) })
      const said = (await ask())
        .filter(([currency]) => currency === 'eth')
        .map(([, each]) => ({ source: 'a', ...each }))
      return agree([...said, ...said], NOW) !== null
    }
    assert.equal(await isFresh(HEARTBEAT_S * 1.1), true)
    assert.equal(await isFresh(HEARTBEAT_S * 1.1 + 1), false)
    assert.equal(await isFresh(Number(NOW_S)), false, 'a round that was never told')
  })
})

describe('the sequencer of an L2', () => {
  const withSequencer = () => prices({ sequencer: { address: sequencer, graceS: GRACE_S } })
  const isDown = (error: unknown) => error instanceof UpstreamError && /sequencer/.test(error.message)

  test('is up, and has been for its grace', async () => assert.equal((await withSequencer()).length, 2))
  test('is down', async () => {
    await tell(sequencer, 1n, { startedAtS: NOW_S - 86_400n })
    await assert.rejects(withSequencer(), isDown)
  })
  test('came back a second too late', async () => {
    await tell(sequencer, 0n, { startedAtS: NOW_S - BigInt(GRACE_S) + 1n })
    await assert.rejects(withSequencer(), isDown)
  })
  test('has told nothing yet', async () => {
    await tell(sequencer, 0n, { startedAtS: 0n })
    await assert.rejects(withSequencer(), isDown)
  })
  test('has a feed that is none', async () => {
    const address: Hex = `0x${'22'.repeat(20)}`
    await assert.rejects(prices({ sequencer: { address, graceS: GRACE_S } }), isDown)
  })
})
