// Written by npm run generate, from server/openapi.json.

import { type CallOptions, type ClientOptions, createSend, type Send } from './client.ts'
import { type List, listOf } from './pages.ts'
import type {
  AdvanceClock,
  Balance,
  Chain,
  CheckoutSession,
  CheckoutSessionCompleted,
  CheckoutSessionSlim,
  CreateCustomer,
  CreateQuote,
  CreateRefund,
  CreateSession,
  CreateSweep,
  CreateTaxRate,
  CreateWebhookEndpoint,
  CurrencyPrices,
  Customer,
  Delivery,
  Event,
  Faucet,
  ListedAsset,
  Quote,
  Refund,
  RequestAutoRecoverCheckoutSession,
  ResendEvent,
  ResolveUnmatchedPayment,
  Simulate,
  Simulation,
  StorageFile,
  SubmitRefund,
  Success,
  Sweep,
  TaxRate,
  TestClock,
  UnmatchedPayment,
  UpdateCheckoutSession,
  UpdateCustomer,
  UpdateTaxRate,
  UpdateWebhookEndpoint,
  UseFaucet,
  WebhookEndpoint,
} from './types.ts'

async function json<T>(sent: Promise<Response>): Promise<T> {
  return (await (await sent).json()) as T
}

const checkoutOf = (send: Send) => ({
  sessions: {
    /** Create a checkout session. */
    create: (body: CreateSession, options?: CallOptions): Promise<CheckoutSession> =>
      json(send({ method: 'POST', path: '/checkout/sessions', body, options })),
    /** List checkout sessions, newest first. */
    list: (
      query: {
        page?: number | undefined
        limit?: number | undefined
        startingAfter?: string | undefined
        ids?: string | undefined
        'createdAt[gt]'?: string | Date | undefined
        'createdAt[gte]'?: string | Date | undefined
        'createdAt[lt]'?: string | Date | undefined
        'createdAt[lte]'?: string | Date | undefined
        'createdAt[isnull]'?: 'true' | 'false' | undefined
        'createdAt[notnull]'?: 'true' | 'false' | undefined
        paymentLinkId?: string | undefined
        subscriptionId?: string | undefined
        invoiceId?: string | undefined
        customerId?: string | undefined
        couponId?: string | undefined
        mode?: 'payment' | 'subscription' | undefined
        paymentMethodTypes?:
          | 'superfluid'
          | 'wallet'
          | 'allowance_based_recurring'
          | 'stripe'
          | 'binance_pay'
          | undefined
        status?: 'open' | 'complete' | 'incomplete' | 'expired' | undefined
        paymentStatus?: 'unpaid' | 'paid' | undefined
      } = {},
      options?: CallOptions,
    ): List<CheckoutSessionSlim> =>
      listOf(more => json(send({ method: 'GET', path: '/checkout/sessions', query: { ...query, ...more }, options }))),
    /** Get a checkout session. */
    get: (id: string, options?: CallOptions): Promise<CheckoutSession> =>
      json(send({ method: 'GET', path: `/checkout/sessions/${encodeURIComponent(id)}`, options })),
    /** Replace a checkout session's metadata. */
    update: (id: string, body: UpdateCheckoutSession, options?: CallOptions): Promise<CheckoutSession> =>
      json(send({ method: 'PUT', path: `/checkout/sessions/${encodeURIComponent(id)}`, body, options })),
    /** Close an open checkout session now. */
    expire: (id: string, options?: CallOptions): Promise<CheckoutSession> =>
      json(send({ method: 'POST', path: `/checkout/sessions/${encodeURIComponent(id)}/expire`, options })),
    /** Whether a checkout session is complete: the cheap poll. */
    completedWebhookDelivered: (id: string, options?: CallOptions): Promise<CheckoutSessionCompleted> =>
      json(
        send({
          method: 'GET',
          path: `/checkout/sessions/${encodeURIComponent(id)}/completed_webhook_delivered`,
          options,
        }),
      ),
    /** Look a transaction up and count what it pays; answers the first session that it pays. */
    autoRecoverByTransactionHash: (
      body: RequestAutoRecoverCheckoutSession,
      options?: CallOptions,
    ): Promise<CheckoutSession> =>
      json(send({ method: 'POST', path: '/checkout/sessions/auto-recover-by-transaction-hash', body, options })),
    /** Look a transaction up and count what it pays to this checkout session. */
    autoRecover: (id: string, body: RequestAutoRecoverCheckoutSession, options?: CallOptions): Promise<Success> =>
      json(send({ method: 'POST', path: `/checkout/sessions/${encodeURIComponent(id)}/auto-recover`, body, options })),
    /** Accept an incomplete checkout session for what was received. */
    completePartialCheckoutSession: (id: string, options?: CallOptions): Promise<CheckoutSession> =>
      json(
        send({
          method: 'POST',
          path: `/checkout/sessions/${encodeURIComponent(id)}/complete-partial-checkout-session`,
          options,
        }),
      ),
  },
})

const unmatchedPaymentsOf = (send: Send) => ({
  /** List payments that do not count for their session, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      status?: 'open' | 'resolved' | undefined
      reason?: 'duplicate' | 'late' | 'wrong_token' | 'wrong_chain' | undefined
      checkoutSessionId?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<UnmatchedPayment> =>
    listOf(more => json(send({ method: 'GET', path: '/unmatched-payments', query: { ...query, ...more }, options }))),
  /** Decide what became of an unmatched payment. */
  resolve: (id: string, body: ResolveUnmatchedPayment, options?: CallOptions): Promise<UnmatchedPayment> =>
    json(send({ method: 'POST', path: `/unmatched-payments/${encodeURIComponent(id)}/resolve`, body, options })),
})

const refundsOf = (send: Send) => ({
  /** Prepare a refund for your own wallet to send. */
  create: (body: CreateRefund, options?: CallOptions): Promise<Refund> =>
    json(send({ method: 'POST', path: '/refunds', body, options })),
  /** List refunds, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      paymentIntentId?: string | undefined
      status?: 'requires_signature' | 'submitted' | 'succeeded' | 'failed' | 'canceled' | undefined
    } = {},
    options?: CallOptions,
  ): List<Refund> =>
    listOf(more => json(send({ method: 'GET', path: '/refunds', query: { ...query, ...more }, options }))),
  /** Get a refund. */
  get: (id: string, options?: CallOptions): Promise<Refund> =>
    json(send({ method: 'GET', path: `/refunds/${encodeURIComponent(id)}`, options })),
  /** Name the transaction that your wallet sent. */
  submit: (id: string, body: SubmitRefund, options?: CallOptions): Promise<Refund> =>
    json(send({ method: 'POST', path: `/refunds/${encodeURIComponent(id)}/submit`, body, options })),
  /** Give up a refund that was not sent. */
  cancel: (id: string, options?: CallOptions): Promise<Refund> =>
    json(send({ method: 'POST', path: `/refunds/${encodeURIComponent(id)}/cancel`, options })),
})

const balancesOf = (send: Send) => ({
  /** List what was paid in each asset, and where it is. */
  list: (
    query: { page?: number | undefined; limit?: number | undefined } = {},
    options?: CallOptions,
  ): Promise<{
    page: number
    limit: number
    count: number
    hasMore: boolean
    query: {
      page: number
      limit: number
      createdAt?:
        | {
            gt?: string | undefined
            gte?: string | undefined
            lt?: string | undefined
            lte?: string | undefined
            isNull?: boolean | undefined
          }
        | undefined
    }
    data: Balance[]
  }> => json(send({ method: 'GET', path: '/balances', query, options })),
})

const sweepsOf = (send: Send) => ({
  /** Sweep as many final payments as one transaction can; again, until there is nothing to sweep. */
  create: (body: CreateSweep, options?: CallOptions): Promise<Sweep> =>
    json(send({ method: 'POST', path: '/sweeps', body, options })),
  /** List sweeps, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      chainId?: number | undefined
      status?: 'planned' | 'submitted' | 'succeeded' | 'failed' | undefined
    } = {},
    options?: CallOptions,
  ): List<Sweep> =>
    listOf(more => json(send({ method: 'GET', path: '/sweeps', query: { ...query, ...more }, options }))),
})

const webhookEndpointsOf = (send: Send) => ({
  /** Create a webhook endpoint; only this answer shows its secret. */
  create: (body: CreateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint> =>
    json(send({ method: 'POST', path: '/webhook-endpoints', body, options })),
  /** List webhook endpoints, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      isDisabled?: 'true' | 'false' | undefined
    } = {},
    options?: CallOptions,
  ): List<WebhookEndpoint> =>
    listOf(more => json(send({ method: 'GET', path: '/webhook-endpoints', query: { ...query, ...more }, options }))),
  /** Get a webhook endpoint. */
  get: (id: string, options?: CallOptions): Promise<WebhookEndpoint> =>
    json(send({ method: 'GET', path: `/webhook-endpoints/${encodeURIComponent(id)}`, options })),
  /** Change, disable or enable a webhook endpoint. */
  update: (id: string, body: UpdateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint> =>
    json(send({ method: 'PUT', path: `/webhook-endpoints/${encodeURIComponent(id)}`, body, options })),
  /** Delete a webhook endpoint. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    json(send({ method: 'DELETE', path: `/webhook-endpoints/${encodeURIComponent(id)}`, options })),
  /** Replace the secret; the old one keeps signing beside it for 24 hours. */
  regenerate: (id: string, options?: CallOptions): Promise<WebhookEndpoint> =>
    json(send({ method: 'POST', path: `/webhook-endpoints/${encodeURIComponent(id)}/regenerate`, options })),
  /** Send the event webhook_endpoint_test to this endpoint. */
  test: (id: string, options?: CallOptions): Promise<Success> =>
    json(send({ method: 'POST', path: `/webhook-endpoints/${encodeURIComponent(id)}/test`, options })),
  deliveries: {
    /** List the deliveries to an endpoint, newest first. */
    list: (
      id: string,
      query: {
        page?: number | undefined
        limit?: number | undefined
        startingAfter?: string | undefined
        ids?: string | undefined
        'createdAt[gt]'?: string | Date | undefined
        'createdAt[gte]'?: string | Date | undefined
        'createdAt[lt]'?: string | Date | undefined
        'createdAt[lte]'?: string | Date | undefined
        'createdAt[isnull]'?: 'true' | 'false' | undefined
        'createdAt[notnull]'?: 'true' | 'false' | undefined
        status?: 'pending' | 'succeeded' | 'failed' | undefined
        eventId?: string | undefined
      } = {},
      options?: CallOptions,
    ): List<Delivery> =>
      listOf(more =>
        json(
          send({
            method: 'GET',
            path: `/webhook-endpoints/${encodeURIComponent(id)}/deliveries`,
            query: { ...query, ...more },
            options,
          }),
        ),
      ),
    /** Make a delivery once more, with the same webhook-id. */
    resend: (id: string, deliveryId: string, options?: CallOptions): Promise<Delivery> =>
      json(
        send({
          method: 'POST',
          path: `/webhook-endpoints/${encodeURIComponent(id)}/deliveries/${encodeURIComponent(deliveryId)}/resend`,
          options,
        }),
      ),
  },
})

const eventsOf = (send: Send) => ({
  /** List the events of the last 30 days, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      type?:
        | 'checkout_session.completed'
        | 'checkout_session.expired'
        | 'checkout_session.canceled'
        | 'checkout_session.processing'
        | 'checkout_session.incomplete'
        | 'checkout_session.reverted'
        | 'checkout_session.exception'
        | 'payment_intent.succeeded'
        | 'payment_intent.processing'
        | 'payment_intent.payment_failed'
        | 'payment_intent.canceled'
        | 'payment.unmatched'
        | 'customer.subscription.created'
        | 'customer.subscription.started'
        | 'customer.subscription.updated'
        | 'customer.subscription.deleted'
        | 'customer.subscription.past_due'
        | 'customer.subscription.unpaid'
        | 'customer.subscription.incomplete_expired'
        | 'customer.subscription.paused'
        | 'customer.subscription.resumed'
        | 'invoice.finalized'
        | 'invoice.sent'
        | 'invoice.paid'
        | 'invoice.marked_as_paid'
        | 'invoice.marked_uncollectible'
        | 'invoice.payment_failed'
        | 'invoice.voided'
        | 'invoice.overdue'
        | 'refund.created'
        | 'refund.succeeded'
        | 'refund.failed'
        | 'sweep.succeeded'
        | 'sweep.failed'
        | 'withdrawal_address.created'
        | 'withdrawal_address.updated'
        | 'withdrawal_address.deleted'
        | 'chain.degraded'
        | 'chain.recovered'
        | 'webhook_endpoint_test'
        | undefined
      deliverySuccess?: 'true' | 'false' | undefined
    } = {},
    options?: CallOptions,
  ): List<Event> =>
    listOf(more => json(send({ method: 'GET', path: '/events', query: { ...query, ...more }, options }))),
  /** Get an event of the last 30 days. */
  get: (id: string, options?: CallOptions): Promise<Event> =>
    json(send({ method: 'GET', path: `/events/${encodeURIComponent(id)}`, options })),
  /** Tell an event once more, with the same webhook-id. */
  resend: (id: string, body?: ResendEvent, options?: CallOptions): Promise<Event> =>
    json(send({ method: 'POST', path: `/events/${encodeURIComponent(id)}/resend`, body, options })),
})

const customersOf = (send: Send) => ({
  /** Create a customer. */
  create: (body: CreateCustomer, options?: CallOptions): Promise<Customer> =>
    json(send({ method: 'POST', path: '/customers', body, options })),
  /** List customers, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      visibility?: '10' | '20' | undefined
      email?: string | undefined
      customerReferenceId?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<Customer> =>
    listOf(more => json(send({ method: 'GET', path: '/customers', query: { ...query, ...more }, options }))),
  /** Get a customer. */
  get: (id: string, options?: CallOptions): Promise<Customer> =>
    json(send({ method: 'GET', path: `/customers/${encodeURIComponent(id)}`, options })),
  /** Change a customer; tax ids that are given replace all there are. */
  update: (id: string, body: UpdateCustomer, options?: CallOptions): Promise<Customer> =>
    json(send({ method: 'PUT', path: `/customers/${encodeURIComponent(id)}`, body, options })),
  /** Delete a customer; sessions and invoices that name it stay. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    json(send({ method: 'DELETE', path: `/customers/${encodeURIComponent(id)}`, options })),
})

const taxRatesOf = (send: Send) => ({
  /** Create a tax rate; its percentage and type never change. */
  create: (body: CreateTaxRate, options?: CallOptions): Promise<TaxRate> =>
    json(send({ method: 'POST', path: '/tax-rates', body, options })),
  /** List tax rates, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
      isActive?: 'true' | 'false' | undefined
    } = {},
    options?: CallOptions,
  ): List<TaxRate> =>
    listOf(more => json(send({ method: 'GET', path: '/tax-rates', query: { ...query, ...more }, options }))),
  /** Get a tax rate. */
  get: (id: string, options?: CallOptions): Promise<TaxRate> =>
    json(send({ method: 'GET', path: `/tax-rates/${encodeURIComponent(id)}`, options })),
  /** Change what a tax rate is called, or whether new carts may have it. */
  update: (id: string, body: UpdateTaxRate, options?: CallOptions): Promise<TaxRate> =>
    json(send({ method: 'PUT', path: `/tax-rates/${encodeURIComponent(id)}`, body, options })),
  /** Let new carts have the tax rate. */
  activate: (id: string, options?: CallOptions): Promise<TaxRate> =>
    json(send({ method: 'PUT', path: `/tax-rates/${encodeURIComponent(id)}/activate`, options })),
  /** Keep the tax rate from new carts. */
  deactivate: (id: string, options?: CallOptions): Promise<TaxRate> =>
    json(send({ method: 'PUT', path: `/tax-rates/${encodeURIComponent(id)}/deactivate`, options })),
})

const chainsOf = (send: Send) => ({
  /** List the networks that are served. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
    } = {},
    options?: CallOptions,
  ): List<Chain> =>
    listOf(more => json(send({ method: 'GET', path: '/chains', query: { ...query, ...more }, options }))),
  /** Get a network by its chain id. */
  get: (id: string, options?: CallOptions): Promise<Chain> =>
    json(send({ method: 'GET', path: `/chains/${encodeURIComponent(id)}`, options })),
})

const assetsOf = (send: Send) => ({
  /** List the coins that sessions can be paid in. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | undefined
      'createdAt[gt]'?: string | Date | undefined
      'createdAt[gte]'?: string | Date | undefined
      'createdAt[lt]'?: string | Date | undefined
      'createdAt[lte]'?: string | Date | undefined
      'createdAt[isnull]'?: 'true' | 'false' | undefined
      'createdAt[notnull]'?: 'true' | 'false' | undefined
    } = {},
    options?: CallOptions,
  ): List<ListedAsset> =>
    listOf(more => json(send({ method: 'GET', path: '/assets', query: { ...query, ...more }, options }))),
  /** Get a coin of a network. */
  get: (id: string, options?: CallOptions): Promise<ListedAsset> =>
    json(send({ method: 'GET', path: `/assets/${encodeURIComponent(id)}`, options })),
})

const quotesOf = (send: Send) => ({
  /** Get what an amount of one currency is in another, for a minute. */
  create: (body: CreateQuote, options?: CallOptions): Promise<Quote> =>
    json(send({ method: 'POST', path: '/quotes', body, options })),
})

const constantsOf = (send: Send) => ({
  /** Get the prices of coins in US dollars. */
  prices: (
    query: {
      currency?:
        | 'usdc'
        | 'usdt'
        | 'dai'
        | 'eth'
        | 'btc'
        | 'matic'
        | 'pol'
        | 'bnb'
        | 'eurc'
        | 'pyusd'
        | 'usd'
        | 'eur'
        | 'gbp'
        | 'cad'
        | 'aud'
        | 'sgd'
        | 'inr'
        | undefined
    } = {},
    options?: CallOptions,
  ): Promise<CurrencyPrices> => json(send({ method: 'GET', path: '/constants/prices', query, options })),
})

const storageOf = (send: Send) => ({
  /** Upload a picture: PNG, JPEG or WebP of at most 5 MB and 4096 pixels a side. */
  upload: (storageType: string, body: FormData, options?: CallOptions): Promise<StorageFile> =>
    json(send({ method: 'POST', path: `/storage/files/${encodeURIComponent(storageType)}`, body, options })),
})

const testOf = (send: Send) => ({
  /** Get test coins. */
  faucet: (body: UseFaucet, options?: CallOptions): Promise<Faucet> =>
    json(send({ method: 'POST', path: '/test/faucet', body, options })),
  /** Play an outcome on the local chain. */
  simulate: (body: Simulate, options?: CallOptions): Promise<Simulation> =>
    json(send({ method: 'POST', path: '/test/simulate', body, options })),
  /** Move the clock of the server and of its chains forward. */
  clock: (body: AdvanceClock, options?: CallOptions): Promise<TestClock> =>
    json(send({ method: 'POST', path: '/test/clock', body, options })),
})

/** A client of one server for one organization: `new Bitstream('sk_test_…', { baseUrl: 'https://pay.example.com' })`. */
export class Bitstream {
  readonly checkout: ReturnType<typeof checkoutOf>
  readonly unmatchedPayments: ReturnType<typeof unmatchedPaymentsOf>
  readonly refunds: ReturnType<typeof refundsOf>
  readonly balances: ReturnType<typeof balancesOf>
  readonly sweeps: ReturnType<typeof sweepsOf>
  readonly webhookEndpoints: ReturnType<typeof webhookEndpointsOf>
  readonly events: ReturnType<typeof eventsOf>
  readonly customers: ReturnType<typeof customersOf>
  readonly taxRates: ReturnType<typeof taxRatesOf>
  readonly chains: ReturnType<typeof chainsOf>
  readonly assets: ReturnType<typeof assetsOf>
  readonly quotes: ReturnType<typeof quotesOf>
  readonly constants: ReturnType<typeof constantsOf>
  readonly storage: ReturnType<typeof storageOf>
  readonly test: ReturnType<typeof testOf>

  constructor(apiKey: string, options: ClientOptions) {
    const send = createSend(apiKey, options)
    this.checkout = checkoutOf(send)
    this.unmatchedPayments = unmatchedPaymentsOf(send)
    this.refunds = refundsOf(send)
    this.balances = balancesOf(send)
    this.sweeps = sweepsOf(send)
    this.webhookEndpoints = webhookEndpointsOf(send)
    this.events = eventsOf(send)
    this.customers = customersOf(send)
    this.taxRates = taxRatesOf(send)
    this.chains = chainsOf(send)
    this.assets = assetsOf(send)
    this.quotes = quotesOf(send)
    this.constants = constantsOf(send)
    this.storage = storageOf(send)
    this.test = testOf(send)
  }
}
