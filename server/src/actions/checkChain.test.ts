import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { headerHash } from '../chain/headerHash.ts'
import { openChain } from '../chain/openChain.ts'
import { assetId } from '../domain/asset.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { assetHealth, chainHealth } from '../domain/chainHealth.ts'
import { chainEventId } from '../domain/chainView.ts'
import type { Hex } from '../domain/hex.ts'
import type { Caller } from './caller.ts'
import { resumeChain } from './chainHealth.ts'
import { checkChain } from './checkChain.ts'

const CHAIN_ID = 80001
const OTHER_CHAIN = 80002
const USDC = assetId(CHAIN_ID, testUsdcAddress)

let chain: TestChain
let wallet: ChainWallet
let database: TestDatabase
let config: ChainConfig
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller

before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  database = await createTestDatabase()
  const whole = testChainConfig({ rpcUrl: chain.rpcUrl, tokens: { usdc: testUsdcAddress } })
  config = { ...whole, assets: whole.assets.filter(({ currency }) => currency === 'usdc' || currency === 'eth') }
  const other = testChainConfig({ chainId: OTHER_CHAIN })
  ctx = await openBareContext(database.url, { chains: [config, other] })
  caller = await createOrganization(ctx)
})

beforeEach(async () => {
  await ctx.db.owner.query('truncate events, event_sequences, chain_health, asset_health cascade')
  await ctx.health.refresh()
})

after(async () => {
  await ctx.close()
  await database.drop()
  await chain.stop()
})

const check = (checked = config, fetched?: typeof fetch) =>
  checkChain(ctx, checked, openChain(config, fetched && { fetch: fetched }))

const reason = () => chainHealth(ctx.health.now(), CHAIN_ID).reason

const told = () => eventTypes(ctx, chainEventId(caller.organizationId, CHAIN_ID))

const chainIdsOf = async (chainIds?: readonly number[]) => {
  const session = await createSession(ctx, caller, chainIds && { chainIds })
  return session.paymentSetting.allowedChains.map(({ chainId }) => chainId)
}

/** Replaces the code at `address` while `during` runs. */
async function withCode(address: Hex, code: Hex, during: () => Promise<void>): Promise<void> {
  const old = await wallet.call('eth_getCode', address, 'latest')
  await wallet.call('anvil_setCode', address, code)
  try {
    await during()
  } finally {
    await wallet.call('anvil_setCode', address, old)
  }
}

test('a chain with the frozen factory and sound coins passes, and nobody is told anything', async () => {
  await check()
  assert.equal(reason(), null)
  assert.equal(assetHealth(ctx.health.now(), USDC), null)
  assert.deepEqual(await told(), [])
  assert.deepEqual(await chainIdsOf(), [CHAIN_ID, OTHER_CHAIN])
})

test('C3.6: on a chain without the right factory 0 sessions are offered, others go on, and each merchant is told once', async () => {
  for (const code of ['0x', '0x6001'] as const) {
    await withCode(depositFactoryAddress, code, async () => {
      await check()
      await check()
      assert.equal(reason(), 'factory_missing')
      assert.deepEqual(await chainIdsOf(), [OTHER_CHAIN], 'it is left out by default')
      await assert.rejects(chainIdsOf([OTHER_CHAIN, CHAIN_ID]), {
        code: 'chain_unavailable',
        param: 'paymentSetting.allowedChains[1].chainId',
        message: /factory_missing/,
      })
    })
    await check()
    assert.equal(reason(), null)
    assert.deepEqual(await chainIdsOf([CHAIN_ID]), [CHAIN_ID])
  }
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered', 'chain.degraded', 'chain.recovered'])
})

test('a factory that looks right and does not work is found by the probe', async () => {
  const lying: typeof fetch = async (url, init) => {
    const probes = String(init?.body).includes('"eth_call"') && !/"to"/.test(String(init?.body))
    if (!probes) return await fetch(url, init)
    const { id } = JSON.parse(String(init?.body))
    return Response.json({ jsonrpc: '2.0', id, result: `0x${'00'.repeat(32)}` })
  }
  await check(config, lying)
  assert.equal(reason(), 'probe_failed')
  await check()
  assert.equal(reason(), null)
})

test('B7.2 F87: a token whose decimals are not those of the configuration is off, the rest of the chain goes on', async () => {
  const wrong = {
    ...config,
    assets: config.assets.map(asset => (asset.id === USDC ? { ...asset, decimals: 18 } : asset)),
  }
  await check(wrong)
  assert.equal(assetHealth(ctx.health.now(), USDC)?.reason, 'decimals_changed')
  assert.equal(reason(), null)
  const session = await createSession(ctx, caller)
  assert.deepEqual(
    session.assets.map(row => row.asset.chainId),
    [OTHER_CHAIN],
  )
  await assert.rejects(createSession(ctx, caller, { chainIds: [CHAIN_ID] }), { code: 'chain_unavailable' })
  const inCoin = await createSession(ctx, caller, { currency: 'eth', chainIds: [CHAIN_ID] })
  assert.equal(inCoin.assets.length, 1)
  await check()
  assert.equal(assetHealth(ctx.health.now(), USDC), null)
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
})

test('F117: a chain whose payments wait for a tag that no node tells is off', async () => {
  const banded: ChainConfig = { ...config, finality: [{ below: null, wait: 'finalized', witness: 'quorum' }] }
  await check(banded)
  assert.equal(reason(), null)
  const untagged: typeof fetch = async (url, init) => {
    if (!String(init?.body).includes('"finalized"')) return await fetch(url, init)
    const { id } = JSON.parse(String(init?.body))
    return Response.json({ jsonrpc: '2.0', id, result: null })
  }
  await check(banded, untagged)
  assert.equal(reason(), 'finality_unknown')
  await check(config, untagged)
  assert.equal(reason(), null, 'where no payment waits for it, nothing is wrong')
})

test('a check that gets no answer changes nothing', async () => {
  const silent: typeof fetch = () => Promise.reject(new TypeError('no route'))
  await assert.rejects(check(config, silent), { name: 'UpstreamError', retryable: true })
  assert.equal(reason(), null)
  await withCode(depositFactoryAddress, '0x', () => check())
  await assert.rejects(check(config, silent), { name: 'UpstreamError' })
  assert.equal(reason(), 'factory_missing')
})

/** The chain as it is told, but for its first block: `change` makes it another one, with a hash of its own. */
const withGenesis = (change: object): typeof fetch => {
  return async (url, init) => {
    const answer = await fetch(url, init)
    if (!/"eth_getBlockByNumber","params":\["0x0"/.test(String(init?.body))) return answer
    const told = (await answer.json()) as { result: Record<string, unknown> }
    const block = { ...told.result, ...change }
    return Response.json({ ...told, result: { ...block, hash: headerHash(block) } })
  }
}

test('B4.6: the first block that a chain was seen with is stored, and with another one the chain is off and says why', async () => {
  const genesis = async () => (await ctx.db.owner.query('select id, genesis from chains order by id')).rows
  const { hash } = await openChain(config).header(0n)
  await check()
  assert.deepEqual(await genesis(), [
    { id: `${CHAIN_ID}`, genesis: Buffer.from(hash.slice(2), 'hex') },
    { id: `${OTHER_CHAIN}`, genesis: null },
  ])
  const other = withGenesis({ timestamp: '0x1' })
  await assert.rejects(check(config, other), {
    code: 'wrong_chain',
    message: /another first block, 0x[0-9a-f]{64}, than 0x/,
  })
  assert.equal(reason(), 'wrong_chain')
  assert.deepEqual(await chainIdsOf(), [OTHER_CHAIN])
  assert.equal((await genesis())[0]?.genesis.toString('hex'), hash.slice(2))
  await check()
  assert.equal(reason(), null)
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])

  await assert.rejects(check(config, other), { code: 'wrong_chain' })
  await resumeChain(ctx, CHAIN_ID)
  await check(config, other)
  assert.equal(reason(), null, 'a person said that the chain was made anew')
  await resumeChain(ctx, CHAIN_ID)
})

test('a chain whose first block nobody tells is checked all the same', async () => {
  await ctx.db.owner.query('update chains set genesis = null')
  const silent: typeof fetch = async (url, init) => {
    if (!/"eth_getBlockByNumber","params":\["0x0"/.test(String(init?.body))) return await fetch(url, init)
    const { id } = JSON.parse(String(init?.body))
    return Response.json({ jsonrpc: '2.0', id, result: null })
  }
  await withCode(depositFactoryAddress, '0x', () => check(config, silent))
  assert.equal(reason(), 'factory_missing')
  const { rows } = await ctx.db.owner.query('select from chains where genesis is not null')
  assert.equal(rows.length, 0)
})
