import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import pino from 'pino'
import { type FakeChain, fakeChain } from '../../test/harness/fakeChain.ts'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  paymentTo,
  readSession,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { Caller } from '../actions/caller.ts'
import { resumeChain } from '../actions/chainHealth.ts'
import { closeDueSessions } from '../actions/closeDueSessions.ts'
import type { BlockHeader } from '../chain/chainNode.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { assetHealth, chainHealth } from '../domain/chainHealth.ts'
import { chainEventId } from '../domain/chainView.ts'
import { UpstreamError } from '../domain/errors.ts'
import { payUntil } from '../domain/haltedTime.ts'
import { bytesToHex } from '../domain/hex.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { readChain } from './watchChain.ts'

const CHAIN_ID = 80001
const DOLLAR = 1_00000000n
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
let chain: FakeChain
let reading: ReturnType<typeof readChain>

/** Blocks come every second; up to $100 two of them suffice, below $1,000 a payment must be safe, else finalized by all. */
const BANDED: ChainConfig = {
  ...testChainConfig(),
  blockTimeMs: 1000,
  finality: [
    { below: 100n * DOLLAR + 1n, wait: 2, witness: 'quorum' },
    { below: 1000n * DOLLAR, wait: 'safe', witness: 'quorum' },
    { below: null, wait: 'finalized', witness: 'all' },
  ],
}

beforeEach(async () => {
  database = await createTestDatabase()
  ctx = await openBareContext(database.url, { chains: [BANDED] })
  caller = await createOrganization(ctx)
  chain = fakeChain(ctx.clock.now())
  watchAnew()
  await read()
})

afterEach(async () => {
  await ctx.close()
  await database.drop()
})

/** Another leader reads on. */
function watchAnew(): void {
  reading = readChain(ctx, CHAIN_ID, chain.node, new AbortController().signal)
}

/** Reads until there is nothing new. */
async function read(): Promise<void> {
  for (;;) {
    const { value } = await reading.next()
    if (value === undefined || value.kind === 'idle') return
  }
}

/** Mines a block of the clock's time, a second later, and reads it; `payments` are whole unless told. */
async function mine(payments: readonly CheckoutSession[] = [], amountRaw?: bigint): Promise<BlockHeader> {
  ctx.clock.advance(1000)
  const header = chain.mine(
    block =>
      payments.map((session, logIndex) =>
        paymentTo(session, block, { logIndex, ...(amountRaw !== undefined && { amountRaw }) }),
      ),
    { time: ctx.clock.now() },
  )
  await read()
  return header
}

const worth = (dollars: bigint) => createSession(ctx, caller, { amount: dollars * DOLLAR })

const statusOf = async (session: CheckoutSession) => {
  const { status, intent } = await readSession(ctx, session)
  return `${status} ${intent.status}`
}

const SEEN = 'open processing'
const PAID = 'complete succeeded'

const reason = () => chainHealth(ctx.health.now(), CHAIN_ID).reason

const told = () => eventTypes(ctx, chainEventId(caller.organizationId, CHAIN_ID))

test('B1.1: what a payment waits for depends on what its session is worth', async () => {
  const [small, middle, large] = [await worth(100n), await worth(999n), await worth(1000n)]
  const paid = await mine([small, middle, large])
  assert.deepEqual(await Promise.all([small, middle, large].map(statusOf)), [SEEN, SEEN, SEEN])
  await mine()
  assert.deepEqual(await Promise.all([small, middle, large].map(statusOf)), [PAID, SEEN, SEEN])
  chain.tags.safe = paid.number
  await read()
  assert.deepEqual(await Promise.all([middle, large].map(statusOf)), [PAID, SEEN], 'no new block is needed')
  chain.tags = { safe: paid.number, finalized: paid.number, agreedByAll: paid.number - 1n }
  await read()
  assert.equal(await statusOf(large), SEEN, 'one provider does not have its block yet')
  chain.tags = { safe: paid.number, finalized: paid.number, agreedByAll: paid.number }
  await read()
  assert.equal(await statusOf(large), PAID)
  for (const session of [small, middle, large]) {
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  }
})

test('B4.1: while too few providers agree nothing is paid; detection goes on, and all completes once when they do', async () => {
  const session = await worth(50n)
  chain.tags.agreed = 0n
  const paid = await mine([session])
  for (let more = 0; more < 5; more++) await mine()
  assert.equal(await statusOf(session), SEEN)
  chain.tags.agreed = paid.number
  await read()
  await read()
  assert.equal(await statusOf(session), PAID)
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
})

test('B4.2 B4.3: who is caught lying while a block is proven vouches for no payment in it', async () => {
  const session = await worth(1000n)
  Object.assign(chain.tags, { safe: 9n, finalized: 9n })
  chain.node.proven = async block => {
    chain.tags.agreedByAll = 0n
    return block
  }
  await mine([session])
  assert.equal(await statusOf(session), SEEN)
  delete chain.tags.agreedByAll
  await read()
  assert.equal(await statusOf(session), PAID)
})

test('B1.2: of 51 payments of $100 before finality 50 are paid at once, the 51st when the first are beyond doubt', async () => {
  const sessions = await Promise.all(Array.from({ length: 51 }, () => worth(100n)))
  const other = await createSession(ctx, await createOrganization(ctx), { amount: 100n * DOLLAR })
  const first = await mine(sessions.slice(0, 1))
  const rest = await mine([...sessions.slice(1), other])
  await mine()
  const paid = async () => (await Promise.all(sessions.map(statusOf))).filter(status => status === PAID).length
  assert.equal(await paid(), 50)
  assert.equal(await statusOf(sessions[50] ?? other), SEEN, 'it is the last one')
  assert.equal(await statusOf(other), PAID, 'another merchant has a cap of its own')
  await mine()
  assert.equal(await paid(), 50, 'more of what does not suffice changes nothing')
  chain.tags.finalized = first.number
  await read()
  assert.equal(await paid(), 51)
  assert.ok(rest.number > first.number)
})

test('what does not fit into what a merchant takes early is paid when it is beyond doubt, whatever the cap', async () => {
  await ctx.db.owner.query('update organizations set fast_cap = 0')
  const session = await worth(1n)
  const paid = await mine([session])
  await mine()
  await mine()
  assert.equal(await statusOf(session), SEEN)
  chain.tags.finalized = paid.number
  await mine()
  assert.equal(await statusOf(session), PAID)
})

test('B3.2 G32: while finality stalls payments are seen and wait, the chain says so, and all complete once after', async () => {
  const early = await worth(5000n)
  chain.tags.finalized = chain.tip().number
  await mine()
  assert.equal(reason(), null)
  await mine([early])
  const late: CheckoutSession[] = []
  for (let minute = 1; minute <= 20; minute++) {
    ctx.clock.advance(MINUTE_MS - 1000)
    const session = await worth(2000n)
    late.push(session)
    // The clock has moved, so the chain has: no block is missing.
    chain.mine(() => [], { time: ctx.clock.now() })
    await mine([session])
    if (minute === 4) assert.notEqual(reason(), 'finality_stalled')
    if (minute === 6) assert.equal(reason(), 'finality_stalled')
  }
  assert.ok((await Promise.all([early, ...late].map(statusOf))).every(status => status === SEEN))
  watchAnew()
  await read()
  assert.equal(reason(), 'finality_stalled', 'another leader knows since when')
  chain.tags.finalized = chain.tip().number
  await read()
  assert.equal(reason(), null)
  for (const session of [early, ...late]) {
    assert.equal(await statusOf(session), PAID)
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  }
})

for (const [name, minutes] of [
  ['43 minutes', 43],
  ['6 hours', 360],
] as const) {
  test(`B3.3 G31: a chain that stands still for ${name} expires nothing: every open session gets that time`, async () => {
    await mine()
    const before = chain.tip().time
    const session = await createSession(ctx, caller, {
      expiresAt: new Date(ctx.clock.now().getTime() + 10 * MINUTE_MS),
    })
    ctx.clock.advance(9_000)
    await read()
    assert.equal(reason(), null)
    ctx.clock.advance(2_000)
    await read()
    assert.equal(reason(), 'halted')
    ctx.clock.advance(minutes * MINUTE_MS)
    assert.equal(await closeDueSessions(ctx, 10), 0)
    await mine()
    assert.equal(reason(), null)
    const haltMs = chain.tip().time.getTime() - before.getTime()
    const moved = await readSession(ctx, session)
    // What passed before the session was made is not its time.
    const lostMs = haltMs - (session.createdAt.getTime() - before.getTime())
    assert.equal(moved.deadline.getTime() - session.deadline.getTime(), lostMs)
    assert.equal(payUntil(moved).getTime() - session.expiresAt.getTime(), lostMs)
    assert.equal(await closeDueSessions(ctx, 10), 0)
    await mine([session])
    await mine()
    assert.equal(await statusOf(session), PAID)
    assert.deepEqual((await readSession(ctx, session)).exceptions, [])
    assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
  })
}

test('a halt that a reorg takes back gives no time, and gives it again with its block', async () => {
  await mine()
  const session = await worth(1n)
  const ancestor = chain.tip()
  ctx.clock.advance(10 * MINUTE_MS)
  const late = await mine()
  const moved = (await readSession(ctx, session)).deadline
  assert.ok(moved > session.deadline)
  chain.goBackTo(ancestor)
  // On the other branch a block came in time.
  chain.mine(() => [], { branch: 'b', time: new Date(ancestor.time.getTime() + 1000) })
  chain.mine(() => [], { branch: 'b', time: new Date(ancestor.time.getTime() + 2000) })
  await read()
  assert.deepEqual((await readSession(ctx, session)).deadline, session.deadline)
  chain.goTo(late)
  await mine()
  assert.deepEqual((await readSession(ctx, session)).deadline, moved)
})

test('B2.6: a reorg below what was finalized stops the chain, takes nothing back, and goes on when a person says so', async () => {
  const session = await worth(50n)
  const ancestor = await mine()
  await mine([session])
  await mine()
  chain.tags.finalized = chain.tip().number
  await read()
  assert.equal(await statusOf(session), PAID)
  chain.goBackTo(ancestor)
  for (let depth = 0; depth < 5; depth++) chain.mine(() => [], { branch: 'b' })
  await assert.rejects(read(), { name: 'UpstreamError', retryable: false })
  watchAnew()
  await assert.rejects(read(), { retryable: false }, 'nor does another leader')
  assert.equal(await statusOf(session), PAID, 'nobody is debited by itself')
  await resumeChain(ctx, CHAIN_ID)
  chain.tags.finalized = null
  watchAnew()
  await read()
  assert.equal(await statusOf(session), 'open requires_payment_method')
  assert.deepEqual((await readSession(ctx, session)).exceptions, ['reorged'])
})

test('F83 B7.5: a token whose logs tell of money that is not there is not credited, and nothing else is held up', async () => {
  const { assets } = BANDED
  const [usdc, usdt] = [
    assets.find(({ currency }) => currency === 'usdc'),
    assets.find(({ currency }) => currency === 'usdt'),
  ]
  assert.ok(usdc && usdt)
  const session = await worth(50n)
  const honest = await createSession(ctx, caller, { currency: 'usdt', amount: 50n * DOLLAR })
  ctx.clock.advance(1000)
  chain.mine(block => [paymentTo(session, block), paymentTo(honest, block, { asset: usdt.address, logIndex: 1 })], {
    time: ctx.clock.now(),
  })
  chain.balances.push({ asset: usdc.address, address: session.deposit.address, amountRaw: 49_999_999n })
  await read()
  await mine()
  assert.equal(await statusOf(session), SEEN)
  assert.equal(await statusOf(honest), PAID)
  assert.equal(assetHealth(ctx.health.now(), usdc.id)?.reason, 'asset_unreliable')
  assert.deepEqual(await told(), ['chain.degraded'])
  await assert.rejects(worth(1n), { code: 'chain_unavailable' })
  chain.balances.length = 0
  await mine()
  assert.equal(await statusOf(session), SEEN, 'only a person takes it back')
  await resumeChain(ctx, CHAIN_ID)
  await mine()
  assert.equal(await statusOf(session), PAID)
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
})

/** What a session's address was paid, moved on to a stranger. */
const takenFrom = (session: CheckoutSession, block: BlockHeader, logIndex: number) => {
  const { to, ...payment } = paymentTo(session, block, { logIndex, tx: `taken from ${session.id}` })
  return { ...payment, from: to, to: bytesToHex(new Uint8Array(20).fill(0x5a)) }
}

test('F102: money that goes from one address to a stranger is not credited, alarms, and stops nothing else', async () => {
  const alarms: Record<string, unknown>[] = []
  ctx.log = pino({ level: 'error' }, { write: line => void alarms.push(JSON.parse(line)) })
  const usdc = BANDED.assets.find(({ currency }) => currency === 'usdc')
  assert.ok(usdc)
  const [taken, honest, second, third] = [await worth(50n), await worth(50n), await worth(50n), await worth(50n)]
  ctx.clock.advance(1000)
  chain.mine(
    block => [paymentTo(taken, block), paymentTo(honest, block, { logIndex: 1 }), takenFrom(taken, block, 2)],
    {
      time: ctx.clock.now(),
    },
  )
  await read()
  await mine()
  assert.deepEqual(await Promise.all([taken, honest].map(statusOf)), [SEEN, PAID])
  assert.equal(assetHealth(ctx.health.now(), usdc.id), null)
  assert.deepEqual(await told(), [])
  assert.equal((await worth(1n)).assets.length, 1)
  assert.deepEqual(
    alarms.map(({ assetId, address, sessionId }) => [assetId, address, sessionId]),
    [[usdc.id, taken.deposit.address, taken.id]],
  )

  // Two are an accident, three are how the token is.
  for (const [session, isUnreliable] of [
    [second, false],
    [third, true],
  ] as const) {
    ctx.clock.advance(1000)
    chain.mine(block => [paymentTo(session, block), takenFrom(session, block, 1)], { time: ctx.clock.now() })
    await read()
    assert.equal(assetHealth(ctx.health.now(), usdc.id)?.reason === 'asset_unreliable', isUnreliable)
  }
  await assert.rejects(worth(1n), { code: 'chain_unavailable' })

  await resumeChain(ctx, CHAIN_ID)
  await mine()
  await mine()
  assert.deepEqual(await Promise.all([taken, second, third].map(statusOf)), [PAID, PAID, PAID], 'a person said so')
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
})

test('a reorg that gives back what a stranger got holds nothing any more', async () => {
  const session = await worth(50n)
  const paid = await mine([session])
  chain.mine(block => [takenFrom(session, block, 1)])
  await read()
  assert.equal(await statusOf(session), SEEN)
  chain.goBackTo(paid)
  for (let more = 0; more < 2; more++) chain.mine(() => [], { branch: 'b' })
  await read()
  assert.equal(await statusOf(session), PAID)
})

test('a balance above what the logs told, or of a block whose state is gone, holds nothing up', async () => {
  const [more, old] = [await worth(50n), await worth(60n)]
  chain.balances.push({
    asset: paymentTo(more, chain.tip()).asset,
    address: more.deposit.address,
    amountRaw: 1n << 80n,
  })
  await mine([more])
  await mine()
  assert.equal(await statusOf(more), PAID)
  chain.node.balances = async () => null
  await mine([old])
  await mine()
  assert.equal(await statusOf(old), PAID)
  assert.equal(reason(), null)
})

test('coin is asked for at open sessions with every block, at closed ones every ten minutes, and where a block names them', async () => {
  const asked: Map<string, bigint>[] = []
  chain.node.coinArrivals = async (_, watch) => {
    asked.push(new Map(watch))
    return { arrivals: new Map(), missing: [], inDoubt: [] }
  }
  // A chain whose time leaps would count as one that stood still.
  ctx.chains = new Map([[CHAIN_ID, { ...BANDED, blockTimeMs: null }]])
  watchAnew()
  const session = await createSession(ctx, caller, { currency: 'eth', amount: DOLLAR })
  const { address } = session.deposit
  const token = await worth(5n)
  await mine()
  assert.deepEqual(asked.at(-1), new Map([[address, 0n]]), 'a session that takes no coin is not asked')
  const arrived = chain.mine(block => [
    paymentTo(session, block, { asset: BANDED.assets.at(-1)?.address ?? '0x', amountRaw: 7n }),
  ])
  await read()
  await mine()
  assert.deepEqual(asked.at(-1), new Map([[address, 7n]]), 'what is known to lie there is told')
  assert.ok(arrived.number > 0n)
  ctx.clock.advance(session.deadline.getTime() + 1000 - ctx.clock.now().getTime())
  await mine()
  await closeDueSessions(ctx, 10)
  assert.equal((await readSession(ctx, session)).isClosed, true)
  const before = asked.length
  for (let block = 1; block < 20; block++) {
    ctx.clock.advance(29_000)
    await mine()
  }
  const closed = asked.slice(before).filter(watch => watch.has(address))
  assert.equal(closed.length, 0)
  ctx.clock.advance(29_000)
  await mine()
  assert.ok(asked.at(-1)?.has(address))
  assert.ok(!asked.at(-1)?.has(token.deposit.address))
})

test('coin that is missing by the facts is told, and a person must look', async () => {
  const session = await createSession(ctx, caller, { currency: 'eth', amount: DOLLAR })
  chain.node.coinArrivals = async () => ({ arrivals: new Map(), missing: [session.deposit.address], inDoubt: [] })
  await mine()
  const coin = BANDED.assets.at(-1)
  assert.equal(assetHealth(ctx.health.now(), coin?.id ?? '')?.reason, 'coin_missing')
  assert.deepEqual(await told(), ['chain.degraded'])
})

test('F111: a payment whose nonce another transaction took for good is replaced, and one that only moved is not', async () => {
  const [canceled, moving] = [await worth(50n), await worth(60n)]
  const ancestor = await mine()
  const first = chain.mine(block => [paymentTo(canceled, block), paymentTo(moving, block, { logIndex: 1 })])
  const sender = bytesToHex(new Uint8Array(20).fill(0xaa))
  const sentIn = (nonce: bigint) => {
    return { sender, nonce, blockHash: first.hash, blockNumber: first.number, succeeded: true }
  }
  const [lost, late] = [paymentTo(canceled, first), paymentTo(moving, first)].map(({ txHash }) => txHash ?? '0x')
  assert.ok(lost && late)
  chain.sent.set(lost, sentIn(7n)).set(late, sentIn(8n))
  await read()
  chain.goBackTo(ancestor)
  chain.sent.clear()
  chain.nonces.set(sender, 8n)
  for (let more = 0; more < 3; more++) chain.mine(() => [], { branch: 'b' })
  await read()
  const exceptions = async (session: CheckoutSession) => (await readSession(ctx, session)).exceptions
  assert.deepEqual(await exceptions(canceled), ['reorged'], 'what took its nonce may be lost too')
  chain.tags.finalized = chain.tip().number
  await read()
  assert.deepEqual(await exceptions(canceled), ['replaced'])
  assert.deepEqual(await exceptions(moving), ['reorged'], 'its nonce is still free')
  const { status, intent } = await readSession(ctx, canceled)
  assert.deepEqual([status, intent.status, intent.amountReceived], ['open', 'requires_payment_method', null])
  assert.equal((await eventTypes(ctx, canceled.id)).at(-1), 'checkout_session.exception')
  const told = (await eventTypes(ctx, canceled.id)).length
  chain.tags.finalized = chain.mine(() => [], { branch: 'b' }).number
  await read()
  assert.equal((await eventTypes(ctx, canceled.id)).length, told, 'it is told once')
  chain.nonces.set(sender, 9n)
  chain.sent.set(late, sentIn(8n))
  chain.tags.finalized = chain.mine(() => [], { branch: 'b' }).number
  await read()
  assert.deepEqual(await exceptions(moving), ['reorged'], 'its own transaction took the nonce')
})

test('F111: a lost payment that nobody can be asked about holds up nothing else', async () => {
  const [lost, other] = [await worth(50n), await worth(60n)]
  const ancestor = await mine()
  const first = chain.mine(block => [paymentTo(lost, block)])
  const sender = bytesToHex(new Uint8Array(20).fill(0xaa))
  const txHash = paymentTo(lost, first).txHash ?? '0x'
  chain.sent.set(txHash, { sender, nonce: 7n, blockHash: first.hash, blockNumber: first.number, succeeded: true })
  await read()
  chain.goBackTo(ancestor)
  chain.sent.clear()
  chain.node.nonce = () =>
    Promise.reject(new UpstreamError('The node answered with a malformed nonce.', { retryable: true }))
  chain.mine(block => [paymentTo(other, block)], { branch: 'b' })
  chain.mine(() => [], { branch: 'b' })
  chain.tags.finalized = chain.tip().number
  await read()
  assert.equal(await statusOf(other), PAID)
  assert.deepEqual((await readSession(ctx, lost)).exceptions, ['reorged'])
  chain.node.nonce = async () => 8n
  chain.tags.finalized = chain.mine(() => [], { branch: 'b' }).number
  await read()
  assert.deepEqual((await readSession(ctx, lost)).exceptions, ['replaced'], 'it is asked about again')
})

test('F111: a lost payment is asked about for 30 days and then no more, by no leader', async () => {
  const session = await worth(50n)
  const ancestor = await mine()
  const first = chain.mine(block => [paymentTo(session, block)])
  const sender = bytesToHex(new Uint8Array(20).fill(0xaa))
  const txHash = paymentTo(session, first).txHash ?? '0x'
  chain.sent.set(txHash, { sender, nonce: 7n, blockHash: first.hash, blockNumber: first.number, succeeded: true })
  await read()
  chain.goBackTo(ancestor)
  chain.sent.clear()
  let asked = 0
  chain.node.nonce = async () => {
    asked += 1
    return 7n
  }
  const finalize = async () => {
    asked = 0
    chain.tags.finalized = chain.mine(() => [], { branch: 'b', time: ctx.clock.now() }).number
    await read()
    return asked
  }
  assert.equal(await finalize(), 1)
  ctx.clock.advance(30 * DAY_MS - MINUTE_MS)
  assert.equal(await finalize(), 1)
  ctx.clock.advance(2 * MINUTE_MS)
  assert.equal(await finalize(), 0)
  watchAnew()
  assert.equal(await finalize(), 0)
  assert.deepEqual((await readSession(ctx, session)).exceptions, ['reorged'])
})

test('what merchants take is held after the sessions that are posted: blocks and marks cannot wait for each other', async () => {
  const session = await worth(999n)
  const paid = await mine([session])
  const other = await ctx.db.owner.connect()
  try {
    await other.query('begin')
    await other.query('select from checkout_sessions where id = $1 for update', [session.id])
    chain.tags.safe = paid.number
    const marked = read()
    await waitUntil('the session is waited for', async () => {
      const { rows } = await ctx.db.owner.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
      return rows.length > 0
    })
    const { rows } = await other.query(`select pg_try_advisory_xact_lock(hashtextextended('allowances', 0)) as free`)
    await other.query('rollback')
    await marked
    assert.deepEqual(rows, [{ free: true }])
  } finally {
    other.release()
  }
  assert.equal(await statusOf(session), PAID)
})

/** Three providers of which two must agree; the test says which of them fail. */
function withProviders(): { failing: string[] } {
  const state = { failing: [] as string[] }
  const providers = [foreign('one'), foreign('two'), foreign('three')] as const
  ctx.chains = new Map([[CHAIN_ID, { ...BANDED, blockTimeMs: null, providers, quorum: 2 }]])
  chain.node.providers = () =>
    providers.map(({ name }) => {
      const isFailing = state.failing.includes(name)
      return { name, problem: isFailing ? 'timeout' : null, since: isFailing ? ctx.clock.now() : null }
    })
  watchAnew()
  return state
}

test('B4.1: a chain with fewer providers than its quorum is told to be slow, and to be well when they are back', async () => {
  const state = withProviders()
  const after = async (ms: number) => {
    ctx.clock.advance(ms)
    await read()
    return reason()
  }
  state.failing = ['two', 'three']
  assert.equal(await after(0), null)
  assert.equal(await after(29_000), null)
  assert.equal(await after(1_000), 'quorum_missing')
  assert.equal((await worth(1n)).assets.length, 1, 'it takes new sessions: they are paid later')
  state.failing = ['three']
  assert.equal(await after(0), 'quorum_missing')
  assert.equal(await after(59_000), 'quorum_missing')
  assert.equal(await after(1_000), null)
  assert.deepEqual(await told(), ['chain.degraded', 'chain.recovered'])
})

test('a provider that comes and goes is told once at most', async () => {
  const state = withProviders()
  for (let times = 0; times < 50; times++) {
    state.failing = times % 2 === 0 ? ['two', 'three'] : ['three']
    await read()
    ctx.clock.advance(20_000)
    await read()
  }
  assert.deepEqual(await told(), [], 'it was never away for long')
  state.failing = ['two', 'three']
  await read()
  ctx.clock.advance(30_000)
  await read()
  for (let times = 0; times < 50; times++) {
    state.failing = times % 2 === 0 ? ['three'] : ['two', 'three']
    await read()
    ctx.clock.advance(50_000)
    await read()
  }
  assert.deepEqual(await told(), ['chain.degraded'])
})

function foreign(name: string) {
  return { name, rpcUrl: 'http://127.0.0.1:9', wsUrl: null, isOwn: false }
}

test('F111: a payment that is replaced by the time it would be given up is told once', async () => {
  // Three blocks suffice for the strictest policy, and as many are waited for what was lost.
  ctx.chains = new Map([[CHAIN_ID, { ...BANDED, finality: [{ below: null, wait: 3, witness: 'quorum' }] }]])
  watchAnew()
  const session = await worth(50n)
  const ancestor = await mine()
  const first = chain.mine(block => [paymentTo(session, block)])
  const sender = bytesToHex(new Uint8Array(20).fill(0xaa))
  const txHash = paymentTo(session, first).txHash ?? '0x'
  chain.sent.set(txHash, { sender, nonce: 0n, blockHash: first.hash, blockNumber: first.number, succeeded: true })
  await read()
  chain.goBackTo(ancestor)
  chain.sent.clear()
  // In the block after the one that was lost: that is final when the payment would be given up.
  chain.node.nonce = async (_, block) => (block.number > first.number ? 1n : 0n)
  for (let more = 0; more < 6; more++) {
    chain.mine(() => [], { branch: 'b' })
    await read()
  }
  assert.deepEqual((await readSession(ctx, session)).exceptions, ['replaced'])
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.exception'])
})
