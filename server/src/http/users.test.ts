import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import { authUserSchema, userSchema } from './organizationObjects.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const clock = testClock()
let t: TestContext
let live: TestContext
before(async () => {
  t = await createTestContext({ clock })
  live = await createTestContext({ clock, mode: 'live' })
})
after(async () => {
  await t.close()
  await live.close()
})

let people = 0

/** An organization with an owner, an admin and a viewer. */
async function newTeam({ ctx } = t) {
  const api = await openApiCaller(ctx)
  const add = async (role: 'owner' | 'admin' | 'viewer') => {
    clock.advance(1)
    return await addMember(ctx, api.caller.organizationId, `p${++people}@example.com`, role)
  }
  const [owner, admin, viewer] = [await add('owner'), await add('admin'), await add('viewer')]
  return { api, add, owner, admin, viewer }
}

async function rolesOf({ call }: ApiCaller) {
  const users = (await call('GET', '/users')).answer as unknown as { id: string; role: string }[]
  return users.map(({ role }) => role)
}

test('the person behind a key is who made it, or else the owner', async () => {
  const response = await createApp(t.ctx).request('/api/v1/auth/me', {
    headers: { authorization: `Bearer ${t.apiKey}` },
  })
  const me = authUserSchema.strict().parse(await response.json())
  assert.deepEqual([me.email, me.role, me.organization.id], ['owner@example.com', 'owner', t.organizationId])
  assert.equal(me.organization.ownerId, me.id)

  const { api, owner } = await newTeam()
  assert.equal((await api.ok('GET', '/auth/me')).id, owner)
  const empty = await openApiCaller(t.ctx)
  assert.equal(await empty.refused('GET', '/auth/me'), '404 resource_missing')
})

test('members are listed, given other roles and let go', async () => {
  const { api, owner, admin, viewer } = await newTeam()
  const { answer } = await api.call('GET', '/users')
  const users = answer as unknown as Record<string, unknown>[]
  assert.deepEqual(
    users.map(user => userSchema.strict().parse(user).id),
    [owner, admin, viewer],
  )
  const [, , before] = users
  assert.deepEqual(await api.ok('PUT', `/users/${viewer}/role`, { role: 'developer' }), {
    ...before,
    role: 'developer',
  })
  assert.deepEqual(await rolesOf(api), ['owner', 'admin', 'developer'])
  await api.ok('DELETE', `/users/${admin}`)
  assert.deepEqual(await rolesOf(api), ['owner', 'developer'])
  assert.equal(await api.refused('DELETE', `/users/${admin}`), '404 resource_missing')
  assert.equal(await api.refused('PUT', `/users/${viewer}/role`, { role: 'boss' }), '400 parameter_invalid role')
})

test('F176: an organization always has an owner, whatever is done at once', async () => {
  const { api, add, owner } = await newTeam()
  assert.equal(await api.refused('DELETE', `/users/${owner}`), '400 last_owner')
  assert.equal(await api.refused('PUT', `/users/${owner}/role`, { role: 'viewer' }), '400 last_owner')
  const second = await add('owner')
  const [one, other] = await Promise.all([
    api.call('DELETE', `/users/${owner}`),
    api.call('PUT', `/users/${second}/role`, { role: 'admin' }),
  ])
  assert.deepEqual([one.status, other.status].toSorted(), [200, 400])
  const left = (await rolesOf(api)).filter(role => role === 'owner')
  assert.equal(left.length, 1)
  const users = (await api.call('GET', '/users')).answer as unknown as { id: string; role: string }[]
  const { ownerId } = await api.ok('GET', '/organization')
  assert.equal(ownerId, users.find(({ role }) => role === 'owner')?.id)
})

test('in live mode no key makes or unmakes an owner', async () => {
  const { api, add, owner, admin, viewer } = await newTeam(live)
  await add('owner')
  for (const [method, path, body] of [
    ['PUT', `/users/${admin}/role`, { role: 'owner' }],
    ['PUT', `/users/${owner}/role`, { role: 'viewer' }],
    ['DELETE', `/users/${owner}`, undefined],
    ['POST', '/invites', { email: 'new@example.com', role: 'owner' }],
  ] as const) {
    assert.equal(await api.refused(method, path, body), '403 dashboard_only')
  }
  await api.ok('PUT', `/users/${viewer}/role`, { role: 'support' })
})

test('members of another organization are as absent, and keys need the scope', async () => {
  const { api, viewer } = await newTeam()
  const stranger = await openApiCaller(t.ctx)
  const reader = await openApiCaller(t.ctx, { of: api.caller, key: ['organization:read'] })
  for (const [method, path, body] of [
    ['PUT', '/role', { role: 'viewer' }],
    ['DELETE', '', undefined],
  ] as const) {
    const { answer: foreign } = await stranger.call(method, `/users/${viewer}${path}`, body)
    const { answer: absent } = await stranger.call(method, `/users/${ABSENT}${path}`, body)
    assert.deepEqual({ ...foreign, requestId: absent.requestId }, absent)
    assert.equal(foreign.code, 'resource_missing')
    assert.equal(await reader.refused(method, `/users/${viewer}${path}`, body), '403 insufficient_permissions')
  }
  assert.deepEqual(await rolesOf(stranger), [])
})
