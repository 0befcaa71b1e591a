import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { after, before, test } from 'node:test'
import { testClock } from '../../test/harness/fixtures.ts'
import { addPerson, PASSWORD } from '../../test/harness/people.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { openVisitor, signInOf } from '../../test/harness/visitor.ts'
import { hashPassword } from '../actions/hashPassword.ts'
import { makeSetupLink } from '../actions/setUpServer.ts'

const clock = testClock()
let world: TestContext
/** Where nobody owns anything. */
let empty: TestContext

before(async () => {
  world = await createTestContext({ clock })
  empty = await createTestContext({ clock })
  await empty.ctx.db.owner.query('delete from members')
})
after(async () => {
  await world.close()
  await empty.close()
})

const tokenOf = (url: string | null) => new URL(url ?? '').searchParams.get('token') ?? ''

const OWNER = {
  email: 'Ada@Example.com',
  password: PASSWORD,
  firstName: 'Ada',
  lastName: 'Lovelace',
  organizationName: 'Difference Coffee',
}

test('a link to set up counts for a day, and a password that is refused does not use it up', async () => {
  const token = tokenOf(await makeSetupLink(empty.ctx))
  const { rows } = await empty.ctx.db.owner.query<{ text: string }>('select l::text as text from account_links l')
  assert.ok(rows.length === 1 && !rows[0]?.text.includes(token))
  const visitor = openVisitor(empty)
  for (const [password, message] of [
    ['too short', /at least 12 characters; this has 9/],
    ['x'.repeat(129), /at most 128/],
    ['Password1234!', /guessed first/],
    ['qwertyuiopqwertyuiop', /guessed first/],
    ['aaaaaaaaaaaa', /repeats/],
    ['ada@example.com', /neither your e-mail address nor a name/],
    ['difference-coffee', /neither your e-mail address nor a name/],
  ] as const) {
    const { body, code } = await visitor.ask<{ param: string; message: string }>('POST', '/setup', {
      ...OWNER,
      password,
      token,
    })
    assert.deepEqual([code, body.param], ['password_weak', 'password'], password)
    assert.match(body.message, message)
  }
  clock.advance(24 * 3_600_000)
  assert.equal((await visitor.ask('POST', '/setup', { ...OWNER, token })).code, 'link_invalid')
  assert.equal((await visitor.ask('POST', '/setup', { ...OWNER, token: 'x' })).code, 'link_invalid')
})

test('the first owner is made once, with one of the links, however many use them at once', async () => {
  const links = [await makeSetupLink(empty.ctx), await makeSetupLink(empty.ctx)]
  const visitors = [0, 1, 2, 3].map(() => openVisitor(empty))
  assert.equal((await openVisitor(empty).ask('GET', '/state')).body.needsSetup, true)
  const answers = await Promise.all(
    visitors.map((visitor, index) =>
      visitor.ask('POST', '/setup', {
        ...OWNER,
        email: `ada${index}@example.com`,
        token: tokenOf(links[index % 2] ?? null),
      }),
    ),
  )
  assert.deepEqual(
    answers.map(({ code }) => code).sort(),
    ['link_invalid', 'link_invalid', 'link_invalid', null].sort(),
  )
  const owner = visitors[answers.findIndex(({ status }) => status === 200)]
  assert.ok(owner)
  const { organization, stage, isStrong, factors } = signInOf(owner)
  assert.deepEqual(
    [organization.name, organization.role, stage, isStrong],
    ['Difference Coffee', 'owner', 'whole', false],
  )
  assert.deepEqual(factors, { password: true, totp: false, passkeys: 0 })
  assert.equal((await owner.fetch('GET', '/api/v1/products')).status, 200)
  assert.equal(await makeSetupLink(empty.ctx), null)
  assert.equal((await openVisitor(empty).ask('GET', '/state')).body.needsSetup, false)
})

test('whoever knows the password enters, however its characters are composed, and the address in any case', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'rene@example.com', 'admin')
  await world.ctx.db.owner.query('update factors set password = $2 where user_id = $1', [
    userId,
    await hashPassword('caf\u00e9 au lait, ﬁn'),
  ])
  const visitor = openVisitor(world)
  const { status } = await visitor.ask('POST', '/sign-in', {
    email: 'Rene@Example.com',
    password: 'cafe\u0301 au lait, fin',
  })
  assert.equal(status, 200)
  assert.equal(signInOf(visitor).user.id, userId)
  assert.equal((await visitor.fetch('GET', '/api/v1/products')).status, 200)
})

test('a hash that was cheap to make is made anew at the next sign-in', async () => {
  const userId = await addPerson(world.ctx, world.organizationId, 'old@example.com', 'viewer')
  // 8 KiB, one pass: made with the same function.
  const { argon2Sync } = await import('node:crypto')
  const salt = Buffer.alloc(16, 1)
  const cheap = argon2Sync('argon2id', {
    message: PASSWORD,
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 8,
    passes: 1,
  })
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  const phc = `$argon2id$v=19$m=8,t=1,p=1$${text(salt)}$${text(cheap)}`
  await world.ctx.db.owner.query('update factors set password = $2 where user_id = $1', [userId, phc])
  for (let times = 0; times < 2; times++) {
    const { status } = await openVisitor(world).ask('POST', '/sign-in', {
      email: 'old@example.com',
      password: PASSWORD,
    })
    assert.equal(status, 200)
    const { rows } = await world.ctx.db.owner.query('select password from factors where user_id = $1', [userId])
    assert.match(rows[0].password, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  }
})

test('F174: a wrong password and an unknown address get one answer, and a hash is computed for both', async t => {
  await addPerson(world.ctx, world.organizationId, 'known@example.com', 'viewer')
  const suspended = await addPerson(world.ctx, world.organizationId, 'suspended@example.com', 'viewer')
  const gone = await addPerson(world.ctx, world.organizationId, 'gone@example.com', 'viewer')
  await world.ctx.db.owner.query("update users set status = 'suspended' where id = $1", [suspended])
  await world.ctx.db.owner.query('delete from members where user_id = $1', [gone])
  const answers: unknown[] = []
  let hashes = 0
  const hook = createHook({ init: (_id, type) => void (type === 'ARGON2REQUEST' && hashes++) }).enable()
  t.after(() => hook.disable())
  for (const [email, password] of [
    ['known@example.com', 'not the right password'],
    ['nobody@example.com', PASSWORD],
    ['suspended@example.com', PASSWORD],
    ['gone@example.com', PASSWORD],
  ]) {
    const visitor = openVisitor(world)
    const { status, body } = await visitor.ask<{ message: string; code: string }>('POST', '/sign-in', {
      email,
      password,
    })
    answers.push([status, body.code, body.message, visitor.cookie, hashes])
    hashes = 0
  }
  for (const answer of answers) {
    assert.deepEqual(answer, [401, 'sign_in_invalid', 'The e-mail address or the password is not right.', '', 1])
  }
})

test('C7.4, F175: of many guesses a minute at one account at most 10 are looked at, and the person is not kept out', async () => {
  await addPerson(world.ctx, world.organizationId, 'target@example.com', 'owner')
  const home = openVisitor(world, '198.51.100.20')
  assert.equal((await home.ask('POST', '/sign-in', { email: 'target@example.com', password: PASSWORD })).status, 200)
  const tally = new Map<number, number>()
  for (let guess = 0; guess < 40; guess++) {
    const visitor = openVisitor(world, `192.0.2.${guess % 250}`)
    const { status, headers } = await visitor.ask('POST', '/sign-in', {
      email: 'target@example.com',
      password: `guess number ${guess}`,
    })
    tally.set(status, (tally.get(status) ?? 0) + 1)
    if (status === 429) assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    clock.advance(1_500)
  }
  assert.deepEqual([...tally.keys()].sort(), [401, 429])
  assert.ok((tally.get(401) ?? 0) <= 10, `${tally.get(401)} were looked at`)
  const again = openVisitor(world, '198.51.100.20')
  assert.equal((await again.ask('POST', '/sign-in', { email: 'target@example.com', password: PASSWORD })).status, 200)
  const elsewhere = openVisitor(world, '198.51.100.99')
  const blocked = await elsewhere.ask('POST', '/sign-in', { email: 'target@example.com', password: PASSWORD })
  assert.equal(blocked.code, 'rate_limited')
  clock.advance(Number(blocked.headers.get('retry-after')) * 1000)
  assert.equal(
    (await elsewhere.ask('POST', '/sign-in', { email: 'target@example.com', password: PASSWORD })).status,
    200,
  )
})

test('C7.4: guesses that come at once are counted before any is looked at', async () => {
  await addPerson(world.ctx, world.organizationId, 'rush@example.com', 'owner')
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, guess) =>
      openVisitor(world, `192.0.2.${guess}`).ask('POST', '/sign-in', {
        email: 'rush@example.com',
        password: `guess number ${guess}`,
      }),
    ),
  )
  assert.equal(answers.filter(({ status }) => status === 401).length, 5)
  assert.equal(answers.filter(({ code }) => code === 'rate_limited').length, 15)
})

test('F175: one network that guesses at many accounts has to wait, and IPv6 counts by subscriber', async () => {
  let looked = 0
  for (let guess = 0; guess < 33; guess++) {
    const visitor = openVisitor(world, `2001:db8:1:1::${guess + 1}`)
    const { status } = await visitor.ask('POST', '/sign-in', {
      email: `person${guess}@example.com`,
      password: PASSWORD,
    })
    if (status === 401) looked++
  }
  assert.equal(looked, 30)
})

test('F183: each sign-in has a cookie of its own, whatever came with the request, and ends the one before it', async () => {
  await addPerson(world.ctx, world.organizationId, 'fixed@example.com', 'admin')
  const visitor = openVisitor(world)
  const planted = `bitstream=${'A'.repeat(43)}`
  visitor.cookie = planted
  const body = { email: 'fixed@example.com', password: PASSWORD }
  assert.equal((await visitor.ask('POST', '/sign-in', body)).status, 200)
  const first = visitor.cookie
  assert.notEqual(first, planted)
  assert.equal((await visitor.ask('POST', '/sign-in', body)).status, 200)
  assert.notEqual(visitor.cookie, first)
  const left = openVisitor(world)
  left.cookie = first
  assert.equal((await left.fetch('GET', '/api/v1/products')).code, 'signed_out')
})
