import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  blockAfter,
  createOrganization,
  createSession,
  createTestContext,
  createWebhookEndpoint,
  paymentTo,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'
import { getCheckoutSession } from './getCheckoutSession.ts'
import { type Lead, leadChain } from './leadChain.ts'
import { recordBlock } from './recordBlock.ts'

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof createTestContext>>
let caller: Caller
let lead: Lead
let tip: BlockHeader

before(async () => {
  database = await createTestDatabase()
  ctx = await createTestContext(database.url)
  caller = await createOrganization(ctx)
  ;({
    lead,
    known: [tip],
  } = (await leadChain(ctx, 80001, async () => blockAfter(null))) as { lead: Lead; known: [BlockHeader] })
})

after(async () => {
  await ctx.close()
  await database.drop()
})

/** Mines and records one block a second later, with what `transfersIn` puts into it. */
async function mine(transfersIn: (header: BlockHeader) => Transfer[] = () => []): Promise<BlockHeader> {
  ctx.clock.advance(1000)
  const header = blockAfter(tip, { time: ctx.clock.now() })
  await recordBlock(ctx, lead, { header, transfers: transfersIn(header) })
  tip = header
  return header
}

async function read({ id }: CheckoutSession): Promise<CheckoutSession> {
  const seen = await getCheckoutSession(ctx, caller.organizationId, id)
  assert.ok(seen)
  return seen.found
}

async function events(objectId: string): Promise<string[]> {
  const { rows } = await ctx.db.owner.query(
    'select type, sequence from events where object_id = $1 order by sequence',
    [objectId],
  )
  assert.deepEqual(
    rows.map(row => row.sequence),
    rows.map((_, index) => index + 1),
  )
  return rows.map(row => row.type)
}

test('a payment is processing when seen and complete when final, and each step is told once', async () => {
  const session = await createSession(ctx, caller)
  await mine(header => [paymentTo(session, header)])
  const seen = await read(session)
  assert.deepEqual([seen.status, seen.intent.status, seen.intent.amountReceived], ['open', 'processing', 10_00000000n])
  await mine()
  assert.equal((await read(session)).status, 'open')
  await mine()
  const paid = await read(session)
  assert.deepEqual([paid.status, paid.intent.status, paid.exceptions], ['complete', 'succeeded', []])
  await mine()
  assert.deepEqual(await events(session.id), ['checkout_session.processing', 'checkout_session.completed'])
  assert.deepEqual(await events(session.intent.id), ['payment_intent.processing', 'payment_intent.succeeded'])
})

test('each event has a delivery and a job for every endpoint that asked for it', async () => {
  const own = await createOrganization(ctx)
  const all = await createWebhookEndpoint(ctx, own, ['*'])
  const one = await createWebhookEndpoint(ctx, own, ['checkout_session.completed'])
  const session = await createSession(ctx, own)
  for (let block = 0; block < 3; block++) await mine(header => (block === 0 ? [paymentTo(session, header)] : []))
  const { rows } = await ctx.db.owner.query(
    `select e.type, d.webhook_endpoint_id as endpoint, d.status, j.id is not null as has_job, j.queue_name from deliveries d
     join events e on e.id = d.event_id
     left join (select j.id, q.queue_name, payload from graphile_worker._private_jobs j
       left join graphile_worker._private_job_queues q on q.id = j.job_queue_id) j on j.payload->>'deliveryId' = d.id::text
     where d.organization_id = $1 order by e.id`,
    [own.organizationId],
  )
  assert.deepEqual(
    rows
      .filter(row => row.endpoint === all)
      .map(row => row.type)
      .sort(),
    [
      'checkout_session.completed',
      'checkout_session.processing',
      'payment_intent.processing',
      'payment_intent.succeeded',
    ],
  )
  assert.deepEqual(
    rows.filter(row => row.endpoint === one).map(row => row.type),
    ['checkout_session.completed'],
  )
  for (const row of rows) {
    assert.deepEqual([row.status, row.has_job], ['pending', true])
    assert.match(row.queue_name, new RegExp(`^${row.endpoint}:[0-3]$`))
  }
})
