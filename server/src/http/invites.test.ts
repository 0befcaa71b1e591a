import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { acceptInvite } from '../actions/acceptInvite.ts'
import { userInviteSchema } from './organizationObjects.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const DAY_MS = 86_400_000
const clock = testClock()
let t: TestContext
before(async () => {
  t = await createTestContext({ clock })
})
after(() => t.close())

let people = 0
const newEmail = () => `guest${++people}@example.com`

async function invite(api: ApiCaller, email = newEmail(), role = 'developer') {
  const made = await api.ok('POST', '/invites', { email, role })
  return { made, email: String(made.email), token: tokenOf(made) }
}

function tokenOf({ inviteUrl }: Record<string, unknown>): string {
  const token = /^http:\/\/127\.0\.0\.1:8080\/invite\/([\w-]{43})$/.exec(String(inviteUrl))?.[1]
  assert.ok(token, String(inviteUrl))
  return token
}

async function list({ call }: ApiCaller) {
  return (await call('GET', '/invites')).answer as unknown as Record<string, unknown>[]
}

const accept = (token: string, email: string) => acceptInvite(t.ctx, token, { email, firstName: 'Ada', lastName: 'L' })

test('an invite is sent by e-mail, shows its link once and is stored without it', async () => {
  const api = await openApiCaller(t.ctx)
  const { made, token } = await invite(api, 'Guest@Example.com')
  assert.deepEqual(userInviteSchema.strict().parse(made), made)
  assert.deepEqual([made.email, made.role, made.status], ['guest@example.com', 'developer', 'pending'])
  assert.equal(made.expireAt, new Date(clock.now().getTime() + 7 * DAY_MS).toISOString())
  assert.deepEqual(await list(api), [{ ...made, inviteUrl: null }])
  const { organizationId } = api.caller
  const { rows: emails } = await t.ctx.db.owner.query(
    'select recipient, kind, text, html from emails where organization_id = $1',
    [organizationId],
  )
  assert.deepEqual(
    emails.map(({ recipient, kind }) => [recipient, kind]),
    [['guest@example.com', 'invite']],
  )
  assert.ok(emails[0].text.includes(token) && emails[0].html.includes(token))
  const { rows } = await t.ctx.db.owner.query('select i::text as row from invites i where organization_id = $1', [
    organizationId,
  ])
  assert.ok(!rows[0].row.includes(token))
})

test('there is one open invite for each e-mail address, and none for a member', async () => {
  const api = await openApiCaller(t.ctx)
  const email = newEmail()
  const two = await Promise.all([1, 2].map(() => api.call('POST', '/invites', { email, role: 'viewer' })))
  assert.deepEqual(two.map(({ status, answer }) => (status === 200 ? 'made' : answer.code)).toSorted(), [
    'invite_exists',
    'made',
  ])
  const member = newEmail()
  await addMember(t.ctx, api.caller.organizationId, member, 'viewer')
  const body = { email: member.toUpperCase(), role: 'viewer' }
  assert.equal(await api.refused('POST', '/invites', body), '400 member_exists email')
  assert.equal(await api.refused('POST', '/invites', { email: 'x', role: 'viewer' }), '400 email_invalid email')
  clock.advance(8 * DAY_MS)
  await invite(api, email)
  assert.equal((await list(api)).length, 1, 'one that is too old makes way')
})

test('an invite is accepted once, by whom it names', async () => {
  const api = await openApiCaller(t.ctx)
  const { made, email, token } = await invite(api)
  await assert.rejects(accept(token, 'other@example.com'), { code: 'invite_invalid' })
  await assert.rejects(accept(`${token}x`, email), { code: 'invite_invalid' })
  const both = await Promise.allSettled([accept(token, email), accept(token, email.toUpperCase())])
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  await assert.rejects(accept(token, email), { code: 'invite_invalid' })
  const users = (await api.call('GET', '/users')).answer as unknown as Record<string, unknown>[]
  assert.deepEqual(
    users.map(user => [user.email, user.role, user.firstName]),
    [[email, 'developer', 'Ada']],
  )
  assert.deepEqual(
    (await list(api)).map(({ status }) => status),
    ['accepted'],
  )
  assert.equal(await api.refused('POST', `/invites/${made.id}/resend`), '409 invite_closed')

  const other = await openApiCaller(t.ctx)
  const again = await invite(other, email, 'viewer')
  const { userId } = await accept(again.token, email)
  assert.equal(userId, users[0]?.id, 'somebody who is known stays who they are')
})

test('F174: an invite that is old, withdrawn or sent anew is not valid', async () => {
  const api = await openApiCaller(t.ctx)
  const old = await invite(api)
  clock.advance(7 * DAY_MS)
  await assert.rejects(accept(old.token, old.email), { code: 'invite_invalid' })
  const withdrawn = await invite(api)
  await api.ok('DELETE', `/invites/${withdrawn.made.id}`)
  await assert.rejects(accept(withdrawn.token, withdrawn.email), { code: 'invite_invalid' })
  assert.equal(await api.refused('DELETE', `/invites/${withdrawn.made.id}`), '404 resource_missing')
  const sent = await api.ok('POST', `/invites/${old.made.id}/resend`)
  assert.equal(sent.expireAt, new Date(clock.now().getTime() + 7 * DAY_MS).toISOString())
  await assert.rejects(accept(old.token, old.email), { code: 'invite_invalid' })
  await accept(tokenOf(sent), old.email)
})

test('a repeated POST asks once, without the link; foreign is as absent; keys need the scope', async () => {
  const api = await openApiCaller(t.ctx)
  const body = { email: newEmail(), role: 'viewer' }
  const once = () => api.call('POST', '/invites', body, { 'idempotency-key': 'once' })
  const [first, again] = [await once(), await once()]
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(again.answer, { ...first.answer, inviteUrl: null })
  const stranger = await openApiCaller(t.ctx)
  const reader = await openApiCaller(t.ctx, { of: api.caller, key: ['organization:read'] })
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/resend'],
  ] as const) {
    const { answer: foreign } = await stranger.call(method, `/invites/${first.answer.id}${path}`)
    const { answer: absent } = await stranger.call(method, `/invites/${ABSENT}${path}`)
    assert.deepEqual({ ...foreign, requestId: absent.requestId }, absent)
    assert.equal(await reader.refused(method, `/invites/${first.answer.id}${path}`), '403 insufficient_permissions')
  }
  assert.deepEqual(await list(stranger), [])
})

test('a restricted key lets nobody in, who may do more than itself', async () => {
  const api = await openApiCaller(t.ctx)
  const { made, email } = await invite(api, newEmail(), 'viewer')
  const restricted = await openApiCaller(t.ctx, { of: api.caller, key: ['organization:read', 'organization:write'] })
  const asked = { email: newEmail(), role: 'viewer' }
  assert.equal(await restricted.refused('POST', '/invites', asked), '403 insufficient_permissions')
  assert.equal(await restricted.refused('POST', `/invites/${made.id}/resend`), '403 insufficient_permissions')
  const member = await addMember(t.ctx, api.caller.organizationId, newEmail(), 'viewer')
  const path = `/users/${member}`
  assert.equal(await restricted.refused('PUT', `${path}/role`, { role: 'admin' }), '403 insufficient_permissions')
  assert.deepEqual(
    (await list(api)).map(each => each.email),
    [email],
  )
  await restricted.ok('DELETE', path)
  await restricted.ok('DELETE', `/invites/${made.id}`)
  const whole = await openApiCaller(t.ctx, { of: api.caller, key: ['*'] })
  await invite(whole)
})

test('an organization sends a hundred invites a day, so that nobody writes to strangers in its name without end', async () => {
  const api = await openApiCaller(t.ctx)
  const { made } = await invite(api)
  await t.ctx.db.owner.query(
    `insert into emails (organization_id, id, created_at, kind, recipient, cc, subject, text, html, attachments)
     select organization_id, (substr(id::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, created_at, kind, recipient, cc, '', '', '', '[]'
     from emails, generate_series(1, 99) n where organization_id = $1`,
    [api.caller.organizationId],
  )
  const asked = { email: newEmail(), role: 'viewer' }
  assert.equal(await api.refused('POST', '/invites', asked), '400 invite_limit')
  assert.equal(await api.refused('POST', `/invites/${made.id}/resend`), '400 invite_limit')
  clock.advance(DAY_MS)
  await invite(api)
})
