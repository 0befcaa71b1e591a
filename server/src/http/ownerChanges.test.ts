import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { type MemberVisitor, openMember } from '../../test/harness/memberVisitor.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { checkAuditLog } from '../actions/auditLog.ts'
import { applyOwnerChanges } from '../actions/ownerChanges.ts'

const DAY_MS = 24 * 3_600_000
const clock = testClock()
let live: TestContext
before(async () => {
  live = await createTestContext({ clock, mode: 'live' })
})
after(() => live.close())

type Change = { id: string; email: string; role: string | null; dueAt: string; requestedBy: { email: string } | null }

/** An organization with as many owners. */
async function newOwners(count: number) {
  const { organizationId } = (await openApiCaller(live.ctx)).caller
  const owners: MemberVisitor[] = []
  for (let at = 0; at < count; at++) {
    clock.advance(1)
    owners.push(await openMember(live.ctx, organizationId, 'owner'))
  }
  const [first, second, third] = owners
  assert.ok(first && second)
  const rolesOf = async () => {
    const { rows } = await live.ctx.db.owner.query<{ user_id: string; role: string }>(
      'select user_id, role from members where organization_id = $1',
      [organizationId],
    )
    return owners.map(({ userId }) => rows.find(row => row.user_id === userId)?.role ?? null)
  }
  const mails = async () => {
    const query = `select recipient, text from emails where organization_id = $1 and kind = 'owner_change' order by id`
    return (await live.ctx.db.owner.query<{ recipient: string; text: string }>(query, [organizationId])).rows
  }
  const wait = async (ms: number) => {
    clock.advance(ms)
    return await applyOwnerChanges(live.ctx, 100)
  }
  const changes = async (who = first) => (await who.ask<Change[]>('GET', '/owner-changes')).body
  return { organizationId, first, second, third: third ?? second, rolesOf, mails, wait, changes }
}

const place = ({ userId }: MemberVisitor) => `/api/v1/users/${userId}`

test('C8.4: in live mode another owner is unmade a day after all owners were told, themselves among them', async () => {
  const { organizationId, first, second, third, rolesOf, mails, wait, changes } = await newOwners(3)
  const member = await first.ok('PUT', `${place(second)}/role`, { role: 'viewer' })
  assert.equal(member.role, 'owner')
  const dueAt = new Date(clock.now().getTime() + DAY_MS).toISOString()
  const { message } = await first.ok<{ message: string }>('DELETE', place(third))
  assert.ok(message.includes(dueAt), message)
  assert.deepEqual(
    (await changes(second)).map(({ id, role, dueAt: due, requestedBy }) => [id, role, due, requestedBy?.email]),
    [
      [second.userId, 'viewer', dueAt, first.email],
      [third.userId, null, dueAt, first.email],
    ],
  )
  const sent = await mails()
  assert.equal(sent.length, 6)
  for (const told of [first, second, third]) {
    for (const unmade of [second, third]) {
      const one = sent.find(({ recipient, text }) => recipient === told.email && text.startsWith(unmade.email))
      assert.ok(one?.text.includes(`Asked for by: ${first.email}`), `${told.email} of ${unmade.email}`)
    }
  }

  assert.equal(await wait(DAY_MS - 1), 0)
  assert.deepEqual(await rolesOf(), ['owner', 'owner', 'owner'])
  assert.equal(await wait(1), 1)
  assert.deepEqual(await rolesOf(), ['owner', 'viewer', null])
  await first.enter()
  assert.deepEqual(await changes(), [])
  assert.equal((await checkAuditLog(live.ctx, organizationId)).isIntact, true)
})

test('C8.4: whoever is to be unmade, and every other owner, keeps things as they are; nobody else does', async () => {
  const { organizationId, first, second, third, rolesOf, wait, changes } = await newOwners(3)
  const admin = await openMember(live.ctx, organizationId, 'admin')
  const stranger = (await newOwners(2)).first
  const cancel = `/api/account/owner-changes/${second.userId}`
  for (const keeper of [second, third]) {
    await first.ok('DELETE', place(second))
    assert.equal(await admin.refused('DELETE', cancel), '403 insufficient_permissions')
    assert.equal(await stranger.refused('DELETE', cancel), '404 resource_missing')
    assert.deepEqual(await changes(stranger), [])
    await keeper.ok('DELETE', cancel)
    assert.equal(await keeper.refused('DELETE', cancel), '404 resource_missing')
  }
  await wait(DAY_MS)
  assert.deepEqual(await rolesOf(), ['owner', 'owner', 'owner'])
})

test('C8.4: asking again does not bring it nearer, nor put it off; asking for something else begins anew', async () => {
  const { first, second, changes } = await newOwners(2)
  await first.ok('DELETE', place(second))
  clock.advance(1)
  await first.ok('DELETE', place(second))
  const again = await changes()
  clock.advance(1)
  await first.ok('PUT', `${place(second)}/role`, { role: 'admin' })
  const other = await changes()
  const due = (ms: number) => new Date(clock.now().getTime() + DAY_MS + ms).toISOString()
  assert.deepEqual(
    [...again, ...other].map(({ role, dueAt }) => [role, dueAt]),
    [
      [null, due(-2)],
      ['admin', due(0)],
    ],
  )
})

test('C8.4: what was asked for by somebody who is no owner any more, or would leave none, changes nothing', async () => {
  const { first, second, third, rolesOf, wait } = await newOwners(3)
  await first.ok('DELETE', place(second))
  clock.advance(1)
  // The second is unmade before their own wish is due.
  await second.ok('DELETE', place(third))
  await wait(DAY_MS)
  await wait(1)
  assert.deepEqual(await rolesOf(), ['owner', null, 'owner'])

  await first.enter()
  await first.ok('DELETE', place(third))
  await third.enter()
  await third.ok('PUT', `${place(third)}/role`, { role: 'admin' })
  await wait(DAY_MS)
  assert.deepEqual(await rolesOf(), ['owner', null, 'admin'])
})

test('C8.4: with an owner who is unmade go their invites of owners, and those stay that an admin may send', async () => {
  const { organizationId, first, second, wait } = await newOwners(2)
  const invite = async (role: string) =>
    (await second.ok<{ id: string }>('POST', '/api/v1/invites', { email: `${role}.${organizationId}@x.example`, role }))
      .id
  const [, asAdmin] = [await invite('owner'), await invite('admin')]
  await first.ok('PUT', `${place(second)}/role`, { role: 'admin' })
  await wait(DAY_MS)
  const { rows: open } = await live.ctx.db.owner.query<{ id: string }>(
    'select id from invites where organization_id = $1 and deleted_at is null',
    [organizationId],
  )
  assert.deepEqual(
    open.map(({ id }) => id),
    [asAdmin],
  )
  assert.equal((await checkAuditLog(live.ctx, organizationId)).isIntact, true)
})

test('C8.4: of owners who are unmade together, none is named as the one whose the organization is', async () => {
  const { organizationId, first, second, third, rolesOf, wait } = await newOwners(3)
  await live.ctx.db.owner.query('update organizations set owner_id = $1 where id = $2', [first.userId, organizationId])
  await third.ok('DELETE', place(first))
  await third.ok('DELETE', place(second))
  await wait(DAY_MS)
  assert.deepEqual(await rolesOf(), [null, null, 'owner'])
  const { rows } = await live.ctx.db.owner.query('select owner_id from organizations where id = $1', [organizationId])
  assert.deepEqual(rows, [{ owner_id: third.userId }])
})

test('C8.4: an owner leaves at once, and all owners are told of that and of whoever becomes one', async () => {
  const { organizationId, first, second, rolesOf, mails } = await newOwners(2)
  const admin = await openMember(live.ctx, organizationId, 'admin')
  await first.ok('PUT', `${place(admin)}/role`, { role: 'owner' })
  await second.ok('DELETE', place(second))
  assert.deepEqual(await rolesOf(), ['owner', null])
  const told = (await mails()).map(({ recipient, text }) => {
    assert.match(text, /This counts now/)
    return `${recipient}: ${text.split('\n')[0]}`
  })
  const made = `${admin.email} is an owner now`
  const left = `${second.email} is no owner any more`
  const all = [first, second, admin].flatMap(({ email }) => [`${email}: ${made}`, `${email}: ${left}`])
  assert.deepEqual(told.toSorted(), all.toSorted())
})
