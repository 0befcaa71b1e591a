import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { codeAt } from '../../test/harness/authenticator.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { addPerson, PASSWORD } from '../../test/harness/people.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { openVisitor, signInOf } from '../../test/harness/visitor.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { Caller } from '../actions/caller.ts'
import { makeOwnerLink } from '../actions/setUpServer.ts'
import { startJobs } from '../workers/jobs.ts'

const clock = testClock()
const NEW_PASSWORD = 'seven kites under the bridge'
let world: TestContext
const stopping = new AbortController()
let jobs: Promise<void>

before(async () => {
  world = await createTestContext({ clock })
  jobs = startJobs(world.ctx, stopping.signal, { concurrency: 2 })
})
after(async () => {
  stopping.abort()
  await jobs
  await world.close()
})

/** Resolves once no job of a link waits. */
async function jobsDone(): Promise<void> {
  await waitUntil('the links are sent', async () => {
    const { rows } = await world.ctx.db.owner.query(
      "select from graphile_worker.jobs where task_identifier = 'mailReset'",
    )
    return rows.length === 0
  })
}

/** The tokens of the links for a new password that were sent to `address`. */
async function linksTo(address: string): Promise<string[]> {
  await jobsDone()
  const { rows } = await world.ctx.db.owner.query<{ text: string }>(
    "select text from emails where recipient = $1 and kind = 'reset' order by id",
    [address],
  )
  return rows.map(({ text }) => /\/reset\?token=([\w-]{43})/.exec(text)?.[1] ?? '')
}

const enter = async (email: string, password = PASSWORD) => {
  const visitor = openVisitor(world)
  return { visitor, code: (await visitor.ask('POST', '/sign-in', { email, password })).code }
}

test('F174: who asks for a new password learns nothing about whom we know: the request does the same for all', async t => {
  await addPerson(world.ctx, world.organizationId, 'forgetful@example.com', 'admin')
  let hashes = 0
  const hook = createHook({ init: (_id, type) => void (type === 'ARGON2REQUEST' && hashes++) }).enable()
  t.after(() => hook.disable())
  const ask = async (email: string) => {
    const { status, body } = await openVisitor(world).ask<object>('POST', '/forgot', { email })
    return { status, body }
  }
  const known = await ask('Forgetful@example.com')
  assert.deepEqual(known, { status: 200, body: { success: true } })
  assert.deepEqual(await ask('nobody@example.com'), known)
  assert.equal((await linksTo('forgetful@example.com')).length, 1)
  assert.deepEqual(await linksTo('nobody@example.com'), [])
  assert.equal(hashes, 0)
})

test('F174: a link for a new password counts once, for an hour, and ends all sign-ins', async () => {
  await addPerson(world.ctx, world.organizationId, 'reset@example.com', 'admin')
  const { visitor: inside } = await enter('reset@example.com')
  for (let times = 0; times < 3; times++)
    await openVisitor(world).ask('POST', '/forgot', { email: 'reset@example.com' })
  const [first = '', second = '', third = ''] = await linksTo('reset@example.com')
  const visitors = [openVisitor(world), openVisitor(world)]
  const weak = await visitors[0]?.ask('POST', '/reset', { token: first, password: 'reset@example.com' })
  assert.equal(weak?.code, 'password_weak')
  const answers = await Promise.all(
    visitors.map(visitor => visitor.ask('POST', '/reset', { token: first, password: NEW_PASSWORD })),
  )
  assert.deepEqual(answers.map(({ code }) => code).sort(), ['link_invalid', null].sort())
  const entered = visitors[answers.findIndex(({ status }) => status === 200)]
  assert.equal((await entered?.fetch('GET', '/api/v1/products'))?.status, 200)
  assert.equal((await inside.fetch('GET', '/api/v1/products')).code, 'signed_out')
  assert.equal((await enter('reset@example.com')).code, 'sign_in_invalid')
  assert.equal((await enter('reset@example.com', NEW_PASSWORD)).code, null)
  for (const token of [first, second, third, 'x']) {
    const again = await openVisitor(world).ask('POST', '/reset', { token, password: NEW_PASSWORD })
    assert.equal(again.code, 'link_invalid')
  }
  await openVisitor(world).ask('POST', '/forgot', { email: 'reset@example.com' })
  const last = (await linksTo('reset@example.com')).at(-1)
  clock.advance(3_600_000)
  const late = await openVisitor(world).ask('POST', '/reset', { token: last, password: PASSWORD })
  assert.equal(late.code, 'link_invalid')
})

test('F175: a mailbox is not filled, and a new password lets in whoever others kept out', async () => {
  await addPerson(world.ctx, world.organizationId, 'full@example.com', 'admin')
  const codes: (string | null)[] = []
  for (let times = 0; times < 7; times++) {
    codes.push((await openVisitor(world).ask('POST', '/forgot', { email: 'full@example.com' })).code)
  }
  assert.deepEqual(codes, [null, null, null, null, null, 'rate_limited', 'rate_limited'])
  for (let times = 0; times < 6; times++) await enter('full@example.com', `wrong number ${times}`)
  assert.equal((await enter('full@example.com')).code, 'rate_limited')
  const [token] = await linksTo('full@example.com')
  assert.equal((await openVisitor(world).ask('POST', '/reset', { token, password: NEW_PASSWORD })).status, 200)
  assert.equal((await enter('full@example.com', NEW_PASSWORD)).code, null)
})

test('a new password by e-mail still waits for the second factor; the link of the operator does away with it', async () => {
  await addPerson(world.ctx, world.organizationId, 'two@example.com', 'owner')
  const { visitor } = await enter('two@example.com')
  const { body } = await visitor.ask<{ secret: string }>('POST', '/totp')
  await visitor.ask('POST', '/totp/confirm', { code: codeAt(body.secret, clock.now()) })
  await openVisitor(world).ask('POST', '/forgot', { email: 'two@example.com' })
  const [token] = await linksTo('two@example.com')
  const byMail = openVisitor(world)
  await byMail.ask('POST', '/reset', { token, password: NEW_PASSWORD })
  assert.equal(signInOf(byMail).stage, 'waiting')
  const link = await makeOwnerLink(world.ctx, 'two@example.com')
  const byOperator = openVisitor(world)
  await byOperator.ask('POST', '/reset', { token: new URL(link ?? '').searchParams.get('token'), password: PASSWORD })
  assert.deepEqual([signInOf(byOperator).stage, signInOf(byOperator).factors.totp], ['whole', false])
  assert.equal(await makeOwnerLink(world.ctx, 'nobody@example.com'), null)
})

test('a password is changed by whoever knows the old one; all other sign-ins end, and the person is told', async () => {
  await addPerson(world.ctx, world.organizationId, 'change@example.com', 'viewer')
  const [{ visitor }, { visitor: other }] = [await enter('change@example.com'), await enter('change@example.com')]
  const change = (old: string, next: string) => visitor.ask<{ param: string }>('PUT', '/password', { old, new: next })
  const wrong = await change('not my old password', NEW_PASSWORD)
  assert.deepEqual([wrong.code, wrong.body.param], ['password_wrong', 'old'])
  const weak = await change(PASSWORD, 'short')
  assert.deepEqual([weak.code, weak.body.param], ['password_weak', 'new'])
  assert.equal((await change(PASSWORD, NEW_PASSWORD)).status, 200)
  assert.equal((await visitor.fetch('GET', '/api/v1/products')).status, 200)
  assert.equal((await other.fetch('GET', '/api/v1/products')).code, 'signed_out')
  assert.equal((await enter('change@example.com', NEW_PASSWORD)).code, null)
  const { rows } = await world.ctx.db.owner.query("select subject from emails where recipient = 'change@example.com'")
  assert.deepEqual(rows, [{ subject: 'Your password was changed' }])
})

/** Asks somebody to join; returns the token of the link. */
async function invite(email: string, role = 'developer'): Promise<string> {
  const api = await openApiCaller(world.ctx, { of: { organizationId: world.organizationId } as Caller })
  const { inviteUrl } = await api.ok('POST', '/invites', { email, role })
  return `${inviteUrl}`.split('/').at(-1) ?? ''
}

test('F174: an invite is accepted once, by whoever was asked', async () => {
  const token = await invite('new@example.com')
  const shown = await openVisitor(world).ask<object>('GET', `/invite?token=${token}`)
  const asked = { email: 'new@example.com', organizationName: 'Demo Shop', role: 'developer', isKnown: false }
  assert.deepEqual(shown.body, asked)
  const body = { token, password: PASSWORD, firstName: 'New', lastName: 'One' }
  const visitors = [openVisitor(world), openVisitor(world)]
  const answers = await Promise.all(visitors.map(visitor => visitor.ask('POST', '/invite', body)))
  assert.deepEqual(answers.filter(({ status }) => status === 200).length, 1)
  const joined = visitors[answers.findIndex(({ status }) => status === 200)]
  assert.ok(joined)
  assert.deepEqual([signInOf(joined).user.email, signInOf(joined).organization.role], ['new@example.com', 'developer'])
  for (const again of [token, 'x']) {
    assert.equal((await openVisitor(world).ask('GET', `/invite?token=${again}`)).code, 'invite_invalid')
    assert.equal((await openVisitor(world).ask('POST', '/invite', { ...body, token: again })).code, 'invite_invalid')
  }
  const late = await invite('late@example.com')
  clock.advance(7 * 86_400_000)
  assert.equal((await openVisitor(world).ask('POST', '/invite', { ...body, token: late })).code, 'invite_invalid')
})

test('F174: somebody who is known joins with their own password, or while signed in; a stranger does not become them', async () => {
  const [here, there] = [await invite('both@example.com'), await invite('stranger@example.com')]
  const { rows } = await world.ctx.db.owner.query<{ id: string }>(
    `insert into organizations (id, created_at, updated_at, name) values (gen_random_uuid(), now(), now(), 'Other') returning id`,
  )
  await addPerson(world.ctx, rows[0]?.id ?? '', 'both@example.com', 'owner')
  await addPerson(world.ctx, rows[0]?.id ?? '', 'stranger@example.com', 'owner')
  const guess = await openVisitor(world).ask('POST', '/invite', { token: here, password: NEW_PASSWORD })
  assert.equal(guess.code, 'sign_in_invalid')
  const known = openVisitor(world)
  assert.equal((await known.ask('POST', '/invite', { token: here, password: PASSWORD })).status, 200)
  assert.deepEqual(
    signInOf(known)
      .organizations.map(({ name }) => name)
      .sort(),
    ['Demo Shop', 'Other'],
  )
  assert.equal((await known.ask('POST', '/invite', { token: there })).code, 'parameter_missing')
  const { visitor } = await enter('stranger@example.com')
  assert.equal(signInOf(visitor).organization.name, 'Other')
  assert.equal((await visitor.ask('POST', '/invite', { token: there })).status, 200)
  assert.equal(signInOf(visitor).organization.name, 'Demo Shop')
})

test('F174: whoever comes to be known while an invite is accepted is nobody whose password it sets', async t => {
  const token = await invite('raced@example.com')
  const { caller } = await openApiCaller(world.ctx)
  const client = await world.ctx.db.owner.connect()
  t.after(() => client.release(true))
  await client.query('begin')
  await client.query('select from organizations where id = $1 for update', [world.organizationId])
  const names = { firstName: 'Eve', lastName: 'L' }
  const thief = openVisitor(world)
  const joining = thief.ask('POST', '/invite', { token, password: NEW_PASSWORD, ...names })
  await waitUntil('the invite is about to be accepted', async () => {
    const { rows } = await client.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    return rows.length > 0
  })
  // As a partner opens an account, whose owner has no password yet.
  const userId = await addMember(world.ctx, caller.organizationId, 'raced@example.com', 'viewer')
  await client.query('commit')
  assert.equal((await joining).code, 'sign_in_invalid')
  const { rows } = await world.ctx.db.owner.query(
    'select organization_id, password from members left join factors using (user_id) where user_id = $1',
    [userId],
  )
  assert.deepEqual(rows, [{ organization_id: caller.organizationId, password: null }])
})

test('F174: whoever has a second factor has joined once it is given, not before', async () => {
  const { caller } = await openApiCaller(world.ctx)
  await addPerson(world.ctx, caller.organizationId, 'joiner@example.com', 'owner')
  const { visitor: before } = await enter('joiner@example.com')
  const { secret } = (await before.ask<{ secret: string }>('POST', '/totp')).body
  await before.ask('POST', '/totp/confirm', { code: codeAt(secret, clock.now()) })
  clock.advance(30_000)
  const token = await invite('joiner@example.com')
  const visitor = openVisitor(world)
  assert.equal((await visitor.ask('POST', '/invite', { token, password: PASSWORD })).status, 200)
  assert.deepEqual([signInOf(visitor).stage, signInOf(visitor).organizations.length], ['waiting', 1])
  await visitor.ask('POST', '/second-factor', { code: codeAt(secret, clock.now()) })
  assert.deepEqual([signInOf(visitor).stage, signInOf(visitor).organizations.length], ['whole', 1])
  assert.equal((await visitor.ask('POST', '/invite', { token })).status, 200)
  assert.equal(signInOf(visitor).organization.name, 'Demo Shop')
})
