// How often the database is asked for a session that many look at. Seconds are simulated: they pass when a test says so.
import assert from 'node:assert/strict'
import { after, before, type TestContext as NodeTest, test } from 'node:test'
import pg from 'pg'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { newSession, payersPath } from '../../test/harness/sessionFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import type { PayersSession } from '../actions/getCheckoutSession.ts'
import { openDatabase } from '../store/database.ts'
import { createSessionViewers, type SessionViewers } from './sessionViewers.ts'

const ABSENT = '019e0000-0000-7000-8000-000000000000'
const VIEWERS = 200

let world: TestContext
let api: ApiCaller
before(async () => {
  world = await createTestContext()
  api = await openApiCaller(world.ctx)
})
after(() => world.close())

/** From now on time stands still until `pass` is called. */
function stopTime(t: NodeTest): { pass: (ms: number) => void } {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  return { pass: ms => t.mock.timers.tick(ms) }
}

/** The readings of a session that are sent from now on. */
function countReadings(t: NodeTest, id: string): { count: number } {
  const seen = { count: 0 }
  const { query } = pg.Client.prototype
  t.mock.method(pg.Client.prototype, 'query', function (this: pg.Client, ...sent: unknown[]) {
    const [text, values] = sent
    if (/set_config.*organization_of_session/.test(`${text}`) && `${values}` === id) seen.count++
    return Reflect.apply(query, this, sent) as unknown
  })
  return seen
}

/** Resolves with the next news of a session to this process, those who asked earlier having heard it. */
function news(id: string): Promise<void> {
  return new Promise(resolve => {
    const stop = world.ctx.live.subscribe(id, () => {
      stop()
      resolve()
    })
  })
}

async function end({ id }: { id: string }): Promise<void> {
  const told = news(id)
  await api.ok('POST', `/checkout/sessions/${id}/expire`)
  await told
}

function seeAll(viewers: SessionViewers, id: string): Promise<(PayersSession | null)[]> {
  return Promise.all(Array.from({ length: VIEWERS }, () => viewers.see(id)))
}

/** The one session that all of them see. */
function only(all: readonly (PayersSession | null)[]): PayersSession['found'] {
  const [found, ...others] = new Set(all.map(seen => seen?.found))
  assert.ok(found)
  assert.deepEqual(others, [])
  return found
}

test('200 viewers for three seconds: the session is read once in each, and all see a change within one', async t => {
  const session = await newSession(api)
  const { id } = session
  const viewers = createSessionViewers(world.ctx)
  const readings = countReadings(t, id)
  const time = stopTime(t)
  const counts: number[] = []
  for (let second = 0; second < 3; second++) {
    for (let look = 0; look < 5; look++) {
      only(await seeAll(viewers, id))
      time.pass(200)
    }
    counts.push(readings.count)
  }
  assert.deepEqual(counts, [1, 2, 3])

  const { deadline } = only(await seeAll(viewers, id))
  await end(session)
  const all = seeAll(viewers, id)
  assert.equal(readings.count, 4, 'the change waits for its second')
  time.pass(1_000)
  assert.ok(only(await all).deadline < deadline)
  assert.equal(readings.count, 5)
})

test('whoever looks for the first time in a second waits for nothing, and sees what was told before', async t => {
  const session = await newSession(api)
  const { id } = session
  const viewers = createSessionViewers(world.ctx)
  const time = stopTime(t)
  const { deadline } = only([await viewers.see(id)])
  time.pass(1_000)
  await end(session)
  assert.ok(only([await viewers.see(id)]).deadline < deadline)
})

test('a change is told to all who watch with one reading, and changes within a second are told together', async t => {
  const session = await newSession(api)
  const { id } = session
  const viewers = createSessionViewers(world.ctx)
  const time = stopTime(t)
  await viewers.see(id)
  time.pass(1_000)
  const readings = countReadings(t, id)
  const told: unknown[] = []
  const rounds = [0, 1].map(() => Promise.withResolvers<void>())
  const stops = Array.from({ length: VIEWERS }, () =>
    viewers.watch(id, seen => {
      told.push(seen)
      if (told.length % VIEWERS === 0) rounds[told.length / VIEWERS - 1]?.resolve()
    }),
  )
  await end(session)
  await rounds[0]?.promise
  assert.equal(readings.count, 1)

  for (let change = 0; change < 3; change++) {
    const heard = news(id)
    await world.ctx.db.owner.query("select pg_notify('checkout_session', $1)", [id])
    await heard
  }
  assert.equal(readings.count, 1)
  time.pass(1_000)
  await rounds[1]?.promise
  assert.equal(readings.count, 2)
  assert.equal(told.length, 2 * VIEWERS)
  for (const stop of stops) stop()
})

test('what a payer did is seen at once by whoever looks next, also where others have just looked', {
  timeout: 30_000,
}, async t => {
  const session = await newSession(api, { emailCollection: true })
  stopTime(t)
  const shown = async () => (await api.ok('GET', payersPath(session))) as { customerDetails: { email?: string } }
  assert.equal((await shown()).customerDetails.email ?? null, null)
  for (const email of ['ada@example.com', 'bob@example.com']) {
    await api.ok('POST', payersPath(session, '/details'), { email })
    assert.equal((await shown()).customerDetails.email, email)
  }
})

test('a session is forgotten a second after the last look, whether there is such a session or not', async t => {
  const { id } = await newSession(api)
  const open = new Set<string>()
  const subscribe = (asked: string) => {
    open.add(asked)
    return () => void open.delete(asked)
  }
  const viewers = createSessionViewers({ ...world.ctx, live: { ...world.ctx.live, subscribe } })
  const time = stopTime(t)
  assert.equal(await viewers.see(ABSENT), null)
  assert.ok(await viewers.see(id))
  const stop = viewers.watch(id, () => undefined)
  assert.deepEqual([...open], [ABSENT, id])
  time.pass(1_000)
  assert.deepEqual([...open], [id], 'it is watched')
  stop()
  assert.deepEqual([...open], [])
})

test('a reading that fails fails for all of its second, and the next one is tried', async t => {
  const { id } = await newSession(api)
  const ctx = { ...world.ctx }
  const viewers = createSessionViewers(ctx)
  const time = stopTime(t)
  ctx.db = openDatabase('postgres://127.0.0.1:9/none', { maxConnections: 1, onError: () => undefined })
  const { close } = ctx.db
  t.after(() => close())
  for (let look = 0; look < 2; look++) await assert.rejects(viewers.see(id))
  ctx.db = world.ctx.db
  await assert.rejects(viewers.see(id))
  time.pass(1_000)
  only([await viewers.see(id)])
})
