import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import test, { type TestContext as T } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { Webhook } from 'standardwebhooks'
import { createOrganization, type TestClock, testClock } from '../../test/harness/fixtures.ts'
import { type Answer, type ReceivedRequest, type Receiver, startReceiver } from '../../test/harness/receiver.ts'
import { createTestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { createWebhookEndpoint } from '../actions/createWebhookEndpoint.ts'
import type { Context } from '../context.ts'
import { RETRY_DELAYS_S } from '../domain/retry.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { signWebhook } from '../domain/webhook.ts'
import { createApp } from '../http/app.ts'
import { asWorker } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { type JobOptions, startJobs } from './jobs.ts'

type World = {
  ctx: Context
  clock: TestClock
  organizationId: string
  /** Calls the API, expects 200, and returns the answer. */
  call: (method: string, path: string, body?: object) => Promise<Record<string, unknown>>
  receiver: () => Promise<Receiver>
  /** Works the queue until the test ends, or until told to stop. */
  work: (options?: JobOptions) => () => Promise<void>
  /** Runs `end` when the test ends, before what was started earlier is ended. */
  atEnd: (end: () => Promise<void>) => void
}

async function openWorld(t: T): Promise<World> {
  const ends: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const end of ends.reverse()) await end()
  })
  const atEnd = (end: () => Promise<void>) => void ends.push(end)
  const clock = testClock()
  const { ctx, apiKey, organizationId, close } = await createTestContext({ clock })
  atEnd(close)
  const app = createApp(ctx)
  return {
    ctx,
    clock,
    organizationId,
    atEnd,
    call: async (method, path, body) => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
      const response = await app.request(`/api/v1${path}`, init)
      const answer = (await response.json()) as Record<string, unknown>
      assert.equal(response.status, 200, JSON.stringify(answer))
      return answer
    },
    receiver: async () => {
      const receiver = await startReceiver()
      atEnd(receiver.stop)
      return receiver
    },
    work: (options = {}) => {
      const stopping = new AbortController()
      const ended = startJobs(ctx, stopping.signal, { pollMs: 50, concurrency: 16, ...options })
      const stop = async () => {
        stopping.abort()
        await ended
      }
      atEnd(stop)
      return stop
    },
  }
}

async function addEndpoint({ call }: World, url: string, events: string[] = ['*']) {
  const endpoint = await call('POST', '/webhook-endpoints', { description: 'Läden 🛍', url, enabledEvents: { events } })
  return { id: endpoint.id as string, secret: endpoint.secret as string }
}

/** Tells the organization's endpoints about `count` objects. */
async function tell({ ctx }: World, organizationId: string, count: number, data: object = {}): Promise<void> {
  const createdAt = ctx.clock.now()
  const newId = () => uuidv7(createdAt, ctx.random(10))
  const events = Array.from({ length: count }, () => ({
    id: newId(),
    organizationId,
    createdAt,
    type: 'checkout_session.completed' as const,
    object: 'checkoutSession',
    objectId: newId(),
    data,
  }))
  await asWorker(ctx.db, tx => appendEvents(tx, events))
}

type DeliveryRow = { id: string; status: string; attempts: number; next_attempt_at: Date | null }

/** The deliveries to endpoint `id` (all, unless told), oldest first. */
async function deliveries({ ctx }: World, id: string | null = null): Promise<DeliveryRow[]> {
  const { rows } = await ctx.db.owner.query<DeliveryRow>(
    'select * from deliveries where $1::uuid is null or webhook_endpoint_id = $1 order by id',
    [id],
  )
  return rows
}

/** Waits until the only delivery has made `attempts` attempts, and returns it. */
async function attempted(world: World, attempts: number): Promise<DeliveryRow> {
  return await waitUntil(`attempt ${attempts}`, async () => {
    const [row] = await deliveries(world)
    return row?.attempts === attempts && row
  })
}

type JobRow = { run_at: Date; locked_by: string | null; delay_s: number; payload: { deliveryId: string } }

async function jobs({ ctx }: World): Promise<JobRow[]> {
  const { rows } = await ctx.db.owner.query<JobRow>(
    'select *, extract(epoch from run_at - now())::float8 as delay_s from graphile_worker._private_jobs order by id',
  )
  return rows
}

/** Makes every waiting job due now. */
async function makeDue({ ctx }: World): Promise<void> {
  await ctx.db.owner.query('update graphile_worker._private_jobs set run_at = now() where locked_by is null')
}

const idOf = (request: ReceivedRequest) => request.headers['webhook-id']
const headersOf = (request: ReceivedRequest) => request.headers as Record<string, string>

test('an event is delivered with both signatures, at the real time, and recorded', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, `${receiver.url}/hook?shop=1`, ['invoice.paid'])
  await addEndpoint(world, `${receiver.url}/other`)
  receiver.answerAll({ status: 201, body: `${'é'.repeat(600)}` })
  world.work()
  const answer = await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  assert.equal(answer.statusCode, 200)
  const request = await receiver.waitFor(() => true)

  // The stock library takes the bytes as they came, and holds the timestamp against the real time.
  const envelope = new Webhook(endpoint.secret).verify(request.body, headersOf(request)) as Record<string, unknown>
  const hex = createHmac('sha256', endpoint.secret).update(request.body).digest('hex')
  assert.equal(request.headers['x-webhook-signature'], hex)
  assert.equal(request.path, '/hook?shop=1')
  assert.equal(request.headers['content-type'], 'application/json')
  assert.deepEqual(envelope, {
    id: idOf(request),
    apiVersion: '2023-01-11',
    created: world.clock.now().getTime(),
    sequence: 1,
    object: 'webhookEndpoint',
    type: 'webhook_endpoint_test',
    data: { object: { ...(await world.call('GET', `/webhook-endpoints/${endpoint.id}`)) } },
  })

  const delivery = await attempted(world, 1)
  assert.deepEqual([delivery.status, delivery.next_attempt_at], ['succeeded', null])
  const { rows } = await world.ctx.db.owner.query('select * from webhook_attempts')
  assert.equal(rows.length, 1)
  assert.deepEqual(
    [rows[0].attempt, rows[0].response_status, rows[0].response_body, rows[0].error, rows[0].created_at],
    [1, 201, 'é'.repeat(512), null, world.clock.now()],
  )
  assert.ok(rows[0].duration_ms >= 0)

  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  const [, second] = await receiver.waitForCount(2)
  assert.equal(JSON.parse(String(second?.body)).sequence, 2)
  assert.deepEqual(
    receiver.requests.map(({ path }) => path),
    ['/hook?shop=1', '/hook?shop=1'],
  )
})

test('ten attempts with one id, each with its own time, then the delivery has failed', async t => {
  const world = await openWorld(t)
  const { clock } = world
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  receiver.answerAll({ status: 500, body: 'no' })
  world.work({ wallClock: clock })
  const start = clock.now().getTime()
  await tell(world, world.organizationId, 1)
  for (const [index, delayS] of [...RETRY_DELAYS_S.slice(1), null].entries()) {
    const delivery = await attempted(world, index + 1)
    if (delayS === null) {
      assert.deepEqual([delivery.status, delivery.next_attempt_at], ['failed', null])
      break
    }
    assert.equal(delivery.status, 'pending')
    const waitMs = (delivery.next_attempt_at?.getTime() ?? 0) - clock.now().getTime()
    assert.ok(waitMs >= delayS * 900 && waitMs <= delayS * 1100, `${waitMs} ms after attempt ${index + 1}`)
    // The job was added with the record, and it waits as long in the time of the database.
    const job = await waitUntil('the next job alone', async () => {
      const [only, ...more] = await jobs(world)
      return more.length === 0 && only
    })
    assert.ok(job.delay_s * 1000 <= waitMs && job.delay_s * 1000 > waitMs - 30_000, `${job.delay_s} s`)
    clock.advance(waitMs)
    await makeDue(world)
  }
  const totalS = (clock.now().getTime() - start) / 1000
  const planned = 75 * 3600 + 35 * 60 + 5
  assert.ok(Math.abs(totalS - planned) <= planned / 10, `${totalS} s`)
  assert.equal(receiver.requests.length, 10)
  assert.equal(new Set(receiver.requests.map(idOf)).size, 1)
  assert.equal(new Set(receiver.requests.map(request => String(request.body))).size, 1)
  assert.equal(new Set(receiver.requests.map(request => request.headers['webhook-timestamp'])).size, 10)
  for (const request of receiver.requests) {
    const { 'webhook-id': id = '', 'webhook-timestamp': time } = headersOf(request)
    const message = { id, timestampS: Number(time), body: String(request.body), secrets: [endpoint.secret] }
    assert.equal(request.headers['webhook-signature'], signWebhook(message)['webhook-signature'])
  }
  await waitUntil('no job left', async () => (await jobs(world)).length === 0)
})

test('F143 F145: what a receiver answers decides what follows', async t => {
  const world = await openWorld(t)
  const { clock } = world
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  world.work({ wallClock: clock })
  const failure = async (answer: Answer) => {
    receiver.answerNext(answer)
    await tell(world, world.organizationId, 1)
    const before = (await deliveries(world)).length
    const row = await waitUntil('the attempt', async () => (await deliveries(world)).find(one => one.attempts === 1))
    assert.equal(before, 1)
    await world.ctx.db.owner.query('delete from deliveries')
    assert.equal(row.status, 'pending')
    return ((row.next_attempt_at?.getTime() ?? 0) - clock.now().getTime()) / 1000
  }
  const usual = (seconds: number) => seconds >= 4.5 && seconds <= 5.5
  for (const status of [301, 302, 307, 308]) {
    assert.ok(usual(await failure({ status, headers: { location: `${receiver.url}/elsewhere` } })), `${status}`)
  }
  assert.ok(usual(await failure({ kind: 'cut' })), 'cut')
  assert.ok(usual(await failure({ status: 400 })), '400')
  assert.ok(usual(await failure({ status: 500, headers: { 'retry-after': '600' } })), '500 does not ask')
  const retryAfter = (status: number, value: string) => failure({ status, headers: { 'retry-after': value } })
  assert.equal(await retryAfter(429, '120'), 120)
  assert.equal(await retryAfter(503, '120'), 120)
  assert.equal(await retryAfter(429, '999999'), 24 * 3600)
  assert.equal(await retryAfter(429, new Date(clock.now().getTime() + 90_000).toUTCString()), 90)
  assert.ok(usual(await retryAfter(429, '-1')), '-1')
  assert.ok(usual(await retryAfter(429, 'soon')), 'soon')
  assert.ok(receiver.requests.every(({ path }) => path === '/'))
  const { rows } = await world.ctx.db.owner.query('select failing_since, is_disabled from webhook_endpoints')
  assert.deepEqual(rows, [{ failing_since: clock.now(), is_disabled: false }])
  receiver.answerNext({ status: 204 })
  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  await waitUntil('the record is clean', async () => {
    const after = await world.ctx.db.owner.query('select failing_since from webhook_endpoints')
    return after.rows[0].failing_since === null
  })
})

test('F151: a receiver that remembers webhook-id has each effect once, however often it is told', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  const seen = new Set<unknown>()
  let effects = 0
  receiver.answerAll(request => {
    new Webhook(endpoint.secret).verify(request.body, headersOf(request))
    if (!seen.has(idOf(request))) effects += 1
    seen.add(idOf(request))
    // Its first two answers are lost on their way, so that the same is told again.
    return { kind: receiver.requests.length <= 2 ? 'cut' : 'answer' }
  })
  await tell(world, world.organizationId, 1)
  world.work()
  for (const attempts of [1, 2, 3]) {
    await attempted(world, attempts)
    await makeDue(world)
  }
  const [delivery] = await deliveries(world)
  for (const attempts of [4, 5]) {
    await world.call('POST', `/webhook-endpoints/${endpoint.id}/deliveries/${delivery?.id}/resend`)
    await attempted(world, attempts)
  }
  assert.deepEqual([receiver.requests.length, effects], [5, 1])
})

test('F144: the merchant is told of an endpoint that is gone, once', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  await addEndpoint(world, receiver.url)
  const { owner } = world.ctx.db
  await owner.query("update organizations set email = 'shop@example.com' where id = $1", [world.organizationId])
  receiver.answerAll({ status: 410 })
  await tell(world, world.organizationId, 3)
  world.work()
  await waitUntil('all failed', async () => (await deliveries(world)).every(({ status }) => status === 'failed'))
  const { rows } = await owner.query<{ recipient: string; text: string }>('select recipient, text from emails')
  assert.deepEqual(
    rows.map(({ recipient }) => recipient),
    ['shop@example.com'],
  )
  assert.ok(rows[0]?.text.includes(receiver.url) && rows[0].text.includes('410'), rows[0]?.text)
})

test('F144: 410 disables the endpoint; what waits for it fails unsent; enabled again, it is told of what comes then', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  await tell(world, world.organizationId, 1)
  await tell(world, world.organizationId, 7)
  receiver.answerAll({ status: 410 })
  const stop = world.work({ concurrency: 1 })
  await waitUntil('all failed', async () => (await deliveries(world)).every(({ status }) => status === 'failed'))
  assert.equal(receiver.requests.length, 1)
  assert.equal((await world.call('GET', `/webhook-endpoints/${endpoint.id}`)).isDisabled, true)
  await tell(world, world.organizationId, 1)
  assert.equal((await deliveries(world)).length, 8)
  await stop()

  await world.call('PUT', `/webhook-endpoints/${endpoint.id}`, { isDisabled: false })
  const { rows } = await world.ctx.db.owner.query('select failing_since from webhook_endpoints')
  assert.deepEqual(rows, [{ failing_since: null }])
  receiver.answerAll({})
  await tell(world, world.organizationId, 1)
  await world.call('DELETE', `/webhook-endpoints/${endpoint.id}`)
  const other = await addEndpoint(world, receiver.url)
  await tell(world, world.organizationId, 1)
  world.work()
  await waitUntil('told', async () => (await deliveries(world, other.id))[0]?.status === 'succeeded')
  await waitUntil('given up', async () => (await deliveries(world, endpoint.id)).every(one => one.status === 'failed'))
  assert.equal(receiver.requests.length, 2)
})

test('a secret that was replaced signs beside the new one for 24 hours', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  world.work()
  const { secret } = await world.call('POST', `/webhook-endpoints/${endpoint.id}/regenerate`)
  assert.notEqual(secret, endpoint.secret)
  const next = async () => {
    const count = receiver.requests.length + 1
    await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
    const request = (await receiver.waitForCount(count))[count - 1]
    assert.ok(request)
    return request
  }
  const signatures = (request: ReceivedRequest) => headersOf(request)['webhook-signature']?.split(' ').length
  const isSignedBy = (request: ReceivedRequest, key: unknown) => {
    const hex = createHmac('sha256', String(key)).update(request.body).digest('hex')
    return request.headers['x-webhook-signature'] === hex
  }
  const first = await next()
  world.clock.advance(24 * 3_600_000 - 60_000)
  for (const request of [first, await next()]) {
    assert.equal(signatures(request), 2)
    new Webhook(endpoint.secret).verify(request.body, headersOf(request))
    new Webhook(String(secret)).verify(request.body, headersOf(request))
    assert.ok(isSignedBy(request, secret))
  }
  world.clock.advance(60_000)
  const late = await next()
  assert.equal(signatures(late), 1)
  new Webhook(String(secret)).verify(late.body, headersOf(late))
  assert.throws(() => new Webhook(endpoint.secret).verify(late.body, headersOf(late)))
})

test('endpoints that never answer hold up nobody else', async t => {
  const world = await openWorld(t)
  const [fast, slow] = [await world.receiver(), await world.receiver()]
  slow.answerAll({ kind: 'hang' })
  const callers = [await createOrganization(world.ctx), await createOrganization(world.ctx)]
  for (const caller of callers) {
    for (let index = 0; index <= 10; index++) {
      const url = index === 0 ? slow.url : `${fast.url}/${index}`
      await createWebhookEndpoint(world.ctx, caller, { description: 'x', url, enabledEvents: ['*'] }, null)
    }
    await tell(world, caller.organizationId, 10)
  }
  world.work()
  await fast.waitForCount(200)
  // Each of the two has its four queues, and no more than that was tried.
  assert.ok(slow.requests.length >= 1 && slow.requests.length <= 8, `${slow.requests.length}`)
  const { rows } = await world.ctx.db.owner.query("select count(*)::int as n from deliveries where status = 'pending'")
  assert.ok(rows[0].n >= 20)
})

/** A process that works the queue of `ctx` and nothing else. */
function startWorkerProcess({ ctx, atEnd }: World) {
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const config = { ...ctx.config, secretKey: Buffer.from(ctx.config.secretKey).toString('hex') }
  const program = `
    import { openContext } from ${from('../openContext.ts')}
    import { startJobs } from ${from('./jobs.ts')}
    const config = JSON.parse(process.env.CONFIG)
    const ctx = await openContext({ ...config, secretKey: Buffer.from(config.secretKey, 'hex') })
    process.on('disconnect', () => process.exit(1))
    await startJobs(ctx, new AbortController().signal, { pollMs: 50, concurrency: 4 })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, CONFIG: JSON.stringify(config) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  atEnd(kill)
  return { kill }
}

test('a worker killed between sending and recording: its job is taken over, those of living workers are not', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  receiver.answerAll({ kind: 'hang' })
  const child = startWorkerProcess(world)
  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  const first = await receiver.waitFor(() => true)
  const [job] = await jobs(world)
  assert.ok(job)
  assert.match(job.locked_by ?? '', /^pool-/)

  // A job that somebody who is gone holds, to see when a look for such jobs is over.
  const other = await addEndpoint(world, `${receiver.url}/other`)
  await world.call('POST', `/webhook-endpoints/${other.id}/test`)
  await receiver.waitFor(({ path }) => path === '/other')
  const { owner } = world.ctx.db
  for (const [table, column] of [
    ['_private_jobs', 'job_queue_id'],
    ['_private_job_queues', 'id'],
  ]) {
    await owner.query(
      `update graphile_worker.${table} set locked_by = 'pool-gone'
       where ${column} in (select id from graphile_worker._private_job_queues where queue_name like $1)`,
      [`${other.id}:%`],
    )
  }
  receiver.answerAll({})
  world.work({ retakeMs: 20 })
  await waitUntil('the stray job is done', async () => (await deliveries(world, other.id))[0]?.status === 'succeeded')
  assert.equal(
    (await jobs(world)).find(one => one.payload.deliveryId === job.payload.deliveryId)?.locked_by,
    job.locked_by,
  )
  assert.equal((await deliveries(world, endpoint.id))[0]?.attempts, 0)

  await child.kill()
  await waitUntil('delivered', async () => (await deliveries(world, endpoint.id))[0]?.status === 'succeeded')
  const sent = receiver.requests.filter(({ path }) => path === '/')
  assert.deepEqual(sent.map(idOf), [idOf(first), idOf(first)])
  assert.deepEqual(sent[0]?.body, sent[1]?.body)
  assert.equal((await deliveries(world, endpoint.id))[0]?.attempts, 1)
})

test('the lease survives the loss of its connection', async t => {
  const world = await openWorld(t)
  world.work({ retakeMs: 20 })
  const holder = async () => {
    const { rows } = await world.ctx.db.owner.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 2
       and database = (select oid from pg_database where datname = current_database())`,
    )
    return rows[0]?.pid
  }
  const before = await waitUntil('held', holder)
  await world.ctx.db.owner.query('select pg_terminate_backend($1)', [before])
  await waitUntil('held again', async () => ![undefined, before].includes(await holder()))
})

test('the loss of every connection, thrice, loses no delivery', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  await addEndpoint(world, receiver.url)
  receiver.answerAll(() => ({ after: wait(2) }))
  world.work({ retakeMs: 20 })
  for (const round of [1, 2, 3]) {
    await tell(world, world.organizationId, 40)
    await receiver.waitForCount(receiver.requests.length + 5)
    const { rowCount } = await world.ctx.db.owner.query(
      // Whoever asks next meets none of them: it waits for their ends.
      `select pg_terminate_backend(pid, 30000) from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    assert.ok((rowCount ?? 0) > 1, `round ${round}`)
    await waitUntil('the pool has noticed', () =>
      asWorker(world.ctx.db, tx => tx.selectFrom('chains').select('id').execute()).then(
        () => true,
        () => false,
      ),
    )
  }
  await waitUntil('all told', async () => (await deliveries(world)).every(one => one.status === 'succeeded'))
  await waitUntil('no job left', async () => (await jobs(world)).length === 0)
  assert.equal(new Set(receiver.requests.map(idOf)).size, 120)
})

test('a stop leaves what is under way to be done again', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  receiver.answerAll({ kind: 'hang' })
  const stop = world.work()
  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  const first = await receiver.waitFor(() => true)
  await stop()
  const [job, ...more] = await jobs(world)
  assert.deepEqual([job?.locked_by, more.length], [null, 0])
  assert.deepEqual(
    (await deliveries(world)).map(({ status, attempts }) => [status, attempts]),
    [['pending', 0]],
  )
  receiver.answerAll({})
  await makeDue(world)
  world.work()
  await attempted(world, 1)
  assert.deepEqual(receiver.requests.map(idOf), [idOf(first), idOf(first)])
})

test('a resend reaches the receiver once more with the same id and body, and not while it is under way', async t => {
  const world = await openWorld(t)
  const receiver = await world.receiver()
  const endpoint = await addEndpoint(world, receiver.url)
  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  const [{ id: eventId } = {}] = (await world.call('GET', '/events')).data as { id: string }[]
  const deliveryId = (await deliveries(world))[0]?.id
  const resend = () => world.call('POST', `/webhook-endpoints/${endpoint.id}/deliveries/${deliveryId}/resend`)
  const answered = Promise.withResolvers<void>()
  receiver.answerAll({ after: answered.promise })
  world.work()
  await receiver.waitForCount(1)
  await resend()
  await world.call('POST', `/events/${eventId}/resend`)
  answered.resolve()
  await waitUntil('told', async () => (await jobs(world)).length === 0)
  assert.deepEqual(
    (await deliveries(world)).map(one => [one.status, one.attempts]),
    [['succeeded', 1]],
  )
  assert.equal(receiver.requests.length, 1)
  await resend()
  await attempted(world, 2)
  const [first, second] = receiver.requests as [ReceivedRequest, ReceivedRequest]
  assert.deepEqual([idOf(first), idOf(second)], [eventId, eventId])
  assert.deepEqual(second.body, first.body)
  for (const { body, headers } of [first, second]) {
    new Webhook(endpoint.secret).verify(body, headers as Record<string, string>)
  }
})

test('no secret is in an answer, in the log or in the database', async t => {
  const world = await openWorld(t)
  const { ctx, organizationId } = world
  const receiver = await world.receiver()
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: line => void lines.push(line) })
  const observed: World = { ...world, ctx: { ...ctx, log } }
  const endpoint = await addEndpoint(world, receiver.url)
  const { secret } = await world.call('POST', `/webhook-endpoints/${endpoint.id}/regenerate`)
  const stopping = new AbortController()
  const ended = startJobs(observed.ctx, stopping.signal, { pollMs: 50, concurrency: 4 })
  receiver.answerNext({ status: 500 }, { status: 410 })
  await tell(world, organizationId, 1)
  await attempted(world, 1)
  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  await waitUntil('disabled', async () => (await world.call('GET', `/webhook-endpoints/${endpoint.id}`)).isDisabled)
  stopping.abort()
  await ended
  const answers = [
    await world.call('GET', '/webhook-endpoints'),
    await world.call('PUT', `/webhook-endpoints/${endpoint.id}`, { description: 'y' }),
  ]
  const { rows: tables } = await ctx.db.owner.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('public', 'graphile_worker')`,
  )
  const contents: string[] = []
  for (const { name } of tables) {
    const { rows } = await ctx.db.owner.query<{ text: string }>(`select r::text as text from ${name} r`)
    contents.push(...rows.map(({ text }) => text))
  }
  assert.ok(lines.length > 0 && contents.length > 10)
  const told = [...lines, ...contents, JSON.stringify(answers), ...receiver.requests.map(one => `${one.body}`)].join(
    '\n',
  )
  for (const text of [endpoint.secret, String(secret)]) {
    const bytes = Buffer.from(text.slice('whsec_'.length), 'base64')
    const forms = [text.slice(6, 40), bytes.toString('hex'), Buffer.from(text).toString('hex')]
    for (const form of forms) assert.ok(!told.includes(form), form)
  }
})

test('housekeeping forgets keys after a day, events and deliveries after 30 days', async t => {
  const world = await openWorld(t)
  const { ctx, clock, organizationId } = world
  const receiver = await world.receiver()
  await addEndpoint(world, receiver.url)
  const { owner } = ctx.db
  const keep = (key: string) =>
    owner.query('insert into idempotency_keys values ($1, $2, $3, $4, $5)', [
      organizationId,
      key,
      clock.now(),
      Buffer.alloc(32),
      '{}',
    ])
  const left = async () => {
    const { rows } = await owner.query(
      `select (select string_agg(key, ' ') from idempotency_keys) as keys, (select count(*)::int from events) as events,
        (select count(*)::int from deliveries) as deliveries, (select count(*)::int from webhook_attempts) as attempts`,
    )
    return rows[0]
  }
  const tidy = async () => {
    await owner.query("select graphile_worker.add_job('housekeeping')")
    await waitUntil('tidied', async () => (await jobs(world)).length === 0)
  }
  world.work()
  await tell(world, organizationId, 3)
  await keep('old')
  await waitUntil('told', async () => (await deliveries(world)).every(one => one.status === 'succeeded'))
  clock.advance(3_600_000)
  await keep('young')
  clock.advance(23 * 3_600_000 + 1)
  await tidy()
  assert.deepEqual(await left(), { keys: 'young', events: 3, deliveries: 3, attempts: 3 })
  clock.advance(29 * 24 * 3_600_000 - 2)
  await tell(world, organizationId, 2)
  await waitUntil('told', async () => (await deliveries(world)).every(one => one.status === 'succeeded'))
  await tidy()
  assert.deepEqual(await left(), { keys: null, events: 5, deliveries: 5, attempts: 5 })
  clock.advance(2)
  await tidy()
  assert.deepEqual(await left(), { keys: null, events: 2, deliveries: 2, attempts: 2 })
})
