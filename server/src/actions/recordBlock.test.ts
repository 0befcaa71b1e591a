import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  blockAfter,
  createOrganization,
  createSession,
  createWebhookEndpoint,
  eventTypes,
  hashFor,
  openBareContext,
  paymentTo,
  type RecordedChain,
  readSession,
  recordBlock,
  recordChain,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Caller } from './caller.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { type Lead, LeadLostError, leadChain } from './leadChain.ts'

const OTHER_CHAIN = 80002

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
let chain: RecordedChain
let other: RecordedChain

before(async () => {
  database = await createTestDatabase()
  const chains = [testChainConfig(), testChainConfig({ chainId: OTHER_CHAIN, confirmations: 1 })]
  ctx = await openBareContext(database.url, { chains })
  caller = await createOrganization(ctx)
  chain = await recordChain(ctx)
  other = await recordChain(ctx, OTHER_CHAIN)
})

after(async () => {
  await ctx.close()
  await database.drop()
})

function assetOf(currency: string, chainId = 80001): `0x${string}` {
  const asset = ctx.chains.get(chainId)?.assets.find(candidate => candidate.currency === currency)
  invariant(asset, 'the test chain has the asset')
  return asset.address
}

async function count(table: string): Promise<number> {
  const { rows } = await ctx.db.owner.query(`select count(*)::int as count from ${table}`)
  return rows[0].count
}

test('a payment is processing when seen and complete when final, and each step is told once', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  const seen = await readSession(ctx, session)
  assert.deepEqual([seen.status, seen.intent.status, seen.intent.amountReceived], ['open', 'processing', 10_00000000n])
  assert.deepEqual(seen.updatedAt, ctx.clock.now())
  const seenAt = seen.updatedAt
  await chain.mine()
  assert.deepEqual(await readSession(ctx, session), seen, 'one more confirmation changes nothing that is stored')
  await chain.mine()
  const paid = await readSession(ctx, session)
  assert.deepEqual([paid.status, paid.intent.status, paid.exceptions], ['complete', 'succeeded', []])
  assert.ok(paid.updatedAt > seenAt)
  await chain.mine()
  assert.deepEqual(await readSession(ctx, session), paid)
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  assert.deepEqual(await eventTypes(ctx, session.intent.id), ['payment_intent.processing', 'payment_intent.succeeded'])
})

test('an event carries the object as it was right after the change', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  await chain.mine()
  await chain.mine()
  const { rows } = await ctx.db.owner.query(
    'select object, object_id, organization_id, created_at, data from events where object_id in ($1, $2) order by id',
    [session.id, session.intent.id],
  )
  const said = rows.map(({ object, data }) => [
    object,
    data.status,
    data.amountReceived ?? data.paymentIntent?.amountReceived,
  ])
  assert.deepEqual(said.sort(), [
    ['checkoutSession', 'complete', '1000000000'],
    ['checkoutSession', 'open', '1000000000'],
    ['paymentIntent', 'processing', '1000000000'],
    ['paymentIntent', 'succeeded', '1000000000'],
  ])
  for (const row of rows) assert.equal(row.organization_id, caller.organizationId)
})

test('each event has a delivery and a job for every endpoint that asked for it', async () => {
  const own = await createOrganization(ctx)
  const all = await createWebhookEndpoint(ctx, own, ['*'])
  const one = await createWebhookEndpoint(ctx, own, ['checkout_session.completed'])
  const off = await createWebhookEndpoint(ctx, own, ['*'])
  const gone = await createWebhookEndpoint(ctx, own, ['*'])
  await ctx.db.owner.query('update webhook_endpoints set is_disabled = true where id = $1', [off])
  await ctx.db.owner.query('update webhook_endpoints set deleted_at = created_at where id = $1', [gone])
  const session = await createSession(ctx, own)
  await chain.mine(header => [paymentTo(session, header)])
  await chain.mine()
  await chain.mine()
  const { rows } = await ctx.db.owner.query(
    `select e.type, d.webhook_endpoint_id as endpoint, d.status, j.id is not null as has_job, j.queue_name from deliveries d
     join events e on e.id = d.event_id
     left join (select j.id, q.queue_name, payload from graphile_worker._private_jobs j
       left join graphile_worker._private_job_queues q on q.id = j.job_queue_id) j on j.payload->>'deliveryId' = d.id::text
     where d.organization_id = $1`,
    [own.organizationId],
  )
  const told = (endpoint: string) => rows.filter(row => row.endpoint === endpoint).map(row => row.type)
  assert.deepEqual(told(all).sort(), [
    'checkout_session.completed',
    'checkout_session.processing',
    'payment_intent.processing',
    'payment_intent.succeeded',
  ])
  assert.deepEqual(told(one), ['checkout_session.completed'])
  assert.deepEqual([told(off), told(gone)], [[], []])
  for (const row of rows) {
    assert.deepEqual([row.status, row.has_job], ['pending', true])
    assert.match(row.queue_name, new RegExp(`^${row.endpoint}:[0-3]$`))
  }
})

test('one transaction pays several sessions, and several transfers of one transaction add up', async () => {
  const [first, second] = [await createSession(ctx, caller), await createSession(ctx, caller)]
  await chain.mine(header => [
    paymentTo(first, header, { tx: 'batch', logIndex: 3, amountRaw: 4_000_000n }),
    paymentTo(second, header, { tx: 'batch', logIndex: 4 }),
    paymentTo(first, header, { tx: 'batch', logIndex: 7, amountRaw: 6_000_000n }),
  ])
  await chain.mine()
  await chain.mine()
  for (const session of [first, second]) {
    const { status, exceptions, intent, transfers } = await readSession(ctx, session)
    assert.deepEqual([status, exceptions, intent.amountReceived], ['complete', [], 10_00000000n])
    assert.equal(transfers.length, session === first ? 2 : 1)
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  }
})

test('a part is incomplete, the rest completes', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header, { tx: 'part', amountRaw: 9_999_999n })])
  await chain.mine()
  await chain.mine(header => [paymentTo(session, header, { tx: 'rest', amountRaw: 1n })])
  const part = await readSession(ctx, session)
  assert.deepEqual([part.status, part.intent.status, part.exceptions], ['incomplete', 'processing', ['underpaid']])
  await chain.mine()
  await chain.mine()
  const whole = await readSession(ctx, session)
  assert.deepEqual([whole.status, whole.exceptions, whole.intent.amountReceived], ['complete', [], 10_00000000n])
  assert.deepEqual(await eventTypes(ctx, session.id), [
    'checkout_session.processing',
    'checkout_session.incomplete',
    'checkout_session.exception',
    'checkout_session.completed',
  ])
})

test('more than asked is overpaid, and money after completion is a duplicate that is told once', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header, { tx: 'over', amountRaw: 15_000_000n })])
  await chain.mine()
  await chain.mine()
  assert.deepEqual((await readSession(ctx, session)).exceptions, ['overpaid'])
  await chain.mine(header => [paymentTo(session, header, { tx: 'again', logIndex: 2 })])
  await chain.mine()
  await chain.mine()
  const { status, exceptions, intent, transfers } = await readSession(ctx, session)
  assert.deepEqual([status, exceptions, intent.amountReceived], ['complete', ['duplicate', 'overpaid'], 15_00000000n])
  assert.deepEqual(
    transfers.map(transfer => transfer.unmatchedReason),
    [null, 'duplicate'],
  )
  assert.deepEqual(await eventTypes(ctx, session.id), [
    'checkout_session.processing',
    'checkout_session.completed',
    'checkout_session.exception',
    'checkout_session.exception',
  ])
  assert.deepEqual(await eventTypes(ctx, transfers[1]?.id ?? ''), ['payment.unmatched'])
})

test('another token and another chain are stored, told and not counted', async () => {
  const session = await createSession(ctx, caller, { chainIds: [80001] })
  await chain.mine(header => [paymentTo(session, header, { asset: assetOf('dai'), tx: 'dai', amountRaw: 10n ** 19n })])
  await other.mine(header => [
    paymentTo(session, header, { chainId: OTHER_CHAIN, tx: 'elsewhere', amountRaw: 10_000_000n }),
  ])
  const { status, intent, exceptions, transfers } = await readSession(ctx, session)
  assert.deepEqual([status, intent.status, intent.amountReceived], ['open', 'requires_payment_method', null])
  assert.deepEqual(exceptions, ['wrong_chain', 'wrong_token'])
  for (const transfer of transfers) {
    assert.deepEqual(await eventTypes(ctx, transfer.id), ['payment.unmatched'])
    const { rows } = await ctx.db.owner.query('select data from events where object_id = $1', [transfer.id])
    const { reason, transfer: transaction, checkoutSessionId } = rows[0].data
    assert.deepEqual([reason, checkoutSessionId], [transfer.unmatchedReason, session.id])
    assert.deepEqual([transaction.transactionHash, transaction.amountRaw], [transfer.txHash, `${transfer.amountRaw}`])
  }
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.exception', 'checkout_session.exception'])
})

test('a session may be paid on another allowed chain, there final with its first block, and in coin', async () => {
  const elsewhere = await createSession(ctx, caller)
  await other.mine(header => [paymentTo(elsewhere, header, { chainId: OTHER_CHAIN })])
  assert.equal((await readSession(ctx, elsewhere)).status, 'complete')
  // B1.4: nothing is told to be paid that was not told to be seen, even where both come in one block.
  assert.deepEqual(await eventTypes(ctx, elsewhere.id), ['checkout_session.processing', 'checkout_session.completed'])
  const inCoin = await createSession(ctx, caller, { currency: 'eth' })
  await chain.mine(header => [paymentTo(inCoin, header, { asset: NATIVE })])
  await chain.mine()
  await chain.mine()
  assert.equal((await readSession(ctx, inCoin)).status, 'complete')
})

test('money for addresses that are nobody’s leaves no trace', async () => {
  const session = await createSession(ctx, caller)
  const before = await count('transfers')
  await chain.mine(header => [{ ...paymentTo(session, header), to: `0x${'99'.repeat(20)}` }])
  assert.equal(await count('transfers'), before)
})

test('the largest amount that a token can hold is stored as it is', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header, { amountRaw: 2n ** 256n - 1n })])
  assert.equal((await readSession(ctx, session)).transfers[0]?.amountRaw, 2n ** 256n - 1n)
})

test('a block is recorded once: again, out of turn or on another branch it is refused whole', async () => {
  const session = await createSession(ctx, caller)
  const header = await chain.mine(block => [paymentTo(session, block)])
  const counts = async () => [await count('blocks'), await count('transfers'), await count('events')]
  const before = await counts()
  const refuse = async (block: typeof header) => {
    const recorded = recordBlock(ctx, chain.lead, {
      header: block,
      transfers: [paymentTo(session, block, { tx: 'x' })],
    })
    await assert.rejects(recorded, LeadLostError)
  }
  await refuse(header)
  await refuse(blockAfter(blockAfter(header)))
  await refuse(blockAfter(null, { branch: 'b' }))
  assert.deepEqual(await counts(), before)
})

test('a leader whose place was taken writes no more', async () => {
  const stale: Lead = chain.lead
  const { lead, known } = await leadChain(ctx, 80001, () => assert.fail('the chain was begun'))
  assert.deepEqual(known.at(-1), chain.tip())
  const session = await createSession(ctx, caller)
  const header = blockAfter(chain.tip(), { time: ctx.clock.now() })
  const block = { header, transfers: [paymentTo(session, header)] }
  await assert.rejects(recordBlock(ctx, stale, block), LeadLostError)
  assert.deepEqual((await readSession(ctx, session)).transfers, [])
  await recordBlock(ctx, lead, block)
  chain = await recordChain(ctx)
  assert.equal((await readSession(ctx, session)).intent.status, 'processing')
})

test('whatever fails inside the transaction leaves nothing behind', async () => {
  const session = await createSession(ctx, caller)
  const header = blockAfter(chain.tip(), { time: ctx.clock.now() })
  const block = { header, transfers: [paymentTo(session, header)] }
  const tables = ['blocks', 'transfers', 'events', 'deliveries', 'graphile_worker._private_jobs']
  const counts = () =>
    Promise.all([...tables.map(count), ctx.db.owner.query('select * from cursors').then(r => r.rows)])
  const before = await counts()
  for (const table of ['blocks', 'transfers', 'checkout_sessions', 'payment_intents', 'events']) {
    await ctx.db.owner.query(`
      create function fail_here() returns trigger language plpgsql as $$ begin raise exception 'failed here'; end $$;
      create constraint trigger fail_here after insert or update on ${table} deferrable for each row execute function fail_here()`)
    await assert.rejects(recordBlock(ctx, chain.lead, block), /failed here/, table)
    await ctx.db.owner.query(`drop trigger fail_here on ${table}; drop function fail_here`)
    assert.deepEqual(await counts(), before, table)
  }
  await chain.record(header, block.transfers)
  assert.equal((await readSession(ctx, session)).intent.status, 'processing')
})

test('payments in one block and the end of their sessions at the same moment: paid or late, nothing in between', async () => {
  const sessions = await Promise.all(Array.from({ length: 12 }, () => createSession(ctx, caller)))
  // The block is mined exactly at the deadline, which is on time; the next one is late for whoever was not seen before.
  const deadline = sessions[0]?.deadline ?? new Date()
  ctx.clock.advance(deadline.getTime() - ctx.clock.now().getTime() - 1000)
  await other.mine()
  ctx.clock.advance(-1000)
  const [onTime, late] = [sessions.slice(0, 6), sessions.slice(6)]
  await chain.mine(header => onTime.map((session, index) => paymentTo(session, header, { logIndex: index })))
  ctx.clock.advance(1)
  await other.mine()
  ctx.clock.advance(-1000)
  const racing = chain.mine(header => late.map((session, index) => paymentTo(session, header, { logIndex: index })))
  const closing = closeDueSessions(ctx, 500)
  await Promise.all([racing, closing])
  await closeDueSessions(ctx, 500)
  await chain.mine()
  await chain.mine()
  for (const session of onTime) {
    assert.equal((await readSession(ctx, session)).status, 'complete')
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  }
  for (const session of late) {
    const { status, exceptions } = await readSession(ctx, session)
    assert.deepEqual([status, exceptions], ['expired', ['late']])
    const types = await eventTypes(ctx, session.id)
    assert.deepEqual(types.sort(), ['checkout_session.exception', 'checkout_session.expired'])
  }
})

test('only the newest blocks are remembered', async () => {
  const { rows } = await ctx.db.owner.query('select max(number)::int as tip from blocks where chain_id = 80001')
  const hash = Buffer.from(hashFor('pruned').slice(2), 'hex')
  await ctx.db.owner.query('update blocks set number = 900000 + number where chain_id = 80001')
  await ctx.db.owner.query(`insert into blocks select 80001, $1, 100, $1, now(), false`, [hash])
  const tip = { ...chain.tip(), number: 900_000n + BigInt(rows[0].tip) }
  await ctx.db.owner.query('update cursors set number = $1 where chain_id = 80001', [tip.number])
  let next = tip
  while (next.number % 100n !== 0n) {
    next = blockAfter(next)
    await recordBlock(ctx, chain.lead, { header: next, transfers: [] })
  }
  assert.equal((await ctx.db.owner.query('select from blocks where hash = $1', [hash])).rowCount, 0)
  const { known } = await leadChain(ctx, 80001, () => assert.fail('the chain was begun'))
  assert.deepEqual(known.at(-1), next)
})
