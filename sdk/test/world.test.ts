// A merchant's server against the whole program as a newcomer starts it: every call of the client is made at least once.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startDevWorld } from '../../server/test/harness/devWorld.ts'
import { startReceiver } from '../../server/test/harness/receiver.ts'
import { execute } from '../../server/test/harness/testDatabase.ts'
import { waitUntil } from '../../server/test/harness/waitUntil.ts'
import { Bitstream, type CheckoutSession, verifySession, verifyWebhook, type WebhookEvent } from '../src/bitstream.ts'
import { callsOf, recorded } from './calls.ts'

const CHAIN_ID = 80_001
const NOBODY = '01932c07-5a1e-7d3b-8f42-6c0a9e517b24'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const [world, shop] = await Promise.all([startDevWorld(), startReceiver()])
after(() => Promise.all([world.stop(), shop.stop()]))

const made = new Set<string>()
const bitstream = recorded(new Bitstream(world.apiKey, { baseUrl: world.apiUrl }), made)
const wallet = world.withdrawalAddresses[CHAIN_ID] ?? assert.fail('the demo merchant has a wallet')
const payer = world.payer.address

const endpoint = await bitstream.webhookEndpoints.create({
  description: 'Orders',
  url: `${shop.url}/hooks`,
  enabledEvents: { events: ['*'] },
})
const secret = endpoint.secret ?? assert.fail('a new endpoint shows its secret')

const price = { currency: 'usdc', unitAmount: 25_00000000n } as const
const lineItems = { data: [{ quantity: 1, priceData: { ...price, productData: { name: 'Tea' } } }] }
const successUrl = `${shop.url}/thanks`
const newSession = () => bitstream.checkout.sessions.create({ lineItems, successUrl, emailCollection: true })

/** The first event of this type about this object that came to the shop, checked. */
async function webhookOf<T extends WebhookEvent['type']>(type: T, id: string) {
  const { body, headers } = await shop.waitFor(({ body }) => {
    const event = JSON.parse(body.toString()) as WebhookEvent
    return event.type === type && event.data.object.id === id
  })
  const event = await verifyWebhook(body, headers, secret)
  assert.equal(event.type, type)
  return event as Extract<WebhookEvent, { type: T }>
}

async function played(
  outcome: Parameters<typeof bitstream.test.simulate>[0]['outcome'],
  isThere: (session: CheckoutSession) => boolean,
) {
  const { id } = await newSession()
  await bitstream.paymentPages.forCheckoutSession.setDetails(id, { email: 'ada@example.com' })
  const { transactionHashes } = await bitstream.test.simulate({ checkoutSessionId: id, outcome })
  const session = await waitUntil(`a session is ${outcome}`, async () => {
    const now = await bitstream.checkout.sessions.get(id)
    return isThere(now) ? now : null
  })
  return { session, transactionHash: transactionHashes[0] ?? assert.fail('a transaction') }
}

const paid = await played('paid', ({ paymentStatus }) => paymentStatus === 'paid')

test('a session proves its addresses, is paid, and its webhook is that of this server', async () => {
  const session = await newSession()
  verifySession(session, { wallets: { [CHAIN_ID]: wallet } })
  assert.throws(() => verifySession(session, { wallets: { [CHAIN_ID]: payer } }), { code: 'wallet_mismatch' })
  const event = await webhookOf('checkout_session.completed', paid.session.id)
  assert.equal(event.data.object.paymentStatus, 'paid')
  assert.equal(event.data.object.amountTotal, '2500000000')
  verifySession(event.data.object, { wallets: { [CHAIN_ID]: wallet } })
  await webhookOf('payment_intent.succeeded', paid.session.paymentIntent.id)
  const { id: ping } = endpoint
  await bitstream.webhookEndpoints.test(ping)
  assert.equal((await webhookOf('webhook_endpoint_test', ping)).object, 'webhookEndpoint')
})

test('C2.5: a payout that is changed in the database is noticed', async () => {
  const { id } = await newSession()
  const own = { wallets: { [CHAIN_ID]: wallet } }
  const theirs = `jsonb_set(payouts, '{0,receiver}', '"${payer}"')`
  await execute(
    world.databaseUrl,
    `update deposit_addresses set payouts = ${theirs} where checkout_session_id = '${id}'`,
  )
  const changed = await bitstream.checkout.sessions.get(id)
  assert.throws(() => verifySession(changed, own), { code: 'wallet_mismatch' })
  // The address is as it was, and still pays the merchant.
  const [address] = changed.addresses
  assert.ok(address)
  const payouts = address.proof.payouts.map(row => ({ ...row, receiver: wallet }))
  verifySession({ id, addresses: [{ ...address, proof: { ...address.proof, payouts } }] }, own)
})

test('checkout sessions', async () => {
  const { sessions } = bitstream.checkout
  const { id } = await newSession()
  assert.deepEqual((await sessions.update(id, { metadata: { order: '7' } })).metadata, { order: '7' })
  await sessions.expire(id)
  assert.equal((await webhookOf('checkout_session.expired', id)).data.object.status, 'expired')
  assert.equal((await sessions.getCompleted(paid.session.id)).completed, true)
  const listed = await sessions.list({ status: 'expired', ids: [id, paid.session.id] })
  assert.deepEqual(
    listed.data.map(each => each.id),
    [id],
  )
  const file = await sessions.export({ format: 'csv', paymentStatus: 'paid' })
  assert.match(await file.text(), new RegExp(paid.session.id))
  const transaction = { chainId: CHAIN_ID, transactionHash: paid.transactionHash }
  assert.ok((await sessions.autoRecover(paid.session.id, transaction)).message)
  assert.equal((await sessions.autoRecoverByTransactionHash(transaction)).id, paid.session.id)
  const part = await played('underpaid', ({ status }) => status === 'incomplete')
  assert.equal((await sessions.completePartial(part.session.id)).status, 'complete')
})

test('what a payer does', async () => {
  const pages = bitstream.paymentPages.forCheckoutSession
  const { id } = await newSession()
  assert.equal((await pages.get(id)).id, id)
  await pages.setDetails(id, { email: 'ada@example.com' })
  await assert.rejects(pages.setDiscount(id, { code: 'NONE' }), { name: 'InvalidRequestError' })
  await assert.rejects(pages.setAmount(id, { unitAmount: 1n }), { name: 'InvalidRequestError' })
  await assert.rejects(pages.markSessionCompleteForZeroAmount(id), { name: 'InvalidRequestError' })
  const stop = new AbortController()
  const stream = await pages.events(id, { signal: stop.signal })
  assert.match(stream.headers.get('content-type') ?? '', /event-stream/)
  stop.abort()
  await pages.cancel(id)
  await webhookOf('checkout_session.canceled', id)
})

test('payments, receipts and transactions', async () => {
  const { paymentIntents, transactions } = bitstream
  const { id } = paid.session.paymentIntent
  assert.equal((await paymentIntents.get(id)).status, 'succeeded')
  assert.ok((await paymentIntents.list({ status: 'succeeded' })).data.some(each => each.id === id))
  const listed = await transactions.list({ paymentIntentId: id })
  assert.equal(listed.data[0]?.transactionHash, paid.transactionHash)
  assert.equal((await paymentIntents.paymentReceipts.send(id)).paymentIntentId, id)
  const marked = await played('paid', ({ paymentStatus }) => paymentStatus === 'paid')
  const intent = marked.session.paymentIntent.id
  assert.equal((await paymentIntents.markAsRefund(intent, { markRefundedComment: 'In cash' })).isMarkRefunded, true)
})

test('refunds', async () => {
  const { refunds } = bitstream
  const toAddress = `0x${'12'.repeat(20)}`
  const body = { paymentIntentId: paid.session.paymentIntent.id, amount: 1_00000000n, toAddress }
  const refund = await refunds.create(body)
  assert.equal(refund.status, 'requires_signature')
  assert.equal((await webhookOf('refund.created', refund.id)).data.object.amount, '100000000')
  assert.deepEqual(await refunds.get(refund.id), refund)
  assert.ok((await refunds.list({ status: 'requires_signature' })).data.some(({ id }) => id === refund.id))
  assert.equal((await refunds.cancel(refund.id)).status, 'canceled')
  const other = await refunds.create(body)
  const { status } = await refunds.submit(other.id, { transactionHash: `0x${'ab'.repeat(32)}` })
  assert.equal(status, 'submitted')
})

test('balances, sweeps and unmatched payments', async () => {
  const { balances, sweeps, unmatchedPayments } = bitstream
  const all = await balances.list()
  assert.ok(all.data.some(({ chainId }) => chainId === CHAIN_ID))
  const wrong = await played('wrong_token', ({ exceptions }) => exceptions.includes('wrong_token'))
  const { data } = await unmatchedPayments.list({ checkoutSessionId: wrong.session.id })
  const stray = data[0] ?? assert.fail('an unmatched payment')
  await webhookOf('payment.unmatched', stray.id)
  const resolved = await waitUntil('the stray payment is final', () =>
    unmatchedPayments.resolve(stray.id, { resolution: 'swept' }).catch(error => {
      assert.equal(error.code, 'payment_not_final')
      return null
    }),
  )
  assert.equal(resolved.status, 'resolved')
  await sweeps.create({ chainId: CHAIN_ID })
  const swept = await sweeps.list({ chainId: CHAIN_ID })
  assert.ok(swept.data.length > 0)
})

test('webhook endpoints, deliveries and events', async () => {
  const { webhookEndpoints, events } = bitstream
  const { id } = endpoint
  assert.equal((await webhookEndpoints.get(id)).secret, null)
  assert.ok((await webhookEndpoints.list({ isDisabled: false })).data.some(each => each.id === id))
  const { data: told } = await webhookEndpoints.deliveries.list(id, { status: 'succeeded' })
  const delivery = told[0] ?? assert.fail('a delivery')
  await webhookEndpoints.deliveries.resend(id, delivery.id)
  const event = await events.get(delivery.eventId)
  assert.ok((await events.list({ type: event.type })).data.some(each => each.id === event.id))
  await events.resend(event.id, { webhookEndpointId: id })

  const other = await webhookEndpoints.create({
    description: 'Other',
    url: `${shop.url}/other`,
    enabledEvents: { events: ['invoice.paid'] },
  })
  assert.equal((await webhookEndpoints.update(other.id, { description: 'Another' })).description, 'Another')
  assert.notEqual((await webhookEndpoints.regenerate(other.id)).secret, other.secret)
  assert.equal((await webhookEndpoints.delete(other.id)).statusCode, 200)
})

test('products and prices', async () => {
  const { products, prices } = bitstream
  const product = await products.create({ name: 'Tea', defaultPriceData: price })
  assert.equal((await products.get(product.id)).name, 'Tea')
  assert.equal((await products.update(product.id, { name: 'Green tea' })).name, 'Green tea')
  assert.equal((await products.deactivate(product.id)).isActive, false)
  assert.equal((await products.activate(product.id)).isActive, true)
  assert.ok((await products.list({ isActive: true })).data.some(({ id }) => id === product.id))
  const second = await prices.create({ ...price, productId: product.id, unitAmount: '3000000000' })
  assert.equal((await prices.get(second.id)).unitAmount, '3000000000')
  assert.equal((await prices.update(second.id, { nickname: 'Large' })).nickname, 'Large')
  assert.equal((await prices.list({ productId: product.id })).data.length, 2)
  const session = await bitstream.checkout.sessions.create({
    successUrl,
    lineItems: { data: [{ priceId: second.id }] },
  })
  assert.equal(session.amountTotal, '3000000000')
  const unused = await products.create({ name: 'Unused', defaultPriceData: price })
  await products.delete(unused.id)
})

test('payment links', async () => {
  const { paymentLinks } = bitstream
  const link = await paymentLinks.create({
    type: 'multiple',
    amount: 5_00000000n,
    currency: 'usdc',
    title: 'Tea',
    tags: [],
    nameCollection: false,
    emailCollection: false,
    phoneNumberCollection: false,
    shippingAddressCollection: false,
    billingAddressCollection: false,
    submitType: 'pay',
    afterCompletion: 'hosted_confirmation',
  })
  assert.equal((await paymentLinks.get(link.id)).amount, '500000000')
  assert.equal((await paymentLinks.update(link.id, { title: 'Green tea' })).title, 'Green tea')
  assert.equal((await paymentLinks.deactivate(link.id)).isActive, false)
  assert.equal((await paymentLinks.activate(link.id)).isActive, true)
  assert.ok((await paymentLinks.list({ isActive: true })).data.some(({ id }) => id === link.id))
  assert.equal((await paymentLinks.delete(link.id)).statusCode, 200)
})

test('customers, coupons and tax rates', async () => {
  const { customers, coupons, taxRates } = bitstream
  const customer = await customers.create({ email: 'ada@example.com', name: 'Ada' })
  assert.equal((await customers.get(customer.id)).email, 'ada@example.com')
  assert.equal((await customers.update(customer.id, { name: 'Ada L.' })).name, 'Ada L.')
  assert.equal((await customers.list({ email: 'ada@example.com' })).data[0]?.id, customer.id)
  await customers.delete(customer.id)

  const coupon = await coupons.create({
    name: 'A fifth',
    percentOff: 20,
    promotionCodeData: { data: [{ code: 'FIFTH' }] },
  })
  assert.equal((await coupons.get(coupon.id)).percentOff, 20)
  assert.equal((await coupons.update(coupon.id, { name: 'One fifth' })).name, 'One fifth')
  assert.equal((await coupons.disable(coupon.id)).isEnable, false)
  assert.equal((await coupons.enable(coupon.id)).isEnable, true)
  assert.equal((await coupons.list({ searchText: 'fifth' })).data[0]?.id, coupon.id)
  assert.equal((await coupons.archive(coupon.id)).isArchived, true)

  const rate = await taxRates.create({ name: 'VAT', percentage: 19 })
  assert.equal((await taxRates.get(rate.id)).percentage, 19)
  assert.equal((await taxRates.update(rate.id, { country: 'DE' })).country, 'DE')
  assert.equal((await taxRates.deactivate(rate.id)).isActive, false)
  assert.equal((await taxRates.activate(rate.id)).isActive, true)
  assert.ok((await taxRates.list({ isActive: true })).data.some(({ id }) => id === rate.id))
})

test('invoices', async () => {
  const { invoices, customers } = bitstream
  const { id: customerId } = await customers.create({ email: 'bob@example.com', name: 'Bob' })
  const draft = async () => await invoices.create({ customerId, lineItems, dueDate: new Date(Date.now() + 86_400_000) })
  const first = await draft()
  assert.equal((await invoices.get(first.id)).status, 'draft')
  assert.equal((await invoices.update(first.id, { footer: 'Thanks' })).footer, 'Thanks')
  assert.equal((await invoices.finalize(first.id)).status, 'open')
  assert.equal((await webhookOf('invoice.finalized', first.id)).data.object.status, 'open')
  await invoices.send(first.id)
  assert.equal((await invoices.pay(first.id)).id, first.id)
  const second = await invoices.duplicate(first.id)
  await invoices.finalize(second.id)
  assert.equal((await invoices.void(second.id)).status, 'void')
  const third = await draft()
  await invoices.finalize(third.id)
  assert.equal((await invoices.markUncollectible(third.id)).status, 'uncollectible')
  const fourth = await draft()
  await invoices.delete(fourth.id)
  const due = await invoices.list({ customerId, dueDate: { gt: new Date() } })
  assert.ok(due.data.length >= 2)
})

test('chains, assets, rates and quotes', async () => {
  const { chains, assets, quotes, constants } = bitstream
  assert.equal((await chains.get(CHAIN_ID)).id, CHAIN_ID)
  assert.ok((await chains.list()).data.some(({ id }) => id === CHAIN_ID))
  const [asset] = (await assets.list()).data
  assert.ok(asset)
  assert.deepEqual(await assets.get(asset.id), asset)
  assert.equal((await quotes.create({ from: 'usd', to: 'usdc', amountFrom: 10_00000000n })).amountFrom, '1000000000')
  assert.ok((await constants.prices({ currency: 'usdc' })).prices.length > 0)
})

test('the organization, its pictures, settings and wallets', async () => {
  const { organization, storage } = bitstream
  const image = new Blob([PNG], { type: 'image/png' })
  assert.match((await storage.upload('product_image', { image })).imageUrl, /^http/)
  const { name } = await organization.get()
  assert.equal((await organization.update({ name })).name, name)
  assert.equal((await organization.updateBrand({ brandLogo: image, brandColor: '#112233' })).brandColor, '#112233')
  await organization.deleteBrandLogo()
  const { slippagePercentage } = await organization.paymentSetting.get()
  assert.equal(
    (await organization.paymentSetting.update({ slippagePercentage })).slippagePercentage,
    slippagePercentage,
  )
  assert.ok(await organization.invoiceSetting.get())
  assert.equal((await organization.invoiceSetting.update({ footer: 'Thanks' })).footer, 'Thanks')
  const wallets = organization.withdrawalAddresses
  const [saved] = await wallets.list()
  assert.equal(saved?.address, wallet)
  assert.deepEqual(await wallets.get(saved.id), saved)
  const other = await wallets.create({ name: 'Till', address: payer, chainId: CHAIN_ID })
  assert.equal((await webhookOf('withdrawal_address.created', other.id)).data.object.address, payer)
  assert.equal((await wallets.update(other.id, { name: 'Shop' })).name, 'Shop')
  await wallets.markAsDefault(other.id)
  assert.equal((await wallets.get(other.id)).isDefault, true)
  await wallets.markAsDefault(saved.id)
  assert.equal((await wallets.delete(other.id)).statusCode, 200)
})

test('people, invites, keys and partners', async () => {
  const { auth, users, invites, apiKeys, partners } = bitstream
  const me = await auth.me()
  assert.ok(me.organization.id)
  const all = await users.list()
  const [user] = all
  assert.ok(user)
  await assert.rejects(users.updateRole(NOBODY, { role: 'viewer' }), { code: 'resource_missing' })
  await assert.rejects(users.delete(NOBODY), { code: 'resource_missing' })
  const invite = await invites.create({ email: 'grace@example.com', role: 'viewer' })
  assert.ok((await invites.list()).some(({ id }) => id === invite.id))
  await invites.resend(invite.id)
  await invites.delete(invite.id)
  const key = await apiKeys.create({ name: 'Till', type: 'restricted', scopes: ['products:read'] })
  const till = new Bitstream(key.token ?? '', { baseUrl: world.apiUrl })
  await till.products.list({ limit: 1 })
  await assert.rejects(newProduct(till), { name: 'PermissionError', statusCode: 403 })
  const rolled = await apiKeys.roll(key.id, { overlapMs: 0 })
  assert.ok((await apiKeys.list()).data.some(({ id }) => id === rolled.id))
  await apiKeys.delete(rolled.id)
  const notPartner = { name: 'PermissionError', code: 'partner_only' }
  await assert.rejects(partners.accounts.onboard({ email: 'partner@example.com', name: 'Partner' }), notPartner)
  await assert.rejects(async () => await partners.accounts.list({ emails: 'partner@example.com' }), notPartner)
})

async function newProduct(client: Bitstream) {
  return await client.products.create({ name: 'Tea', defaultPriceData: price })
}

test('subscriptions are known by name, and there are none', async () => {
  const { subscriptions, customerPortal } = bitstream
  assert.deepEqual((await subscriptions.list({ startDate: { gt: new Date(0) } })).data, [])
  const missing = { statusCode: 404 }
  await assert.rejects(subscriptions.get(NOBODY), missing)
  await assert.rejects(subscriptions.cancel(NOBODY), missing)
  await assert.rejects(subscriptions.resume(NOBODY), missing)
  await assert.rejects(subscriptions.end(NOBODY), missing)
  await assert.rejects(subscriptions.pause(NOBODY), missing)
  await assert.rejects(subscriptions.update(NOBODY, { priceId: NOBODY }), missing)
  await assert.rejects(customerPortal.sessions.create({ customerId: NOBODY }), { name: 'InvalidRequestError' })
})

test('the test world', async () => {
  const gift = await bitstream.test.faucet({ address: payer, currency: 'usdc', chainId: CHAIN_ID })
  assert.equal(gift.address, payer)
  assert.equal((await bitstream.test.advanceClock({ advanceMs: 1 })).advancedMs, 1)
})

test('every call of the client was made', () => {
  assert.deepEqual(
    callsOf(bitstream).filter(name => !made.has(name)),
    [],
  )
})
