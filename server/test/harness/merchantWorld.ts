import pino from 'pino'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import type { WatchedChain } from '../../src/chain/chainNode.ts'
import type { Context } from '../../src/context.ts'
import { invariant, UpstreamError } from '../../src/domain/errors.ts'
import { type ApiCaller, openApiCaller } from './apiCaller.ts'
import { paymentTo, type RecordedChain, recordChain, type TestClock } from './fixtures.ts'
import { type FreshContext, openFreshContext } from './freshContext.ts'
import { addMember } from './teamFixtures.ts'

/** The id of one object for each kind of path, by the path with `{}` for its names: `/coupons/{}`. */
export type Ids = Readonly<Record<string, string>>

/** An organization that has at least one object of every kind; all that the API can make was made through it. */
export type Merchant = { api: ApiCaller; ids: Ids }

/** The API over a database, and a chain of hand-made blocks, with as many merchants as a test wants. */
export type MerchantWorld = {
  ctx: Context & { clock: TestClock }
  newMerchant: (name: string) => Promise<Merchant>
  /** What the program has logged as an error, each a line of JSON. */
  errors: readonly string[]
  close: () => Promise<void>
}

const CHAIN = 80001
const WALLET = `0x${'9a'.repeat(20)}`
const HOUR = 3_600_000

/** Opens a world whose chain's node knows no transaction but those of the hand-made blocks. */
export async function openMerchantWorld(): Promise<MerchantWorld> {
  const bare = await openFreshContext()
  const head = () => Promise.reject(new UpstreamError('The node is not asked.', { retryable: true }))
  const node = { sent: () => Promise.resolve(null), head } as Partial<WatchedChain> as WatchedChain
  const errors: string[] = []
  const log = pino({ level: 'error' }, { write: line => errors.push(line) })
  const ctx = { ...bare, log, nodes: new Map([[CHAIN, node]]) }
  const chain = await recordChain(ctx, CHAIN)
  return {
    ctx,
    errors,
    newMerchant: name => newMerchant(ctx, chain, name),
    close: ctx.close,
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function idOf(object: Record<string, unknown> | undefined): string {
  invariant(typeof object?.id === 'string' && UUID.test(object.id), 'an object has an id')
  return object.id
}

async function newMerchant(ctx: FreshContext, chain: RecordedChain, name: string): Promise<Merchant> {
  const api = await openApiCaller(ctx)
  const { organizationId } = api.caller
  // An operator's act, and what the dashboard does: no API key can.
  await ctx.db.owner.query('update organizations set is_partner = true where id = $1', [organizationId])
  await addMember(ctx, organizationId, `owner.${name}@example.com`, 'owner')
  const user = await addMember(ctx, organizationId, `${name}@example.com`, 'admin')
  const post = async (path: string, body?: object) => {
    ctx.clock.advance(1)
    return idOf(await api.ok('POST', path, body))
  }
  const newSession = (body: object = {}) =>
    post('/checkout/sessions', { successUrl: 'https://shop.example/ok', lineItems: [line()], ...body })
  const pay = async (session: string) => {
    const seen = await getCheckoutSession(ctx, organizationId, session)
    invariant(seen, 'the session is stored')
    await chain.mine(header => [paymentTo(seen.found, header)])
    for (let block = 0; block < 3; block++) await chain.mine()
  }
  const first = async (path: string) => idOf(((await api.ok('GET', path)).data as Record<string, unknown>[])[0])

  const endpoint = await post('/webhook-endpoints', {
    description: name,
    url: 'http://127.0.0.1:9/hook',
    enabledEvents: { events: ['*'] },
  })
  const product = await api.ok('POST', '/products', {
    name,
    defaultPriceData: { currency: 'usdc', unitAmount: '100000000' },
  })
  const customer = await post('/customers', { email: `${name}@shop.example`, customerReferenceId: name })
  const late = await newSession()
  ctx.clock.advance(3 * HOUR)
  await pay(late)
  const paid = await newSession({ customerId: customer })
  await pay(paid)
  const swept = await newSession()
  await pay(swept)
  const intent = idOf((await api.ok('GET', `/checkout/sessions/${paid}`)).paymentIntent as Record<string, unknown>)
  const ids = {
    '/users/{}': user,
    '/webhook-endpoints/{}': endpoint,
    '/products/{}': idOf(product),
    '/prices/{}': String(product.defaultPriceId),
    '/customers/{}': customer,
    '/tax-rates/{}': await post('/tax-rates', { name: 'VAT', percentage: 19 }),
    '/coupons/{}': await post('/coupons', newCoupon(name)),
    '/organization/withdrawal-addresses/{}': await post('/organization/withdrawal-addresses', newAddress(name)),
    '/invites/{}': await post('/invites', { email: `${name}@new.example`, role: 'viewer' }),
    '/api-keys/{}': await post('/api-keys', { name, type: 'secret' }),
    '/payment-links/{}': await post('/payment-links', newLink(name)),
    '/invoices/{}': await post('/invoices', { customerId: customer, lineItems: { data: [line()] } }),
    '/payment-intents/{}': intent,
    '/unmatched-payments/{}': await first('/unmatched-payments'),
    '/sweeps/{}': await post('/sweeps', { chainId: CHAIN, checkoutSessionIds: [swept] }),
    '/refunds/{}': await post('/refunds', { paymentIntentId: intent, toAddress: WALLET, amount: '100000000' }),
    '/checkout/sessions/{}': await newSession({ customerId: customer }),
    '/events/{}': await first('/events'),
    '/webhook-endpoints/{}/deliveries/{}': await first(`/webhook-endpoints/${endpoint}/deliveries`),
  }
  return { api, ids: { ...ids, '/payment-pages/for-checkout-session/{}': ids['/checkout/sessions/{}'] } }
}

function line(price: object = { currency: 'usdc', unitAmount: '1000000000', productData: { name: 'Coffee' } }) {
  return { priceData: price, quantity: 1 }
}

function newCoupon(code: string) {
  return { name: 'Ten', percentOff: 10, promotionCodeData: { data: [{ code }] } }
}

function newAddress(name: string) {
  const digits = Buffer.from(name.padEnd(20, '.').slice(0, 20)).toString('hex')
  return { name, address: `0x${digits}`, chainId: CHAIN }
}

function newLink(title: string) {
  return {
    type: 'multiple',
    title,
    amount: '500000000',
    currency: 'usdc',
    tags: [],
    nameCollection: false,
    emailCollection: false,
    phoneNumberCollection: false,
    shippingAddressCollection: false,
    billingAddressCollection: false,
    submitType: 'pay',
    afterCompletion: 'hosted_confirmation',
  }
}

/** A body that is right for an operation, naming the objects of `ids`; null where an operation takes none. `unique` is in all that must be. */
export function sampleBody(operationId: string, ids: Ids, unique: string): object | null {
  const id = (path: string) => ids[path] ?? ''
  const metadata = { order: unique }
  const priced = { priceId: id('/prices/{}'), quantity: 2, taxRateIds: [id('/tax-rates/{}')] }
  const address = { line1: 'Rue 1', city: 'Paris', postalCode: '75001', country: 'FR' }
  const person = { name: 'Ada', email: `${unique}@example.com`, phone: '+33 1', address }
  const endpoint = {
    description: 'Shop',
    url: `http://127.0.0.1:9/${unique}`,
    enabledEvents: { events: ['invoice.paid', 'refund.created'] },
  }
  const lookUp = { chainId: CHAIN, transactionHash: `0x${'ab'.repeat(32)}` }
  const bodies: Record<string, object> = {
    createCheckoutSession: {
      successUrl: 'https://shop.example/ok?s={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://shop.example/no',
      lineItems: { data: [priced, line()] },
      customerId: id('/customers/{}'),
      taxRateIds: [id('/tax-rates/{}')],
      metadata,
      paymentSetting: { preferredChainId: CHAIN, allowedChains: [{ chainId: CHAIN, blacklistCurrencies: ['dai'] }] },
      allowPromotionCodes: true,
      nameCollection: true,
      emailCollection: true,
      shippingAddressCollection: true,
      customFields: { fields: [{ key: 'size', type: 'text', label: { custom: 'Size' }, text: { maximumLength: 5 } }] },
    },
    updateCheckoutSession: { metadata },
    autoRecoverByTransactionHash: lookUp,
    autoRecoverCheckoutSession: lookUp,
    resolveUnmatchedPayment: { resolution: 'accepted' },
    createRefund: { paymentIntentId: id('/payment-intents/{}'), toAddress: WALLET, amount: '1000000', reason: 'wrong' },
    submitRefund: { transactionHash: lookUp.transactionHash },
    createSweep: { chainId: CHAIN, checkoutSessionIds: [id('/checkout/sessions/{}')] },
    createWebhookEndpoint: endpoint,
    updateWebhookEndpoint: { ...endpoint, isDisabled: false },
    markPaymentAsRefunded: { markRefundedComment: 'by hand' },
    cancelSubscription: { cancellationComment: 'bye' },
    endSubscription: { cancellationComment: 'bye' },
    updateSubscription: { priceId: id('/prices/{}'), quantity: 1 },
    createCustomerPortalSession: { customerId: id('/customers/{}') },
    resendEvent: { webhookEndpointId: id('/webhook-endpoints/{}') },
    createProduct: {
      name: 'Tea',
      description: 'Green',
      images: ['https://shop.example/tea.png'],
      url: 'https://shop.example/tea',
      metadata,
      defaultPriceData: { currency: 'eur', unitAmount: '1250000000', type: 'one_time' },
    },
    updateProduct: { name: 'Black tea', metadata, defaultPriceId: id('/prices/{}') },
    createPrice: {
      currency: 'usdc',
      unitAmount: '250000000',
      productId: id('/products/{}'),
      nickname: unique,
      metadata,
    },
    updatePrice: { nickname: unique, isActive: true, visibility: 20, metadata },
    createCustomer: { ...person, shipping: person, metadata, taxIds: { data: [{ name: 'VAT', value: 'FR1' }] } },
    updateCustomer: { name: 'Bea', address, taxIds: { data: [] }, metadata },
    createCoupon: { ...newCoupon(unique.slice(-20)), maxRedemptions: 5, metadata },
    updateCoupon: { name: 'Twenty', maxRedemptions: 9, isEnable: true },
    createTaxRate: { name: 'VAT', percentage: 7.5, country: 'DE', type: 'inclusive', metadata },
    updateTaxRate: { name: 'Tax', description: unique, isActive: true },
    createInvoice: {
      customerId: id('/customers/{}'),
      lineItems: { data: [priced] },
      taxRateIds: [id('/tax-rates/{}')],
      dueDate: '2027-01-31T12:00:00.000Z',
      customFields: { fields: [{ name: 'Order', value: unique }] },
      metadata,
    },
    updateInvoice: { description: unique, lineItems: { data: [priced] }, taxRateIds: [id('/tax-rates/{}')] },
    sendInvoice: { cc: ['cc@example.com'] },
    createQuote: { from: 'eur', to: 'usdc', amountFrom: '1000000000' },
    updateOrganization: { name: 'Shop', supportEmail: 'help@shop.example', addressDetails: address },
    updatePaymentSetting: { allowedCurrencies: ['usdc', 'dai'], preferredChainId: CHAIN, feePercentage: 1.5 },
    updateInvoiceSetting: { invoicePrefix: 'SHOP', footer: unique },
    createWithdrawalAddress: newAddress(unique),
    updateWithdrawalAddress: { name: unique },
    updateUserRole: { role: 'developer' },
    createInvite: { email: `${unique}@invited.example`, role: 'viewer' },
    createApiKey: { name: unique, type: 'restricted', scopes: ['prices:read'] },
    rollApiKey: { overlapMs: 0 },
    openAccount: { email: `${unique}@account.example`, name: 'Account', webhookEndpoints: [endpoint] },
    setPayersDiscount: { code: unique },
    setPayersDetails: { name: 'Ada', email: 'ada@example.com', shippingDetails: person, customFields: { size: 'L' } },
    setPayersAmount: { unitAmount: '100000000' },
    createPaymentLink: newLink(unique),
    updatePaymentLink: { title: unique, tags: ['summer'] },
  }
  return bodies[operationId] ?? null
}
