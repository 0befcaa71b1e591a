import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createOrganization, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import type { Context } from '../context.ts'
import { hashApiKey, lastFour, makeApiKey } from '../domain/apiKey.ts'
import { createSender, type Lookup } from '../workers/sendWebhook.ts'
import { createApp } from './app.ts'
import { webhookEndpointSchema } from './objects.ts'

type Json = Record<string, unknown>

const ABSENT = '00000000-0000-7000-8000-000000000000'
const clock = testClock()

let t: TestContext
before(async () => {
  t = await createTestContext({ clock })
})
after(() => t.close())

type Caller = {
  organizationId: string
  /** The status and the answer of a call, with its headers. */
  call: (
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; answer: Json; headers: Headers }>
  /** A valid body with a URL of its own, changed as told. */
  valid: (changes?: Json) => Json
  create: (changes?: Json) => Promise<Json>
}

let urls = 0

/** A new organization with a secret key, or one of `scopes` only. */
async function newCaller(options: { scopes?: string[]; ctx?: Context; organizationId?: string } = {}): Promise<Caller> {
  const { scopes, ctx = t.ctx } = options
  const organizationId = options.organizationId ?? (await createOrganization(t.ctx)).organizationId
  const type = scopes === undefined ? 'secret' : 'restricted'
  const key = makeApiKey(type, ctx.config.mode, randomBytes(32))
  await t.ctx.db.owner.query(
    `insert into api_keys (id, organization_id, created_at, name, type, scopes, hash, last_four)
     values (gen_random_uuid(), $1, $2, 'Key', $3, $4, $5, $6)`,
    [organizationId, clock.now(), type, scopes ?? [], Buffer.from(hashApiKey(key)), lastFour(key)],
  )
  const app = createApp(ctx)
  const call: Caller['call'] = async (method, path, body, headers = {}) => {
    const response = await app.request(`/api/v1/webhook-endpoints${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, answer: (await response.json()) as Json, headers: response.headers }
  }
  const valid = (changes: Json = {}) => ({
    description: 'Shop',
    url: `http://127.0.0.1:9/${++urls}`,
    enabledEvents: { events: ['checkout_session.completed'] },
    ...changes,
  })
  const create = async (changes: Json = {}) => {
    const { status, answer } = await call('POST', '', valid(changes))
    assert.equal(status, 200, JSON.stringify(answer))
    return answer
  }
  return { organizationId, call, valid, create }
}

/** Each problem of a refusal as `code param`. */
function problems({ status, answer }: { status: number; answer: Json }): string[] {
  const list = (answer.errors ?? [answer]) as { code: string; param: string | null }[]
  return [`${status}`, ...list.map(({ code, param }) => (param === null ? code : `${code} ${param}`))]
}

test('an endpoint from its creation to its deletion', async () => {
  const { call, create } = await newCaller()
  const created = await create({ url: 'http://127.0.0.1:9/läden', description: 'Läden' })
  assert.deepEqual(webhookEndpointSchema.strict().parse(created), created)
  const { id, secret, ...rest } = created
  assert.match(String(secret), /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.deepEqual(rest, {
    description: 'Läden',
    url: 'http://127.0.0.1:9/l%C3%A4den',
    isDisabled: false,
    enabledEvents: { events: ['checkout_session.completed'] },
    createdAt: '2026-03-01T12:00:00.000Z',
    updatedAt: '2026-03-01T12:00:00.000Z',
  })
  const shown = { ...created, secret: null }
  assert.deepEqual((await call('GET', `/${id}`)).answer, shown)
  assert.deepEqual((await call('GET', '')).answer.data, [shown])

  clock.advance(1000)
  const changes = {
    enabledEvents: { events: ['*', 'invoice.paid', '*'] },
    url: 'http://127.0.0.1:9/new',
    isDisabled: true,
  }
  const changed = { ...shown, ...changes, enabledEvents: { events: ['*', 'invoice.paid'] } }
  assert.deepEqual((await call('PUT', `/${id}`, changes)).answer, { ...changed, updatedAt: clock.now().toISOString() })
  const renamed = { ...changed, description: 'New', updatedAt: clock.now().toISOString() }
  assert.deepEqual((await call('PUT', `/${id}`, { description: 'New' })).answer, renamed)
  assert.deepEqual((await call('PUT', `/${id}`, {})).answer, renamed)

  const rolled = (await call('POST', `/${id}/regenerate`)).answer
  assert.deepEqual({ ...rolled, secret: null }, renamed)
  assert.match(String(rolled.secret), /^whsec_/)
  assert.notEqual(rolled.secret, secret)

  assert.deepEqual(problems(await call('POST', `/${id}/test`)), ['409', 'endpoint_disabled'])
  await call('PUT', `/${id}`, { isDisabled: false })
  assert.equal((await call('POST', `/${id}/test`)).status, 200)

  assert.deepEqual((await call('DELETE', `/${id}`)).answer.statusCode, 200)
  assert.deepEqual((await call('GET', '')).answer.data, [])
  for (const [method, path] of OPERATIONS) {
    assert.deepEqual(problems(await call(method, `/${id}${path}`, bodyOf(method))), ['404', 'resource_missing'], method)
  }
  await create({ url: 'http://127.0.0.1:9/new' })
})

const OPERATIONS = [
  ['GET', ''],
  ['PUT', ''],
  ['DELETE', ''],
  ['POST', '/regenerate'],
  ['POST', '/test'],
] as const
const bodyOf = (method: string) => (method === 'PUT' ? { description: 'Mine' } : undefined)

test("another organization's endpoint is as absent as none", async () => {
  const [owner, stranger] = [await newCaller(), await newCaller()]
  const { id, secret, ...endpoint } = await owner.create()
  for (const [method, path] of OPERATIONS) {
    for (const target of [id, ABSENT, 'none']) {
      const refused = await stranger.call(method, `/${target}${path}`, bodyOf(method))
      assert.deepEqual(problems(refused), ['404', 'resource_missing'], `${method} ${target}${path}`)
    }
  }
  assert.deepEqual((await stranger.call('GET', '')).answer.data, [])
  assert.deepEqual(problems(await stranger.call('GET', `?startingAfter=${id}`)), [
    '400',
    'cursor_invalid startingAfter',
  ])
  assert.deepEqual((await owner.call('GET', `/${id}`)).answer, { id, ...endpoint, secret: null })
  assert.match(String(secret), /^whsec_/)
  const { rows } = await t.ctx.db.owner.query('select count(*)::int as n from events where object_id = $1', [id])
  assert.equal(rows[0].n, 0)
})

test('lists: newest first, by page, by cursor, by filter', async () => {
  const { call, create } = await newCaller()
  const ids: unknown[] = []
  for (let index = 0; index < 5; index++) {
    clock.advance(1000)
    ids.unshift((await create()).id)
  }
  await call('PUT', `/${ids[1]}`, { isDisabled: true })
  const list = async (query: string) => {
    const { status, answer } = await call('GET', query)
    assert.equal(status, 200, JSON.stringify(answer))
    return { ...answer, ids: (answer.data as Json[]).map(({ id }) => id) } as Json & { ids: unknown[] }
  }
  assert.deepEqual((await list('')).ids, ids)
  const page = await list('?limit=2&page=2')
  assert.deepEqual([page.ids, page.count, page.hasMore, page.page], [ids.slice(2, 4), 2, true, 2])
  const rest = await list(`?limit=2&startingAfter=${ids[2]}`)
  assert.deepEqual([rest.ids, rest.hasMore], [ids.slice(3), false])
  assert.deepEqual((await list('?isDisabled=true')).ids, [ids[1]])
  assert.deepEqual((await list('?isDisabled=false')).ids, ids.toSpliced(1, 1))
  assert.deepEqual((await list(`?ids=${ids[4]},${ids[0]},${ABSENT}`)).ids, [ids[0], ids[4]])
  const time = encodeURIComponent(clock.now().toISOString())
  assert.deepEqual((await list(`?createdAt[gte]=${time}`)).ids, [ids[0]])
  assert.deepEqual((await list(`?createdAt[lt]=${time}`)).ids, ids.slice(1))
  assert.deepEqual((await list('?createdAt[isnull]=true')).ids, [])
  for (const [query, expected] of [
    ['?isDisabled=maybe', 'parameter_invalid isDisabled'],
    ['?disabled=true', 'parameter_unknown disabled'],
    [`?startingAfter=${ABSENT}`, 'cursor_invalid startingAfter'],
    ['?limit=201', 'limit_invalid limit'],
  ] as const) {
    assert.deepEqual(problems(await call('GET', query)), ['400', expected])
  }
})

test('F134 F141 F142: what is not valid is told with its code and place', async () => {
  const { call, valid } = await newCaller()
  const refused = async (changes: Json) => problems(await call('POST', '', valid(changes)))
  const cases: [Json, ...string[]][] = [
    [{ url: undefined }, 'parameter_missing url'],
    [{ url: 7 }, 'url_invalid url'],
    [{ url: 'shop' }, 'url_invalid url'],
    [{ url: 'ftp://127.0.0.1/' }, 'url_scheme url'],
    [{ url: 'http://a:b@127.0.0.1/' }, 'url_userinfo url'],
    [{ url: 'http://127.0.0.1/#x' }, 'url_invalid url'],
    [{ url: `http://127.0.0.1/${'x'.repeat(2048)}` }, 'too_long url'],
    [{ url: 'http://169.254.169.254/' }, 'url_host_forbidden url'],
    [{ url: 'http://[64:ff9b::a9fe:a9fe]/' }, 'url_host_forbidden url'],
    [{ description: undefined }, 'parameter_missing description'],
    [{ description: '' }, 'parameter_invalid description'],
    [{ description: 'x'.repeat(501) }, 'too_long description'],
    [{ enabledEvents: undefined }, 'parameter_missing enabledEvents'],
    [{ enabledEvents: ['*'] }, 'parameter_invalid enabledEvents'],
    [{ enabledEvents: { events: [] } }, 'event_types_required enabledEvents.events'],
    [{ enabledEvents: { events: [7] } }, 'parameter_invalid enabledEvents.events[0]'],
    [
      { enabledEvents: { events: ['*', 'invoice.payed', 'x'] } },
      'event_type_unknown enabledEvents.events[1]',
      'event_type_unknown enabledEvents.events[2]',
    ],
    [{ secret: 'whsec_mine' }, 'parameter_unknown secret'],
    [{ isDisabled: true }, 'parameter_unknown isDisabled'],
    [
      { url: 'shop', description: 7, enabledEvents: { events: [] } },
      'parameter_invalid description',
      'url_invalid url',
      'event_types_required enabledEvents.events',
    ],
  ]
  for (const [changes, ...expected] of cases) {
    assert.deepEqual(await refused(changes), ['400', ...expected], JSON.stringify(changes).slice(0, 100))
  }
  const near = await call('POST', '', valid({ enabledEvents: { events: ['invoice.payed'] } }))
  assert.match(String(near.answer.message), /Did you mean invoice\.paid\?/)

  const { answer: made } = await call('POST', '', valid())
  for (const [changes, ...expected] of cases) {
    const isMissing = Object.values(changes).includes(undefined) || 'isDisabled' in changes
    if (isMissing) continue
    assert.deepEqual(problems(await call('PUT', `/${made.id}`, changes)), ['400', ...expected])
  }
  assert.deepEqual(problems(await call('PUT', `/${made.id}`, { isDisabled: 'no' })), [
    '400',
    'parameter_invalid isDisabled',
  ])
  assert.deepEqual((await call('GET', `/${made.id}`)).answer, { ...made, secret: null })
})

test('F142: sixteen endpoints at most and no URL twice, however many ask at once', async () => {
  const { call, create, valid } = await newCaller()
  const first = await create()
  const second = await create()
  const again = { description: 'x', url: first.url, enabledEvents: { events: ['*'] } }
  assert.deepEqual(problems(await call('POST', '', again)), ['400', 'endpoint_exists url'])
  assert.deepEqual(problems(await call('PUT', `/${second.id}`, { url: first.url })), ['400', 'endpoint_exists url'])
  assert.equal((await call('PUT', `/${first.id}`, { url: first.url })).status, 200)
  const same = await Promise.all([1, 2, 3].map(() => call('POST', '', { ...again, url: 'http://127.0.0.1:9/same' })))
  assert.deepEqual(same.map(({ status }) => status).sort(), [200, 400, 400])

  const asked = await Promise.all(Array.from({ length: 20 }, () => call('POST', '', valid())))
  assert.equal(asked.filter(({ status }) => status === 200).length, 13)
  for (const reply of asked.filter(({ status }) => status !== 200)) {
    assert.deepEqual(problems(reply), ['400', 'endpoint_limit'])
  }
  await call('DELETE', `/${first.id}`)
  await create({ url: first.url })
  const other = await newCaller()
  await other.create({ url: first.url })
})

test('a repeated POST gets the first answer, without the secret', async () => {
  const { call, valid } = await newCaller()
  const body = valid()
  const once = (key: string) => ({ 'idempotency-key': key })
  const first = await call('POST', '', body, once('create'))
  assert.equal(first.headers.get('idempotent-replayed'), null)
  const second = await call('POST', '', body, once('create'))
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(second.answer, { ...first.answer, secret: null })
  assert.match(String(first.answer.secret), /^whsec_/)
  const other = await call('POST', '', valid(), once('create'))
  assert.deepEqual(problems(other), ['400', 'idempotency_key_reused'])

  const { id } = first.answer
  const rolled = await call('POST', `/${id}/regenerate`, undefined, once('roll'))
  const again = await call('POST', `/${id}/regenerate`, undefined, once('roll'))
  assert.deepEqual(again.answer, { ...rolled.answer, secret: null })
  const { rows } = await t.ctx.db.owner.query('select secret from webhook_endpoints where id = $1', [id])
  assert.equal(t.ctx.secrets.open(rows[0].secret), rolled.answer.secret)

  await call('POST', `/${id}/test`, undefined, once('test'))
  await call('POST', `/${id}/test`, undefined, once('test'))
  const events = await t.ctx.db.owner.query('select count(*)::int as n from events where object_id = $1', [id])
  assert.equal(events.rows[0].n, 1)
})

test('keys need the scope of what they do', async () => {
  const owner = await newCaller()
  const { id } = await owner.create()
  const { organizationId } = owner
  const reader = await newCaller({ organizationId, scopes: ['webhook_endpoints:read'] })
  const writer = await newCaller({ organizationId, scopes: ['webhook_endpoints:write'] })
  const refused = ['403', 'insufficient_permissions']
  assert.equal((await reader.call('GET', '')).status, 200)
  assert.equal((await reader.call('GET', `/${id}`)).status, 200)
  assert.deepEqual(problems(await reader.call('POST', '', reader.valid())), refused)
  assert.deepEqual(problems(await writer.call('GET', '')), refused)
  for (const [method, path] of OPERATIONS.filter(([method]) => method !== 'GET')) {
    assert.deepEqual(problems(await reader.call(method, `/${id}${path}`, bodyOf(method))), refused, method)
    const { status } = await writer.call(method, `/${id}${path}`, bodyOf(method))
    assert.equal(status, method === 'POST' ? 404 : 200, `${method} ${path}`)
  }
})

/** The context with a sender that resolves names so, in `mode`. */
function resolving(mode: 'test' | 'live', addresses: Record<string, string[]>): Context {
  const lookup: Lookup = async hostname => {
    const found = addresses[hostname]
    if (found === undefined) throw new Error('ENOTFOUND')
    return found.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  const sender = createSender({ mode, allowedHosts: [], ownHosts: ['pay.example.com'], lookup })
  return { ...t.ctx, config: { ...t.ctx.config, mode }, sender }
}

test('F134 F135 F137 F139 F140: the host of a URL is looked up before it is taken, and every address of it is judged', async () => {
  const hosts: Record<string, string[]> = {
    'shop.example.com': ['93.184.216.34'],
    'pay.example.com': ['93.184.216.34'],
    'inside.example.com': ['93.184.216.34', '::1'],
    'metadata.example.com': ['169.254.169.254'],
  }
  const { call, create, valid } = await newCaller({ ctx: resolving('live', hosts) })
  const made = await create({ url: 'https://shop.example.com/hook' })
  assert.equal((await create({ url: 'https://shop.example.com:8443/hook' })).url, 'https://shop.example.com:8443/hook')
  for (const [url, code] of [
    ['http://shop.example.com/', 'url_scheme'],
    ['https://shop.example.com:25/', 'url_port_forbidden'],
    ['https://pay.example.com/', 'url_host_forbidden'],
    ['https://127.0.0.1/', 'url_host_forbidden'],
    ['https://2130706433/', 'url_host_forbidden'],
    ['https://inside.example.com/', 'url_host_forbidden'],
    ['https://metadata.example.com/', 'url_host_forbidden'],
    ['https://absent.example.com/', 'url_unresolvable'],
  ]) {
    assert.deepEqual(problems(await call('POST', '', valid({ url }))), ['400', `${code} url`], url)
    assert.deepEqual(problems(await call('PUT', `/${made.id}`, { url })), ['400', `${code} url`], url)
  }

  // An answer that was given stands, even if the name is gone by the time it is asked for again.
  const body = valid({ url: 'https://soon.example.com/' })
  hosts['soon.example.com'] = ['93.184.216.34']
  const first = await call('POST', '', body, { 'idempotency-key': 'soon' })
  delete hosts['soon.example.com']
  const second = await call('POST', '', body, { 'idempotency-key': 'soon' })
  assert.deepEqual(second.answer, { ...first.answer, secret: null })
  assert.deepEqual(problems(await call('POST', '', body)), ['400', 'url_unresolvable url'])
})
