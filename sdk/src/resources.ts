// Written by npm run generate, from server/openapi.json.

import { type CallOptions, type ClientOptions, createSend, type Send } from './client.ts'
import { type List, listOf } from './pages.ts'
import type {
  AccountOnboard,
  AccountOnboardResponse,
  AdvanceClock,
  ApiKey,
  Asset,
  AuthUser,
  Balance,
  Chain,
  CheckoutSession,
  CheckoutSessionCompleted,
  CheckoutSessionSlim,
  Coupon,
  CreateApiKey,
  CreateCoupon,
  CreateCustomer,
  CreateCustomerPortalSession,
  CreateInvoice,
  CreatePaymentLink,
  CreatePrice,
  CreateProduct,
  CreateQuote,
  CreateRefund,
  CreateSession,
  CreateSweep,
  CreateTaxRate,
  CreateWebhookEndpoint,
  CreateWithdrawalAddress,
  CurrencyPrices,
  Customer,
  CustomerPortalSession,
  Delivery,
  Event,
  Faucet,
  InviteUser,
  Invoice,
  InvoiceSend,
  InvoiceSetting,
  MarkPaymentAsRefunded,
  Organization,
  PaginationFilter,
  PaymentIntent,
  PaymentLink,
  PaymentPage,
  PaymentReceipt,
  PaymentSetting,
  Price,
  Product,
  Quote,
  Refund,
  RequestAutoRecoverCheckoutSession,
  ResendEvent,
  ResolveUnmatchedPayment,
  RollApiKey,
  SetAmount,
  SetDetails,
  SetDiscount,
  Simulate,
  Simulation,
  StorageFile,
  SubmitRefund,
  Subscription,
  SubscriptionCancel,
  Success,
  Sweep,
  TaxRate,
  TestClock,
  Transaction,
  UnmatchedPayment,
  UpdateBrand,
  UpdateCheckoutSession,
  UpdateCoupon,
  UpdateCustomer,
  UpdateInvoice,
  UpdateInvoiceSetting,
  UpdateOrganization,
  UpdateOrganizationPaymentSetting,
  UpdatePaymentLink,
  UpdatePrice,
  UpdateProduct,
  UpdateSubscription,
  UpdateTaxRate,
  UpdateUserRole,
  UpdateWebhookEndpoint,
  UpdateWithdrawalAddress,
  UseFaucet,
  User,
  UserInvite,
  WebhookEndpoint,
  WithdrawalAddress,
} from './types.ts'

const checkoutOf = (send: Send) => ({
  sessions: {
    /** Download checkout sessions as a spreadsheet, newest first. */
    export: (
      query: {
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
        receivedCurrency?:
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
          | undefined
        receivedChainId?: number | undefined
        search?: string | undefined
        from?: string | Date | undefined
        to?: string | Date | undefined
        format?: 'csv' | 'xlsx' | undefined
      } = {},
      options?: CallOptions,
    ): Promise<Response> => send.file({ method: 'GET', path: ['checkout', 'sessions', 'export'], query, options }),
    /** Create a checkout session. */
    create: (body: CreateSession, options?: CallOptions): Promise<CheckoutSession> =>
      send.json({ method: 'POST', path: ['checkout', 'sessions'], body, options }),
    /** List checkout sessions, newest first. */
    list: (
      query: {
        page?: number | undefined
        limit?: number | undefined
        startingAfter?: string | undefined
        ids?: string | readonly string[] | undefined
        createdAt?:
          | {
              gt?: string | Date | undefined
              gte?: string | Date | undefined
              lt?: string | Date | undefined
              lte?: string | Date | undefined
              isnull?: boolean | undefined
              notnull?: boolean | undefined
            }
          | undefined
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
        receivedCurrency?:
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
          | undefined
        receivedChainId?: number | undefined
        search?: string | undefined
      } = {},
      options?: CallOptions,
    ): List<CheckoutSessionSlim> =>
      listOf(more =>
        send.json({ method: 'GET', path: ['checkout', 'sessions'], query: { ...query, ...more }, options }),
      ),
    /** Get a checkout session. */
    get: (id: string, options?: CallOptions): Promise<CheckoutSession> =>
      send.json({ method: 'GET', path: ['checkout', 'sessions', id], options }),
    /** Replace a checkout session's metadata. */
    update: (id: string, body: UpdateCheckoutSession, options?: CallOptions): Promise<CheckoutSession> =>
      send.json({ method: 'PUT', path: ['checkout', 'sessions', id], body, options }),
    /** Close an open checkout session now. */
    expire: (id: string, options?: CallOptions): Promise<CheckoutSession> =>
      send.json({ method: 'POST', path: ['checkout', 'sessions', id, 'expire'], options }),
    /** Whether a checkout session is complete: the cheap poll. */
    getCompleted: (id: string, options?: CallOptions): Promise<CheckoutSessionCompleted> =>
      send.json({ method: 'GET', path: ['checkout', 'sessions', id, 'completed_webhook_delivered'], options }),
    /** Look a transaction up and count what it pays; answers the first session that it pays. */
    autoRecoverByTransactionHash: (
      body: RequestAutoRecoverCheckoutSession,
      options?: CallOptions,
    ): Promise<CheckoutSession> =>
      send.json({ method: 'POST', path: ['checkout', 'sessions', 'auto-recover-by-transaction-hash'], body, options }),
    /** Look a transaction up and count what it pays to this checkout session. */
    autoRecover: (id: string, body: RequestAutoRecoverCheckoutSession, options?: CallOptions): Promise<Success> =>
      send.json({ method: 'POST', path: ['checkout', 'sessions', id, 'auto-recover'], body, options }),
    /** Accept an incomplete checkout session for what was received. */
    completePartial: (id: string, options?: CallOptions): Promise<CheckoutSession> =>
      send.json({ method: 'POST', path: ['checkout', 'sessions', id, 'complete-partial-checkout-session'], options }),
  },
})

const unmatchedPaymentsOf = (send: Send) => ({
  /** List payments that do not count for their session, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      status?: 'open' | 'resolved' | undefined
      reason?: 'duplicate' | 'late' | 'wrong_token' | 'wrong_chain' | undefined
      checkoutSessionId?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<UnmatchedPayment> =>
    listOf(more => send.json({ method: 'GET', path: ['unmatched-payments'], query: { ...query, ...more }, options })),
  /** Decide what became of an unmatched payment. */
  resolve: (id: string, body: ResolveUnmatchedPayment, options?: CallOptions): Promise<UnmatchedPayment> =>
    send.json({ method: 'POST', path: ['unmatched-payments', id, 'resolve'], body, options }),
})

const refundsOf = (send: Send) => ({
  /** Prepare a refund for your own wallet to send. */
  create: (body: CreateRefund, options?: CallOptions): Promise<Refund> =>
    send.json({ method: 'POST', path: ['refunds'], body, options }),
  /** List refunds, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      paymentIntentId?: string | undefined
      status?: 'requires_signature' | 'submitted' | 'succeeded' | 'failed' | 'canceled' | undefined
    } = {},
    options?: CallOptions,
  ): List<Refund> =>
    listOf(more => send.json({ method: 'GET', path: ['refunds'], query: { ...query, ...more }, options })),
  /** Get a refund. */
  get: (id: string, options?: CallOptions): Promise<Refund> =>
    send.json({ method: 'GET', path: ['refunds', id], options }),
  /** Name the transaction that your wallet sent. */
  submit: (id: string, body: SubmitRefund, options?: CallOptions): Promise<Refund> =>
    send.json({ method: 'POST', path: ['refunds', id, 'submit'], body, options }),
  /** Give up a refund that was not sent. */
  cancel: (id: string, options?: CallOptions): Promise<Refund> =>
    send.json({ method: 'POST', path: ['refunds', id, 'cancel'], options }),
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
    query: PaginationFilter
    data: Balance[]
  }> => send.json({ method: 'GET', path: ['balances'], query, options }),
})

const sweepsOf = (send: Send) => ({
  /** Sweep as many final payments as one transaction can; again, until there is nothing to sweep. */
  create: (body: CreateSweep, options?: CallOptions): Promise<Sweep> =>
    send.json({ method: 'POST', path: ['sweeps'], body, options }),
  /** List sweeps, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      chainId?: number | undefined
      status?: 'planned' | 'submitted' | 'succeeded' | 'failed' | undefined
    } = {},
    options?: CallOptions,
  ): List<Sweep> =>
    listOf(more => send.json({ method: 'GET', path: ['sweeps'], query: { ...query, ...more }, options })),
})

const webhookEndpointsOf = (send: Send) => ({
  /** Create a webhook endpoint; only this answer shows its secret. */
  create: (body: CreateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint> =>
    send.json({ method: 'POST', path: ['webhook-endpoints'], body, options }),
  /** List webhook endpoints, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      isDisabled?: boolean | undefined
    } = {},
    options?: CallOptions,
  ): List<WebhookEndpoint> =>
    listOf(more => send.json({ method: 'GET', path: ['webhook-endpoints'], query: { ...query, ...more }, options })),
  /** Get a webhook endpoint. */
  get: (id: string, options?: CallOptions): Promise<WebhookEndpoint> =>
    send.json({ method: 'GET', path: ['webhook-endpoints', id], options }),
  /** Change, disable or enable a webhook endpoint. */
  update: (id: string, body: UpdateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint> =>
    send.json({ method: 'PUT', path: ['webhook-endpoints', id], body, options }),
  /** Delete a webhook endpoint. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['webhook-endpoints', id], options }),
  /** Replace the secret; the old one keeps signing beside it for 24 hours. */
  regenerate: (id: string, options?: CallOptions): Promise<WebhookEndpoint> =>
    send.json({ method: 'POST', path: ['webhook-endpoints', id, 'regenerate'], options }),
  /** Send the event webhook_endpoint_test to this endpoint. */
  test: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'POST', path: ['webhook-endpoints', id, 'test'], options }),
  deliveries: {
    /** List the deliveries to an endpoint, newest first. */
    list: (
      id: string,
      query: {
        page?: number | undefined
        limit?: number | undefined
        startingAfter?: string | undefined
        ids?: string | readonly string[] | undefined
        createdAt?:
          | {
              gt?: string | Date | undefined
              gte?: string | Date | undefined
              lt?: string | Date | undefined
              lte?: string | Date | undefined
              isnull?: boolean | undefined
              notnull?: boolean | undefined
            }
          | undefined
        status?: 'pending' | 'succeeded' | 'failed' | undefined
        eventId?: string | undefined
      } = {},
      options?: CallOptions,
    ): List<Delivery> =>
      listOf(more =>
        send.json({
          method: 'GET',
          path: ['webhook-endpoints', id, 'deliveries'],
          query: { ...query, ...more },
          options,
        }),
      ),
    /** Make a delivery once more, with the same webhook-id. */
    resend: (id: string, deliveryId: string, options?: CallOptions): Promise<Delivery> =>
      send.json({ method: 'POST', path: ['webhook-endpoints', id, 'deliveries', deliveryId, 'resend'], options }),
  },
})

const paymentIntentsOf = (send: Send) => ({
  /** List payment intents, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      status?:
        | 'requires_payment_method'
        | 'requires_confirmation'
        | 'requires_action'
        | 'processing'
        | 'requires_capture'
        | 'canceled'
        | 'succeeded'
        | undefined
      customerId?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<PaymentIntent> =>
    listOf(more => send.json({ method: 'GET', path: ['payment-intents'], query: { ...query, ...more }, options })),
  /** Get a payment intent. */
  get: (id: string, options?: CallOptions): Promise<PaymentIntent> =>
    send.json({ method: 'GET', path: ['payment-intents', id], options }),
  /** Note that the payer has the money back; this moves none. */
  markAsRefund: (
    paymentIntentId: string,
    body?: MarkPaymentAsRefunded,
    options?: CallOptions,
  ): Promise<PaymentIntent> =>
    send.json({ method: 'POST', path: ['payment-intents', paymentIntentId, 'mark-as-refund'], body, options }),
  paymentReceipts: {
    /** Send the receipt of a payment to who paid. */
    send: (paymentIntentId: string, options?: CallOptions): Promise<PaymentReceipt> =>
      send.json({ method: 'POST', path: ['payment-intents', paymentIntentId, 'payment-receipts', 'send'], options }),
  },
})

const transactionsOf = (send: Send) => ({
  /** List payments, sweeps and refunds as the chains tell them, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      subscriptionId?: string | undefined
      paymentIntentId?: string | undefined
      type?: 'incoming' | 'outgoing' | 'event' | 'transfer' | undefined
    } = {},
    options?: CallOptions,
  ): List<Transaction> =>
    listOf(more => send.json({ method: 'GET', path: ['transactions'], query: { ...query, ...more }, options })),
})

const subscriptionsOf = (send: Send) => ({
  /** List subscriptions, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      clientReferenceId?: string | undefined
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
      status?:
        | 'incomplete'
        | 'incomplete_expired'
        | 'trialing'
        | 'active'
        | 'past_due'
        | 'canceled'
        | 'unpaid'
        | 'paused'
        | undefined
      customerId?: string | undefined
      priceId?: string | undefined
      productId?: string | undefined
      startDate?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      endedAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
    } = {},
    options?: CallOptions,
  ): List<Subscription> =>
    listOf(more => send.json({ method: 'GET', path: ['subscriptions'], query: { ...query, ...more }, options })),
  /** Get a subscription. */
  get: (id: string, options?: CallOptions): Promise<Subscription> =>
    send.json({ method: 'GET', path: ['subscriptions', id], options }),
  /** Cancel a subscription at the end of its period. */
  cancel: (id: string, body?: SubscriptionCancel, options?: CallOptions): Promise<Subscription> =>
    send.json({ method: 'POST', path: ['subscriptions', id, 'cancel'], body, options }),
  /** Take back that a subscription is canceled or paused. */
  resume: (id: string, options?: CallOptions): Promise<Subscription> =>
    send.json({ method: 'POST', path: ['subscriptions', id, 'resume'], options }),
  /** End a subscription now, without a refund. */
  end: (id: string, body?: SubscriptionCancel, options?: CallOptions): Promise<Subscription> =>
    send.json({ method: 'POST', path: ['subscriptions', id, 'end'], body, options }),
  /** Pause a subscription. */
  pause: (id: string, options?: CallOptions): Promise<Subscription> =>
    send.json({ method: 'POST', path: ['subscriptions', id, 'pause'], options }),
  /** Change the price of a subscription. */
  update: (id: string, body: UpdateSubscription, options?: CallOptions): Promise<Subscription> =>
    send.json({ method: 'POST', path: ['subscriptions', id, 'update'], body, options }),
})

const customerPortalOf = (send: Send) => ({
  sessions: {
    /** Make a page where a customer looks after subscriptions; not available yet. */
    create: (body: CreateCustomerPortalSession, options?: CallOptions): Promise<CustomerPortalSession> =>
      send.json({ method: 'POST', path: ['customer-portal', 'sessions'], body, options }),
  },
})

const eventsOf = (send: Send) => ({
  /** List the events of the last 30 days, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
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
      deliverySuccess?: boolean | undefined
    } = {},
    options?: CallOptions,
  ): List<Event> =>
    listOf(more => send.json({ method: 'GET', path: ['events'], query: { ...query, ...more }, options })),
  /** Get an event of the last 30 days. */
  get: (id: string, options?: CallOptions): Promise<Event> =>
    send.json({ method: 'GET', path: ['events', id], options }),
  /** Tell an event once more, with the same webhook-id. */
  resend: (id: string, body?: ResendEvent, options?: CallOptions): Promise<Event> =>
    send.json({ method: 'POST', path: ['events', id, 'resend'], body, options }),
})

const productsOf = (send: Send) => ({
  /** Create a product with its default price. */
  create: (body: CreateProduct, options?: CallOptions): Promise<Product> =>
    send.json({ method: 'POST', path: ['products'], body, options }),
  /** List products, newest first; several filters on prices are met by one price. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      visibility?: '10' | '20' | undefined
      isActive?: boolean | undefined
      url?: string | undefined
      priceTypes?: ('one_time' | 'recurring' | 'streaming')[] | undefined
      interval?: 'day' | 'week' | 'month' | 'year' | undefined
      intervalCount?: number | undefined
      priceCurrency?:
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
  ): List<Product> =>
    listOf(more => send.json({ method: 'GET', path: ['products'], query: { ...query, ...more }, options })),
  /** Get a product. */
  get: (id: string, options?: CallOptions): Promise<Product> =>
    send.json({ method: 'GET', path: ['products', id], options }),
  /** Change a product. */
  update: (id: string, body: UpdateProduct, options?: CallOptions): Promise<Product> =>
    send.json({ method: 'PUT', path: ['products', id], body, options }),
  /** Delete a product none of whose prices was ever used. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['products', id], options }),
  /** Let new sessions have the product. */
  activate: (id: string, options?: CallOptions): Promise<Product> =>
    send.json({ method: 'PUT', path: ['products', id, 'activate'], options }),
  /** Keep the product from new sessions. */
  deactivate: (id: string, options?: CallOptions): Promise<Product> =>
    send.json({ method: 'PUT', path: ['products', id, 'deactivate'], options }),
})

const paymentLinksOf = (send: Send) => ({
  /** Create a payment link, at an amount, at the payer’s choice, or to a product at its default price of now. */
  create: (body: CreatePaymentLink, options?: CallOptions): Promise<PaymentLink> =>
    send.json({ method: 'POST', path: ['payment-links'], body, options }),
  /** List payment links, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      isActive?: boolean | undefined
    } = {},
    options?: CallOptions,
  ): List<PaymentLink> =>
    listOf(more => send.json({ method: 'GET', path: ['payment-links'], query: { ...query, ...more }, options })),
  /** Get a payment link. */
  get: (linkId: string, options?: CallOptions): Promise<PaymentLink> =>
    send.json({ method: 'GET', path: ['payment-links', linkId], options }),
  /** Change a payment link; sessions that it has made stay as they are. */
  update: (linkId: string, body: UpdatePaymentLink, options?: CallOptions): Promise<PaymentLink> =>
    send.json({ method: 'PUT', path: ['payment-links', linkId], body, options }),
  /** Delete a payment link; sessions that it has made can still be paid. */
  delete: (linkId: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['payment-links', linkId], options }),
  /** Let a payment link be paid. */
  activate: (linkId: string, options?: CallOptions): Promise<PaymentLink> =>
    send.json({ method: 'PUT', path: ['payment-links', linkId, 'activate'], options }),
  /** Keep a payment link from being paid. */
  deactivate: (linkId: string, options?: CallOptions): Promise<PaymentLink> =>
    send.json({ method: 'PUT', path: ['payment-links', linkId, 'deactivate'], options }),
})

const pricesOf = (send: Send) => ({
  /** Create a price; its amount and currency never change. */
  create: (body: CreatePrice, options?: CallOptions): Promise<Price> =>
    send.json({ method: 'POST', path: ['prices'], body, options }),
  /** List prices, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      visibility?: '10' | '20' | undefined
      isActive?: boolean | undefined
      type?: 'one_time' | 'recurring' | 'streaming' | undefined
      productId?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<Price> =>
    listOf(more => send.json({ method: 'GET', path: ['prices'], query: { ...query, ...more }, options })),
  /** Get a price. */
  get: (id: string, options?: CallOptions): Promise<Price> =>
    send.json({ method: 'GET', path: ['prices', id], options }),
  /** Change what is noted about a price, or whether new sessions may have it. */
  update: (id: string, body: UpdatePrice, options?: CallOptions): Promise<Price> =>
    send.json({ method: 'PUT', path: ['prices', id], body, options }),
})

const customersOf = (send: Send) => ({
  /** Create a customer. */
  create: (body: CreateCustomer, options?: CallOptions): Promise<Customer> =>
    send.json({ method: 'POST', path: ['customers'], body, options }),
  /** List customers, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      visibility?: '10' | '20' | undefined
      email?: string | undefined
      customerReferenceId?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<Customer> =>
    listOf(more => send.json({ method: 'GET', path: ['customers'], query: { ...query, ...more }, options })),
  /** Get a customer. */
  get: (id: string, options?: CallOptions): Promise<Customer> =>
    send.json({ method: 'GET', path: ['customers', id], options }),
  /** Change a customer; tax ids that are given replace all there are. */
  update: (id: string, body: UpdateCustomer, options?: CallOptions): Promise<Customer> =>
    send.json({ method: 'PUT', path: ['customers', id], body, options }),
  /** Delete a customer; sessions and invoices that name it stay. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['customers', id], options }),
})

const couponsOf = (send: Send) => ({
  /** Create a coupon with its code; what it takes off never changes. */
  create: (body: CreateCoupon, options?: CallOptions): Promise<Coupon> =>
    send.json({ method: 'POST', path: ['coupons'], body, options }),
  /** List coupons, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      isEnable?: boolean | undefined
      isArchived?: boolean | undefined
      searchText?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<Coupon> =>
    listOf(more => send.json({ method: 'GET', path: ['coupons'], query: { ...query, ...more }, options })),
  /** Get a coupon. */
  get: (id: string, options?: CallOptions): Promise<Coupon> =>
    send.json({ method: 'GET', path: ['coupons', id], options }),
  /** Change the name, limits or end of a coupon, or enable or disable it. */
  update: (id: string, body: UpdateCoupon, options?: CallOptions): Promise<Coupon> =>
    send.json({ method: 'PUT', path: ['coupons', id], body, options }),
  /** Enable a coupon, if no other active one has taken its code. */
  enable: (id: string, options?: CallOptions): Promise<Coupon> =>
    send.json({ method: 'POST', path: ['coupons', id, 'enable'], options }),
  /** Disable a coupon; its code is free for others meanwhile. */
  disable: (id: string, options?: CallOptions): Promise<Coupon> =>
    send.json({ method: 'POST', path: ['coupons', id, 'disable'], options }),
  /** Archive a coupon for good; its code is free for others. */
  archive: (id: string, options?: CallOptions): Promise<Coupon> =>
    send.json({ method: 'POST', path: ['coupons', id, 'archive'], options }),
})

const taxRatesOf = (send: Send) => ({
  /** Create a tax rate; its percentage and type never change. */
  create: (body: CreateTaxRate, options?: CallOptions): Promise<TaxRate> =>
    send.json({ method: 'POST', path: ['tax-rates'], body, options }),
  /** List tax rates, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      isActive?: boolean | undefined
    } = {},
    options?: CallOptions,
  ): List<TaxRate> =>
    listOf(more => send.json({ method: 'GET', path: ['tax-rates'], query: { ...query, ...more }, options })),
  /** Get a tax rate. */
  get: (id: string, options?: CallOptions): Promise<TaxRate> =>
    send.json({ method: 'GET', path: ['tax-rates', id], options }),
  /** Change what a tax rate is called, or whether new carts may have it. */
  update: (id: string, body: UpdateTaxRate, options?: CallOptions): Promise<TaxRate> =>
    send.json({ method: 'PUT', path: ['tax-rates', id], body, options }),
  /** Let new carts have the tax rate. */
  activate: (id: string, options?: CallOptions): Promise<TaxRate> =>
    send.json({ method: 'PUT', path: ['tax-rates', id, 'activate'], options }),
  /** Keep the tax rate from new carts. */
  deactivate: (id: string, options?: CallOptions): Promise<TaxRate> =>
    send.json({ method: 'PUT', path: ['tax-rates', id, 'deactivate'], options }),
})

const invoicesOf = (send: Send) => ({
  /** Create a draft of an invoice, or of a revision of one. */
  create: (body: CreateInvoice, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices'], body, options }),
  /** List invoices, newest first. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      status?: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible' | undefined
      customerId?: string | undefined
      subscriptionId?: string | undefined
      dueDate?:
        | string
        | Date
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
      includes?: string | undefined
    } = {},
    options?: CallOptions,
  ): List<Invoice> =>
    listOf(more => send.json({ method: 'GET', path: ['invoices'], query: { ...query, ...more }, options })),
  /** Get an invoice. */
  get: (id: string, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'GET', path: ['invoices', id], options }),
  /** Change a draft; of a finalized invoice only metadata, description, clientReferenceId and visibility. */
  update: (id: string, body: UpdateInvoice, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'PUT', path: ['invoices', id], body, options }),
  /** Delete a draft. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['invoices', id], options }),
  /** Create a draft that says the same. */
  duplicate: (id: string, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices', id, 'duplicate'], options }),
  /** Void an invoice: it stays in the books, and nobody is asked to pay it. */
  void: (id: string, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices', id, 'void'], options }),
  /** Note that an invoice will hardly be paid. */
  markUncollectible: (id: string, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices', id, 'mark-uncollectible'], options }),
  /** Give a draft its number, and open it to be paid. */
  finalize: (id: string, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices', id, 'finalize'], options }),
  /** Note that an invoice was paid in another way. */
  pay: (id: string, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices', id, 'pay'], options }),
  /** Send an invoice to its customer, finalizing a draft first; or schedule that. */
  send: (id: string, body?: InvoiceSend, options?: CallOptions): Promise<Invoice> =>
    send.json({ method: 'POST', path: ['invoices', id, 'send'], body, options }),
})

const chainsOf = (send: Send) => ({
  /** List the networks that are served. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: number | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
    } = {},
    options?: CallOptions,
  ): List<Chain> =>
    listOf(more => send.json({ method: 'GET', path: ['chains'], query: { ...query, ...more }, options })),
  /** Get a network by its chain id. */
  get: (id: number, options?: CallOptions): Promise<Chain> =>
    send.json({ method: 'GET', path: ['chains', id], options }),
})

const assetsOf = (send: Send) => ({
  /** List the coins that sessions can be paid in. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
    } = {},
    options?: CallOptions,
  ): List<Asset> =>
    listOf(more => send.json({ method: 'GET', path: ['assets'], query: { ...query, ...more }, options })),
  /** Get a coin of a network. */
  get: (id: string, options?: CallOptions): Promise<Asset> =>
    send.json({ method: 'GET', path: ['assets', id], options }),
})

const quotesOf = (send: Send) => ({
  /** Get what an amount of one currency is in another, for a minute. */
  create: (body: CreateQuote, options?: CallOptions): Promise<Quote> =>
    send.json({ method: 'POST', path: ['quotes'], body, options }),
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
  ): Promise<CurrencyPrices> => send.json({ method: 'GET', path: ['constants', 'prices'], query, options }),
})

const storageOf = (send: Send) => ({
  /** Upload a picture: PNG, JPEG or WebP of at most 5 MB and 4096 pixels a side. */
  upload: (
    storageType: 'brand_logo' | 'product_image' | 'payment_link_image' | 'profile_picture',
    body: {
      image: Blob
    },
    options?: CallOptions,
  ): Promise<StorageFile> =>
    send.json({ method: 'POST', path: ['storage', 'files', storageType], body, isForm: true, options }),
})

const organizationOf = (send: Send) => ({
  /** Get your organization. */
  get: (options?: CallOptions): Promise<Organization> => send.json({ method: 'GET', path: ['organization'], options }),
  /** Change what your organization says of itself. */
  update: (body: UpdateOrganization, options?: CallOptions): Promise<Organization> =>
    send.json({ method: 'PUT', path: ['organization'], body, options }),
  /** Change the logo and the colour that payers see. */
  updateBrand: (body: UpdateBrand, options?: CallOptions): Promise<Organization> =>
    send.json({ method: 'PUT', path: ['organization', 'brand'], body, isForm: true, options }),
  /** Take the logo away. */
  deleteBrandLogo: (options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['organization', 'brand-logo'], options }),
  paymentSetting: {
    /** Get how you are paid. */
    get: (options?: CallOptions): Promise<PaymentSetting> =>
      send.json({ method: 'GET', path: ['organization', 'payment-setting'], options }),
    /** Change how you are paid; sessions that are open keep their terms. */
    update: (body: UpdateOrganizationPaymentSetting, options?: CallOptions): Promise<PaymentSetting> =>
      send.json({ method: 'PUT', path: ['organization', 'payment-setting'], body, options }),
  },
  invoiceSetting: {
    /** Get how your invoices are numbered. */
    get: (options?: CallOptions): Promise<InvoiceSetting> =>
      send.json({ method: 'GET', path: ['organization', 'invoice-setting'], options }),
    /** Change how your invoices are numbered; the sequence moves forward only. */
    update: (body: UpdateInvoiceSetting, options?: CallOptions): Promise<InvoiceSetting> =>
      send.json({ method: 'PUT', path: ['organization', 'invoice-setting'], body, options }),
  },
  withdrawalAddresses: {
    /** List the wallets that your money may be swept to, newest first. */
    list: (options?: CallOptions): Promise<WithdrawalAddress[]> =>
      send.json({ method: 'GET', path: ['organization', 'withdrawal-addresses'], options }),
    /** Save a wallet; the first of a network makes payments there possible. */
    create: (body: CreateWithdrawalAddress, options?: CallOptions): Promise<WithdrawalAddress> =>
      send.json({ method: 'POST', path: ['organization', 'withdrawal-addresses'], body, options }),
    /** Get a withdrawal address. */
    get: (id: string, options?: CallOptions): Promise<WithdrawalAddress> =>
      send.json({ method: 'GET', path: ['organization', 'withdrawal-addresses', id], options }),
    /** Change a withdrawal address; open sessions keep the wallet that they were created with. */
    update: (id: string, body: UpdateWithdrawalAddress, options?: CallOptions): Promise<WithdrawalAddress> =>
      send.json({ method: 'PUT', path: ['organization', 'withdrawal-addresses', id], body, options }),
    /** Delete a withdrawal address; after a default the oldest of its network takes its place. */
    delete: (id: string, options?: CallOptions): Promise<Success> =>
      send.json({ method: 'DELETE', path: ['organization', 'withdrawal-addresses', id], options }),
    /** Let new sessions pay to this wallet on its network. */
    markAsDefault: (id: string, options?: CallOptions): Promise<Success> =>
      send.json({ method: 'POST', path: ['organization', 'withdrawal-addresses', id, 'mark-as-default'], options }),
  },
})

const authOf = (send: Send) => ({
  /** Get the person who made this key, or else the owner of the organization. */
  me: (options?: CallOptions): Promise<AuthUser> => send.json({ method: 'GET', path: ['auth', 'me'], options }),
})

const usersOf = (send: Send) => ({
  /** List the people who work for your organization, the oldest member first. */
  list: (options?: CallOptions): Promise<User[]> => send.json({ method: 'GET', path: ['users'], options }),
  /** Give a member another role; in live mode an owner whom another owner unmakes stays one for a day. */
  updateRole: (id: string, body: UpdateUserRole, options?: CallOptions): Promise<User> =>
    send.json({ method: 'PUT', path: ['users', id, 'role'], body, options }),
  /** Let somebody no longer work for your organization. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['users', id], options }),
})

const invitesOf = (send: Send) => ({
  /** List invites, newest first. */
  list: (options?: CallOptions): Promise<UserInvite[]> => send.json({ method: 'GET', path: ['invites'], options }),
  /** Ask somebody by e-mail to join; only this answer shows the link. */
  create: (body: InviteUser, options?: CallOptions): Promise<UserInvite> =>
    send.json({ method: 'POST', path: ['invites'], body, options }),
  /** Withdraw an invite; its link ends. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['invites', id], options }),
  /** Send an invite again with a new link, for 7 more days; the old link ends. */
  resend: (id: string, options?: CallOptions): Promise<UserInvite> =>
    send.json({ method: 'POST', path: ['invites', id, 'resend'], options }),
})

const apiKeysOf = (send: Send) => ({
  /** Create a key; only this answer shows it. */
  create: (body: CreateApiKey, options?: CallOptions): Promise<ApiKey> =>
    send.json({ method: 'POST', path: ['api-keys'], body, options }),
  /** List keys without their text, newest first; revoked ones too. */
  list: (
    query: {
      page?: number | undefined
      limit?: number | undefined
      startingAfter?: string | undefined
      ids?: string | readonly string[] | undefined
      createdAt?:
        | {
            gt?: string | Date | undefined
            gte?: string | Date | undefined
            lt?: string | Date | undefined
            lte?: string | Date | undefined
            isnull?: boolean | undefined
            notnull?: boolean | undefined
          }
        | undefined
    } = {},
    options?: CallOptions,
  ): List<ApiKey> =>
    listOf(more => send.json({ method: 'GET', path: ['api-keys'], query: { ...query, ...more }, options })),
  /** Replace a key by one with the same rights; only this answer shows it. */
  roll: (id: string, body: RollApiKey, options?: CallOptions): Promise<ApiKey> =>
    send.json({ method: 'POST', path: ['api-keys', id, 'roll'], body, options }),
  /** Revoke a key; it ends everywhere within 5 seconds. */
  delete: (id: string, options?: CallOptions): Promise<Success> =>
    send.json({ method: 'DELETE', path: ['api-keys', id], options }),
})

const partnersOf = (send: Send) => ({
  accounts: {
    /** Open an account for somebody else; only this answer shows its key and secrets. */
    onboard: (body: AccountOnboard, options?: CallOptions): Promise<AccountOnboardResponse> =>
      send.json({ method: 'POST', path: ['partners', 'accounts', 'onboard'], body, options }),
    /** List the accounts that you opened, newest first. */
    list: (
      query: {
        page?: number | undefined
        limit?: number | undefined
        startingAfter?: string | undefined
        ids?: string | readonly string[] | undefined
        createdAt?:
          | {
              gt?: string | Date | undefined
              gte?: string | Date | undefined
              lt?: string | Date | undefined
              lte?: string | Date | undefined
              isnull?: boolean | undefined
              notnull?: boolean | undefined
            }
          | undefined
        emails?: string | undefined
      } = {},
      options?: CallOptions,
    ): List<AccountOnboardResponse> =>
      listOf(more =>
        send.json({ method: 'GET', path: ['partners', 'accounts'], query: { ...query, ...more }, options }),
      ),
  },
})

const testOf = (send: Send) => ({
  /** Get test coins. */
  faucet: (body: UseFaucet, options?: CallOptions): Promise<Faucet> =>
    send.json({ method: 'POST', path: ['test', 'faucet'], body, options }),
  /** Play an outcome on the local chain. */
  simulate: (body: Simulate, options?: CallOptions): Promise<Simulation> =>
    send.json({ method: 'POST', path: ['test', 'simulate'], body, options }),
  /** Move the clock of the server and of its chains forward. */
  advanceClock: (body: AdvanceClock, options?: CallOptions): Promise<TestClock> =>
    send.json({ method: 'POST', path: ['test', 'clock'], body, options }),
})

const paymentPagesOf = (send: Send) => ({
  forCheckoutSession: {
    /** Take a promotion code, or remove it with an empty one. */
    setDiscount: (id: string, body: SetDiscount, options?: CallOptions): Promise<PaymentPage> =>
      send.json({ method: 'POST', path: ['payment-pages', 'for-checkout-session', id, 'discount'], body, options }),
    /** Give the payer's name, e-mail, phone, addresses and answers to the merchant's questions. */
    setDetails: (id: string, body: SetDetails, options?: CallOptions): Promise<PaymentPage> =>
      send.json({ method: 'POST', path: ['payment-pages', 'for-checkout-session', id, 'details'], body, options }),
    /** Choose an open amount. */
    setAmount: (id: string, body: SetAmount, options?: CallOptions): Promise<PaymentPage> =>
      send.json({ method: 'POST', path: ['payment-pages', 'for-checkout-session', id, 'amount'], body, options }),
    /** Complete a session whose total is 0. */
    markSessionCompleteForZeroAmount: (id: string, options?: CallOptions): Promise<PaymentPage> =>
      send.json({
        method: 'POST',
        path: ['payment-pages', 'for-checkout-session', id, 'mark-session-complete-for-zero-amount'],
        options,
      }),
    /** Get a checkout session as its payer sees it. */
    get: (id: string, options?: CallOptions): Promise<PaymentPage> =>
      send.json({ method: 'GET', path: ['payment-pages', 'for-checkout-session', id], options }),
    /** Tell the merchant that the payer left; the session can still be paid. */
    cancel: (id: string, options?: CallOptions): Promise<Success> =>
      send.json({ method: 'POST', path: ['payment-pages', 'for-checkout-session', id, 'cancel'], options }),
    /** A stream of a session's changes of status, as server-sent events. */
    events: (id: string, options?: CallOptions): Promise<Response> =>
      send.file({ method: 'GET', path: ['payment-pages', 'for-checkout-session', id, 'events'], options }),
  },
})

/** A client of one server for one organization: `new Bitstream('sk_test_…', { baseUrl: 'https://pay.example.com' })`. */
export class Bitstream {
  readonly checkout: ReturnType<typeof checkoutOf>
  readonly unmatchedPayments: ReturnType<typeof unmatchedPaymentsOf>
  readonly refunds: ReturnType<typeof refundsOf>
  readonly balances: ReturnType<typeof balancesOf>
  readonly sweeps: ReturnType<typeof sweepsOf>
  readonly webhookEndpoints: ReturnType<typeof webhookEndpointsOf>
  readonly paymentIntents: ReturnType<typeof paymentIntentsOf>
  readonly transactions: ReturnType<typeof transactionsOf>
  readonly subscriptions: ReturnType<typeof subscriptionsOf>
  readonly customerPortal: ReturnType<typeof customerPortalOf>
  readonly events: ReturnType<typeof eventsOf>
  readonly products: ReturnType<typeof productsOf>
  readonly paymentLinks: ReturnType<typeof paymentLinksOf>
  readonly prices: ReturnType<typeof pricesOf>
  readonly customers: ReturnType<typeof customersOf>
  readonly coupons: ReturnType<typeof couponsOf>
  readonly taxRates: ReturnType<typeof taxRatesOf>
  readonly invoices: ReturnType<typeof invoicesOf>
  readonly chains: ReturnType<typeof chainsOf>
  readonly assets: ReturnType<typeof assetsOf>
  readonly quotes: ReturnType<typeof quotesOf>
  readonly constants: ReturnType<typeof constantsOf>
  readonly storage: ReturnType<typeof storageOf>
  readonly organization: ReturnType<typeof organizationOf>
  readonly auth: ReturnType<typeof authOf>
  readonly users: ReturnType<typeof usersOf>
  readonly invites: ReturnType<typeof invitesOf>
  readonly apiKeys: ReturnType<typeof apiKeysOf>
  readonly partners: ReturnType<typeof partnersOf>
  readonly test: ReturnType<typeof testOf>
  readonly paymentPages: ReturnType<typeof paymentPagesOf>

  constructor(apiKey: string | null, options: ClientOptions) {
    const send = createSend(apiKey, options)
    this.checkout = checkoutOf(send)
    this.unmatchedPayments = unmatchedPaymentsOf(send)
    this.refunds = refundsOf(send)
    this.balances = balancesOf(send)
    this.sweeps = sweepsOf(send)
    this.webhookEndpoints = webhookEndpointsOf(send)
    this.paymentIntents = paymentIntentsOf(send)
    this.transactions = transactionsOf(send)
    this.subscriptions = subscriptionsOf(send)
    this.customerPortal = customerPortalOf(send)
    this.events = eventsOf(send)
    this.products = productsOf(send)
    this.paymentLinks = paymentLinksOf(send)
    this.prices = pricesOf(send)
    this.customers = customersOf(send)
    this.coupons = couponsOf(send)
    this.taxRates = taxRatesOf(send)
    this.invoices = invoicesOf(send)
    this.chains = chainsOf(send)
    this.assets = assetsOf(send)
    this.quotes = quotesOf(send)
    this.constants = constantsOf(send)
    this.storage = storageOf(send)
    this.organization = organizationOf(send)
    this.auth = authOf(send)
    this.users = usersOf(send)
    this.invites = invitesOf(send)
    this.apiKeys = apiKeysOf(send)
    this.partners = partnersOf(send)
    this.test = testOf(send)
    this.paymentPages = paymentPagesOf(send)
  }
}
