import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  readSession,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { Caller } from '../actions/caller.ts'
import type { WatchedChain } from '../actions/leadChain.ts'
import { openChain } from '../chain/openChain.ts'
import { chainHealth } from '../domain/chainHealth.ts'
import { chainEventId } from '../domain/chainView.ts'
import { invariant } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { watchChain } from './watchChain.ts'

const CHAIN_ID = 80001
const LOCKS = `from pg_locks where locktype = 'advisory'
  and database = (select oid from pg_database where datname = current_database())`

let chain: TestChain
let wallet: ChainWallet
let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
let stops: (() => Promise<void>)[] = []

before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
})

beforeEach(async () => {
  database = await createTestDatabase()
  const config = testChainConfig({ rpcUrl: chain.rpcUrl, pollMs: 10, tokens: { usdc: testUsdcAddress } })
  ctx = await openBareContext(database.url, { chains: [config] })
  // The chain's time is the real one, and so is the clock here.
  ctx.clock.now = () => new Date()
  caller = await createOrganization(ctx)
})

afterEach(async () => {
  await Promise.all(stops.map(stop => stop()))
  stops = []
  await ctx.close()
  await database.drop()
})

after(() => chain.stop())

function nodeOf(options: { signal?: AbortSignal; chainId?: number; fetch?: typeof fetch } = {}): WatchedChain {
  const config = ctx.chains.get(CHAIN_ID)
  invariant(config, 'the test chain is served')
  const { chainId = CHAIN_ID, ...rest } = options
  return openChain({ ...config, chain: { ...config.chain, id: chainId } }, rest)
}

/** Watches until the test ends, or `stop` is called; `recorded` are the blocks that it told of, each after its commit. */
function watch(options: { fetch?: typeof fetch; node?: WatchedChain } = {}) {
  const config = ctx.chains.get(CHAIN_ID)
  invariant(config, 'the test chain is served')
  const stopping = new AbortController()
  const recorded: bigint[] = []
  const node = options.node ?? nodeOf({ signal: stopping.signal, ...options })
  const ended = watchChain(ctx, config, node, stopping.signal, { onRecorded: header => recorded.push(header.number) })
  const stop = async () => {
    stopping.abort()
    await ended
  }
  stops.push(stop)
  return { recorded, ended, stop }
}

const mineBlocks = (count: number) => wallet.call('anvil_mine', `0x${count.toString(16)}`)

const statusOf = async (session: CheckoutSession) => (await readSession(ctx, session)).status

const isPaid = (session: CheckoutSession) =>
  waitUntil('the session is complete', async () => (await statusOf(session)) === 'complete')

async function cursor(): Promise<bigint | null> {
  const { rows } = await ctx.db.owner.query('select number from cursors')
  return rows[0] === undefined ? null : BigInt(rows[0].number)
}

async function caughtUp(): Promise<void> {
  const head = BigInt((await wallet.call('eth_blockNumber')) as string)
  await waitUntil('the head is read', async () => (await cursor()) === head)
}

test('a token payment and a coin payment are seen, confirmed and complete their sessions', async () => {
  watch()
  await caughtUp()
  const inToken = await createSession(ctx, caller)
  const inCoin = await createSession(ctx, caller, { currency: 'eth', amount: 2_00000000n })
  await wallet.mintUsdc(inToken.deposit.address, 10_000_000n)
  await wallet.send({ to: inCoin.deposit.address, value: 2n * 10n ** 18n })
  await waitUntil('both are processing', async () => {
    const sessions = [await readSession(ctx, inToken), await readSession(ctx, inCoin)]
    return sessions.every(session => session.intent.status === 'processing')
  })
  await mineBlocks(3)
  await isPaid(inToken)
  await isPaid(inCoin)
  assert.deepEqual(await eventTypes(ctx, inCoin.id), ['checkout_session.processing', 'checkout_session.completed'])
})

test('a chain that was never read begins a little before its head, and nothing is missed while nobody watches', async () => {
  await mineBlocks(50)
  const session = await createSession(ctx, caller)
  await wallet.mintUsdc(session.deposit.address, 4_000_000n)
  await mineBlocks(10)
  const first = watch()
  await caughtUp()
  const head = (await cursor()) ?? 0n
  await waitUntil('all of it is told', () => first.recorded.at(-1) === head)
  assert.deepEqual(
    first.recorded,
    Array.from({ length: 32 }, (_, index) => head - 31n + BigInt(index)),
  )
  await first.stop()
  await mineBlocks(100)
  await wallet.mintUsdc(session.deposit.address, 6_000_000n)
  await mineBlocks(100)
  const second = watch()
  await isPaid(session)
  await caughtUp()
  await waitUntil('all of it is told', () => second.recorded.at(-1) === head + 201n)
  assert.equal(second.recorded.length, 201)
  assert.equal(second.recorded[0], head + 1n)
})

test('a node that comes back with other blocks is followed, and a payment that it lost is waited for', async () => {
  watch()
  const session = await createSession(ctx, caller)
  const snapshot = await wallet.call('evm_snapshot')
  await wallet.mintUsdc(session.deposit.address, 10_000_000n)
  await mineBlocks(3)
  await isPaid(session)
  await wallet.call('evm_revert', snapshot)
  await wallet.send({ to: wallet.accounts[1], value: 1n })
  await waitUntil('it is reverted', async () => (await statusOf(session)) === 'open')
  await wallet.mintUsdc(session.deposit.address, 10_000_000n)
  await mineBlocks(3)
  await isPaid(session)
  const told = await eventTypes(ctx, session.id)
  assert.deepEqual(
    told.filter(type => /completed|reverted/.test(type)),
    ['checkout_session.completed', 'checkout_session.reverted', 'checkout_session.completed'],
  )
  const { transfers } = await readSession(ctx, session)
  assert.equal(transfers.filter(transfer => transfer.orphanedAt === null).length, 1)
})

test('of two watchers one records; when its connection breaks, the other takes over and nothing counts twice', async () => {
  const watchers = [watch(), watch()]
  await caughtUp()
  await mineBlocks(5)
  await caughtUp()
  const idle = watchers.filter(watcher => watcher.recorded.length === 0)
  assert.equal(idle.length, 1)
  const session = await createSession(ctx, caller)
  await wallet.mintUsdc(session.deposit.address, 10_000_000n)
  await ctx.db.owner.query(`select pg_terminate_backend(pid) ${LOCKS}`)
  await waitUntil('a block is recorded under another fence', async () => {
    await mineBlocks(1)
    const { rows } = await ctx.db.owner.query('select fence from cursors')
    return Number(rows[0].fence) >= 2
  })
  await mineBlocks(3)
  await isPaid(session)
  assert.equal((await readSession(ctx, session)).transfers.length, 1)
  const all = watchers.flatMap(watcher => watcher.recorded)
  assert.equal(new Set(all).size, all.length, 'no block is recorded twice')
})

test('a watcher that is stopped and started again, with a node that keeps failing, loses and doubles nothing', async () => {
  let seed = 1
  const failing: typeof fetch = async (...request) => {
    seed = (seed * 16_807) % 2_147_483_647
    const draw = seed % 40
    if (draw === 0) throw new TypeError('the connection broke')
    const response = await fetch(...request)
    return draw === 1 ? new Response('<html>') : response
  }
  const sessions: CheckoutSession[] = []
  for (let round = 0; round < 6; round++) {
    const watcher = watch({ fetch: failing })
    for (let payments = 0; payments < 4; payments++) {
      const session = await createSession(ctx, caller)
      sessions.push(session)
      await wallet.inOneBlock(async () => {
        await wallet.mintUsdc(session.deposit.address, 3_000_000n)
        await wallet.mintUsdc(session.deposit.address, 7_000_000n)
      })
    }
    if (round % 2 === 1) await caughtUp()
    await watcher.stop()
  }
  watch({ fetch: failing })
  await mineBlocks(3)
  await caughtUp()
  for (const session of sessions) {
    const { status, exceptions, intent, transfers } = await readSession(ctx, session)
    assert.deepEqual([status, exceptions, intent.amountReceived], ['complete', [], 10_00000000n])
    assert.equal(transfers.length, 2)
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  }
})

/** What the chain's health is, once it is `reason`. */
const healthIs = (reason: string | null) =>
  waitUntil(`the chain's health is ${reason}`, async () => {
    await ctx.health.refresh()
    return chainHealth(ctx.health.now(), CHAIN_ID).reason === reason
  })

const chainEvents = () => eventTypes(ctx, chainEventId(caller.organizationId, CHAIN_ID))

test('F116: a node of another chain is not read: the chain is off, and told to be, until its own is back', async () => {
  const strange = watch({ node: nodeOf({ chainId: 1 }) })
  await healthIs('wrong_chain')
  assert.equal(await cursor(), null)
  await strange.stop()
  watch()
  await caughtUp()
  await healthIs(null)
  assert.deepEqual(await chainEvents(), ['chain.degraded', 'chain.recovered'])
})

test('B2.6: a chain whose known blocks are all lost is off and stays as it is, whoever watches it', async () => {
  const watcher = watch()
  await caughtUp()
  await watcher.stop()
  const read = await cursor()
  await ctx.db.owner.query("update organizations set email = 'desk@example.com'")
  await ctx.db.owner.query('update blocks set hash = sha256(hash), parent_hash = sha256(parent_hash)')
  await ctx.db.owner.query('update cursors set hash = sha256(hash)')
  const halted = watch()
  await healthIs('halted_deep_reorg')
  await halted.stop()
  assert.equal(await cursor(), read)
  assert.deepEqual(await chainEvents(), ['chain.degraded'])
  const { rows } = await ctx.db.owner.query('select kind, recipient, subject from emails')
  assert.deepEqual(rows, [
    { kind: 'chain_stopped', recipient: 'desk@example.com', subject: `Test chain ${CHAIN_ID} has stopped` },
  ])
})

test('G20: a chain whose nodes are silent for a minute is off, others go on, and it catches up when they are back', async () => {
  let isDown = false
  const flaky: typeof fetch = (...request) => {
    return isDown ? Promise.reject(new TypeError('no route')) : fetch(...request)
  }
  let aheadMs = 0
  ctx.clock.now = () => new Date(Date.now() + aheadMs)
  watch({ fetch: flaky })
  await caughtUp()
  const session = await createSession(ctx, caller)
  isDown = true
  await mineBlocks(1)
  await wallet.mintUsdc(session.deposit.address, 10_000_000n)
  await mineBlocks(40)
  aheadMs = 70_000
  await healthIs('providers_missing')
  await assert.rejects(createSession(ctx, caller, { chainIds: [CHAIN_ID] }), { code: 'chain_unavailable' })
  isDown = false
  await isPaid(session)
  await healthIs(null)
  assert.deepEqual(await chainEvents(), ['chain.degraded', 'chain.recovered'])
})

test('a watcher stops at once, whatever it waits for', async () => {
  const hanging: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const watcher = watch({ fetch: hanging })
  await waitUntil('the chain is locked', async () => {
    const { rows } = await ctx.db.owner.query(`select ${LOCKS}`)
    return rows.length > 0
  })
  await watcher.stop()
  assert.equal(await cursor(), null)
})
