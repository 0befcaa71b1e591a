import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import { partnerRoutes } from './partners.ts'

const clock = testClock()
let t: TestContext
before(async () => {
  t = await createTestContext({ clock })
})
after(() => t.close())

type Json = Record<string, unknown>
type Account = { organization: Json & { id: string }; user: Json; personalAccessToken: Json; webhookEndpoints: Json[] }

const wallet = () => `0x${randomBytes(20).toString('hex')}`
let people = 0
const newEmail = () => `merchant${++people}@example.com`

async function newPartner() {
  const api = await openApiCaller(t.ctx)
  await t.ctx.db.owner.query('update organizations set is_partner = true where id = $1', [api.caller.organizationId])
  const open = async (changes: Json = {}) => {
    clock.advance(1)
    const body = { email: newEmail(), name: 'Tea House', ...changes }
    return (await api.ok('POST', '/partners/accounts/onboard', body)) as unknown as Account & Json
  }
  return { api, open }
}

async function callAs(token: unknown, method: string, path: string, body?: object) {
  const response = await createApp(t.ctx).request(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: (await response.json()) as Json }
}

test('an account is opened whole, and its key makes sessions at once', async () => {
  const { api, open } = await newPartner()
  const address = wallet()
  const account = await open({
    email: 'Tea@Example.com',
    website: 'https://tea.example/',
    phone: '+1 2',
    brandColor: '#00FF00',
    addressDetails: { city: 'Berlin' },
    paymentSetting: { preferredChainId: 80001, preferredCurrency: 'usdc', allowSwap: true, slippagePercentage: 1 },
    withdrawalAddresses: [{ name: 'Main', address, chainId: 80001 }],
    webhookEndpoints: [{ description: 'Shop', url: 'http://127.0.0.1:9/hook', enabledEvents: { events: ['*'] } }],
  })
  const schema = partnerRoutes(t.ctx)[0]?.response
  assert.ok(schema !== undefined && 'parse' in schema)
  assert.deepEqual(schema.parse(account), account)
  const { organization, user, personalAccessToken: token } = account
  assert.deepEqual(
    [organization.name, organization.websiteUrl, organization.brandColor, organization.ownerId],
    ['Tea House', 'https://tea.example/', '#00ff00', user.id],
  )
  assert.equal(organization.referrerId, api.caller.organizationId)
  assert.deepEqual([user.email, user.role], ['tea@example.com', 'owner'])
  assert.deepEqual([token.userId, token.organizationId], [user.id, organization.id])
  assert.equal(token.tokenIdentifier, `sk_test_…${String(token.token).slice(-4)}`)
  assert.match(String(account.webhookEndpoints[0]?.secret), /^whsec_/)
  const setting = account.paymentSetting as Json
  assert.deepEqual([setting.preferredChainId, setting.allowSwap, setting.slippagePercentage], [80001, true, 1])

  const session = await callAs(token.token, 'POST', '/checkout/sessions', {
    lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Tea' } } }] },
    successUrl: 'https://tea.example/thanks',
  })
  assert.equal(session.status, 200, JSON.stringify(session.answer))
  assert.equal(session.answer.organizationId, organization.id)
  assert.equal((await callAs(token.token, 'GET', '/auth/me')).answer.id, user.id)
  assert.equal((await callAs(token.token, 'GET', '/partners/accounts')).answer.code, 'partner_only')
  const own = await api.ok('GET', '/organization')
  assert.equal(own.id, api.caller.organizationId)
})

test('a partner sees the accounts that it opened, by the e-mail of their owners, without secrets', async () => {
  const { api, open } = await newPartner()
  const other = await newPartner()
  const [a, b, c] = [await open(), await open(), await open()]
  const foreign = await other.open()
  const ids = (page: Json) => (page.data as Account[]).map(({ organization }) => organization.id)
  const all = await api.ok('GET', '/partners/accounts')
  assert.deepEqual(ids(all), [c.organization.id, b.organization.id, a.organization.id])
  assert.deepEqual((all.data as Account[])[2], { ...a, personalAccessToken: { ...a.personalAccessToken, token: null } })
  const emails = [b.user.email, foreign.user.email, 'nobody@example.com'].join(',')
  assert.deepEqual(ids(await api.ok('GET', `/partners/accounts?emails=${emails.toUpperCase()}`)), [b.organization.id])
  const page = await api.ok('GET', `/partners/accounts?limit=1&startingAfter=${c.organization.id}`)
  assert.deepEqual([ids(page), page.hasMore], [[b.organization.id], true])
  const path = `/partners/accounts?startingAfter=${foreign.organization.id}`
  assert.equal(await api.refused('GET', path), '400 cursor_invalid startingAfter')
  assert.equal(await api.refused('GET', '/partners/accounts?emails=x'), '400 parameter_invalid emails')
})

test('only a partner opens accounts, with a secret key', async () => {
  const stranger = await openApiCaller(t.ctx)
  const body = { email: newEmail(), name: 'Tea House' }
  assert.equal(await stranger.refused('POST', '/partners/accounts/onboard', body), '403 partner_only')
  assert.equal(await stranger.refused('GET', '/partners/accounts'), '403 partner_only')
  const { api } = await newPartner()
  const restricted = await openApiCaller(t.ctx, { of: api.caller, key: ['*'] })
  assert.equal(await restricted.refused('POST', '/partners/accounts/onboard', body), '403 partner_only')
  await t.ctx.db.owner.query("update organizations set status = 'suspended' where id = $1", [api.caller.organizationId])
  assert.equal(await api.refused('POST', '/partners/accounts/onboard', body), '403 partner_only')
})

test('an account that cannot be opened whole is not opened', async () => {
  const { api, open } = await newPartner()
  const taken = await open()
  const address = wallet()
  const endpoint = { description: 'Shop', url: 'http://127.0.0.1:9/x', enabledEvents: { events: ['*'] } }
  const main = { name: 'Main', address, chainId: 80001 }
  for (const [changes, refusal] of [
    [{ email: taken.user.email }, '400 email_in_use email'],
    [{ withdrawalAddresses: [main, main] }, '400 address_exists withdrawalAddresses[1].address'],
    [{ withdrawalAddresses: [{ ...main, chainId: 1 }] }, '400 network_unsupported withdrawalAddresses[0].chainId'],
    [{ webhookEndpoints: [endpoint, endpoint] }, '400 endpoint_exists url'],
    [{ paymentSetting: { preferredChainId: 1 } }, '400 network_unsupported preferredChainId'],
    [{ paymentSetting: { feePercentage: 1 } }, '400 parameter_unknown paymentSetting.feePercentage'],
    [{ website: 'ftp://x' }, '400 url_scheme website'],
  ] as const) {
    const body = { email: newEmail(), name: 'Half', ...changes }
    assert.equal(await api.refused('POST', '/partners/accounts/onboard', body), refusal)
  }
  assert.equal((await api.ok('GET', '/partners/accounts')).count, 1)
  const email = newEmail()
  const ask = () => api.call('POST', '/partners/accounts/onboard', { email, name: 'Twice' })
  const two = await Promise.all([ask(), ask()])
  assert.deepEqual(two.map(({ status, answer }) => answer.code ?? status).toSorted(), [200, 'email_in_use'])
})

test('a repeated request opens one account, and shows its secrets once', async () => {
  const { api } = await newPartner()
  const endpoint = { description: 'Shop', url: 'http://127.0.0.1:9/once', enabledEvents: { events: ['*'] } }
  const body = { email: newEmail(), name: 'Once', webhookEndpoints: [endpoint] }
  const once = () => api.call('POST', '/partners/accounts/onboard', body, { 'idempotency-key': 'once' })
  const [first, again] = [await once(), await once()]
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  const { personalAccessToken, webhookEndpoints } = first.answer as unknown as Account
  assert.deepEqual(again.answer, {
    ...first.answer,
    personalAccessToken: { ...personalAccessToken, token: null },
    webhookEndpoints: webhookEndpoints.map(each => ({ ...each, secret: null })),
  })
})
