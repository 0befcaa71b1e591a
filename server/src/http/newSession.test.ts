import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { idsOf } from '../../test/harness/catalogFixtures.ts'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { asPayer, newCode, newLine, newSession, payersPath } from '../../test/harness/sessionFixtures.ts'
import { createApp } from './app.ts'
import { checkoutSessionSchema, paymentPageSchema } from './sessionObjects.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'

let ctx: FreshContext
let api: ApiCaller
before(async () => {
  ctx = await openFreshContext({ chains: [testChainConfig(), testChainConfig({ chainId: 80002 })] })
  api = await openApiCaller(ctx)
})
after(() => ctx.close())

const refused = (changes: object, by = api) =>
  by.refused('POST', '/checkout/sessions', {
    successUrl: 'https://shop.example/ok',
    lineItems: [newLine()],
    ...changes,
  })
const newRate = async (percentage: number, changes: object = {}) =>
  (await api.ok('POST', '/tax-rates', { name: 'VAT', percentage, ...changes })).id as string

/** What the organization of `by` has set; it holds for its next session. */
async function set(by: ApiCaller, column: string, value: unknown): Promise<void> {
  await ctx.db.owner.query(`update organizations set ${column} = $2 where id = $1`, [by.caller.organizationId, value])
  ctx.clock.advance(6_000)
}

describe('taxes', () => {
  test('those of the session are put on lines without their own, and what is due follows', async () => {
    const [vat, reduced, included] = [await newRate(19), await newRate(7), await newRate(25, { type: 'inclusive' })]
    const session = await newSession(api, {
      taxRateIds: [vat, vat],
      lineItems: [newLine(), newLine({ taxRateIds: [reduced, included] }), newLine({ taxRateIds: [] })],
    })
    assert.deepEqual(checkoutSessionSchema.parse(session), session)
    const lines = session.lineItems.data as unknown as { amountTax: string; taxRates: Record<string, unknown>[] }[]
    assert.deepEqual(
      lines.map(line => [
        line.amountTax,
        line.taxRates.map(({ percentage, type, amount }) => [percentage, type, amount]),
      ]),
      [
        ['1900000000', [[19, 'exclusive', '1900000000']]],
        [
          '560000000',
          [
            [7, 'exclusive', '560000000'],
            [25, 'inclusive', '2000000000'],
          ],
        ],
        ['0', []],
      ],
    )
    assert.deepEqual(
      [session.amountSubtotal, session.amountDetails.amountTax, session.amountTotal],
      ['30000000000', '2460000000', '32460000000'],
    )
    assert.equal(session.addresses[0]?.amountRaw, '324600000')
    assert.deepEqual(await api.ok('GET', `/checkout/sessions/${session.id}`), session)
  })

  test('a code is taken off before taxes, and the payer’s changes keep them', async () => {
    const session = await newSession(api, { taxRateIds: [await newRate(19)], allowPromotionCodes: true })
    const cheaper = await asPayer(api, session, 'discount', { code: await newCode(api, { percentOff: 50 }) })
    assert.equal(cheaper.amountTotal, '5950000000')
  })

  test('a rate that does not exist, is another’s, or is not active is refused by its place', async () => {
    const other = await openApiCaller(ctx)
    const foreign = (await other.ok('POST', '/tax-rates', { name: 'VAT', percentage: 1 })).id
    const inactive = await newRate(19, { isActive: false })
    for (const id of [ABSENT, foreign, inactive]) {
      assert.equal(await refused({ taxRateIds: [await newRate(1), id] }), '400 parameter_invalid taxRateIds[1]')
      const lineItems = [newLine(), newLine({ taxRateIds: [id] })]
      assert.equal(await refused({ lineItems }), '400 parameter_invalid lineItems.data[1].taxRateIds[0]')
    }
    assert.equal(await refused({ taxRateIds: ['x'] }), '400 parameter_invalid taxRateIds[0]')
  })
})

describe('customers', () => {
  test('one that is named is shown, and known to the session', async () => {
    const customer = await api.ok('POST', '/customers', { email: 'ada@example.com', name: 'Ada', phone: '1' })
    const session = await newSession(api, { customerId: customer.id, customerData: { phone: '2' } })
    assert.deepEqual([session.customerId, session.customer], [customer.id, customer])
    assert.deepEqual(session.customerDetails, { name: 'Ada', email: 'ada@example.com', phone: '2', address: {} })
    assert.deepEqual(checkoutSessionSchema.parse(session), session)
    assert.deepEqual(await api.ok('GET', `/checkout/sessions/${session.id}`), session)
    assert.equal(await refused({ customerId: ABSENT }), '400 parameter_invalid customerId')
    const other = await openApiCaller(ctx)
    assert.equal(await refused({ customerId: customer.id }, other), '400 parameter_invalid customerId')
  })

  test('one is made with the session when its e-mail address is known, and no second one for a repeated request', async () => {
    const asked = {
      ...{ successUrl: 'https://shop.example/ok', lineItems: [newLine()], customerCreation: 'always' },
      customerData: { email: 'new@example.com', name: 'New', taxIds: { data: [{ name: 'VAT', value: 'FR1' }] } },
    }
    const once = { 'idempotency-key': 'customer once' }
    const first = await api.call('POST', '/checkout/sessions', asked, once)
    const again = await api.call('POST', '/checkout/sessions', asked, once)
    assert.deepEqual([first.status, again.answer], [200, first.answer])
    const page = await api.ok('GET', '/customers?email=new@example.com')
    assert.deepEqual(page.data, [first.answer.customer])
    const { taxIds } = first.answer.customer as { taxIds: { data: { value: string }[] } }
    assert.deepEqual(
      taxIds.data.map(({ value }) => value),
      ['FR1'],
    )
  })
})

describe('the default code', () => {
  test('is taken without a word, or left out without one', async () => {
    const code = await newCode(api)
    const session = await newSession(api, { defaultPromotionCode: code.toLowerCase() })
    assert.deepEqual([session.amountTotal, session.discounts[0]?.coupon.code], ['9000000000', code])
    assert.deepEqual(checkoutSessionSchema.parse(session), session)
    for (const bad of [
      'nothing',
      await newCode(api, { isEnable: false }),
      await newCode(api, { maxRedemptionsPerCustomer: 1 }),
    ]) {
      const plain = await newSession(api, { defaultPromotionCode: bad })
      assert.deepEqual([plain.amountTotal, plain.discounts], ['10000000000', []])
    }
    const page = await api.ok('GET', `/checkout/sessions?couponId=${session.discounts[0]?.couponId}`)
    assert.deepEqual(idsOf(page), [session.id])
  })

  test('of sessions that are made at once no more take it than its limit says', async () => {
    for (const coupon of [{ maxRedemptions: 2 }, { maxRedemptionsPerCustomer: 2 }]) {
      const asked = { defaultPromotionCode: await newCode(api, coupon), customerData: { email: 'ada@example.com' } }
      const made = await Promise.all(Array.from({ length: 5 }, () => newSession(api, asked)))
      assert.equal(made.filter(({ discounts }) => discounts.length > 0).length, 2)
      const later = await newSession(api, asked)
      assert.deepEqual([later.amountTotal, later.discounts], ['10000000000', []])
    }
  })
})

describe('the organization’s setting', () => {
  test('its chains, preferred chain and coin stand where the request says nothing', async () => {
    const own = await openApiCaller(ctx)
    await set(own, 'preferred_chain_id', 80002)
    await set(own, 'preferred_currency', 'usdt')
    const quoted = await newSession(own, { lineItems: [newLine({ currency: 'usd' })] })
    assert.deepEqual([quoted.addresses[0]?.asset.symbol, quoted.addresses[0]?.asset.chainId], ['USDT', 80002])
    await set(own, 'allowed_chains', JSON.stringify([{ chainId: 80001, blacklistCurrencies: ['dai'] }]))
    const session = await newSession(own, { lineItems: [newLine({ currency: 'usd' })] })
    assert.deepEqual(session.addresses.map(({ asset }) => `${asset.chainId} ${asset.symbol}`).sort(), [
      ...['80001 ETH', '80001 USDC', '80001 USDT'],
    ])
    const setting = session.paymentSetting as { preferredChainId: number; allowedChains: unknown[] }
    assert.deepEqual(setting.allowedChains, [{ chainId: 80001, blacklistCurrencies: ['dai'] }])
    assert.equal(setting.preferredChainId, 80001)
    const { payouts } = (session.addresses[0] as unknown as { proof: { payouts: { chainId: number }[] } }).proof
    assert.deepEqual(
      payouts.map(({ chainId }) => chainId),
      [80001, 80002],
    )
    const asked = await newSession(own, { paymentSetting: { allowedChains: [{ chainId: 80002 }] } })
    assert.deepEqual(
      asked.addresses.map(({ asset }) => asset.chainId),
      [80002],
    )
  })

  test('its fee is put on the whole, and stays that of the session', async () => {
    const own = await openApiCaller(ctx)
    await set(own, 'apply_fee', true)
    await set(own, 'fee_ppm', 25_000)
    const session = await newSession(own, { allowPromotionCodes: true })
    assert.deepEqual(
      [session.amountTotal, session.amountFee, session.amountDetails.feePercentage, session.amountNet],
      ['10250000000', '250000000', 2.5, '10250000000'],
    )
    await set(own, 'fee_ppm', 0)
    const cheaper = await asPayer(own, session, 'discount', { code: await newCode(own, { percentOff: 50 }) })
    assert.equal(cheaper.amountTotal, '5125000000')
    assert.ok(!('amountFee' in cheaper))
  })

  test('a suspended one makes no sessions', async () => {
    const own = await openApiCaller(ctx)
    await set(own, 'status', 'suspended')
    assert.equal(await refused({}, own), '403 organization_suspended')
  })

  test('its brand is what payers see', async () => {
    const own = await openApiCaller(ctx)
    await set(own, 'brand_logo', ABSENT)
    await set(own, 'terms_url', 'https://shop.example/terms')
    const page = await own.ok('GET', payersPath(await newSession(own)))
    assert.deepEqual(page.brand, {
      ...{ name: 'Test merchant', logo: `/files/${ABSENT}`, color: '#1f6feb' },
      ...{ supportUrl: null, termsUrl: 'https://shop.example/terms', privacyUrl: null },
    })
    assert.deepEqual(paymentPageSchema.parse(page), page)
  })
})

describe('lines', () => {
  test('tell of the time that they are for', async () => {
    const period = { periodStart: '2026-01-01T00:00:00.000Z', periodEnd: '2026-02-01T00:00:00.000Z' }
    const session = await newSession(api, { lineItems: [newLine(period)] })
    const [line] = session.lineItems.data
    assert.deepEqual([line?.periodStart, line?.periodEnd], [period.periodStart, period.periodEnd])
    const lineItems = [newLine({ ...period, periodEnd: period.periodStart })]
    assert.equal(await refused({ lineItems }), '400 parameter_invalid lineItems.data[0].periodEnd')
  })

  test('recurring prices, streaming prices and subscriptions come later', async () => {
    const price = { currency: 'usdc', unitAmount: '100', productData: { name: 'Plan' } }
    const { id } = await api.ok('POST', '/prices', { ...price, type: 'recurring', interval: 'month', intervalCount: 1 })
    assert.equal(await refused({ lineItems: [{ priceId: id }] }), '400 not_yet_available lineItems.data[0].priceId')
    const lineItems = [{ priceData: { ...price, type: 'streaming' } }]
    assert.equal(await refused({ lineItems }), '400 not_yet_available lineItems.data[0].priceData.type')
    assert.equal(await refused({ mode: 'subscription' }), '400 not_yet_available mode')
  })

  test('one price of an open amount is enough', async () => {
    const { id } = await api.ok('POST', '/prices', { currency: 'usdc', productData: { name: 'Gift' } })
    const lineItems = [{ priceId: id }, newLine(), { priceId: id }]
    assert.equal(await refused({ lineItems }), '400 parameter_invalid lineItems.data[2].priceId')
  })

  test('questions to the payer are whole', async () => {
    const field = { key: 'size', type: 'dropdown', label: { custom: 'Size' } }
    assert.equal(
      await refused({ customFields: { fields: [field] } }),
      '400 parameter_invalid customFields.fields[0].dropdown',
    )
    const text = { ...field, type: 'text' }
    assert.equal(await refused({ customFields: { fields: [text, text] } }), '400 parameter_invalid customFields')
    const bounds = { ...text, text: { minimumLength: 5, maximumLength: 4 } }
    assert.equal(
      await refused({ customFields: { fields: [bounds] } }),
      '400 parameter_invalid customFields.fields[0].text',
    )
  })
})

describe('publishable keys', () => {
  const publicPrice = async (changes: object = {}) => {
    const price = { currency: 'usdc', unitAmount: '100000000', isPublic: true, productData: { name: 'Chair' } }
    const { id } = await api.ok('POST', '/prices', { ...price, metadata: { cost: '1' }, ...changes })
    return { successUrl: 'https://shop.example/ok', lineItems: [{ priceId: id }] }
  }

  test('make sessions from public prices, and are answered what their payers see', async () => {
    const pk = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    const made = await pk.ok('POST', '/checkout/sessions', await publicPrice())
    assert.deepEqual(paymentPageSchema.strict().parse(made), made)
    assert.deepEqual(await pk.ok('GET', payersPath(made as { id: string })), made)
    assert.equal(await pk.refused('GET', `/checkout/sessions/${made.id}`), '403 key_type')
    assert.equal(await pk.refused('GET', '/checkout/sessions'), '403 key_type')
  })

  test('take nothing that only the merchant may say', async () => {
    const pk = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    const asked = await publicPrice()
    const address = `0x${'a1'.repeat(20)}`
    const split = [50, 50].map((splitPercentage, index) => ({
      splitPercentage,
      address: `0x${`a${index}`.repeat(20)}`,
    }))
    const no = async (changes: object) => await pk.refused('POST', '/checkout/sessions', { ...asked, ...changes })
    assert.equal(await no({ lineItems: [newLine()] }), '403 key_type lineItems.data[0].priceData')
    for (const named of [{ withdrawalAddress: address }, { withdrawalAddresses: split }]) {
      const allowedChains = [{ chainId: 80001, ...named }]
      assert.equal(await no({ paymentSetting: { allowedChains } }), '403 key_type paymentSetting.allowedChains[0]')
    }
    assert.equal(await no({ customerId: ABSENT }), '403 key_type customerId')
    assert.equal(await no({ defaultPromotionCode: 'CODE' }), '403 key_type defaultPromotionCode')
    const expiresAt = new Date(ctx.clock.now().getTime() + 86_400_000)
    assert.equal(await no({ expiresAt }), '403 key_type expiresAt')
    const field = { key: 'pin', type: 'text', label: { custom: 'Your card number', type: 'custom' }, optional: false }
    assert.equal(await no({ customFields: { fields: [field] } }), '403 key_type customFields')
    assert.equal(await no({ afterCompletionConfirmMsg: 'Pay again' }), '403 key_type afterCompletionConfirmMsg')
    assert.equal(await no({ metadata: { orderId: '7' } }), '403 key_type metadata')
    for (const { lineItems } of [await publicPrice({ isPublic: false }), { lineItems: [{ priceId: ABSENT }] }]) {
      assert.equal(await no({ lineItems }), '400 parameter_invalid lineItems.data[0].priceId')
    }
  })

  test('work in a page of any origin, which what needs a secret key does not', async () => {
    const app = createApp(ctx)
    const pk = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    const origin = { origin: 'https://shop.example' }
    const preflight = async (path: string) => {
      const headers = { ...origin, 'access-control-request-method': 'POST' }
      const answer = await app.request(`/api/v1${path}`, { method: 'OPTIONS', headers })
      return [answer.status, answer.headers.get('access-control-allow-origin')]
    }
    assert.deepEqual(await preflight('/checkout/sessions'), [204, '*'])
    assert.deepEqual(await preflight(payersPath({ id: ABSENT }, '/discount')), [204, '*'])
    assert.deepEqual(await preflight('/coupons'), [405, null])
    for (const body of [await publicPrice(), {}]) {
      const { headers } = await pk.call('POST', '/checkout/sessions', body, origin)
      assert.equal(headers.get('access-control-allow-origin'), '*')
      assert.equal(headers.get('access-control-allow-credentials'), null)
    }
  })

  test('have idempotency keys of their own', async () => {
    const pk = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    const asked = await publicPrice()
    const once = { 'idempotency-key': 'x'.repeat(255) }
    const first = await pk.call('POST', '/checkout/sessions', asked, once)
    const again = await pk.call('POST', '/checkout/sessions', asked, once)
    const server = await api.call('POST', '/checkout/sessions', asked, once)
    assert.deepEqual([first.status, again.answer], [200, first.answer])
    assert.equal(server.status, 200)
    assert.notEqual(server.answer.id, first.answer.id)
  })
})

test('lists are narrowed by what sessions are about', async () => {
  const own = await openApiCaller(ctx)
  const customer = await own.ok('POST', '/customers', { email: 'list@example.com' })
  const plain = await newSession(own)
  // Lists are in the order of time.
  ctx.clock.advance(1)
  const known = await newSession(own, { customerId: customer.id })
  const list = async (query: string) => idsOf(await own.ok('GET', `/checkout/sessions?${query}`))
  assert.deepEqual(await list(`customerId=${customer.id}`), [known.id])
  for (const none of ['paymentLinkId', 'subscriptionId', 'invoiceId', 'couponId']) {
    assert.deepEqual(await list(`${none}=${ABSENT}`), [])
    assert.equal(await own.refused('GET', `/checkout/sessions?${none}=x`), `400 parameter_invalid ${none}`)
  }
  for (const all of ['mode=payment', 'paymentMethodTypes=wallet', 'status=open', 'paymentStatus=unpaid']) {
    assert.deepEqual(await list(all), [known.id, plain.id], all)
  }
  for (const none of ['mode=subscription', 'paymentMethodTypes=superfluid', 'status=complete', 'paymentStatus=paid']) {
    assert.deepEqual(await list(none), [], none)
  }
})
