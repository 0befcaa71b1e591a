import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Hono } from 'hono'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { authenticate } from '../actions/authenticate.ts'
import { startSignIn } from '../actions/authenticatePerson.ts'
import { forgetOldRecords } from '../actions/forgetOldRecords.ts'
import { REQUESTS_KEPT_MS } from '../domain/apiRequest.ts'
import { createApp } from './app.ts'
import { crossSiteToken } from './personRequest.ts'
import { openRequestLog } from './requestLog.ts'

type Listed = {
  data: { id: string; method: string; route: string; status: number; code: string | null; key: object; user: object }[]
  hasMore: boolean
}

const clock = testClock()
const OWN = { origin: 'http://127.0.0.1:8080', 'content-type': 'application/json' }

let t: TestContext
let foreign: ApiCaller
let cookie: string
let token: string

before(async () => {
  t = await createTestContext({ clock })
  foreign = await openApiCaller(t.ctx)
  const { organizationId } = await authenticate(t.ctx, t.apiKey)
  const { rows } = await t.ctx.db.owner.query<{ user_id: string }>('select user_id from members')
  const person = { userId: rows[0]?.user_id ?? '', organizationId, stage: 'whole', isStrong: true } as const
  token = await startSignIn(t.ctx, person, { address: '127.0.0.1', userAgent: '' })
  cookie = `bitstream=${token}`
})
after(() => t.close())

/** An app whose log is written when it is closed; what is asked of it, and what the dashboard lists afterwards. */
function open() {
  const log = openRequestLog(t.ctx)
  const app = createApp(t.ctx, new AbortController().signal, log) as unknown as Hono
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: object) => {
    // Of two requests of the same millisecond, either is the newer.
    clock.advance(1)
    return app.request(path, {
      method,
      headers: { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
  const list = async (query = '') => {
    const answer = await app.request(`/api/account/requests${query}`, { headers: { cookie } })
    assert.equal(answer.status, 200)
    return (await answer.json()) as Listed
  }
  return { app, ask, list, log }
}

test('what no database could look for is refused, and who asks ever again waits', async () => {
  const { app } = open()
  const read = (path: string, of = app) => of.request(`/api/account${path}`, { headers: { cookie } })
  const odd = await read('/requests?text=%00')
  assert.deepEqual([odd.status, ((await odd.json()) as { code: string }).code], [400, 'invalid_character'])
  const config = { ...t.ctx.config, rateLimitPerS: 3 }
  const limited = createApp({ ...t.ctx, config }, new AbortController().signal, null) as unknown as Hono
  const statuses: number[] = []
  for (let nth = 0; nth < 4; nth++) statuses.push((await read('/requests?limit=1', limited)).status)
  assert.deepEqual(statuses, [200, 200, 200, 429])
  clock.advance(1_000)
  assert.equal((await read('/requests?limit=1', limited)).status, 200)
})

test('a request is listed with its route, its outcome and its key, and without a word of what it said', async () => {
  const { ask, list, log } = open()
  const made = await ask('POST', '/api/v1/customers', {}, { email: 'secret@example.com', name: 'Ada' })
  const { id } = (await made.json()) as { id: string }
  await ask('GET', `/api/v1/customers/${id}`)
  await ask('GET', '/api/v1/customers?email=secret@example.com&limit=0')
  await log.close()
  const { data, hasMore } = await list()
  assert.deepEqual(
    data.map(({ method, route, status, code }) => [method, route, status, code]),
    [
      ['GET', '/api/v1/customers', 400, 'limit_invalid'],
      ['GET', '/api/v1/customers/{id}', 200, null],
      ['POST', '/api/v1/customers', 200, null],
    ],
  )
  assert.equal(hasMore, false)
  assert.equal(data[2]?.id, made.headers.get('request-id'))
  assert.deepEqual(Object.keys(data[0]?.key ?? {}), ['id', 'name', 'lastFour'])
  assert.deepEqual(data[0]?.user, null)
  const stored = await t.ctx.db.owner.query<{ text: string }>('select r::text as text from api_requests r')
  assert.doesNotMatch(stored.rows.map(({ text }) => text).join(), /secret@example|Ada/)
  assert.deepEqual(
    (await list('?status=failed')).data.map(({ status }) => status),
    [400],
  )
  for (const [query, count] of [
    ['status=succeeded', 2],
    ['status=400', 1],
    ['status=404', 0],
    ['text=post%20/API', 1],
    ['text=customers/%25', 0],
    ['text=customers&status=failed', 1],
  ] as const) {
    assert.equal((await list(`?${query}`)).data.length, count, query)
  }
  const page = await list('?limit=1')
  assert.equal(page.hasMore, true)
  assert.deepEqual((await list(`?limit=2&startingAfter=${page.data[0]?.id}`)).data, data.slice(1))
})

test('what a person changes is listed with their name, what their pages read is not, nor what nobody known asks', async () => {
  const { app, list, log } = open()
  const headers = { ...OWN, cookie, 'x-csrf-token': crossSiteToken(token) }
  const before = (await list()).data.length
  await app.request('/api/v1/customers', { headers })
  await app.request('/api/v1/customers')
  clock.advance(1)
  const body = JSON.stringify({ email: 'b@example.com', name: 'Ben' })
  clock.advance(1)
  assert.equal((await app.request('/api/v1/customers', { method: 'POST', headers, body })).status, 200)
  await log.close()
  const { data } = await list()
  assert.equal(data.length, before + 1)
  assert.equal(data[0]?.key, null)
  assert.match(JSON.stringify(data[0]?.user), /"email":"owner@example.com"/)
})

test('a flood is noted in part, and nothing of another organization is listed', async () => {
  const { ask, list, log } = open()
  const before = (await list()).data.length
  await Promise.all(Array.from({ length: 30 }, () => ask('GET', '/api/v1/customers')))
  for (let count = 0; count < 3; count++) {
    assert.equal((await ask('GET', '/api/v1/products', { authorization: `Bearer ${foreign.key}` })).status, 200)
  }
  await log.close()
  const { data } = await list()
  assert.equal(data.length, before + 20)
  assert.ok(data.every(({ route }) => route !== '/api/v1/products'))
  const { rows } = await t.ctx.db.owner.query<{ count: number }>(
    'select count(*)::int as count from api_requests where organization_id = $1',
    [foreign.caller.organizationId],
  )
  assert.equal(rows[0]?.count, 3)
})

test('what a search reads is bounded: it looks through the newest 100,000 requests, and through as many after each page', async () => {
  const { list } = open()
  const { organizationId } = await authenticate(t.ctx, t.apiKey)
  const idOf = (nth: number) => `00000000-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`
  const add = (route: string, from: number, to: number) =>
    t.ctx.db.owner.query(
      `insert into api_requests (id, organization_id, created_at, method, route, status, duration_ms)
       select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, $2, 'GET', $3, 200, 1
       from generate_series($4::int, $5::int) n`,
      [organizationId, clock.now(), route, from, to],
    )
  const found = async (query = '') => (await list(`?text=needle${query}`)).data.map(({ id }) => id)
  await add('/needle', 0, 0)
  await add('/hay', 1, 90_000)
  assert.deepEqual(await found(), [idOf(0)])
  await add('/hay', 90_001, 100_000)
  assert.deepEqual(await found(), [])
  assert.deepEqual(await found(`&startingAfter=${idOf(50_000)}`), [idOf(0)])
  await t.ctx.db.owner.query("delete from api_requests where route in ('/needle', '/hay')")
})

test('requests are forgotten after 7 days', async () => {
  const { ask, log } = open()
  clock.advance(REQUESTS_KEPT_MS - 1_000)
  await ask('GET', '/api/v1/prices')
  await log.close()
  clock.advance(2_000)
  await forgetOldRecords(t.ctx, 1_000)
  const { rows } = await t.ctx.db.owner.query<{ route: string }>('select route from api_requests')
  assert.deepEqual(rows, [{ route: '/api/v1/prices' }])
})
