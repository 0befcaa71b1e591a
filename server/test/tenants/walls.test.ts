import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { makeApiKey } from '../../src/domain/apiKey.ts'
import { RESOURCES } from '../../src/domain/scopes.ts'
import { scopesOf } from '../../src/domain/signIn.ts'
import { ROLES, type Role } from '../../src/domain/user.ts'
import { createApp } from '../../src/http/app.ts'
import { openApiDocument } from '../../src/http/docs.ts'
import type { App } from '../../src/http/router.ts'
import type { Document, Operation } from '../contract/document.ts'
import { type MemberVisitor, openMember } from '../harness/memberVisitor.ts'
import { type Ids, type Merchant, type MerchantWorld, openMerchantWorld, sampleBody } from '../harness/merchantWorld.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const SCOPES = RESOURCES.flatMap(resource => [`${resource}:read`, `${resource}:write`])
const IS_SHARED = /\/(chains|assets)(\/|$)/
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

type Place = { method: string; path: string; operation: Operation }
/** A key, nobody, or somebody at the dashboard. */
type Who = string | null | MemberVisitor
type Reply = { status: number; code: unknown; text: string }

let world: MerchantWorld
let ours: Merchant
let theirs: Merchant
let app: App
let places: Place[]
let tables: { name: string; key: string }[]
let picture: Uint8Array<ArrayBuffer>
const keys: Record<string, string> = {}

before(async () => {
  world = await openMerchantWorld()
  const { ctx } = world
  ours = await world.newMerchant('ann')
  theirs = await world.newMerchant('ben')
  app = createApp(ctx)
  const document: Document = JSON.parse(JSON.stringify(openApiDocument(app, '')))
  const order = ['get', 'post', 'put', 'delete']
  places = Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })))
    .sort((left, right) => order.indexOf(left.method) - order.indexOf(right.method))
  const { rows } = await ctx.db.owner.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'organization_id' order by table_name`,
  )
  tables = [{ name: 'organizations', key: 'id' }, ...rows.map(({ name }) => ({ name, key: 'organization_id' }))]
  picture = new Uint8Array(
    await sharp({ create: { width: 4, height: 4, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  )
  const issue = async (type: string, scopes: readonly string[] = []) =>
    String((await ours.api.ok('POST', '/api-keys', { name: type, type, scopes })).token)
  keys.publishable = await issue('publishable')
  for (const scope of new Set(keyed().map(scopeOf))) {
    keys[`with ${scope}`] = await issue('restricted', scope === '' ? SCOPES.slice(0, 1) : [scope])
    const others = SCOPES.filter(each => each !== scope)
    keys[`without ${scope}`] = await issue('restricted', others)
  }
  keys.live = makeApiKey('secret', 'live', randomBytes(32))
  keys.unknown = makeApiKey('secret', 'test', randomBytes(32))
  const made = await ours.api.ok('POST', '/api-keys', { name: 'Old', type: 'secret' })
  await ours.api.ok('DELETE', `/api-keys/${made.id}`)
  keys.revoked = String(made.token)
})
after(() => world.close())

/** The path with the ids of the objects, or with the values that it may have. */
function named(path: string, ids: Ids): string {
  const parts = path.split(/(?<=\})|(?=\{)/)
  return parts
    .map((part, at) => {
      if (!part.startsWith('{')) return part
      const kind = [...parts.slice(0, at), '{}']
        .join('')
        .replaceAll(/\{\w+\}/g, '{}')
        .replace('/api/v1', '')
      return part === '{storageType}' ? 'product_image' : (ids[kind] ?? ABSENT)
    })
    .join('')
}

async function send({ method, operation }: Place, path: string, who: Who, body: object | null): Promise<Reply> {
  const form = new FormData()
  const isForm = operation.requestBody?.content['multipart/form-data'] !== undefined
  if (operation.operationId === 'storeFile') form.set('image', new Blob([picture]))
  if (operation.operationId === 'updateBrand') form.set('brandColor', '#123456')
  world.ctx.clock.advance(1)
  const response = await app.request(path, {
    method: method.toUpperCase(),
    headers: {
      ...(typeof who === 'string' ? { authorization: `Bearer ${who}` } : who?.headers()),
      ...(!isForm && { 'content-type': 'application/json' }),
    },
    ...(isForm ? { body: form } : body !== null && { body: JSON.stringify(body) }),
  })
  const text = (await response.text()).replace(/"requestId":"[^"]*"/, '')
  return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1], text }
}

/** What all rows of an organization come to, table by table. */
async function checksums({ api }: Merchant, except: readonly string[] = []): Promise<Record<string, string>> {
  const sums = tables
    .filter(({ name }) => !except.includes(name))
    .map(
      ({ name, key }) =>
        `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t where ${key} = $1`,
    )
  const { rows } = await world.ctx.db.owner.query<{ name: string; sum: string }>(sums.join(' union all '), [
    api.caller.organizationId,
  ])
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]))
}

const sample = ({ operation }: Place, ids: Ids, unique = 'wall') => sampleBody(operation.operationId ?? '', ids, unique)
const titleOf = ({ method, path }: Place) => `${method.toUpperCase()} ${path}`
/** Operations that take a key; the others are public, known by the id of a session. */
const keyed = () => places.filter(({ operation }) => operation.security?.length !== 0)
const scopeOf = ({ operation }: Place) => operation.security?.[0]?.apiKey?.[0] ?? ''
/** Whether the path names something of an organization. */
const isOfTenants = ({ path }: Place) => /\{(?!storageType)/.test(path) && !IS_SHARED.test(path)

/** Runs `run`, and asserts that no row of theirs is other than before. */
async function unchanged(run: () => Promise<void>, also: readonly Merchant[] = []): Promise<void> {
  // That a key is used is noted.
  const sums = () => Promise.all([checksums(theirs), ...also.map(merchant => checksums(merchant, ['api_keys']))])
  const before = await sums()
  await run()
  assert.deepEqual(await sums(), before)
}

test('F64: what is foreign is answered as what is absent, to the byte, and nothing of it changes', async t => {
  let count = 0
  await unchanged(async () => {
    for (const place of keyed().filter(isOfTenants)) {
      const body = sample(place, ours.ids)
      const absent = await send(place, named(place.path, {}), ours.api.key, body)
      assert.deepEqual([absent.status, absent.code], [404, 'resource_missing'], `${titleOf(place)}: ${absent.text}`)
      // Of a path with two names each may be the foreign one.
      const mixed = Object.entries(theirs.ids).map(([kind, id]) => named(place.path, { ...ours.ids, [kind]: id }))
      for (const path of new Set([named(place.path, theirs.ids), ...mixed])) {
        if (path === named(place.path, ours.ids)) continue
        assert.deepEqual(await send(place, path, ours.api.key, body), absent, `${titleOf(place)}: ${path}`)
        count++
      }
    }
  })
  t.diagnostic(`${count} foreign objects`)
  assert.ok(count > 60)
})

test('a body that names something foreign is answered as if it named nothing, and nothing of it changes', async t => {
  let count = 0
  await unchanged(async () => {
    for (const place of keyed().filter(({ method }) => method !== 'get' && method !== 'delete')) {
      const text = JSON.stringify(sample(place, ours.ids))
      for (const [kind, own] of Object.entries(ours.ids)) {
        if (!text.includes(own)) continue
        const replies = [theirs.ids[kind] ?? '', ABSENT].map(async id => {
          const body = JSON.parse(text.replaceAll(own, id))
          const reply = await send(place, named(place.path, ours.ids), ours.api.key, body)
          return { ...reply, text: reply.text.replaceAll(UUID, 'id') }
        })
        const [foreign, absent] = await Promise.all(replies)
        assert.deepEqual(foreign, absent, `${titleOf(place)}: ${kind}`)
        assert.ok([400, 404].includes(foreign?.status ?? 0), `${titleOf(place)}: ${kind} ${foreign?.text}`)
        count++
      }
    }
  })
  t.diagnostic(`${count} references`)
  assert.ok(count > 10)
})

test('a query that names something foreign finds what one finds that names nothing', async () => {
  for (const place of keyed().filter(({ method, path }) => method === 'get' && !IS_SHARED.test(path))) {
    for (const { name, schema } of place.operation.parameters ?? []) {
      if (schema.format !== 'uuid' && name !== 'ids') continue
      const find = (value: string) => send(place, `${named(place.path, ours.ids)}?${name}=${value}`, ours.api.key, null)
      const nothing = await find(ABSENT)
      const ids = [...new Set(Object.values(theirs.ids))]
      for (const value of name === 'ids' ? [ids.join()] : ids) {
        assert.deepEqual(await find(value), nothing, `${titleOf(place)}: ${name}`)
      }
    }
  }
})

test('C7.6: no list goes on after an entry of another organization, as after none', async t => {
  const goesOn = ({ operation }: Place) => operation.parameters?.some(({ name }) => name === 'startingAfter')
  const lists = keyed().filter(place => place.method === 'get' && goesOn(place) && !IS_SHARED.test(place.path))
  let foreign = 0
  for (const place of lists) {
    const path = named(place.path, ours.ids)
    const after = (id: string) =>
      send(place, `${path}${path.includes('?') ? '&' : '?'}startingAfter=${id}`, ours.api.key, null)
    const absent = await after(ABSENT)
    assert.deepEqual([absent.status, absent.code], [400, 'cursor_invalid'], `${titleOf(place)}: ${absent.text}`)
    const listed = JSON.parse((await send(place, named(place.path, theirs.ids), theirs.api.key, null)).text)
    for (const { id } of (listed.data ?? []).slice(0, 1)) {
      assert.deepEqual(await after(id), absent, titleOf(place))
      foreign++
    }
  }
  t.diagnostic(`${lists.length} lists, ${foreign} foreign cursors`)
  assert.ok(lists.length > 10 && foreign > 10)
})

test('A5.4, F57, F58: each key may do what it is for, and its refusal tells nothing of the object', async () => {
  const refusedBy = async (place: Place, key: string | null, status: number, code: string) => {
    const replies = []
    for (const ids of [ours.ids, theirs.ids, {}]) {
      replies.push(await send(place, named(place.path, ids), key, sample(place, ours.ids)))
    }
    const [own, foreign, absent] = replies
    assert.deepEqual([own?.status, own?.code], [status, code], `${titleOf(place)}: ${own?.text}`)
    assert.deepEqual([foreign, absent], [own, own], titleOf(place))
    if (code === 'insufficient_permissions') assert.ok(own?.text.includes(scopeOf(place)), titleOf(place))
  }
  const everything = async () => {
    for (const place of keyed()) {
      const scope = scopeOf(place)
      await refusedBy(place, null, 401, 'api_key_missing')
      await refusedBy(place, keys.live ?? '', 401, 'api_key_mode')
      await refusedBy(place, keys.revoked ?? '', 401, 'api_key_revoked')
      await refusedBy(place, keys.unknown ?? '', 401, 'api_key_invalid')
      if (scope !== '') await refusedBy(place, keys[`without ${scope}`] ?? '', 403, 'insufficient_permissions')
      const isPublic = place.operation.security?.some(each => 'publishableKey' in each)
      if (!isPublic) await refusedBy(place, keys.publishable ?? '', 403, 'key_type')
    }
  }
  await unchanged(everything, [ours])
})

/** What of people owners alone do, though admins have every scope. */
const OWNERS_ONLY = [
  'updatePaymentSetting',
  'createWithdrawalAddress',
  'updateWithdrawalAddress',
  'markWithdrawalAddressAsDefault',
  'deleteWithdrawalAddress',
]
/** What developers do though they lack the scope: keys that may do no more than they. */
const DEVELOPERS_TOO = ['createApiKey', 'rollApiKey', 'revokeApiKey']

function isAllowed(role: Role, place: Place): boolean {
  const { operationId = '' } = place.operation
  if (OWNERS_ONLY.includes(operationId)) return role === 'owner'
  if (role === 'developer' && DEVELOPERS_TOO.includes(operationId)) return true
  const scopes = scopesOf(role)
  return scopeOf(place) === '' || scopes.includes('*') || scopes.includes(scopeOf(place))
}

test('C7.5, F176: people may do what their role is for, and nobody tells what is foreign from what is absent', async t => {
  const { organizationId } = ours.api.caller
  const people = await Promise.all(
    ROLES.map(async role => ({ role, who: await openMember(world.ctx, organizationId, role) })),
  )
  const gone = await openMember(world.ctx, organizationId, 'owner')
  const { cookie, state } = gone
  await gone.ask('POST', '/sign-out')
  Object.assign(gone, { cookie, state })
  let [refused, foreign] = [0, 0]
  const everything = async () => {
    for (const place of keyed()) {
      const ask = (who: Who, ids: Ids) => send(place, named(place.path, ids), who, sample(place, ours.ids))
      assert.equal((await ask(gone, ours.ids)).code, 'signed_out', titleOf(place))
      for (const { role, who } of people) {
        const title = `${titleOf(place)} as ${role}`
        if (!isAllowed(role, place)) {
          const [own, theirOwn, absent] = [await ask(who, ours.ids), await ask(who, theirs.ids), await ask(who, {})]
          assert.deepEqual([own.status, own.code], [403, 'insufficient_permissions'], `${title}: ${own.text}`)
          assert.deepEqual([theirOwn, absent], [own, own], title)
          refused++
        } else if (isOfTenants(place)) {
          const absent = await ask(who, {})
          assert.deepEqual([absent.status, absent.code], [404, 'resource_missing'], `${title}: ${absent.text}`)
          assert.deepEqual(await ask(who, theirs.ids), absent, title)
          foreign++
        }
      }
    }
  }
  await unchanged(everything, [ours])
  t.diagnostic(`${refused} refusals, ${foreign} foreign objects`)
  assert.ok(refused > 150 && foreign > 100)
})

test('what is one’s own is found, with a secret key and with one that has the scope', async () => {
  const refusals = /^(api_key_(?!ended)|key_type|parameter_(unknown|missing)|invalid_|route_)/
  const [asset] = world.ctx.known.assets.keys()
  const ids = { ...ours.ids, '/chains/{}': '80001', '/assets/{}': asset ?? '' }
  for (const [index, place] of keyed().entries()) {
    const scope = scopeOf(place)
    const some = [ours.api.key, keys[`with ${scope}`] ?? '']
    // What was deleted is not there for the second key.
    for (const [at, key] of (place.method === 'delete' ? some.slice(0, 1) : some).entries()) {
      const reply = await send(place, named(place.path, ids), key, sample(place, ids, `own${index}${at}`))
      assert.ok(reply.status < 500 && !refusals.test(String(reply.code)), `${titleOf(place)}: ${reply.text}`)
      // A restricted key never makes one, or a person, that may do more.
      assert.doesNotMatch(reply.text, /lacks the scope/, titleOf(place))
      // There are no subscriptions yet.
      if (!place.path.includes('/subscriptions/'))
        assert.notEqual(reply.status, 404, `${titleOf(place)}: ${reply.text}`)
    }
  }
})
