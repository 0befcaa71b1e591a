import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { eventTypes, paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import {
  type AnsweredSession,
  asPayer,
  newCode,
  newLine,
  newSession,
  payersPath,
} from '../../test/harness/sessionFixtures.ts'
import { closeDueSessions } from '../actions/closeDueSessions.ts'
import { getCheckoutSession } from '../actions/getCheckoutSession.ts'
import { paymentPageSchema } from './sessionObjects.ts'

let ctx: FreshContext
let api: ApiCaller
let chain: RecordedChain
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  chain = await recordChain(ctx)
})
after(() => ctx.close())

const view = (session: { id: string }) => api.ok('GET', payersPath(session)) as Promise<AnsweredSession>
const refused = (session: { id: string }, route: string, body: object = {}) =>
  api.refused('POST', payersPath(session, `/${route}`), body)

/** The session as it is stored. */
async function stored({ id }: { id: string }) {
  const seen = await getCheckoutSession(ctx, api.caller.organizationId, id)
  assert.ok(seen)
  return seen.found
}

/** Pays `amountRaw` of the session's coin, in the next block. */
async function pay(session: { id: string }, amountRaw = 1n): Promise<void> {
  const found = await stored(session)
  await chain.mine(header => [paymentTo(found, header, { amountRaw })])
}

const codes = (changes: object = {}) => newSession(api, { allowPromotionCodes: true, ...changes })

describe('discount', () => {
  test('a code takes its share off the total, and what is due follows; the address stays', async () => {
    const session = await codes()
    const code = await newCode(api)
    ctx.clock.advance(1000)
    const cheaper = await asPayer(api, session, 'discount', { code: ` ${code.toLowerCase()} ` })
    assert.equal(cheaper.amountTotal, '9000000000')
    assert.deepEqual(
      [cheaper.amountDetails.amountDiscount, cheaper.discounts[0]?.coupon.code, cheaper.discounts[0]?.amount],
      ['1000000000', code, '1000000000'],
    )
    assert.deepEqual(
      cheaper.addresses.map(({ id, paymentAddress, amountRaw }) => [id, paymentAddress, amountRaw]),
      session.addresses.map(({ id, paymentAddress }) => [id, paymentAddress, '90000000']),
    )
    assert.ok(cheaper.updatedAt > session.updatedAt)
    assert.deepEqual(paymentPageSchema.parse(cheaper), cheaper)
    const intent = (await api.ok('GET', `/checkout/sessions/${session.id}`)).paymentIntent as { amount: string }
    assert.equal(intent.amount, '9000000000')
  })

  test('the same code again changes nothing, another takes its place, and an empty one removes it', async () => {
    const session = await codes()
    const [ten, half] = [await newCode(api), await newCode(api, { percentOff: 50 })]
    const first = await asPayer(api, session, 'discount', { code: ten })
    ctx.clock.advance(1000)
    assert.equal((await asPayer(api, session, 'discount', { code: ten })).updatedAt, first.updatedAt)
    assert.equal((await asPayer(api, session, 'discount', { code: half })).amountTotal, '5000000000')
    for (const code of ['', null, ' ']) {
      assert.equal((await asPayer(api, session, 'discount', { code })).amountTotal, '10000000000')
    }
    assert.deepEqual((await asPayer(api, session, 'discount', {})).discounts, [])
  })

  test('a price in euros stays quoted at the rates that it was locked with', async () => {
    const session = await codes({ lineItems: [newLine({ currency: 'eur' })] })
    const quotes = session.addresses.map(({ asset, quote }) => [asset.symbol, quote])
    ctx.clock.advance(120_000)
    const cheaper = await asPayer(api, session, 'discount', { code: await newCode(api) })
    assert.deepEqual(
      cheaper.addresses.map(({ asset, quote }) => [asset.symbol, quote]),
      quotes,
    )
    for (const [index, { amount }] of cheaper.addresses.entries()) {
      const before = BigInt(session.addresses[index]?.amount ?? 0)
      const difference = BigInt(amount) * 10n - before * 9n
      assert.ok(difference >= -1000n && difference <= 1000n, `${amount} is nine tenths of ${before}`)
    }
  })

  test('what is wrong with a code is said, and nothing changes', async () => {
    const session = await codes()
    const soon = new Date(ctx.clock.now().getTime() + 1000).toISOString()
    const bad: [string, RegExp][] = [
      ['nothing', /no such code/],
      [await newCode(api, { isEnable: false }), /no such code/],
      [await newCode(api, { redeemBy: soon }), /expired/],
      [await newCode(api, {}, { expiredAt: soon }), /expired/],
      [await newCode(api, { amountOff: '100', currency: 'eur' }), /prices in EUR/],
      [await newCode(api, { maxRedemptionsPerCustomer: 1 }), /e-mail address first/],
    ]
    ctx.clock.advance(1000)
    for (const [code, message] of bad) {
      const { answer } = await api.call('POST', payersPath(session, '/discount'), { code })
      assert.deepEqual([answer.code, answer.param], ['promotion_code_invalid', 'code'])
      assert.match(String(answer.message), message)
    }
    assert.equal((await view(session)).amountTotal, '10000000000')
    assert.equal(await refused(await newSession(api), 'discount', { code: 'x' }), '400 promotion_code_invalid code')
    assert.equal(await refused(session, 'discount', { code: 7 }), '400 parameter_invalid code')
    assert.equal(await refused(session, 'discount', { code: 'x'.repeat(51) }), '400 too_long code')
    assert.equal(await refused(session, 'discount', { kode: 'x' }), '400 parameter_unknown kode')
  })

  test("another organization's code is no code", async () => {
    const other = await openApiCaller(ctx)
    assert.equal(
      await refused(await codes(), 'discount', { code: await newCode(other) }),
      '400 promotion_code_invalid code',
    )
  })

  test('of two payers at once one gets the last redemption; it is free again when that session expires', async () => {
    for (const [coupon, code] of [
      [{ maxRedemptions: 1 }, {}],
      [{}, { maxRedemptions: 1 }],
    ] as const) {
      const text = await newCode(api, coupon, code)
      const sessions = [await codes(), await codes(), await codes()]
      const tried = await Promise.all(
        sessions.map(session => api.call('POST', payersPath(session, '/discount'), { code: text })),
      )
      assert.deepEqual(tried.map(({ status }) => status).sort(), [200, 400, 400])
      const winner = sessions[tried.findIndex(({ status }) => status === 200)]
      const loser = sessions[tried.findIndex(({ status }) => status === 400)]
      assert.ok(winner && loser)
      assert.equal(await refused(loser, 'discount', { code: text }), '400 promotion_code_invalid code')
      await api.ok('POST', `/checkout/sessions/${winner.id}/expire`)
      await chain.mine()
      await closeDueSessions(ctx, 100)
      assert.equal((await view(winner)).status, 'expired')
      await asPayer(api, loser, 'discount', { code: text })
    }
  })

  test('a customer has a limit of his own, by the e-mail address that he gives', async () => {
    const code = await newCode(api, { maxRedemptionsPerCustomer: 1 })
    const mine = () => codes({ emailCollection: true })
    const [first, second, third] = [await mine(), await mine(), await mine()]
    assert.equal(await refused(first, 'discount', { code }), '400 promotion_code_invalid code')
    await asPayer(api, first, 'details', { email: 'Ada@example.com' })
    await asPayer(api, first, 'discount', { code })
    await asPayer(api, second, 'details', { email: 'ada@EXAMPLE.com' })
    assert.equal(await refused(second, 'discount', { code }), '400 promotion_code_invalid code')
    await asPayer(api, third, 'details', { email: 'bob@example.com' })
    await asPayer(api, third, 'discount', { code })
    assert.equal(await refused(third, 'details', { email: 'ada@example.com' }), '400 promotion_code_invalid email')
    assert.equal((await stored(third)).options.customerDetails.email, 'bob@example.com')
  })

  test('codes cannot be guessed: after ten tries for a session the next has to wait', async () => {
    const own = await openApiCaller(ctx)
    const session = await newSession(own, { allowPromotionCodes: true })
    const guess = () => own.refused('POST', payersPath(session, '/discount'), { code: 'guess' })
    for (let tries = 0; tries < 10; tries++) assert.equal(await guess(), '400 promotion_code_invalid code')
    assert.equal(await guess(), '429 rate_limited')
    await own.ok('POST', payersPath(session, '/discount'), { code: '' })
    ctx.clock.advance(30_000)
    assert.equal(await guess(), '400 promotion_code_invalid code')
    assert.equal(await guess(), '429 rate_limited')
  })
})

describe('amount', () => {
  const open = async (price: object, changes: object = {}) => {
    const asked = { currency: 'usdc', productData: { name: 'Gift' }, ...price }
    const { id } = await api.ok('POST', '/prices', asked)
    return await newSession(api, { lineItems: [{ priceId: id }], ...changes })
  }

  test('without a suggestion there is nothing to pay, and no address, until the payer has chosen', async () => {
    const session = await open({ customUnitMax: '2000000000' })
    assert.deepEqual([session.amountTotal, session.addresses], ['0', []])
    assert.equal(await refused(session, 'mark-session-complete-for-zero-amount'), '409 amount_not_zero')
    const chosen = await asPayer(api, session, 'amount', { unitAmount: '1500000000' })
    assert.deepEqual(
      [chosen.amountTotal, chosen.addresses.map(({ amountRaw }) => amountRaw)],
      ['1500000000', ['15000000']],
    )
    const found = await stored(session)
    assert.equal(found.lineItems[0]?.unitAmount, 1_500_000_000n)
    assert.equal(chosen.addresses[0]?.paymentAddress, found.deposit.address)
    await chain.mine(header => [paymentTo(found, header)])
    for (let block = 0; block < 3; block++) await chain.mine()
    assert.equal((await view(session)).status, 'complete')
  })

  test('the preset, or else the least, is asked for until the payer chooses within the bounds', async () => {
    assert.equal((await open({ customUnitMin: '500' })).amountTotal, '500')
    const session = await open({ customUnitMin: '1000', customPreset: '5000', customUnitMax: '9000' })
    assert.deepEqual([session.amountTotal, session.addresses[0]?.amountRaw], ['5000', '50'])
    assert.equal((await asPayer(api, session, 'amount', { unitAmount: '9000' })).amountTotal, '9000')
    for (const unitAmount of ['900', '9100']) {
      assert.equal(await refused(session, 'amount', { unitAmount }), '400 amount_out_of_range unitAmount')
    }
    assert.equal(await refused(session, 'amount', { unitAmount: '1001' }), '400 amount_scale unitAmount')
    assert.equal(await refused(session, 'amount', { unitAmount: '0' }), '400 amount_too_small unitAmount')
    assert.equal(await refused(session, 'amount'), '400 parameter_missing unitAmount')
    assert.equal((await view(session)).amountTotal, '9000')
  })

  test('a choice in euros is in cents, and what is due is at today’s rates', async () => {
    const session = await open({ currency: 'eur' })
    assert.equal(await refused(session, 'amount', { unitAmount: '1' }), '400 amount_scale unitAmount')
    const chosen = await asPayer(api, session, 'amount', { unitAmount: '1000000000' })
    assert.equal(chosen.amountTotal, '1000000000')
    assert.ok(chosen.addresses.length > 1 && chosen.addresses.every(({ quote }) => quote !== null))
    const again = await asPayer(api, session, 'amount', { unitAmount: '2000000000' })
    assert.deepEqual(
      again.addresses.map(({ id, quote }) => [id, quote]),
      chosen.addresses.map(({ id, quote }) => [id, quote]),
    )
  })

  test('coin that is paid for a chosen amount is looked for', async () => {
    const session = await open({ currency: 'eth' })
    await asPayer(api, session, 'amount', { unitAmount: '100000000' })
    const { rows } = await ctx.db.owner.query(
      'select coin_chains from deposit_addresses where checkout_session_id = $1',
      [session.id],
    )
    assert.deepEqual(rows, [{ coin_chains: ['80001'] }])
  })

  test('a session of fixed prices has nothing to choose', async () => {
    assert.equal(await refused(await newSession(api), 'amount', { unitAmount: '100' }), '409 amount_not_open')
  })
})

describe('details', () => {
  const address = { line1: '1 Main St', country: 'FR' }
  const field = (key: string, type: string, more: object = {}) => ({
    ...{ key, type, label: { custom: key } },
    ...more,
  })

  test('everything that is asked for is taken, and shown to the merchant', async () => {
    const session = await newSession(api, {
      nameCollection: true,
      emailCollection: true,
      phoneNumberCollection: true,
      shippingAddressCollection: true,
      billingAddressCollection: true,
      customFields: {
        fields: [
          field('engraving', 'text', { text: { minimumLength: 2, maximumLength: 5 } }),
          field('size', 'numeric', { optional: true }),
          field('color', 'dropdown', { dropdown: { options: [{ label: 'Red', value: 'red' }] } }),
        ],
      },
    })
    const missing = ['name', 'email', 'phone', 'shippingDetails.address.line1', 'shippingDetails.address.country']
    const more = ['billingDetails.address.line1', 'billingDetails.address.country', 'customFields.engraving']
    assert.deepEqual((await view(session)).missingDetails, [...missing, ...more, 'customFields.color'])
    const details = {
      ...{ name: 'Ada', email: 'ada@example.com', phone: '+33 1' },
      shippingDetails: { name: 'Bob', address },
      billingDetails: { address: { ...address, city: 'Paris' } },
    }
    const customFields = { engraving: 'A+B', size: '42', color: 'red' }
    const changed = await asPayer(api, session, 'details', { ...details, customFields })
    assert.deepEqual(changed.missingDetails, [])
    const seen = await api.ok('GET', `/checkout/sessions/${session.id}`)
    assert.deepEqual(seen.customerDetails, {
      ...{ name: 'Ada', email: 'ada@example.com', phone: '+33 1' },
      address: details.billingDetails.address,
    })
    assert.deepEqual([seen.shippingDetails, seen.billingDetails], [details.shippingDetails, details.billingDetails])
    const { fields } = seen.customFields as { fields: Record<string, { value: string }>[] }
    assert.deepEqual(
      [fields[0]?.text?.value, fields[1]?.numeric?.value, fields[2]?.dropdown?.value],
      ['A+B', '42', 'red'],
    )
    assert.equal(seen.updatedAt, session.updatedAt)
  })

  test('every problem is named: what is missing, what is not asked for, and answers that are not allowed', async () => {
    const session = await newSession(api, {
      emailCollection: true,
      customFields: {
        fields: [
          field('size', 'numeric', { numeric: { maximumLength: 2 } }),
          field('color', 'dropdown', {
            dropdown: { options: [{ label: 'Red', value: 'red' }] },
          }),
        ],
      },
    })
    const { answer } = await api.call('POST', payersPath(session, '/details'), {
      name: 'Ada',
      customFields: { size: 'XL', color: 'blue', shape: 'round' },
    })
    const { errors } = answer as { errors: { code: string; param: string }[] }
    assert.deepEqual(
      errors.map(({ code, param }) => `${code} ${param}`),
      [
        'parameter_invalid name',
        'parameter_invalid customFields.size',
        'parameter_invalid customFields.color',
        'parameter_unknown customFields.shape',
        'parameter_missing email',
      ],
    )
    assert.equal(await refused(session, 'details', { email: 'x' }), '400 email_invalid email')
    assert.deepEqual((await stored(session)).options.customerDetails, { address: {} })
  })

  test('a customer is made when the payer says who he is, once', async () => {
    const session = await newSession(api, { customerCreation: 'always', shippingAddressCollection: true })
    assert.equal(session.customerId, null)
    assert.deepEqual((await view(session)).missingDetails.slice(0, 1), ['email'])
    const details = { email: 'carol@example.com', shippingDetails: { address } }
    await asPayer(api, session, 'details', details)
    await asPayer(api, session, 'details', details)
    const { customer, customerId } = await api.ok('GET', `/checkout/sessions/${session.id}`)
    const page = await api.ok('GET', '/customers?email=carol@example.com')
    assert.deepEqual(page.data, [customer])
    assert.deepEqual(
      { id: customerId, email: 'carol@example.com', visibility: 10, shipping: { address } },
      (({ id, email, visibility, shipping }) => ({ id, email, visibility, shipping }))(
        customer as Record<string, unknown>,
      ),
    )
  })

  test('a customer that is kept up to date gets what the payer gives, and only what was said', async () => {
    const customer = await api.ok('POST', '/customers', {
      email: 'dan@example.com',
      name: 'Dan',
      address: { city: 'Rome' },
    })
    const session = await newSession(api, {
      ...{
        customerId: customer.id,
        nameCollection: true,
        billingAddressCollection: true,
        shippingAddressCollection: true,
      },
      customerUpdate: { name: 'auto', address: 'never', shipping: 'auto' },
    })
    assert.deepEqual(session.customerDetails, { name: 'Dan', email: 'dan@example.com', address: { city: 'Rome' } })
    const details = { name: 'Daniel', billingDetails: { address }, shippingDetails: { address } }
    await asPayer(api, session, 'details', details)
    const now = await api.ok('GET', `/customers/${customer.id}`)
    assert.deepEqual([now.name, now.address, now.shipping], ['Daniel', { city: 'Rome' }, { address }])
  })
})

describe('a total of zero', () => {
  test('is completed by the payer, once, with its events', async () => {
    const session = await codes()
    await asPayer(api, session, 'discount', { code: await newCode(api, { percentOff: 100 }) })
    const free = await view(session)
    assert.deepEqual([free.amountTotal, free.addresses, free.status], ['0', [], 'open'])
    const done = await asPayer(api, session, 'mark-session-complete-for-zero-amount')
    assert.deepEqual([done.status, done.paymentStatus], ['complete', 'paid'])
    assert.equal((await asPayer(api, session, 'mark-session-complete-for-zero-amount')).status, 'complete')
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.completed'])
    assert.equal(await refused(session, 'discount', { code: '' }), '409 session_not_open')
  })

  test('waits for what is asked for, and is no zero when the code goes', async () => {
    const session = await codes({ emailCollection: true })
    assert.equal(await refused(session, 'mark-session-complete-for-zero-amount'), '409 amount_not_zero')
    await asPayer(api, session, 'discount', {
      code: await newCode(api, { amountOff: '99999999999', currency: 'usdc' }),
    })
    assert.equal(await refused(session, 'mark-session-complete-for-zero-amount'), '409 details_missing email')
    await asPayer(api, session, 'details', { email: 'eve@example.com' })
    const back = await asPayer(api, session, 'discount', { code: '' })
    assert.deepEqual([back.amountTotal, back.addresses[0]?.amountRaw], ['10000000000', '100000000'])
    assert.equal(await refused(session, 'mark-session-complete-for-zero-amount'), '409 amount_not_zero')
  })

  test('a payment that completes twice at once completes once', async () => {
    const session = await newSession(api, { defaultPromotionCode: await newCode(api, { percentOff: 100 }) })
    assert.equal(session.amountTotal, '0')
    const twice = [1, 2].map(() => asPayer(api, session, 'mark-session-complete-for-zero-amount'))
    for (const { status } of await Promise.all(twice)) assert.equal(status, 'complete')
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.completed'])
  })
})

describe('when nothing can be changed any more', () => {
  const tries = [
    ['discount', { code: '' }],
    ['details', {}],
    ['amount', { unitAmount: '100' }],
    ['mark-session-complete-for-zero-amount', {}],
  ] as const

  test('a payment was seen, whatever it was', async () => {
    const session = await codes()
    await pay(session)
    for (const [route, body] of tries) assert.equal(await refused(session, route, body), '409 terms_fixed', route)
  })

  test('a payment that comes while the payer changes something meets the one or the other', async () => {
    const session = await codes()
    const found = await stored(session)
    const code = await newCode(api)
    const [changed] = await Promise.all([
      api.call('POST', payersPath(session, '/discount'), { code }),
      chain.mine(header => [paymentTo(found, header)]),
    ])
    const { amountTotal, transfers, assets } = await stored(session)
    assert.equal(transfers.length, 1)
    assert.equal(amountTotal, changed.status === 200 ? 9_000_000_000n : 10_000_000_000n)
    assert.equal(assets[0]?.amount, amountTotal)
  })

  test('its time is over', async () => {
    const session = await codes()
    ctx.clock.advance(3_600_000)
    for (const [route, body] of tries) assert.equal(await refused(session, route, body), '409 session_not_open', route)
  })

  test('there is no such session', async () => {
    const none = { id: '00000000-0000-7000-8000-000000000000' }
    for (const [route, body] of tries) assert.equal(await refused(none, route, body), '404 resource_missing', route)
    assert.equal(await refused({ id: 'x' }, 'details'), '404 resource_missing')
    assert.equal(await api.refused('PUT', payersPath(none, '/details'), {}), '405 method_not_allowed')
  })
})
