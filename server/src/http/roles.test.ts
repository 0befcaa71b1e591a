import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { openMember } from '../../test/harness/memberVisitor.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { acceptInvite } from '../actions/acceptInvite.ts'
import { checkAuditLog } from '../actions/auditLog.ts'

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

const newOrganization = async ({ ctx }: TestContext) => (await openApiCaller(ctx)).caller.organizationId

test('F176: owners are made and unmade by owners alone, and the last one stays', async () => {
  const id = await newOrganization(t)
  const [owner, admin, viewer] = [
    await openMember(t.ctx, id, 'owner'),
    await openMember(t.ctx, id, 'admin'),
    await openMember(t.ctx, id, 'viewer'),
  ]
  const roleOf = ({ userId }: { userId: string }) => `/api/v1/users/${userId}/role`
  const refused = '403 insufficient_permissions'
  assert.equal(await viewer.refused('PUT', roleOf(viewer), { role: 'owner' }), refused)
  assert.equal(await admin.refused('PUT', roleOf(admin), { role: 'owner' }), refused)
  assert.equal(await admin.refused('PUT', roleOf(owner), { role: 'viewer' }), refused)
  assert.equal(await admin.refused('DELETE', `/api/v1/users/${owner.userId}`), refused)
  assert.equal(await admin.refused('POST', '/api/v1/invites', { email: 'x@people.example', role: 'owner' }), refused)
  await admin.ok('PUT', roleOf(viewer), { role: 'support' })
  await admin.ok('POST', '/api/v1/invites', { email: 'x@people.example', role: 'admin' })
  assert.equal(await owner.refused('DELETE', `/api/v1/users/${owner.userId}`), '400 last_owner')
  assert.equal(await owner.refused('PUT', roleOf(owner), { role: 'admin' }), '400 last_owner')
  await owner.ok('PUT', roleOf(admin), { role: 'owner' })
  // Both leave at once: one of them stays.
  const gone = await Promise.all([owner, admin].map(who => who.fetch('DELETE', `/api/v1/users/${who.userId}`)))
  assert.deepEqual(gone.map(({ status }) => status).toSorted(), [200, 400])
  assert.equal((await checkAuditLog(t.ctx, id)).isIntact, true)
})

test('the open invites of somebody end with their role, and nobody joins by them', async () => {
  const id = await newOrganization(t)
  const owner = await openMember(t.ctx, id, 'owner')
  const admin = await openMember(t.ctx, id, 'admin')
  const ask = async (who: typeof owner, name: string) => {
    const email = `${name}.${id}@people.example`
    const made = await who.ok('POST', '/api/v1/invites', { email, role: 'admin' })
    return { id: made.id, email, token: tokenOf(made) }
  }
  const tokenOf = ({ inviteUrl }: Record<string, unknown>) => String(inviteUrl).split('/').at(-1) ?? ''
  const join = ({ token, email }: { token: string; email: string }) =>
    acceptInvite(t.ctx, token, { email, firstName: 'Ada', lastName: 'L' })
  const [theirs, joined, resent, owners] = [
    await ask(admin, 'theirs'),
    await ask(admin, 'joined'),
    await ask(admin, 'resent'),
    await ask(owner, 'owners'),
  ]
  await join(joined)
  const again = await owner.ok('POST', `/api/v1/invites/${resent.id}/resend`)
  await owner.ok('PUT', `/api/v1/users/${admin.userId}/role`, { role: 'developer' })
  await assert.rejects(join(theirs), { code: 'invite_invalid' })
  await join({ ...resent, token: tokenOf(again) })
  await owner.ok('PUT', `/api/v1/users/${admin.userId}/role`, { role: 'admin' })
  const leaving = await ask(admin, 'leaving')
  await admin.ok('DELETE', `/api/v1/users/${admin.userId}`)
  await assert.rejects(join(leaving), { code: 'invite_invalid' })
  await join(owners)
  const { rows } = await t.ctx.db.owner.query(
    "select object_id from audit_entries where organization_id = $1 and action = 'invite.deleted' order by id",
    [id],
  )
  assert.deepEqual(
    rows.map(({ object_id: objectId }) => objectId),
    [theirs.id, leaving.id],
  )
  assert.equal((await checkAuditLog(t.ctx, id)).isIntact, true)
})

test('F183: another role, and the end of a membership, count within 5 seconds though the sign-in stays', async () => {
  const id = await newOrganization(t)
  const admin = await openMember(t.ctx, id, 'admin')
  const invite = () =>
    admin.fetch('POST', '/api/v1/invites', { email: `${clock.now().getTime()}@people.example`, role: 'viewer' })
  assert.equal((await invite()).status, 200)
  // As another process changes it.
  await t.ctx.db.owner.query("update members set role = 'viewer' where user_id = $1", [admin.userId])
  clock.advance(5_000)
  assert.equal((await invite()).code, 'insufficient_permissions')
  await t.ctx.db.owner.query('delete from members where user_id = $1', [admin.userId])
  clock.advance(5_000)
  assert.equal((await invite()).code, 'signed_out')
})

test('developers make, roll and revoke keys that may do no more than they, others none', async () => {
  const id = await newOrganization(t)
  const [developer, support, admin] = [
    await openMember(t.ctx, id, 'developer'),
    await openMember(t.ctx, id, 'support'),
    await openMember(t.ctx, id, 'admin'),
  ]
  const make = { name: 'Shop', type: 'restricted', scopes: ['products:write', 'events:read'] }
  const key = await developer.ok('POST', '/api/v1/api-keys', make)
  await developer.ok('POST', '/api/v1/api-keys', { name: 'Page', type: 'publishable' })
  const refused = '403 insufficient_permissions'
  for (const more of [
    { name: 'All', type: 'secret' },
    { name: 'All', type: 'restricted', scopes: ['*'] },
    { name: 'Refunds', type: 'restricted', scopes: ['refunds:write'] },
    { name: 'Team', type: 'restricted', scopes: ['organization:write'] },
  ]) {
    assert.equal(await developer.refused('POST', '/api/v1/api-keys', more), refused, JSON.stringify(more))
  }
  assert.equal(await support.refused('POST', '/api/v1/api-keys', make), refused)
  const rolled = await developer.ok('POST', `/api/v1/api-keys/${key.id}/roll`, { overlapMs: 0 })
  await developer.ok('DELETE', `/api/v1/api-keys/${rolled.id}`)
  const secret = await admin.ok('POST', '/api/v1/api-keys', { name: 'All', type: 'secret' })
  assert.equal(await developer.refused('DELETE', `/api/v1/api-keys/${secret.id}`), refused)
  assert.equal(await developer.refused('POST', `/api/v1/api-keys/${secret.id}/roll`, { overlapMs: 0 }), refused)
  await admin.ok('DELETE', `/api/v1/api-keys/${secret.id}`)
})

test('C8.4: in live mode no key changes how an organization is paid, whoever made it', async () => {
  const all = await openApiCaller(live.ctx)
  const some = await openApiCaller(live.ctx, { of: all.caller, key: ['organization:write', '*'] })
  const path = '/organization/payment-setting'
  const before = await all.ok('GET', path)
  for (const { refused } of [all, some]) {
    assert.equal(await refused('PUT', path, { toleranceBps: 1_000 }), '403 dashboard_only')
  }
  assert.deepEqual(await all.ok('GET', path), before)
})

test('in live mode keys are made, owners named and payment settings changed by who has just confirmed', async () => {
  const id = await newOrganization(live)
  const [owner, admin] = [await openMember(live.ctx, id, 'owner'), await openMember(live.ctx, id, 'admin')]
  const makeKey = ['POST', '/api/v1/api-keys', { name: 'All', type: 'secret' }] as const
  const nameOwner = ['PUT', `/api/v1/users/${admin.userId}/role`, { role: 'owner' }] as const
  const setPayment = ['PUT', '/api/v1/organization/payment-setting', { toleranceBps: 10 }] as const
  assert.equal(await admin.refused(...setPayment), '403 insufficient_permissions')
  clock.advance(10 * 60_000)
  for (const [method, path, body] of [makeKey, nameOwner, setPayment]) {
    assert.equal(await owner.refused(method, path, body), '403 confirmation_required')
  }
  assert.equal(await admin.refused(...makeKey), '403 confirmation_required')
  await owner.enter()
  for (const [method, path, body] of [makeKey, setPayment, nameOwner]) await owner.ok(method, path, body)
})

test('who did what is read by owners and admins, with the person, the key and where it came from', async () => {
  const api = await openApiCaller(t.ctx)
  const { organizationId } = api.caller
  const owner = await openMember(t.ctx, organizationId, 'owner')
  const developer = await openMember(t.ctx, organizationId, 'developer')
  await owner.ok('PUT', '/api/v1/organization', { supportEmail: 'help@shop.example' })
  await owner.ok('PUT', '/api/v1/organization', { supportEmail: 'help@shop.example' })
  const made = await api.ok('POST', '/api-keys', { name: 'Second', type: 'secret' })
  type Entry = {
    action: string
    objectId: string
    address: string
    user: { email: string } | null
    key: { name: string } | null
    detail: object
  }
  type Page = { data: (Entry & { id: string })[]; hasMore: boolean }
  const { data, hasMore } = await owner.ok<Page>('GET', '/api/account/audit?limit=2')
  assert.equal(hasMore, false)
  const [byKey, byPerson] = data
  assert.deepEqual(
    [byKey?.action, byKey?.objectId, byKey?.user, byKey?.key?.name],
    ['api_key.created', made.id, null, 'Key'],
  )
  assert.deepEqual(
    [byPerson?.action, byPerson?.user?.email, byPerson?.key, byPerson?.address],
    ['organization.updated', owner.email, null, '203.0.113.7'],
  )
  assert.deepEqual(byPerson?.detail, { before: { supportEmail: null }, after: { supportEmail: 'help@shop.example' } })
  const rest = await owner.ok<Page>('GET', `/api/account/audit?startingAfter=${byKey?.id}`)
  assert.deepEqual(rest.data, [byPerson])
  assert.equal(await owner.refused('GET', '/api/account/audit?limit=0'), '400 limit_invalid')
  // C7.6: nobody goes on after an entry of another organization.
  const stranger = await openMember(t.ctx, await newOrganization(t), 'owner')
  for (const id of [byKey?.id, '00000000-0000-7000-8000-000000000000']) {
    assert.equal(await stranger.refused('GET', `/api/account/audit?startingAfter=${id}`), '400 cursor_invalid')
  }
  assert.deepEqual(await owner.ok('GET', '/api/account/audit/check'), { isIntact: true, entries: 2, brokenAt: null })
  for (const path of ['/api/account/audit', '/api/account/audit/check']) {
    assert.equal(await developer.refused('GET', path), '403 insufficient_permissions')
  }
})
