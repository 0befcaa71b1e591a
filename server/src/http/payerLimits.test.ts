import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { newSession, payersPath } from '../../test/harness/sessionFixtures.ts'
import { createTestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'

const from = (address: string) => ({ 'x-forwarded-for': `1.2.3.4, ${address}` })

test('payers’ routes and pages are limited by address, and changes by session; an address is what the trusted proxy saw', async t => {
  const clock = testClock()
  const world = await createTestContext({ clock, payerRateLimitPerS: 3 })
  t.after(() => world.close())
  const api = await openApiCaller(world.ctx)
  const [one, two] = [await newSession(api), await newSession(api)]
  const look = async (session: { id: string }, address: string) =>
    (await api.call('GET', payersPath(session), undefined, from(address))).status

  for (const session of [one, two, one]) assert.equal(await look(session, '9.9.9.9'), 200)
  const { status, answer, headers } = await api.call('GET', payersPath(two), undefined, from('9.9.9.9'))
  assert.deepEqual([status, answer.code, headers.get('retry-after')], [429, 'rate_limited', '1'])
  for (const address of ['9.9.9.8', '9.9.9.8', '9.9.9.7', '9.9.9.6']) assert.equal(await look(one, address), 200)
  const change = async (session: { id: string }, address: string) =>
    (await api.call('POST', payersPath(session, '/cancel'), undefined, from(address))).status
  for (const address of ['9.9.9.8', '9.9.9.7', '9.9.9.6']) assert.equal(await change(one, address), 200)
  assert.equal(await change(one, '9.9.9.5'), 429)
  assert.equal(await change(two, '9.9.9.5'), 200)

  clock.advance(1000)
  for (const end of ['1', '2', 'f:1']) assert.equal(await look(one, `2001:db8:1:2::${end}`), 200)
  assert.equal(await look(two, '2001:db8:1:2::3'), 429, 'one IPv6 network is one subscriber')
  assert.equal(await look(two, '2001:db8:1:3::3'), 200)
})

test('invoices and receipts, which are printed for whoever asks, are limited as sessions are', async t => {
  const world = await createTestContext({ clock: testClock(), payerRateLimitPerS: 2 })
  t.after(() => world.close())
  const app = createApp(world.ctx)
  const asked = async (method: string, path: string, address: string) => {
    const response = await app.request(path, { method, headers: from(address) })
    return response.status
  }
  const id = '019e0000-0000-7000-8000-000000000000'
  const paths = [
    ['GET', `/payment/invoice/${id}`],
    ['POST', `/payment/invoice/${id}/pay`],
    ['GET', `/payment/invoice/${id}/pdf`],
    ['GET', `/payment/receipt/${id}/pdf`],
  ] as const
  for (const [index, [method, path]] of paths.entries()) {
    const statuses: number[] = []
    for (let count = 0; count < 3; count++)
      statuses.push(await asked(method, path.replace('019e', `019${index}`), `9.9.9.${index}`))
    assert.deepEqual(statuses, [404, 404, 429], path)
  }
})

test('a link is public: nobody can use up what others may ask for it', async t => {
  const world = await createTestContext({ clock: testClock(), payerRateLimitPerS: 2 })
  t.after(() => world.close())
  const app = createApp(world.ctx)
  const asked = async (method: string, address: string) => {
    const path = '/payment/payment-link/019e0000-0000-7000-8000-000000000000'
    return (await app.request(path, { method, headers: from(address) })).status
  }
  for (const method of ['GET', 'POST']) {
    const statuses: number[] = []
    for (let count = 0; count < 3; count++) statuses.push(await asked(method, `9.9.${method.length}.9`))
    assert.deepEqual(statuses, [404, 404, 429])
    assert.equal(await asked(method, `9.9.${method.length}.8`), 404)
  }
})

test('what pages ask for with a publishable key is counted apart from the merchant’s server, and by address', async t => {
  const clock = testClock()
  const world = await createTestContext({ clock, rateLimitPerS: 35, payerRateLimitPerS: 100 })
  t.after(() => world.close())
  const api = await openApiCaller(world.ctx)
  const pk = await openApiCaller(world.ctx, { of: api.caller, key: 'publishable' })
  const app = createApp(world.ctx)
  const make = async ({ key }: { key: string }, address: string) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...from(address) }
    return (await app.request('/api/v1/checkout/sessions', { method: 'POST', headers, body: '{}' })).status
  }
  const statuses: number[] = []
  for (let count = 0; count < 31; count++) statuses.push(await make(pk, '9.9.9.9'))
  assert.deepEqual([statuses.slice(0, 30).every(status => status === 400), statuses.at(-1)], [true, 429])
  for (let count = 0; count < 4; count++) await make(pk, '9.9.9.8')
  assert.equal(await make(pk, '9.9.9.7'), 429, 'pages have used up what is theirs')
  assert.equal(await make(api, '9.9.9.9'), 400, 'and nothing of the server’s')
  clock.advance(2_000)
  assert.deepEqual([await make(pk, '9.9.9.9'), await make(pk, '9.9.9.9')], [400, 429])
})

test('a limit of pages says nothing of a limit of the merchant’s where there is none', async t => {
  const world = await createTestContext({ clock: testClock(), payerRateLimitPerS: 100 })
  t.after(() => world.close())
  const pk = await openApiCaller(world.ctx, { key: 'publishable' })
  const answers: Awaited<ReturnType<typeof pk.call>>[] = []
  for (let count = 0; count < 31; count++) answers.push(await pk.call('POST', '/checkout/sessions', {}))
  const { status, headers } = answers.at(-1) ?? {}
  assert.deepEqual([status, headers?.get('retry-after'), headers?.get('ratelimit-limit')], [429, '2', null])
})
