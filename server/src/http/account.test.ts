import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Hono } from 'hono'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import type { TestWallet } from '../context.ts'
import { createApp } from './app.ts'

const ORIGIN = 'http://127.0.0.1:8080'
const clock = testClock()

let world: TestContext
let app: Hono

before(async () => {
  world = await createTestContext({ clock, testWallet: {} as TestWallet })
  app = createApp(world.ctx) as unknown as Hono
})

after(() => world.close())

type State = {
  signIn: { csrfToken: string; organization: { id: string; role: string }; user: { email: string } } | null
}

async function enter(): Promise<{ cookie: string; token: string }> {
  const answer = await app.request('/api/account/demo', { method: 'POST', headers: { origin: ORIGIN } })
  assert.equal(answer.status, 200)
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { signIn } = (await answer.json()) as State
  assert.ok(signIn)
  return { cookie, token: signIn.csrfToken }
}

const create = (headers: Record<string, string>) =>
  app.request('/api/v1/customers', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email: 'payer@example.com', name: 'Ada' }),
  })

const codeOf = async (answer: Response) => `${answer.status} ${((await answer.json()) as { code: string }).code}`

test('the visitor of a test world enters as the demo owner, and uses the API with the cookie alone', async () => {
  const { cookie, token } = await enter()
  const state = (await (await app.request('/api/account/state', { headers: { cookie } })).json()) as State
  assert.equal(state.signIn?.user.email, 'owner@example.com')
  const organization = { id: world.organizationId, name: 'Demo Shop', role: 'owner', scopes: ['*'] }
  assert.deepEqual(state.signIn?.organization, organization)
  const listed = await app.request('/api/v1/products', { headers: { cookie } })
  assert.equal(listed.status, 200)
  const made = await create({ cookie, origin: ORIGIN, 'x-csrf-token': token })
  assert.equal(made.status, 200)
})

test('C7.2: a change that is not from our own page with its token is refused', async () => {
  const { cookie, token } = await enter()
  const own = { cookie, origin: ORIGIN, 'x-csrf-token': token }
  assert.equal(await codeOf(await create({ ...own, origin: 'https://evil.example' })), '403 cross_site')
  assert.equal(await codeOf(await create({ ...own, 'sec-fetch-site': 'cross-site' })), '403 cross_site')
  assert.equal(await codeOf(await create({ cookie, origin: ORIGIN })), '403 cross_site')
  assert.equal(await codeOf(await create({ ...own, 'x-csrf-token': 'x'.repeat(43) })), '403 cross_site')
  assert.equal(await codeOf(await create({ ...own, 'content-type': 'text/plain' })), '403 cross_site')
  assert.equal(await codeOf(await create({ cookie, 'x-csrf-token': token })), '403 cross_site')
})

test('F183: a cookie ends with the sign-out, after 30 minutes of rest, and after 12 hours', async () => {
  const { cookie, token } = await enter()
  const look = async () => (await app.request('/api/v1/products', { headers: { cookie } })).status
  const out = await app.request('/api/account/sign-out', {
    method: 'POST',
    headers: { cookie, origin: ORIGIN, 'x-csrf-token': token },
  })
  assert.equal(out.status, 200)
  assert.equal(await look(), 401)
  const idle = await enter()
  clock.advance(30 * 60_000)
  assert.equal((await app.request('/api/v1/products', { headers: { cookie: idle.cookie } })).status, 401)
  const busy = await enter()
  for (let minutes = 20; minutes < 720; minutes += 20) {
    clock.advance(20 * 60_000)
    assert.equal((await app.request('/api/v1/products', { headers: { cookie: busy.cookie } })).status, 200)
  }
  clock.advance(20 * 60_000)
  assert.equal((await app.request('/api/v1/products', { headers: { cookie: busy.cookie } })).status, 401)
})
