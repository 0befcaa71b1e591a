// A chain by three providers, of whom some are gone: what is seen, what completes, what waits, and who is told.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import type { Caller } from '../../src/actions/caller.ts'
import { closeDueSessions } from '../../src/actions/closeDueSessions.ts'
import { openChain } from '../../src/chain/openChain.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { chainHealth } from '../../src/domain/chainHealth.ts'
import { chainEventId } from '../../src/domain/chainView.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { readChain, watchChain } from '../../src/workers/watchChain.ts'
import { type ChainWallet, openChainWallet } from '../harness/chainWallet.ts'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  readSession,
  recordChain,
  testChainConfig,
  testClock,
} from '../harness/fixtures.ts'
import { startTestChain, type TestChain } from '../harness/testChain.ts'
import { createTestDatabase, type TestDatabase } from '../harness/testDatabase.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts'

const CHAIN_ID = 80001
const OTHER_CHAIN = 80002
const MINUTE = 60_000
const DOLLAR = 1_00000000n
const NAMES = ['alpha', 'beta', 'gamma'] as const
const SEEN = 'open processing'
const PAID = 'complete succeeded'
const ONCE = ['checkout_session.processing', 'checkout_session.completed']

let chain: TestChain
let wallet: ChainWallet
let database: TestDatabase
let proxies: [TcpProxy, TcpProxy, TcpProxy]
let config: ChainConfig
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  await wallet.mintUsdc(wallet.accounts[0], 10n ** 12n)
  const proxyOf = () => startTcpProxy(chain.rpcUrl)
  proxies = [await proxyOf(), await proxyOf(), await proxyOf()]
  config = {
    ...testChainConfig({ chainId: CHAIN_ID, tokens: { usdc: testUsdcAddress } }),
    providers: proxies.map(({ url }, index) => ({
      name: NAMES[index] ?? '',
      rpcUrl: url,
      wsUrl: null,
      isOwn: false,
    })) as unknown as ChainConfig['providers'],
    quorum: 2,
    finality: [
      { below: 1_000n * DOLLAR, wait: 2, witness: 'quorum' },
      { below: null, wait: 2, witness: 'all' },
    ],
  }
  database = await createTestDatabase()
  ctx = await openBareContext(database.url, { chains: [config, testChainConfig({ chainId: OTHER_CHAIN })] })
  ctx.clock = testClock(new Date())
  await recordChain(ctx, OTHER_CHAIN)
})
beforeEach(async () => {
  for (const proxy of proxies) proxy.setMode('pass')
  // What is wrong with a chain is told to each merchant once: each test has its own.
  caller = await createOrganization(ctx)
})
after(async () => {
  await ctx.close()
  await database.drop()
  for (const proxy of proxies) await proxy.stop()
  await chain.stop()
})

const open = () => openChain(config, { now: () => ctx.clock.now().getTime() })

/** Reads the chain to its head, by a leader of its own. */
function reader(): () => Promise<void> {
  const reading = readChain(ctx, CHAIN_ID, open(), new AbortController().signal)
  return async () => {
    for (let kind: string | undefined; kind !== 'idle'; kind = (await reading.next()).value?.kind);
  }
}

/** A session of that worth on the chain with three providers, which is paid now, in a block of its own. */
async function paid(dollars: bigint): Promise<CheckoutSession> {
  const session = await createSession(ctx, caller, { amount: dollars * DOLLAR, chainIds: [CHAIN_ID] })
  await wallet.transferUsdc(session.deposit.address, dollars * 1_000_000n)
  return session
}

const statusOf = async (session: CheckoutSession) => {
  const { status, intent } = await readSession(ctx, session)
  return `${status} ${intent.status}`
}

const reason = () => chainHealth(ctx.health.now(), CHAIN_ID).reason
const told = () => eventTypes(ctx, chainEventId(caller.organizationId, CHAIN_ID))

test('G18: with one of three providers stopped small payments complete as ever, and large ones wait until it is back', async () => {
  const read = reader()
  await read()
  proxies[0].setMode('drop')
  const [small, large] = [await paid(999n), await paid(1_000n)]
  await wallet.call('anvil_mine', '0x5')
  await read()
  assert.deepEqual([await statusOf(small), await statusOf(large)], [PAID, SEEN])
  assert.equal(reason(), null)
  proxies[0].setMode('pass')
  ctx.clock.advance(MINUTE)
  await wallet.call('evm_mine')
  await read()
  await read()
  assert.equal(await statusOf(large), PAID)
  for (const { id } of [small, large]) assert.deepEqual(await eventTypes(ctx, id), ONCE)
  assert.deepEqual(await told(), [])
})

test('G19, B4.1: with two of three stopped payments are seen, none completes, the merchant is told; all complete once when one is back', async () => {
  const read = reader()
  await read()
  for (const proxy of proxies.slice(0, 2)) proxy.setMode('drop')
  const session = await paid(50n)
  await wallet.call('anvil_mine', '0x5')
  await read()
  assert.equal(await statusOf(session), SEEN)
  ctx.clock.advance(MINUTE)
  await read()
  assert.equal(reason(), 'quorum_missing')
  assert.deepEqual(await told(), ['chain.degraded'])
  proxies[1].setMode('pass')
  ctx.clock.advance(MINUTE)
  await read()
  await read()
  assert.equal(await statusOf(session), PAID)
  ctx.clock.advance(MINUTE)
  await read()
  assert.equal(reason(), null)
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
  assert.deepEqual(await eventTypes(ctx, session.id), ONCE)
})

test('G20: with all stopped for an hour the chain takes no new sessions, others do; nothing of it expires, and what was paid in time counts', async t => {
  const stopping = new AbortController()
  const watching = watchChain(ctx, config, open(), stopping.signal)
  t.after(async () => {
    stopping.abort()
    await watching
  })
  const healthIs = (wanted: string | null) =>
    waitUntil(`the health is ${wanted}`, async () => {
      await ctx.health.refresh()
      return reason() === wanted
    })
  const expiresAt = new Date(ctx.clock.now().getTime() + 30 * MINUTE)
  const session = await createSession(ctx, caller, { chainIds: [CHAIN_ID], expiresAt })
  await waitUntil('the chain is read', async () => {
    const { rows } = await ctx.db.owner.query<{ number: string }>('select number from cursors where chain_id = $1', [
      CHAIN_ID,
    ])
    return BigInt(rows[0]?.number ?? -1n) === BigInt(String(await wallet.call('eth_blockNumber')))
  })
  for (const proxy of proxies) proxy.setMode('drop')
  await waitUntil('it is met', () => proxies.every(proxy => proxy.met() > 0))
  ctx.clock.advance(2 * MINUTE)
  await healthIs('providers_missing')
  assert.deepEqual(await told(), ['chain.degraded'])
  const other = await createSession(ctx, caller)
  assert.deepEqual(
    other.paymentSetting.allowedChains.map(({ chainId }) => chainId),
    [OTHER_CHAIN],
  )
  await assert.rejects(createSession(ctx, caller, { chainIds: [CHAIN_ID] }), { code: 'chain_unavailable' })

  await wallet.call('evm_increaseTime', `0x${(20 * 60).toString(16)}`)
  await wallet.transferUsdc(session.deposit.address, 10_000_000n)
  ctx.clock.advance(58 * MINUTE)
  assert.equal(await closeDueSessions(ctx, 100), 0)
  assert.equal(await statusOf(session), 'open requires_payment_method')
  await wallet.call('evm_increaseTime', `0x${(40 * 60).toString(16)}`)
  await wallet.call('anvil_mine', '0x3')
  for (const proxy of proxies) proxy.setMode('pass')
  await healthIs(null)
  await waitUntil('it is paid', async () => (await statusOf(session)) === PAID)
  assert.deepEqual((await readSession(ctx, session)).exceptions, [])
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
})
