import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createOrganization } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { inOrganization } from '../store/database.ts'
import { beginDelivery, type DeliveryAttempt } from './beginDelivery.ts'
import { createWebhookEndpoint } from './createWebhookEndpoint.ts'
import { getWebhookEndpoint } from './getWebhookEndpoint.ts'
import { type DeliveryResult, recordDelivery } from './recordDelivery.ts'
import { testWebhookEndpoint } from './testWebhookEndpoint.ts'
import { updateWebhookEndpoint } from './updateWebhookEndpoint.ts'

const HOUR_MS = 3_600_000
const OK: DeliveryResult = { ok: true, status: 200, error: null, body: '', durationMs: 1, retryAfterS: null }
const FAILURE: DeliveryResult = { ...OK, ok: false, status: null, error: 'timeout' }

let ctx: FreshContext
before(async () => {
  ctx = await openFreshContext()
})
after(() => ctx.close())

async function newEndpoint() {
  const caller = await createOrganization(ctx)
  const asked = { description: 'x', url: 'http://127.0.0.1:9/', enabledEvents: ['*' as const] }
  const { body } = await createWebhookEndpoint(ctx, caller, asked, null)
  const { id } = JSON.parse(body) as { id: string }
  const { organizationId } = caller
  const begun: string[] = []
  return {
    organizationId,
    get: async () => {
      const endpoint = await getWebhookEndpoint(ctx, organizationId, id)
      assert.ok(endpoint)
      return endpoint
    },
    enable: () => updateWebhookEndpoint(ctx, caller, id, { isDisabled: false }),
    /** The first attempt of a new delivery to this endpoint. */
    begin: async (): Promise<DeliveryAttempt> => {
      await inOrganization(ctx.db, organizationId, tx => testWebhookEndpoint(tx, ctx, id))
      const { rows } = await ctx.db.owner.query(
        'select id from deliveries where webhook_endpoint_id = $1 and id <> all ($2)',
        [id, begun],
      )
      assert.equal(rows.length, 1)
      begun.push(rows[0].id)
      const attempt = await beginDelivery(ctx, rows[0].id)
      assert.ok(attempt)
      return attempt
    },
  }
}

async function setEmail(organizationId: string, email: string) {
  await ctx.db.owner.query('update organizations set email = $2 where id = $1', [organizationId, email])
}

async function read(deliveryId: string) {
  const { rows } = await ctx.db.owner.query(
    `select status, attempts, next_attempt_at is not null as is_waiting,
      (select count(*)::int from webhook_attempts where delivery_id = d.id) as records,
      (select count(*)::int from graphile_worker._private_jobs where payload->>'deliveryId' = d.id::text) as jobs
     from deliveries d where id = $1`,
    [deliveryId],
  )
  return rows[0]
}

test('an endpoint that only failed for five days is disabled; a success in between, or enabling it, begins anew', async () => {
  const endpoint = await newEndpoint()
  const fail = async () => recordDelivery(ctx, await endpoint.begin(), FAILURE)
  await fail()
  const since = ctx.clock.now()
  ctx.clock.advance(72 * HOUR_MS)
  assert.deepEqual((await endpoint.get()).failingSince, since)
  await recordDelivery(ctx, await endpoint.begin(), OK)
  assert.equal((await endpoint.get()).failingSince, null)

  await fail()
  ctx.clock.advance(5 * 24 * HOUR_MS - 60_000)
  const almost = await endpoint.begin()
  await recordDelivery(ctx, almost, FAILURE)
  assert.equal((await endpoint.get()).isDisabled, false)
  assert.equal((await read(almost.deliveryId)).status, 'pending')
  ctx.clock.advance(60_000)
  const last = await endpoint.begin()
  await recordDelivery(ctx, last, FAILURE)
  assert.equal((await endpoint.get()).isDisabled, true)
  assert.deepEqual(await read(last.deliveryId), {
    status: 'failed',
    attempts: 1,
    is_waiting: false,
    records: 1,
    jobs: 1,
  })
  assert.equal(await beginDelivery(ctx, almost.deliveryId), null)
  assert.equal((await read(almost.deliveryId)).status, 'failed')

  await endpoint.enable()
  assert.equal((await endpoint.get()).failingSince, null)
  await fail()
  assert.equal((await endpoint.get()).isDisabled, false)
})

test('an attempt that two workers made is recorded once, with one job to follow', async () => {
  const endpoint = await newEndpoint()
  const attempt = await endpoint.begin()
  await Promise.all([1, 2, 3, 4].map(() => recordDelivery(ctx, attempt, FAILURE)))
  // The job of the first attempt, which no worker of this test takes, and that of the second.
  const once = { status: 'pending', attempts: 1, is_waiting: true, records: 1, jobs: 2 }
  assert.deepEqual(await read(attempt.deliveryId), once)
  await recordDelivery(ctx, attempt, OK)
  assert.deepEqual(await read(attempt.deliveryId), once)

  const second = await beginDelivery(ctx, attempt.deliveryId)
  assert.deepEqual([second?.number, second?.eventId, second?.body], [2, attempt.eventId, attempt.body])
  if (second !== null) await recordDelivery(ctx, second, OK)
  const over = { status: 'succeeded', attempts: 2, is_waiting: false, records: 2, jobs: 2 }
  assert.deepEqual(await read(attempt.deliveryId), over)
  assert.equal(await beginDelivery(ctx, attempt.deliveryId), null)
})

/** The kinds and recipients of the messages to an organization, oldest first. */
async function mailsOf(organizationId: string) {
  const { rows } = await ctx.db.owner.query(
    'select kind, recipient, text from emails where organization_id = $1 order by created_at, id',
    [organizationId],
  )
  return rows as { kind: string; recipient: string; text: string }[]
}

test('F144: answer 410 disables the endpoint, and its merchant is told with the same transaction, once', async () => {
  const endpoint = await newEndpoint()
  await setEmail(endpoint.organizationId, 'shop@example.com')
  const [first, second] = [await endpoint.begin(), await endpoint.begin()]
  const gone = { ...FAILURE, status: 410, error: null }
  await Promise.all([recordDelivery(ctx, first, gone), recordDelivery(ctx, second, gone)])
  const [mail, ...others] = await mailsOf(endpoint.organizationId)
  assert.deepEqual([mail?.kind, mail?.recipient, others], ['endpoint_gone', 'shop@example.com', []])
  assert.match(mail?.text ?? '', /http:\/\/127\.0\.0\.1:9\//)
  assert.match(mail?.text ?? '', /HTTP 410/)
})

test('A6.6: an event that is given up after ten attempts is told once while the endpoint only fails, and again after it worked', async () => {
  const endpoint = await newEndpoint()
  await setEmail(endpoint.organizationId, 'shop@example.com')
  const giveUp = async () => {
    let attempt: DeliveryAttempt | null = await endpoint.begin()
    for (let made = 0; attempt !== null; made++) {
      assert.ok(made < 10)
      await recordDelivery(ctx, attempt, FAILURE)
      attempt = await beginDelivery(ctx, attempt.deliveryId)
    }
  }
  await giveUp()
  await giveUp()
  assert.deepEqual(
    (await mailsOf(endpoint.organizationId)).map(({ kind }) => kind),
    ['endpoint_failing'],
  )
  await recordDelivery(ctx, await endpoint.begin(), OK)
  await giveUp()
  assert.equal((await mailsOf(endpoint.organizationId)).length, 1, 'not twice in a day')
  await recordDelivery(ctx, await endpoint.begin(), OK)
  ctx.clock.advance(25 * HOUR_MS)
  await giveUp()
  assert.equal((await mailsOf(endpoint.organizationId)).length, 2)
})

test('A6.12: an endpoint that is disabled after five days is told to the owner where the organization has no address', async () => {
  const endpoint = await newEndpoint()
  await recordDelivery(ctx, await endpoint.begin(), FAILURE)
  ctx.clock.advance(5 * 24 * HOUR_MS)
  const owner = 'owner@example.com'
  await ctx.db.owner.query(
    `with u as (insert into users (id, created_at, updated_at, email, first_name, last_name, status)
       values (gen_random_uuid(), $2, $2, $3, 'Ada', 'Lovelace', 'active') returning id)
     update organizations set owner_id = u.id from u where organizations.id = $1`,
    [endpoint.organizationId, ctx.clock.now(), owner],
  )
  await recordDelivery(ctx, await endpoint.begin(), FAILURE)
  assert.deepEqual(
    (await mailsOf(endpoint.organizationId)).map(({ kind, recipient }) => [kind, recipient]),
    [['endpoint_disabled', owner]],
  )
})

test('failures and successes of one endpoint recorded at once neither block nor lose one another', async () => {
  const endpoint = await newEndpoint()
  const attempts: DeliveryAttempt[] = []
  for (let index = 0; index < 12; index++) {
    ctx.clock.advance(1)
    attempts.push(await endpoint.begin())
  }
  await Promise.all(attempts.map((attempt, index) => recordDelivery(ctx, attempt, index % 2 === 0 ? OK : FAILURE)))
  for (const [index, { deliveryId }] of attempts.entries()) {
    const { status, records } = await read(deliveryId)
    assert.deepEqual([status, records], [index % 2 === 0 ? 'succeeded' : 'pending', 1])
  }
})
