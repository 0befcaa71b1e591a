import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeAt } from '../../test/harness/authenticator.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { addPerson, PASSWORD } from '../../test/harness/people.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { openVisitor, signInOf, type Visitor } from '../../test/harness/visitor.ts'

const clock = testClock()
let world: TestContext
let live: TestContext

before(async () => {
  world = await createTestContext({ clock })
  live = await createTestContext({ clock, mode: 'live' })
})
after(async () => {
  await world.close()
  await live.close()
})

const HALF_MINUTE = 30_000

type Codes = { recoveryCodes: string[] }

/** A person who is signed in with a password, and what their sign-in is. */
async function enter(email: string, at = world): Promise<Visitor> {
  const visitor = openVisitor(at)
  const { code } = await visitor.ask('POST', '/sign-in', { email, password: PASSWORD })
  assert.equal(code, null)
  return visitor
}

/** Adds an authenticator app; returns its secret and the recovery codes. */
async function addTotp(visitor: Visitor): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { body } = await visitor.ask<{ secret: string; uri: string; qr: string }>('POST', '/totp')
  assert.match(body.uri, /^otpauth:\/\/totp\/.*secret=[A-Z2-7]{32}/)
  assert.match(body.qr, /^<svg/)
  const { body: made, code } = await visitor.ask<Codes>('POST', '/totp/confirm', {
    code: codeAt(body.secret, clock.now()),
  })
  assert.equal(code, null)
  assert.equal(new Set(made.recoveryCodes).size, 10)
  return { secret: body.secret, recoveryCodes: made.recoveryCodes }
}

const subjects = async (address: string, at = world) => {
  const { rows } = await at.ctx.db.owner.query<{ subject: string }>(
    'select subject from emails where recipient = $1 order by subject',
    [address],
  )
  return rows.map(({ subject }) => subject)
}

test('F183, F175: with an authenticator app a sign-in waits for a code, and the code brings a new cookie', async () => {
  await addPerson(world.ctx, world.organizationId, 'totp@example.com', 'owner')
  const visitor = await enter('totp@example.com')
  const { secret } = await addTotp(visitor)
  assert.equal((await visitor.ask('GET', '/state')).body.signIn?.isStrong, true)
  const other = await enter('totp@example.com')
  const { stage, factors, isStrong } = signInOf(other)
  assert.deepEqual([stage, isStrong, factors], ['waiting', false, { password: true, totp: true, passkeys: 0 }])
  for (const path of ['/api/v1/products', '/api/account/sign-ins', '/api/account/passkeys']) {
    assert.equal((await other.fetch('GET', path)).code, 'second_factor_required', path)
  }
  const waiting = other.cookie
  clock.advance(HALF_MINUTE)
  assert.equal((await other.ask('POST', '/second-factor', { code: codeAt(secret, clock.now()) })).code, null)
  assert.deepEqual([signInOf(other).stage, signInOf(other).isStrong], ['whole', true])
  assert.notEqual(other.cookie, waiting)
  assert.equal((await other.fetch('GET', '/api/v1/products')).status, 200)
  const stolen = openVisitor(world)
  stolen.cookie = waiting
  assert.equal((await stolen.fetch('GET', '/api/v1/products')).code, 'signed_out')
  assert.deepEqual(await subjects('totp@example.com'), ['An authenticator app was added'])
})

test('F175, C7.4: a code counts once, also when it comes twice at once, and one step early or late at most', async () => {
  await addPerson(world.ctx, world.organizationId, 'steps@example.com', 'viewer')
  const { secret } = await addTotp(await enter('steps@example.com'))
  const give = async (offset: number) => {
    const visitor = await enter('steps@example.com')
    const code = codeAt(secret, new Date(clock.now().getTime() + offset * HALF_MINUTE))
    return (await visitor.ask('POST', '/second-factor', { code })).code
  }
  assert.equal(await give(0), 'code_invalid', 'the code that the app was added with')
  clock.advance(10 * HALF_MINUTE)
  assert.equal(await give(-2), 'code_invalid')
  assert.equal(await give(2), 'code_invalid')
  assert.equal(await give(-1), null)
  assert.equal(await give(-1), 'code_invalid')
  assert.equal(await give(1), null)
  assert.equal(await give(0), 'code_invalid', 'an earlier step than the last one taken')
  clock.advance(10 * HALF_MINUTE)
  const code = codeAt(secret, clock.now())
  const visitors = [await enter('steps@example.com'), await enter('steps@example.com')]
  const answers = await Promise.all(visitors.map(visitor => visitor.ask('POST', '/second-factor', { code })))
  assert.deepEqual(answers.map(answer => answer.code).sort(), ['code_invalid', null].sort())
})

test('F175: a recovery code counts once, however it is typed, and its use is told', async () => {
  await addPerson(world.ctx, world.organizationId, 'recover@example.com', 'viewer')
  const entered = await enter('recover@example.com')
  const { recoveryCodes } = await addTotp(entered)
  const [first = '', second = ''] = recoveryCodes
  const give = async (code: string) =>
    (await (await enter('recover@example.com')).ask('POST', '/second-factor', { code })).code
  assert.equal(await give(first.replaceAll('-', ' ').toUpperCase()), null)
  assert.equal(await give(first), 'code_invalid')
  const { rows } = await world.ctx.db.owner.query(
    'select count(*)::int from recovery_codes where code_hash = sha256($1)',
    [Buffer.from(second.replaceAll('-', ''))],
  )
  assert.deepEqual(rows, [{ count: 1 }])
  const { body } = await entered.ask<Codes>('POST', '/recovery-codes')
  assert.equal(body.recoveryCodes.length, 10)
  assert.equal(await give(second), 'code_invalid')
  assert.equal(await give(body.recoveryCodes[0] ?? ''), null)
  assert.deepEqual(await subjects('recover@example.com'), [
    'A recovery code was used',
    'A recovery code was used',
    'An authenticator app was added',
    'You have new recovery codes',
  ])
})

test('F175, C7.4: codes are guessed at five times, then each waits longer', async () => {
  await addPerson(world.ctx, world.organizationId, 'guessed@example.com', 'owner')
  const { secret } = await addTotp(await enter('guessed@example.com'))
  clock.advance(HALF_MINUTE)
  const visitor = await enter('guessed@example.com')
  const right = codeAt(secret, clock.now())
  const wrong = Array.from({ length: 5 }, (_, index) => `${(Number(right) + 1 + index) % 1_000_000}`.padStart(6, '0'))
  for (const code of wrong) assert.equal((await visitor.ask('POST', '/second-factor', { code })).code, 'code_invalid')
  const refused = await visitor.ask('POST', '/second-factor', { code: right })
  assert.equal(refused.code, 'rate_limited')
  clock.advance(Number(refused.headers.get('retry-after')) * 1_000)
  assert.equal((await visitor.ask('POST', '/second-factor', { code: codeAt(secret, clock.now()) })).code, null)
})

test('C7.4: where real money moves an owner adds a second factor before anything else', async () => {
  await addPerson(live.ctx, live.organizationId, 'boss@example.com', 'owner')
  await addPerson(live.ctx, live.organizationId, 'clerk@example.com', 'admin')
  const clerk = await enter('clerk@example.com', live)
  assert.equal(signInOf(clerk).mustHaveSecondFactor, false)
  assert.equal((await clerk.fetch('GET', '/api/v1/products')).status, 200)
  const boss = await enter('boss@example.com', live)
  assert.equal(signInOf(boss).mustHaveSecondFactor, true)
  assert.equal((await boss.fetch('GET', '/api/v1/products')).code, 'second_factor_missing')
  assert.equal((await boss.fetch('POST', '/api/v1/products', { name: 'Tea' })).code, 'second_factor_missing')
  assert.equal((await boss.ask('GET', '/sign-ins')).status, 200)
  assert.equal((await boss.ask('POST', '/recovery-codes')).code, 'second_factor_missing')
  await addTotp(boss)
  assert.equal((await boss.ask('GET', '/state')).body.signIn?.mustHaveSecondFactor, false)
  assert.equal((await boss.fetch('GET', '/api/v1/products')).status, 200)
  assert.equal((await boss.ask('DELETE', '/totp')).status, 200)
  assert.equal((await boss.fetch('GET', '/api/v1/products')).code, 'second_factor_missing')
})

test('C7.3: who changes how they sign in proves once more who they are, and gets a new cookie', async () => {
  await addPerson(live.ctx, live.organizationId, 'confirm@example.com', 'admin')
  const visitor = await enter('confirm@example.com', live)
  clock.advance(10 * 60_000)
  assert.equal((await visitor.ask('POST', '/totp')).code, 'confirmation_required')
  assert.equal((await visitor.ask('POST', '/recovery-codes')).code, 'confirmation_required')
  assert.equal((await visitor.ask('POST', '/passkeys/options')).code, 'confirmation_required')
  const wrong = await visitor.ask<{ param: string }>('POST', '/confirm', { password: 'not my password' })
  assert.deepEqual([wrong.code, wrong.body.param], ['password_wrong', 'password'])
  const before = visitor.cookie
  assert.equal((await visitor.ask('POST', '/confirm', { password: PASSWORD })).status, 200)
  assert.notEqual(visitor.cookie, before)
  assert.equal(signInOf(visitor).confirmedAt, clock.now().toISOString())
  const { secret } = await addTotp(visitor)
  clock.advance(10 * 60_000)
  assert.equal((await visitor.ask('DELETE', '/totp')).code, 'confirmation_required')
  assert.equal((await visitor.ask('POST', '/confirm', { code: codeAt(secret, clock.now()) })).status, 200)
  assert.equal((await visitor.ask('DELETE', '/totp')).status, 200)
})

test('the secret of an app is sealed, waits for its first code, and is not replaced while it counts', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'sealed@example.com', 'viewer')
  const visitor = await enter('sealed@example.com')
  const { body } = await visitor.ask<{ secret: string }>('POST', '/totp')
  assert.equal(signInOf(await enter('sealed@example.com')).stage, 'whole')
  assert.equal((await visitor.ask('POST', '/totp/confirm', { code: 'abcdef' })).code, 'code_invalid')
  const { rows } = await world.ctx.db.owner.query('select totp_secret from factors where user_id = $1', [userId])
  assert.ok(!rows[0].totp_secret.toString('latin1').includes(body.secret))
  await addTotp(visitor)
  assert.equal((await visitor.ask('POST', '/totp')).code, 'totp_exists')
})

test('nobody enters as the demo owner where there is no test wallet, or where real money moves', async () => {
  for (const each of [world, live]) {
    const visitor = openVisitor(each)
    assert.equal((await visitor.ask('GET', '/state')).body.canDemo, false)
    assert.equal((await visitor.ask('POST', '/demo')).code, 'resource_missing')
    assert.equal(visitor.cookie, '')
  }
})

test('F183: a sign-in that has ended adds no second factor, though a process has yet to hear of it', async () => {
  await addPerson(world.ctx, world.organizationId, 'ended@example.com', 'viewer')
  const thief = await enter('ended@example.com')
  const { body } = await thief.ask<{ secret: string }>('POST', '/totp')
  // As another process ends it.
  const end =
    "update sign_ins set ended_at = $1 where user_id = (select id from users where email = 'ended@example.com')"
  await world.ctx.db.owner.query(end, [clock.now()])
  const { code } = await thief.ask('POST', '/totp/confirm', { code: codeAt(body.secret, clock.now()) })
  assert.equal(code, 'signed_out')
  const back = await enter('ended@example.com')
  assert.deepEqual(signInOf(back).factors, { password: true, totp: false, passkeys: 0 })
})

test('C8.3: a wrong proof of who is there is noted, also of whoever holds a cookie already', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'probed@example.com', 'viewer')
  const thief = await enter('probed@example.com')
  for (const proof of [{ password: 'a guess' }, { code: '000000' }]) await thief.ask('POST', '/confirm', proof)
  await thief.ask('PUT', '/password', { old: 'another guess', new: 'eleven geese by the river' })
  const { rows } = await world.ctx.db.owner.query<{ action: string }>(
    'select action from audit_entries where user_id = $1 order by nth desc limit 3',
    [userId],
  )
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['sign_in.failed', 'sign_in.failed', 'sign_in.failed'],
  )
})

test('C8.3: a password whose second factor is not given is noted too, and what comes after it', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'half@example.com', 'viewer')
  const { secret } = await addTotp(await enter('half@example.com'))
  clock.advance(HALF_MINUTE)
  const thief = await enter('half@example.com')
  await thief.ask('POST', '/second-factor', { code: 'abcdef' })
  await thief.ask('POST', '/second-factor', { code: codeAt(secret, clock.now()) })
  const { rows } = await world.ctx.db.owner.query<{ action: string; address: string }>(
    'select action, address from audit_entries where user_id = $1 order by nth desc limit 3',
    [userId],
  )
  assert.deepEqual(
    rows.map(({ action, address }) => `${action} from ${address}`),
    ['sign_in.started', 'sign_in.failed', 'sign_in.waiting'].map(action => `${action} from 203.0.113.7`),
  )
})
