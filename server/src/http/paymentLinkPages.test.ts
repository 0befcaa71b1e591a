import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addLink } from '../../test/harness/paymentLinkFixtures.ts'
import { closeDueSessions } from '../actions/closeDueSessions.ts'
import { getPayersSession } from '../actions/getCheckoutSession.ts'
import { invariant } from '../domain/errors.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

let ctx: FreshContext
let api: ApiCaller
let app: App
let chain: RecordedChain
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  app = createApp(ctx)
  chain = await recordChain(ctx)
})
after(() => ctx.close())

const ABSENT = '019e0000-0000-7000-8000-000000000000'
const OPEN = { amount: undefined, suggestedAmounts: ['500000000', '1000000000'], submitType: 'donate' }

async function page(id: string) {
  const answer = await app.request(`/payment/payment-link/${id}`)
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

/** What comes of the page's form; each from an address of its own, so that no test is another's flood. */
async function press(id: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const answer = await createApp(ctx).request(`/payment/payment-link/${id}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  })
  const location = answer.headers.get('location') ?? ''
  return { status: answer.status, location, headers: answer.headers, body: await answer.text() }
}

/** The session that the page's form led to. */
async function begin(id: string, fields: Record<string, string> = {}) {
  const { status, location, body } = await press(id, fields)
  assert.equal(status, 303, body)
  return await sessionAt(location)
}

async function sessionAt(location: string) {
  const [, id = ''] = /^\/payment\/checkout-session\/([0-9a-f-]{36})$/.exec(location) ?? []
  const seen = await getPayersSession(ctx, id)
  invariant(seen, 'the form leads to a session')
  return seen.found
}

async function pay(session: Awaited<ReturnType<typeof begin>>) {
  await chain.mine(block => [paymentTo(session, block)])
  for (let count = 0; count < 3; count++) await chain.mine()
}

const statusOf = async (id: string) => (await api.ok('GET', `/checkout/sessions/${id}`)).status
const sessionCount = async (id: string) =>
  Number(
    (await ctx.db.owner.query('select count(*) from checkout_sessions where payment_link_id = $1', [id])).rows[0].count,
  )

test('to look at a link makes nothing, and its button makes a session with what the link says', async () => {
  const customFields = {
    fields: [{ key: 'size', type: 'text', label: { type: 'custom', custom: 'Size' }, optional: false }],
  }
  const link = await addLink(api, {
    ...{ title: 'Workshop <b>', description: 'Two days', submitType: 'book', emailCollection: true, customFields },
    ...{
      afterCompletion: 'redirect',
      afterCompletionRedirectUrl: 'https://shop.example/thanks',
      allowPromotionCodes: true,
    },
  })
  const { status, headers, body } = await page(link.id)
  assert.equal(status, 200)
  assert.match(headers.get('content-security-policy') ?? '', /form-action 'self'/)
  assert.match(body, /Workshop &lt;b&gt;/)
  assert.match(body, /<button[^>]*>Book for 12\.50 USDC<\/button>/)
  assert.doesNotMatch(body, /<script|name="amount"/)
  assert.equal(await sessionCount(link.id), 0)

  const session = await begin(link.id)
  assert.partialDeepStrictEqual(await api.ok('GET', `/checkout/sessions/${session.id}`), {
    ...{ paymentLinkId: link.id, amountTotal: '1250000000', currency: 'usdc', submitType: 'book' },
    ...{ emailCollection: true, allowPromotionCodes: true, afterCompletion: 'redirect', cancelUrl: link.url },
    ...{ successUrl: 'https://shop.example/thanks', lineItems: { data: [{ quantity: 1, description: null }] } },
    customFields: { fields: [{ key: 'size', optional: false }] },
  })
  const listed = await api.ok('GET', `/checkout/sessions?paymentLinkId=${link.id}`)
  assert.deepEqual(
    (listed.data as { id: string }[]).map(({ id }) => id),
    [session.id],
  )
})

test('a link for many is paid again and again; after payment its own page or message follows', async () => {
  const link = await addLink(api, { afterCompletionConfirmMsg: 'See you there' })
  const [first, second] = [await begin(link.id), await begin(link.id)]
  assert.notEqual(first.id, second.id)
  await pay(first)
  assert.deepEqual([await statusOf(first.id), await statusOf(second.id)], ['complete', 'open'])
  assert.equal((await page(link.id)).status, 200)
  assert.partialDeepStrictEqual(await api.ok('GET', `/checkout/sessions/${first.id}`), {
    ...{ afterCompletion: 'hosted_confirmation', afterCompletionConfirmMsg: 'See you there', successUrl: link.url },
  })
})

test('a link for one payment ends with it, in the same transaction, and so do the sessions of others', async () => {
  const link = await addLink(api, { type: 'one_time' })
  const [first, second, third] = [await begin(link.id), await begin(link.id), await begin(link.id)]
  // The money of the third is under way when the first is paid: it cannot be ended.
  await chain.mine(block => [paymentTo(first, block)])
  await chain.mine()
  await chain.mine(block => [paymentTo(third, block)])
  assert.equal(await statusOf(first.id), 'complete')
  assert.partialDeepStrictEqual(await api.ok('GET', `/payment-links/${link.id}`), { isActive: false })
  const { status, body } = await page(link.id)
  assert.equal(status, 200)
  assert.match(body, /This was paid already/)
  assert.doesNotMatch(body, /<form/)
  assert.match((await press(link.id)).body, /This was paid already/)
  await chain.mine()
  await closeDueSessions(ctx, 100)
  assert.equal(await statusOf(second.id), 'expired')
  await chain.mine()
  assert.equal(await statusOf(third.id), 'complete')
  assert.equal(await sessionCount(link.id), 3)
})

test('a session that begins while a link for one payment is being paid is ended, too, or never begins', async () => {
  const link = await addLink(api, { type: 'one_time' })
  const first = await begin(link.id)
  await chain.mine(block => [paymentTo(first, block)])
  await chain.mine()
  const [, ...pressed] = await Promise.all([chain.mine(), ...Array.from({ length: 5 }, () => press(link.id))])
  assert.equal(await statusOf(first.id), 'complete')
  await chain.mine()
  await closeDueSessions(ctx, 100)
  for (const { status, location, body } of pressed) {
    if (status === 303) assert.equal(await statusOf((await sessionAt(location)).id), 'expired')
    else assert.match(body, /This was paid already/)
  }
})

test('a payer chooses the amount: a suggestion, or any other that can be paid', async () => {
  const link = await addLink(api, OPEN)
  const { body } = await page(link.id)
  assert.deepEqual(
    [...body.matchAll(/name="suggestion" value="(\d+)">([^<]*)</g)].map(([, value, text]) => [value, text]),
    [
      ['500000000', '5.00 USDC'],
      ['1000000000', '10.00 USDC'],
    ],
  )
  assert.match(body, /<label for="amount">Another amount in <bdi>USDC<\/bdi><\/label>/)
  for (const [fields, amount] of [
    [{ suggestion: '1000000000' }, 1000000000n],
    [{ amount: ' 7,25 ' }, 725000000n],
    [{ amount: '0.000001' }, 100n],
  ] as const) {
    assert.equal((await begin(link.id, fields)).amountTotal, amount, JSON.stringify(fields))
  }
  const before = await sessionCount(link.id)
  const wrong = [
    [{}, 'Enter an amount such as 12.50.'],
    [{ amount: '' }, 'Enter an amount such as 12.50.'],
    [{ amount: '0' }, 'Enter an amount such as 12.50.'],
    [{ amount: '-5' }, 'Enter an amount such as 12.50.'],
    [{ amount: '1e3' }, 'Enter an amount such as 12.50.'],
    [{ amount: '1,000.50' }, 'Enter an amount such as 12.50.'],
    [{ suggestion: '1.5' }, 'Enter an amount such as 12.50.'],
    [{ amount: '0.0000001' }, 'Enter an amount with fewer decimals.'],
  ] as const
  for (const [fields, text] of wrong) {
    const { status, body } = await press(link.id, fields)
    assert.equal(status, 400, JSON.stringify(fields))
    assert.match(body, new RegExp(`id="amount-error"[^>]*>${text}`))
    assert.match(body, /<input[^>]* aria-invalid="true" aria-describedby="amount-error"/)
    if ('amount' in fields) assert.ok(body.includes(`value="${fields.amount}"`))
  }
  assert.equal(await sessionCount(link.id), before)
})

test('the bounds of a product’s open price hold on the page, and are told', async () => {
  const price = await api.ok('POST', '/prices', {
    ...{ currency: 'usdc', customUnitMin: '200000000', customUnitMax: '900000000', customPreset: '300000000' },
    productData: { name: 'Tip' },
  })
  const link = await addLink(api, { amount: undefined, currency: undefined, productId: price.productId })
  const { body } = await page(link.id)
  assert.match(body, /From <bdi>2\.00 USDC<\/bdi> to <bdi>9\.00 USDC<\/bdi>\./)
  assert.match(body, /value="3"/)
  for (const amount of ['1.99', '9.01']) assert.equal((await press(link.id, { amount })).status, 400)
  assert.equal((await begin(link.id, { amount: '9' })).amountTotal, 900000000n)
})

test('a link that is inactive says so; one that is deleted, or none, is not found', async () => {
  const link = await addLink(api)
  await api.ok('PUT', `/payment-links/${link.id}/deactivate`)
  assert.match((await page(link.id)).body, /This link takes no payments now/)
  assert.match((await press(link.id)).body, /This link takes no payments now/)
  assert.equal(await sessionCount(link.id), 0)
  await api.ok('DELETE', `/payment-links/${link.id}`)
  for (const id of [link.id, ABSENT, 'x']) {
    assert.equal((await page(id)).status, 404, id)
    assert.equal((await press(id)).status, 404, id)
  }
})

test('a form of another site makes nothing, and one address makes no flood of sessions', async () => {
  const link = await addLink(api)
  const elsewhere = await press(link.id, {}, { 'sec-fetch-site': 'cross-site' })
  assert.deepEqual([elsewhere.status, elsewhere.location], [303, `/payment/payment-link/${link.id}`])
  assert.equal(await sessionCount(link.id), 0)
  const one = createApp(ctx)
  const answers: number[] = []
  for (let count = 0; count < 22; count++) {
    const answer = await one.request(`/payment/payment-link/${link.id}`, {
      method: 'POST',
      body: new URLSearchParams(),
    })
    answers.push(answer.status)
    if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 0)
  }
  assert.deepEqual(answers, [...Array.from({ length: 20 }, () => 303), 429, 429])
})

test('coins and chains of a link restrict its sessions, in its order', async () => {
  const link = await addLink(api, { currency: 'usd', currencies: ['dai', 'usdc'], preferredCurrency: 'dai' })
  const coins = (await begin(link.id)).assets.map(({ asset }) => asset.currency)
  assert.deepEqual(coins.toSorted(), ['dai', 'usdc'])
  await ctx.db.owner.query("update organizations set allowed_currencies = '{usdc,usdt}' where id = $1", [
    api.caller.organizationId,
  ])
  assert.deepEqual(
    (await begin(link.id)).assets.map(({ asset }) => asset.currency),
    ['usdc'],
  )
  await ctx.db.owner.query('update organizations set allowed_currencies = null where id = $1', [
    api.caller.organizationId,
  ])
})

test('a link that cannot be paid right now says so, and nothing is made', async () => {
  const mine = await openApiCaller(ctx)
  const link = await addLink(mine)
  await ctx.db.owner.query("update organizations set status = 'suspended' where id = $1", [mine.caller.organizationId])
  const { status, body } = await press(link.id)
  assert.equal(status, 503)
  assert.match(body, /This cannot be paid right now/)
  assert.equal(await sessionCount(link.id), 0)
})
