import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { authenticate, forgetCallers } from '../actions/authenticate.ts'
import { hashApiKey, parseApiKey } from '../domain/apiKey.ts'
import { openDatabase } from '../store/database.ts'
import { apiKeySchema } from './apiKeys.ts'
import { createApp } from './app.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const clock = testClock()
let t: TestContext
before(async () => {
  t = await createTestContext({ clock })
})
after(() => t.close())

type Key = Record<string, unknown> & { id: string; token: string }

const create = async ({ ok }: ApiCaller, changes: object = {}) => {
  clock.advance(1)
  return (await ok('POST', '/api-keys', { name: 'Shop', type: 'secret', ...changes })) as Key
}

/** The status and code of a request with that key. */
async function use(token: string, path = '/organization', ctx = t.ctx): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await createApp(ctx).request(`/api/v1${path}`, { headers })
  const answer = (await response.json()) as { code?: string }
  return `${response.status}${answer.code === undefined ? '' : ` ${answer.code}`}`
}

test('a key is shown once, works, and ends when it is revoked', async () => {
  const api = await openApiCaller(t.ctx)
  const key = await create(api, { expiresAt: '2027-01-01T00:00:00.000Z' })
  assert.deepEqual(apiKeySchema.strict().parse(key), key)
  assert.deepEqual(parseApiKey(key.token), { type: 'secret', mode: 'test' })
  const { id, createdAt, token, ...rest } = key
  assert.deepEqual(rest, {
    createdBy: null,
    name: 'Shop',
    type: 'secret',
    scopes: [],
    prefix: 'sk_test_',
    lastFour: token.slice(-4),
    lastUsedAt: null,
    expiresAt: '2027-01-01T00:00:00.000Z',
    revokedAt: null,
  })
  const [listed] = (await api.ok('GET', '/api-keys')).data as Key[]
  assert.deepEqual(listed, { ...key, token: null })
  const { rows } = await t.ctx.db.owner.query('select k::text as row, hash from api_keys k where id = $1', [id])
  assert.ok(!rows[0].row.includes(token))
  assert.deepEqual(rows[0].hash, Buffer.from(hashApiKey(token)))
  assert.equal(await use(token), '200')
  await api.ok('DELETE', `/api-keys/${id}`)
  assert.equal(await use(token), '401 api_key_revoked')
  clock.advance(1000)
  await api.ok('DELETE', `/api-keys/${id}`)
  const [revoked] = (await api.ok('GET', `/api-keys?ids=${id}`)).data as Key[]
  assert.equal(revoked?.revokedAt, createdAt)
})

test('another process stops taking a revoked key within 5 seconds', async () => {
  const api = await openApiCaller(t.ctx)
  const { id, token } = await create(api)
  const db = openDatabase(t.ctx.config.databaseUrl ?? '', { maxConnections: 2, onError: () => undefined })
  after(() => db.close())
  const other = { ...t.ctx, db }
  await authenticate(other, token)
  await api.ok('DELETE', `/api-keys/${id}`)
  clock.advance(4_999)
  await authenticate(other, token)
  clock.advance(1)
  await assert.rejects(authenticate(other, token), { code: 'api_key_revoked' })
})

test('a key is rolled: both work for the overlap, then the new one alone', async () => {
  const api = await openApiCaller(t.ctx)
  const old = await create(api, { type: 'restricted', scopes: ['organization:read'], name: 'CI' })
  const next = (await api.ok('POST', `/api-keys/${old.id}/roll`, { overlapMs: 3_600_000 })) as Key
  assert.deepEqual([next.name, next.type, next.scopes], ['CI', 'restricted', ['organization:read']])
  assert.notEqual(next.id, old.id)
  assert.deepEqual([await use(old.token), await use(next.token)], ['200', '200'])
  clock.advance(3_600_000)
  assert.deepEqual([await use(old.token), await use(next.token)], ['401 api_key_invalid', '200'])
  assert.equal(await api.refused('POST', `/api-keys/${old.id}/roll`, { overlapMs: 0 }), '409 api_key_ended')
  const at = new Date(clock.now().getTime() + 60_000).toISOString()
  const last = (await api.ok('POST', `/api-keys/${next.id}/roll`, { expiresAt: at })) as Key
  const [before] = (await api.ok('GET', `/api-keys?ids=${next.id}`)).data as Key[]
  assert.equal(before?.expiresAt, at)
  await api.ok('POST', `/api-keys/${last.id}/roll`, { overlapMs: 0 })
  assert.equal(await use(last.token), '401 api_key_invalid')
  for (const [body, refusal] of [
    [{}, '400 parameter_invalid overlapMs'],
    [{ overlapMs: 1, expiresAt: at }, '400 parameter_invalid overlapMs'],
    [{ overlapMs: -1 }, '400 parameter_invalid overlapMs'],
    [{ overlapMs: 604_800_001 }, '400 parameter_invalid overlapMs'],
    [{ expiresAt: '2026-01-01T00:00:00Z' }, '400 expires_at_out_of_range expiresAt'],
    [{ expiresAt: '2027-01-01T00:00:00Z' }, '400 expires_at_out_of_range expiresAt'],
  ] as const) {
    assert.equal(await api.refused('POST', `/api-keys/${next.id}/roll`, body), refusal)
  }
})

test('no key makes one that may do more, or for longer', async () => {
  const api = await openApiCaller(t.ctx)
  const { id: secretId } = await create(api)
  const scopes = ['organization:write', 'products:read']
  const own = await openApiCaller(t.ctx, { of: api.caller, key: scopes })
  const all = await openApiCaller(t.ctx, { of: api.caller, key: ['*'] })
  const seller = await openApiCaller(t.ctx, { of: api.caller, key: [...scopes, 'checkout_sessions:write'] })
  const ask = (by: ApiCaller, body: object) => by.call('POST', '/api-keys', { name: 'More', ...body })
  const refusal = '403 insufficient_permissions'
  const cases = [
    [own, { type: 'restricted', scopes: ['products:read'] }, '200'],
    [own, { type: 'restricted', scopes: ['products:write'] }, refusal],
    [own, { type: 'restricted', scopes: ['*'] }, refusal],
    [own, { type: 'secret' }, refusal],
    [own, { type: 'publishable' }, refusal],
    [seller, { type: 'publishable' }, '200'],
    [all, { type: 'restricted', scopes: ['*'] }, '200'],
    [all, { type: 'secret' }, refusal],
  ] as const
  for (const [by, body, expected] of cases) {
    const { status, answer } = await ask(by, body)
    assert.equal(answer.code === undefined ? `${status}` : `${status} ${answer.code}`, expected, JSON.stringify(body))
  }
  assert.equal(await own.refused('POST', `/api-keys/${secretId}/roll`, { overlapMs: 0 }), refusal)
  const reader = await openApiCaller(t.ctx, { of: api.caller, key: ['organization:read'] })
  assert.equal(await reader.refused('POST', '/api-keys', { name: 'x', type: 'secret' }), refusal)

  const short = await create(api, { expiresAt: new Date(clock.now().getTime() + 60_000).toISOString() })
  const app = createApp(t.ctx)
  const post = (token: string, path: string, body: object) =>
    app.request(`/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal((await post(short.token, '/api-keys', { name: 'Longer', type: 'secret' })).status, 403)
  assert.equal((await post(short.token, `/api-keys/${secretId}/roll`, { overlapMs: 0 })).status, 403)
  const rolled = (await (await post(short.token, `/api-keys/${short.id}/roll`, { overlapMs: 0 })).json()) as Key
  assert.equal(rolled.expiresAt, short.expiresAt, 'rolling a key does not prolong it')
})

test('a key that was revoked a moment ago makes no others', async () => {
  const api = await openApiCaller(t.ctx)
  const { id, token } = await create(api)
  assert.equal(await use(token), '200')
  await t.ctx.db.owner.query('update api_keys set revoked_at = $2 where id = $1', [id, clock.now()])
  assert.equal(await use(token), '200', 'it is still remembered')
  const response = await createApp(t.ctx).request('/api/v1/api-keys', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Heir', type: 'secret' }),
  })
  assert.equal(((await response.json()) as { code: string }).code, 'api_key_revoked')
})

test('what is asked for is checked, and an organization has a limit of keys', async () => {
  const api = await openApiCaller(t.ctx)
  for (const [changes, refusal] of [
    [{ type: 'restricted' }, '400 parameter_invalid scopes'],
    [{ type: 'secret', scopes: ['*'] }, '400 parameter_invalid scopes'],
    [{ type: 'restricted', scopes: ['all'] }, '400 parameter_invalid scopes[0]'],
    [{ type: 'admin' }, '400 parameter_invalid type'],
    [{ name: '' }, '400 name_invalid name'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '400 expires_at_out_of_range expiresAt'],
  ] as const) {
    assert.equal(await api.refused('POST', '/api-keys', { name: 'Shop', type: 'secret', ...changes }), refusal)
  }
  await t.ctx.db.owner.query(
    `insert into api_keys (id, organization_id, created_at, name, type, scopes, hash, last_four)
     select gen_random_uuid(), $1, $2, 'Key', 'secret', '{}', sha256(gen_random_uuid()::text::bytea), 'abcd' from generate_series(1, 98)`,
    [api.caller.organizationId, clock.now()],
  )
  const ask = () => api.call('POST', '/api-keys', { name: 'Last', type: 'secret' })
  const two = await Promise.all([ask(), ask()])
  assert.deepEqual(two.map(({ status, answer }) => answer.code ?? status).toSorted(), [200, 'api_key_limit'])
})

test('when a key was last used is noted once a minute', async () => {
  const api = await openApiCaller(t.ctx)
  const { id, token } = await create(api)
  const lastUsed = async () => {
    const { rows } = await t.ctx.db.owner.query('select last_used_at from api_keys where id = $1', [id])
    return rows[0].last_used_at as Date | null
  }
  assert.equal(await lastUsed(), null)
  await use(token)
  const first = clock.now()
  await waitUntil('the first use', async () => (await lastUsed())?.getTime() === first.getTime())
  clock.advance(59_999)
  await use(token)
  clock.advance(1)
  forgetCallers(t.ctx, api.caller.organizationId)
  await use(token)
  const second = clock.now()
  await waitUntil('the next use', async () => (await lastUsed())?.getTime() === second.getTime())
})

test('a repeated POST makes one key and shows it once; pages are stable; foreign is as absent', async () => {
  const api = await openApiCaller(t.ctx)
  const once = () => api.call('POST', '/api-keys', { name: 'Once', type: 'secret' }, { 'idempotency-key': 'once' })
  const [first, again] = [await once(), await once()]
  assert.deepEqual(again.answer, { ...first.answer, token: null })
  const roll = () =>
    api.call('POST', `/api-keys/${first.answer.id}/roll`, { overlapMs: 9 }, { 'idempotency-key': 'roll' })
  const [rolled, replayed] = [await roll(), await roll()]
  assert.deepEqual(replayed.answer, { ...rolled.answer, token: null })

  const [a, b, c] = [await create(api), await create(api), await create(api)]
  const page = await api.ok('GET', `/api-keys?limit=2`)
  assert.deepEqual([page.count, page.hasMore], [2, true])
  assert.deepEqual(
    (page.data as Key[]).map(({ id }) => id),
    [c.id, b.id],
  )
  await create(api)
  const next = await api.ok('GET', `/api-keys?limit=1&startingAfter=${b.id}`)
  assert.deepEqual(
    (next.data as Key[]).map(({ id }) => id),
    [a.id],
  )

  const stranger = await openApiCaller(t.ctx)
  assert.equal(await stranger.refused('GET', `/api-keys?startingAfter=${a.id}`), '400 cursor_invalid startingAfter')
  for (const [method, path, body] of [
    ['DELETE', '', undefined],
    ['POST', '/roll', { overlapMs: 0 }],
  ] as const) {
    const { answer: foreign } = await stranger.call(method, `/api-keys/${a.id}${path}`, body)
    const { answer: absent } = await stranger.call(method, `/api-keys/${ABSENT}${path}`, body)
    assert.deepEqual({ ...foreign, requestId: absent.requestId }, absent)
    assert.equal(foreign.code, 'resource_missing')
  }
})
