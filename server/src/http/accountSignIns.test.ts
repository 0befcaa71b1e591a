// OWASP ASVS 5.0, 7.2 to 7.5: what a sign-in is, and when it ends.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testClock } from '../../test/harness/fixtures.ts'
import { addPerson, PASSWORD } from '../../test/harness/people.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { openVisitor, signInOf, type Visitor } from '../../test/harness/visitor.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

const clock = testClock()
const MINUTE = 60_000
const ORIGIN = 'http://127.0.0.1:8080'
let world: TestContext
let app: App

before(async () => {
  world = await createTestContext({ clock })
  app = createApp(world.ctx)
})
after(() => world.close())

async function enter(email: string, address?: string): Promise<Visitor> {
  const visitor = openVisitor(world, address)
  assert.equal((await visitor.ask('POST', '/sign-in', { email, password: PASSWORD })).code, null)
  return visitor
}

const look = async (visitor: Visitor) => (await visitor.fetch('GET', '/api/v1/products')).code

type Listed = { id: string; createdAt: string; seenAt: string; address: string; userAgent: string; isCurrent: boolean }

test('C7.3: a cookie holds 256 random bits, no script reads it, and its hash alone is stored (ASVS 7.2.3)', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'bits@example.com', 'viewer')
  const cookies = [(await enter('bits@example.com')).cookie, (await enter('bits@example.com')).cookie]
  assert.equal(new Set(cookies).size, 2)
  for (const cookie of cookies) assert.match(cookie, /^bitstream=[\w-]{43}$/)
  const { rows } = await world.ctx.db.owner.query<{ text: string }>(
    'select s::text as text from sign_ins s where user_id = $1',
    [userId],
  )
  const stored = rows.map(({ text }) => text).join()
  for (const cookie of cookies) {
    const token = cookie.split('=')[1] ?? ''
    assert.ok(!stored.includes(token) && !stored.includes(Buffer.from(token, 'base64url').toString('hex')))
  }
  const { headers } = await openVisitor(world).ask('POST', '/sign-in', {
    email: 'bits@example.com',
    password: PASSWORD,
  })
  assert.match(headers.get('set-cookie') ?? '', /; Path=\/; HttpOnly; SameSite=Lax$/)
  assert.equal(headers.get('cache-control'), 'no-store')
})

test('C7.3, F183: signing in makes a new cookie, and the one before stands for nobody (ASVS 7.2.4)', async () => {
  await addPerson(world.ctx, world.organizationId, 'anew@example.com', 'viewer')
  const visitor = await enter('anew@example.com')
  const left = openVisitor(world)
  left.cookie = visitor.cookie
  await visitor.ask('POST', '/sign-in', { email: 'anew@example.com', password: PASSWORD })
  assert.notEqual(visitor.cookie, left.cookie)
  assert.deepEqual([await look(visitor), await look(left)], [null, 'signed_out'])
})

test('C7.3: who does nothing for 30 minutes is signed out (ASVS 7.3.1)', async () => {
  await addPerson(world.ctx, world.organizationId, 'idle@example.com', 'viewer')
  const visitor = await enter('idle@example.com')
  clock.advance(30 * MINUTE - 1)
  assert.equal(await look(visitor), null)
  clock.advance(30 * MINUTE)
  assert.equal(await look(visitor), 'signed_out')
  assert.equal((await visitor.ask('GET', '/state')).body.signIn, null)
})

test('C7.3: a page that reads by itself keeps nobody signed in, and changes are never made by itself', async () => {
  await addPerson(world.ctx, world.organizationId, 'away@example.com', 'admin')
  const visitor = await enter('away@example.com')
  const headers = () => ({
    ...{ cookie: visitor.cookie, origin: ORIGIN, 'x-unattended': '1', 'content-type': 'application/json' },
    'x-csrf-token': signInOf(visitor).csrfToken,
  })
  const read = async (path: string) => (await app.request(ORIGIN + path, { headers: headers() })).status
  clock.advance(20 * MINUTE)
  const changed = { method: 'PUT', headers: headers(), body: '{}' }
  assert.equal((await app.request(`${ORIGIN}/api/v1/organization`, changed)).status, 200)
  for (const path of ['/api/v1/products', '/api/account/sign-ins']) {
    clock.advance(10 * MINUTE)
    assert.equal(await read(path), 200)
  }
  clock.advance(10 * MINUTE)
  assert.equal(await read('/api/v1/products'), 401)
})

test('C7.3: everybody is signed out after 12 hours (ASVS 7.3.2)', async () => {
  await addPerson(world.ctx, world.organizationId, 'long@example.com', 'viewer')
  const visitor = await enter('long@example.com')
  for (let minutes = 25; minutes < 720; minutes += 25) {
    clock.advance(25 * MINUTE)
    assert.equal(await look(visitor), null)
  }
  clock.advance(20 * MINUTE)
  assert.equal(await look(visitor), 'signed_out')
})

test('C7.3, F183: signing out ends the sign-in on the server (ASVS 7.4.1)', async () => {
  await addPerson(world.ctx, world.organizationId, 'out@example.com', 'viewer')
  const visitor = await enter('out@example.com')
  const left = openVisitor(world)
  left.cookie = visitor.cookie
  assert.equal((await visitor.ask('POST', '/sign-out')).body.signIn, null)
  assert.deepEqual([visitor.cookie, await look(left)], ['', 'signed_out'])
})

test('C7.3, F183: who is suspended, removed or given another role is so within 5 seconds (ASVS 7.4.2)', async () => {
  const change = async (email: string, sql: string): Promise<Visitor> => {
    const userId = await addPerson(world.ctx, world.organizationId, email, 'admin')
    const visitor = await enter(email)
    assert.equal(await look(visitor), null)
    await world.ctx.db.owner.query(sql, [userId])
    return visitor
  }
  const suspended = await change('suspended@example.com', "update users set status = 'suspended' where id = $1")
  const removed = await change('removed@example.com', 'delete from members where user_id = $1')
  const lowered = await change('lowered@example.com', "update members set role = 'viewer' where user_id = $1")
  clock.advance(5_000)
  assert.deepEqual(
    [await look(suspended), await look(removed), await look(lowered)],
    ['signed_out', 'signed_out', null],
  )
  assert.equal((await lowered.fetch('POST', '/api/v1/products', { name: 'Tea' })).code, 'insufficient_permissions')
})

test('C7.3: a new password ends all other sign-ins (ASVS 7.4.3)', async () => {
  await addPerson(world.ctx, world.organizationId, 'fresh@example.com', 'viewer')
  const [visitor, other] = [await enter('fresh@example.com'), await enter('fresh@example.com')]
  const body = { old: PASSWORD, new: 'seven kites under the bridge' }
  assert.equal((await visitor.ask('PUT', '/password', body)).status, 200)
  assert.deepEqual([await look(visitor), await look(other)], [null, 'signed_out'])
})

test('C7.3: a person sees where they are signed in, and ends one or all others, nobody else’s (ASVS 7.5.2)', async () => {
  await addPerson(world.ctx, world.organizationId, 'list@example.com', 'viewer')
  await addPerson(world.ctx, world.organizationId, 'else@example.com', 'viewer')
  const [visitor, second, third] = [
    await enter('list@example.com', '198.51.100.1'),
    await enter('list@example.com', '198.51.100.2'),
    await enter('list@example.com', '198.51.100.3'),
  ]
  const somebody = await enter('else@example.com')
  const { body: listed } = await visitor.ask<Listed[]>('GET', '/sign-ins')
  assert.deepEqual(listed.map(({ address, isCurrent }) => [address, isCurrent]).sort(), [
    ['198.51.100.1', true],
    ['198.51.100.2', false],
    ['198.51.100.3', false],
  ])
  assert.ok(listed.every(({ userAgent }) => userAgent === 'Test browser'))
  const { body: theirs } = await somebody.ask<Listed[]>('GET', '/sign-ins')
  assert.equal((await visitor.ask('DELETE', `/sign-ins/${theirs[0]?.id}`)).code, 'resource_missing')
  const id = listed.find(({ address }) => address === '198.51.100.2')?.id
  assert.equal((await visitor.ask('DELETE', `/sign-ins/${id}`)).status, 200)
  assert.deepEqual([await look(visitor), await look(second), await look(third)], [null, 'signed_out', null])
  assert.equal((await visitor.ask('DELETE', '/sign-ins')).status, 200)
  assert.deepEqual([await look(visitor), await look(third), await look(somebody)], [null, 'signed_out', null])
})

test('a person goes on for another of their organizations, and for no other', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'many@example.com', 'viewer')
  const { rows } = await world.ctx.db.owner.query<{ id: string }>(
    `insert into organizations (id, created_at, updated_at, name)
     values (gen_random_uuid(), now(), now(), 'Second'), (gen_random_uuid(), now(), now(), 'Third') returning id`,
  )
  const [second = '', third = ''] = rows.map(({ id }) => id)
  await addMember(world.ctx, third, 'third@example.com', 'owner')
  await world.ctx.db.owner.query(
    "insert into members (organization_id, user_id, created_at, updated_at, role) values ($1, $2, now(), now(), 'admin')",
    [second, userId],
  )
  const visitor = await enter('many@example.com')
  assert.equal((await visitor.fetch('POST', '/api/v1/products', { name: 'Tea' })).code, 'insufficient_permissions')
  assert.equal((await visitor.ask('POST', '/organization', { organizationId: third })).code, 'resource_missing')
  const { csrfToken } = signInOf(visitor)
  assert.equal((await visitor.ask('POST', '/organization', { organizationId: second })).status, 200)
  // A page that still shows the first has the token of the cookie before.
  assert.notEqual(signInOf(visitor).csrfToken, csrfToken)
  assert.deepEqual([signInOf(visitor).organization.name, signInOf(visitor).organization.role], ['Second', 'admin'])
  const customer = { email: 'payer@example.com', name: 'Payer' }
  assert.equal((await visitor.fetch('POST', '/api/v1/customers', customer)).status, 200)
  assert.equal(signInOf(await enter('many@example.com')).organization.name, 'Second')
})
