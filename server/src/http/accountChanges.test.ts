import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { newSession } from '../../test/harness/sessionFixtures.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { startSignIn } from '../actions/authenticatePerson.ts'
import type { Caller } from '../actions/caller.ts'
import { createApp } from './app.ts'

const clock = testClock()

let world: TestContext
before(async () => {
  world = await createTestContext({ clock })
})
after(() => world.close())

async function signIn({ organizationId }: Pick<Caller, 'organizationId'>, email: string): Promise<string> {
  const userId = await addMember(world.ctx, organizationId, email, 'owner')
  const person = { userId, organizationId, stage: 'whole', isStrong: true } as const
  return await startSignIn(world.ctx, person, { address: '127.0.0.1', userAgent: 'test' })
}

async function watch(app: ReturnType<typeof createApp>, token: string) {
  const response = await app.request('/api/account/changes', { headers: { cookie: `bitstream=${token}` } })
  assert.equal(response.status, 200)
  const reader = response.body?.getReader()
  assert.ok(reader)
  let text = ''
  return {
    /** Reads until `part` was told, and answers with all that was. */
    until: async (part: string) => {
      while (!text.includes(part)) {
        const { done, value } = await reader.read()
        assert.ok(!done, `the stream ended without ${part}: ${text}`)
        text += Buffer.from(value).toString()
      }
      return text
    },
    end: async () => {
      while (!(await reader.read()).done);
    },
    close: () => reader.cancel(),
  }
}

/** The id of a new endpoint that an event is written about. */
async function testedEndpoint(api: ApiCaller): Promise<string> {
  const asked = { description: 'Shop', url: 'http://127.0.0.1:9/hook', enabledEvents: { events: ['*'] } }
  const { id } = await api.ok('POST', '/webhook-endpoints', asked)
  await api.ok('POST', `/webhook-endpoints/${id}/test`)
  return String(id)
}

test('every event and every new session of the organization is told, and nothing of others, whichever process wrote it', async () => {
  const api = await openApiCaller(world.ctx)
  const other = await openApiCaller(world.ctx)
  const stream = await watch(createApp(world.ctx), await signIn(api.caller, 'watcher@example.com'))
  const foreign = await watch(createApp(world.ctx), await signIn(other.caller, 'other@example.com'))
  await newSession(api)
  await stream.until('data: {"object":"checkout_session","id":null}\n\n')
  const id = await testedEndpoint(api)
  const told = await stream.until(`data: {"object":"webhook_endpoint","id":"${id}"}\n\n`)
  assert.match(told, /^event: ping\n/)
  const theirs = await testedEndpoint(other)
  assert.ok(!(await foreign.until(theirs)).includes(id), 'what others do is not told')
  await Promise.all([stream.close(), foreign.close()])
})

test('F183: a stream ends with the sign-in, also where another process ended it, and keeps none alive', async () => {
  const app = createApp(world.ctx)
  const token = await signIn(await openApiCaller(world.ctx).then(({ caller }) => caller), 'leaver@example.com')
  const stream = await watch(app, token)
  await world.ctx.db.owner.query(
    'update sign_ins set ended_at = now() where ended_at is null and user_id in (select id from users where email = $1)',
    ['leaver@example.com'],
  )
  await stream.end()
  assert.equal((await app.request('/api/account/changes', { headers: { cookie: `bitstream=${token}` } })).status, 401)
  const idle = await signIn(await openApiCaller(world.ctx).then(({ caller }) => caller), 'idle@example.com')
  const open = await watch(app, idle)
  clock.advance(31 * 60_000)
  await open.end()
})

test('a stream ends when the process stops, and a person has so many', async () => {
  const stopping = new AbortController()
  const app = createApp(world.ctx, stopping.signal)
  const token = await signIn(await openApiCaller(world.ctx).then(({ caller }) => caller), 'many@example.com')
  const streams = []
  for (let count = 0; count < 12; count++) streams.push(await watch(app, token))
  const ask = () => app.request('/api/account/changes', { headers: { cookie: `bitstream=${token}` } })
  assert.equal((await ask()).status, 429)
  stopping.abort()
  for (const stream of streams) await stream.end()
})
