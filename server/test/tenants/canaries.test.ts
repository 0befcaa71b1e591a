import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pino from 'pino'
import { noteFailedSignIn } from '../../src/actions/noteFailedSignIn.ts'
import { mailReset } from '../../src/actions/resetPassword.ts'
import type { Context } from '../../src/context.ts'
import { createApp } from '../../src/http/app.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { codeAt } from '../harness/authenticator.ts'
import { testClock } from '../harness/fixtures.ts'
import { addPerson, PASSWORD } from '../harness/people.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { createTestContext, type TestContext } from '../harness/testContext.ts'
import { openVisitor, signInOf, type Visitor } from '../harness/visitor.ts'

const EMAIL = 'canary@people.example'
const clock = testClock()
const lines: string[] = []
let t: TestContext
let ctx: Context
before(async () => {
  t = await createTestContext({ clock })
  ctx = { ...t.ctx, log: pino({ level: 'trace' }, { write: line => lines.push(line) }) }
})
after(() => t.close())

/** Every row of every table as text, the job queue's too. */
async function dump(): Promise<string[]> {
  const { rows: tables } = await ctx.db.owner.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')`,
  )
  const all = await Promise.all(tables.map(({ name }) => ctx.db.owner.query(`select t::text as row from ${name} t`)))
  return all.flatMap(({ rows }) => rows.map(({ row }) => row))
}

test('C8.1: what people and programs prove who they are with is in no log, error, event, export, audit entry or table', async () => {
  const api = await openApiCaller(ctx)
  const { organizationId } = api.caller
  await addPerson(ctx, organizationId, EMAIL, 'owner')
  const visitor = openVisitor({ ctx })
  const canaries: Record<string, string> = { password: PASSWORD, 'API key': api.key }
  const told: string[] = []
  const fail = async (who: Visitor, method: string, path: string, body: object) => {
    const answer = await who.fetch(method, path, body)
    assert.ok(answer.status >= 400, `${method} ${path}: ${answer.status}`)
    told.push(JSON.stringify(answer.body))
  }

  // Where they belong, and where they do not.
  await visitor.ask('POST', '/sign-in', { email: EMAIL, password: PASSWORD })
  canaries.cookie = visitor.cookie.split('=')[1] ?? ''
  canaries['cross-site token'] = signInOf(visitor).csrfToken
  canaries['wrong password'] = 'a wrong password that is typed by accident'
  const { 'wrong password': wrong = '' } = canaries
  await fail(visitor, 'POST', '/api/account/sign-in', { email: EMAIL, password: wrong })
  await noteFailedSignIn(ctx, { email: EMAIL, address: '203.0.113.7' })
  await fail(visitor, 'POST', '/api/account/sign-in', { email: EMAIL, passwort: wrong })
  await fail(visitor, 'POST', '/api/account/sign-in', { email: { [wrong]: wrong }, password: wrong })
  await fail(visitor, 'PUT', '/api/account/password', { old: wrong, new: PASSWORD })
  const { body: totp } = await visitor.ask<{ secret: string }>('POST', '/totp')
  canaries['TOTP secret'] = totp.secret
  await fail(visitor, 'POST', '/api/account/totp/confirm', { code: `${totp.secret} 000000` })
  const confirmed = { code: codeAt(totp.secret, clock.now()) }
  const { body: codes } = await visitor.ask<{ recoveryCodes: string[] }>('POST', '/totp/confirm', confirmed)
  canaries['recovery code'] = codes.recoveryCodes[0] ?? ''
  canaries['second cookie'] = visitor.cookie.split('=')[1] ?? ''
  const { body: key } = await visitor.fetch<{ token: string }>('POST', '/api/v1/api-keys', {
    name: 'K',
    type: 'secret',
  })
  canaries['new key'] = key.token
  const endpoint = { description: 'Shop', url: 'http://127.0.0.1:9/hook', enabledEvents: { events: ['*'] } }
  const { body: hook } = await visitor.fetch<{ secret: string }>('POST', '/api/v1/webhook-endpoints', endpoint)
  canaries['webhook secret'] = hook.secret
  await fail(visitor, 'PUT', '/api/v1/organization', { email: api.key })
  await newSession(api)
  const invite = await visitor.fetch<{ inviteUrl: string }>('POST', '/api/v1/invites', {
    email: 'new@people.example',
    role: 'viewer',
  })
  canaries['invite token'] = invite.body.inviteUrl.split('/').at(-1)?.replace(/.*=/, '') ?? ''
  await mailReset(ctx, EMAIL)
  const { rows } = await ctx.db.owner.query("select text from emails where kind = 'reset'")
  canaries['reset token'] = /token=([\w-]{43})/.exec(rows[0]?.text)?.[1] ?? ''

  // What fails unexpectedly is logged with all that is known of it.
  await ctx.db.owner.query('alter table factors rename to no_factors')
  await fail(visitor, 'POST', '/api/account/sign-in', { email: EMAIL, password: PASSWORD })
  await fail(visitor, 'POST', '/api/account/reset', { token: canaries['reset token'], password: PASSWORD })
  await ctx.db.owner.query('alter table no_factors rename to factors')
  assert.ok(lines.some(line => line.includes('unexpected error')))

  for (const [name, canary] of Object.entries(canaries)) {
    assert.ok(canary.length >= 8, `${name} is planted: ${canary}`)
  }
  const exported = await visitor.fetch('GET', '/api/account/audit').then(({ body }) => JSON.stringify(body))
  const file = await createApp(ctx).request('/api/v1/checkout/sessions/export', {
    headers: { authorization: `Bearer ${api.key}` },
  })
  assert.equal(file.status, 200)
  // A message that waits carries its link; what was sent keeps its subject alone.
  await ctx.db.owner.query('delete from emails')
  const places = { lines, told, exported: [exported, await file.text()], rows: await dump() }
  assert.ok(places.rows.length > 50 && exported.includes('totp.added') && exported.includes('sign_in.failed'))
  for (const [place, texts] of Object.entries(places)) {
    for (const [name, canary] of Object.entries(canaries)) {
      const found = texts.find(text => text.includes(canary))
      assert.equal(found, undefined, `${name} in ${place}: ${found}`)
    }
  }
})
