import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Authenticator, openAuthenticator } from '../../test/harness/authenticator.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { addPerson, PASSWORD } from '../../test/harness/people.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { openVisitor, signInOf, type Visitor } from '../../test/harness/visitor.ts'

const clock = testClock()
const ORIGIN = 'https://pay.example.com'
let world: TestContext

before(async () => {
  world = await createTestContext({ clock, mode: 'live' })
})
after(() => world.close())

type Asked = { id: string; options: { challenge: string; rpId: string; rp: { id: string }; userVerification: string } }

async function enter(email: string): Promise<Visitor> {
  const visitor = openVisitor(world)
  assert.equal((await visitor.ask('POST', '/sign-in', { email, password: PASSWORD })).code, null)
  return visitor
}

/** Adds a passkey of `device`; the code of the refusal, or null. */
async function add(visitor: Visitor, device: Authenticator, origin = ORIGIN): Promise<string | null> {
  const { body, code } = await visitor.ask<Asked>('POST', '/passkeys/options')
  if (code !== null) return code
  const response = device.create(body.options, origin)
  return (await visitor.ask('POST', '/passkeys', { name: 'Phone', response })).code
}

/** Whether `device` gets in; the code of the refusal, or null. */
async function give(
  visitor: Visitor,
  device: Authenticator,
  origin = ORIGIN,
  path = '/passkey',
): Promise<string | null> {
  const { body } = await visitor.ask<Asked>('POST', '/passkey/options')
  assert.equal(body.options.userVerification, 'required')
  return (await visitor.ask('POST', path, { id: body.id, response: device.get(body.options, origin) })).code
}

test('C7.4: an owner adds a passkey, and signs in with it alone, as with two factors', async () => {
  await addPerson(world.ctx, world.organizationId, 'owner@pass.example', 'owner')
  const device = openAuthenticator()
  const visitor = await enter('owner@pass.example')
  assert.equal((await visitor.fetch('GET', '/api/v1/products')).code, 'second_factor_missing')
  assert.equal(await add(visitor, device), null)
  assert.equal((await visitor.fetch('GET', '/api/v1/products')).status, 200)
  const other = openVisitor(world)
  assert.equal(await give(other, device), null)
  const { stage, isStrong, mustHaveSecondFactor, factors } = signInOf(other)
  assert.deepEqual([stage, isStrong, mustHaveSecondFactor, factors.passkeys], ['whole', true, false, 1])
  assert.match(other.cookie, /^__Host-bitstream=/)
  const { body: listed } = await other.ask<{ id: string; name: string; lastUsedAt: string | null }[]>(
    'GET',
    '/passkeys',
  )
  assert.deepEqual(
    listed.map(({ name, lastUsedAt }) => [name, lastUsedAt]),
    [['Phone', clock.now().toISOString()]],
  )
  assert.equal((await other.ask('DELETE', `/passkeys/${listed[0]?.id}`)).status, 200)
  assert.equal((await other.ask('DELETE', `/passkeys/${listed[0]?.id}`)).code, 'resource_missing')
  assert.equal((await other.ask('DELETE', '/passkeys/none')).code, 'resource_missing')
  assert.equal(await give(openVisitor(world), device), 'passkey_invalid')
  assert.equal((await other.fetch('GET', '/api/v1/products')).code, 'second_factor_missing')
  const { rows } = await world.ctx.db.owner.query(
    "select subject from emails where recipient = 'owner@pass.example' order by subject",
  )
  assert.deepEqual(rows, [{ subject: 'A passkey was added' }, { subject: 'A passkey was removed' }])
})

test('F183: a passkey is the second factor after a password, and confirms who is there', async () => {
  await addPerson(world.ctx, world.organizationId, 'second@pass.example', 'admin')
  const device = openAuthenticator()
  assert.equal(await add(await enter('second@pass.example'), device), null)
  const visitor = await enter('second@pass.example')
  assert.equal(signInOf(visitor).stage, 'waiting')
  const waiting = visitor.cookie
  assert.equal(await give(visitor, device), null)
  assert.equal(signInOf(visitor).stage, 'whole')
  const left = openVisitor(world)
  left.cookie = waiting
  assert.equal((await left.ask('GET', '/sign-ins')).code, 'signed_out')
  clock.advance(10 * 60_000)
  assert.equal((await visitor.ask('POST', '/passkeys/options')).code, 'confirmation_required')
  assert.equal(await give(visitor, device, ORIGIN, '/confirm'), null)
  assert.equal((await visitor.ask('POST', '/passkeys/options')).status, 200)
})

test('a challenge counts once and for five minutes; an answer for another site, unverified or of another device is refused', async () => {
  await addPerson(world.ctx, world.organizationId, 'strict@pass.example', 'admin')
  await addPerson(world.ctx, world.organizationId, 'other@pass.example', 'admin')
  const [device, others] = [openAuthenticator(), openAuthenticator()]
  const visitor = await enter('strict@pass.example')
  assert.equal(await add(visitor, openAuthenticator({ isVerified: false })), 'passkey_invalid')
  assert.equal(await add(visitor, device, 'https://evil.example'), 'passkey_invalid')
  assert.equal(await add(visitor, device), null)
  assert.equal(await add(visitor, device), 'passkey_invalid')
  assert.equal(await add(await enter('other@pass.example'), others), null)
  assert.equal(await give(openVisitor(world), device, 'https://evil.example'), 'passkey_invalid')
  assert.equal(await give(openVisitor(world), openAuthenticator()), 'passkey_invalid')
  assert.equal(await give(visitor, others, ORIGIN, '/confirm'), 'passkey_invalid')
  const { body } = await openVisitor(world).ask<Asked>('POST', '/passkey/options')
  const proof = { id: body.id, response: device.get(body.options, ORIGIN) }
  const twice = await Promise.all([0, 1].map(() => openVisitor(world).ask('POST', '/passkey', proof)))
  assert.deepEqual(twice.map(({ code }) => code).sort(), [null, 'passkey_invalid'].sort())
  const { body: late } = await openVisitor(world).ask<Asked>('POST', '/passkey/options')
  clock.advance(5 * 60_000)
  const answer = { id: late.id, response: device.get(late.options, ORIGIN) }
  assert.equal((await openVisitor(world).ask('POST', '/passkey', answer)).code, 'passkey_invalid')
})

test('a device that counts its signatures and falls behind is a copy', async () => {
  await addPerson(world.ctx, world.organizationId, 'copy@pass.example', 'admin')
  const device = openAuthenticator({ counts: true })
  assert.equal(await add(await enter('copy@pass.example'), device), null)
  const [early, late] = [openVisitor(world), openVisitor(world)]
  const [{ body: first }, { body: second }] = [
    await early.ask<Asked>('POST', '/passkey/options'),
    await late.ask<Asked>('POST', '/passkey/options'),
  ]
  const old = { id: first.id, response: device.get(first.options, ORIGIN) }
  const fresh = { id: second.id, response: device.get(second.options, ORIGIN) }
  assert.equal((await late.ask('POST', '/passkey', fresh)).code, null)
  assert.equal((await early.ask('POST', '/passkey', old)).code, 'passkey_invalid')
})
