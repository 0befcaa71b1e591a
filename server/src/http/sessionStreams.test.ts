import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { newSession, payersPath } from '../../test/harness/sessionFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { Context } from '../context.ts'
import { freePort } from '../dev/embeddedPostgres.ts'
import { startProgram } from '../program.ts'
import { openDatabase } from '../store/database.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

const SECOND_MS = 1_000
const PING = 'event: ping\ndata: \n\n'

let world: TestContext
let api: ApiCaller
before(async () => {
  world = await createTestContext()
  api = await openApiCaller(world.ctx)
})
after(() => world.close())

/** The events of a stream, one after the other. */
type Events = { next: () => Promise<string | null>; close: () => Promise<void> }

function eventsOf(response: Response): Events {
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const reader = response.body?.getReader()
  assert.ok(reader)
  return {
    next: async () => {
      const { done, value } = await reader.read()
      return done ? null : Buffer.from(value).toString()
    },
    close: () => reader.cancel(),
  }
}

function ask(app: App, session: { id: string }, address = '9.9.9.9'): Response | Promise<Response> {
  return app.request(`/api/v1${payersPath(session, '/events')}`, { headers: { 'x-forwarded-for': address } })
}

async function watch(app: App, session: { id: string }): Promise<Events> {
  return eventsOf(await ask(app, session))
}

/** A world whose news a test tells, and the sessions that are listened to. */
function quietWorld(): { ctx: Context; listeners: Map<string, () => void> } {
  const listeners = new Map<string, () => void>()
  const subscribe = (id: string, listener: () => void) => {
    listeners.set(id, listener)
    return () => void listeners.delete(id)
  }
  return { ctx: { ...world.ctx, live: { ...world.ctx.live, subscribe } }, listeners }
}

test('a stream tells the state now and after each change', async () => {
  const session = await newSession(api, { emailCollection: true })
  const events = await watch(createApp(world.ctx), session)
  const state = { status: 'open', paymentStatus: 'unpaid', intentStatus: 'requires_payment_method' }
  const first = JSON.parse((await events.next())?.slice('data: '.length) ?? '') as Record<string, unknown>
  assert.deepEqual(first, { ...state, updatedAt: first.updatedAt })
  await api.ok('POST', payersPath(session, '/details'), { email: 'ada@example.com' })
  assert.match((await events.next()) ?? '', /^data: \{"status":"open",.*\}\n\n$/)
  await events.close()
})

test('HEAD of the stream of events opens none: nobody would ever end it', async () => {
  const { ctx, listeners } = quietWorld()
  const session = await newSession(api)
  const app = createApp(ctx)
  const answer = await app.request(`/api/v1${payersPath(session, '/events')}`, { method: 'HEAD' })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/event-stream')
  await waitUntil('nobody listens', () => listeners.size === 0)

  const events = await watch(app, session)
  assert.equal(listeners.size, 1, 'GET opens one')
  await events.close()
  await waitUntil('it has ended', () => listeners.size === 0)
})

test('F173: of 1,000 connections from one address half get a stream, and the others are told to poll', async () => {
  const app = createApp(world.ctx)
  const sessions = [await newSession(api), await newSession(api)]
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => ask(app, sessions[index % 2] ?? { id: '' }, '2001:db8:1:2::3')),
  )
  const capped = answers.filter(({ status }) => status === 503)
  assert.equal(capped.length, 500)
  assert.equal(capped[0]?.headers.get('retry-after'), '5')
  const status = async (address: string) => {
    const answer = await ask(app, sessions[0] ?? { id: '' }, address)
    await answer.body?.cancel()
    return answer.status
  }
  assert.equal(await status('2001:db8:1:2::4'), 503, 'one IPv6 network is one subscriber')
  assert.equal(await status('2001:db8:1:3::4'), 200, 'nobody else is kept out')
  const page = await app.request(`/api/v1${payersPath(sessions[0] ?? { id: '' })}`, {
    headers: { 'x-forwarded-for': '2001:db8:1:2::3' },
  })
  assert.equal(page.status, 200)
  await answers.find(answer => answer.status === 200)?.body?.cancel()
  assert.equal(await status('2001:db8:1:2::3'), 200, 'who leaves makes room')
})

test('one session leaves room for others, however many watch it', async () => {
  const app = createApp(world.ctx)
  const [popular, other] = [await newSession(api), await newSession(api)]
  const answers = await Promise.all(
    Array.from({ length: 2_001 }, (_, index) => ask(app, popular, `10.0.0.${index % 200}`)),
  )
  assert.equal(answers.filter(({ status }) => status === 503).length, 1)
  assert.equal((await ask(app, popular, '10.1.1.1')).status, 503)
  assert.equal((await ask(app, other, '10.1.1.1')).status, 200)
})

test('a reader that takes nothing is kept one event and the newest state, not all that it missed', async t => {
  const { ctx, listeners } = quietWorld()
  const session = await newSession(api)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const app = createApp(ctx)
  const [slow, quick] = [await watch(app, session), await watch(app, session)]
  await quick.next()
  for (let change = 0; change < 5; change++) {
    t.mock.timers.tick(SECOND_MS)
    listeners.get(session.id)?.()
    assert.match((await quick.next()) ?? '', /^data: /)
  }
  for (let kept = 0; kept < 2; kept++) assert.match((await slow.next()) ?? '', /^data: /)
  const more = slow.next()
  t.mock.timers.tick(SECOND_MS)
  listeners.get(session.id)?.()
  const news = await quick.next()
  assert.equal(await more, news, 'nothing else was kept')
})

test('each stream gets a ping every twenty seconds, by one timer, and not all at once', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { ctx } = quietWorld()
  const app = createApp(ctx)
  const session = await newSession(api)
  const streams = [await watch(app, session), await watch(app, session)]
  for (const events of streams) await events.next()
  const pings = [0, 0]
  const seconds = new Set<number>()
  for (const [index, events] of streams.entries()) {
    const count = async () => {
      while ((await events.next()) === PING) pings[index] = (pings[index] ?? 0) + 1
    }
    void count()
  }
  for (let second = 0; second < 40; second++) {
    const before = `${pings}`
    t.mock.timers.tick(SECOND_MS)
    await new Promise(resolve => setImmediate(resolve))
    if (`${pings}` !== before) seconds.add(second % 20)
  }
  assert.deepEqual(pings, [2, 2])
  assert.equal(seconds.size, 2)
})

test('a reader that is gone before its session could be read ends nothing but its stream', async t => {
  const { ctx, listeners } = quietWorld()
  const session = await newSession(api)
  const nowhere = `postgres://nobody@127.0.0.1:${await freePort()}/none`
  const lost = openDatabase(nowhere, { maxConnections: 1, onError: () => undefined })
  t.after(() => lost.close())
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', note)
  t.after(() => process.off('unhandledRejection', note))
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let isLost = false
  const app = createApp(Object.defineProperty(ctx, 'db', { get: () => (isLost ? lost : world.ctx.db) }))
  const asked = ask(app, session)
  await waitUntil('it is being read', () => listeners.size > 0)
  // The reading takes longer than it may be shown: the stream asks for another, and the database is gone.
  t.mock.timers.tick(SECOND_MS)
  isLost = true
  await eventsOf(await asked).close()
  assert.equal((await ask(app, session)).status, 503)
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(unhandled, [])
})

test('streams end as streams should when the process stops', async () => {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const config = { ...world.ctx.config, databaseUrl: world.ctx.db.ownerUrl, port, publicUrl }
  const program = await startProgram(config, { api: true, worker: false })
  const session = await newSession(api)
  const events = eventsOf(await fetch(`${publicUrl}/api/v1${payersPath(session, '/events')}`))
  assert.match((await events.next()) ?? '', /^data: /)
  const rest = events.next()
  await program.stop()
  assert.equal(await rest, null, 'not torn off')
})
