import { z } from '@hono/zod-openapi'
import { CRYPTO, FIAT } from '../domain/currency.ts'
import { ERRORS, type ErrorCode } from '../domain/errors.ts'
import { EVENT_TYPES } from '../domain/event.ts'

const id = z.string().openapi({ format: 'uuid' })
const time = z.string().openapi({ format: 'date-time' })
const amount = z.string().openapi({ pattern: '^[0-9]+$', description: 'A whole number at 8 decimals.' })
const units = z.string().openapi({ pattern: '^[0-9]+$', description: 'Base units of the asset.' })
const evmAddress = z.string().openapi({ pattern: '^0x[0-9a-f]{40}$' })
const currency = z.enum([...CRYPTO, ...FIAT])
const visibility = z.union([z.literal(10), z.literal(20)])
const interval = z.enum(['day', 'week', 'month', 'year'])
const metadata = z.record(z.string(), z.string())
const methods = z.array(z.enum(['superfluid', 'wallet', 'allowance_based_recurring', 'stripe', 'binance_pay']))

const codes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]

/** The envelope of every error. */
export const errorSchema = z
  .object({
    statusCode: z.int(),
    error: z.string(),
    message: z.string(),
    type: z.enum([
      'invalid_request_error',
      'authentication_error',
      'permission_error',
      'idempotency_error',
      'rate_limit_error',
      'api_error',
    ]),
    code: z.enum(codes),
    param: z.string().nullable(),
    requestId: z.string(),
    docUrl: z.string(),
    errors: z
      .array(z.object({ code: z.enum(codes), message: z.string(), param: z.string().nullable(), docUrl: z.string() }))
      .optional(),
  })
  .openapi('Error')

export const successSchema = z.object({ message: z.string(), statusCode: z.int() }).openapi('Success')

const chainSlim = z
  .object({
    id: z.int(),
    name: z.string(),
    icon: z.string(),
    currency,
    blockExplorerTransactionUrl: z.string(),
    blockExplorerName: z.string(),
    type: z.enum(['evm', 'bitcoin', 'solana', 'tron', 'stripe', 'binance_pay']),
    isBeta: z.boolean(),
  })
  .openapi('ChainSlim')

const superToken = z.object({ address: evmAddress, decimals: z.int(), symbol: z.string() }).openapi('SuperToken')

export const assetSchema = z
  .object({
    id,
    name: z.string(),
    chainId: z.int(),
    address: evmAddress,
    currency,
    symbol: z.string(),
    decimals: z.int(),
    coingeckoId: z.string().nullable(),
    superToken: superToken.nullable(),
    isEIP5827Supported: z.boolean(),
  })
  .openapi('Asset')

export const chainSchema = chainSlim
  .extend({
    assets: z.array(assetSchema),
    isTestnet: z.boolean(),
    isEIP1559Supported: z.boolean(),
    hasMonitoring: z.boolean(),
    forkOf: z.int().nullable(),
    isPublic: z.boolean(),
  })
  .openapi('Chain')

const sessionAsset = assetSchema
  .omit({ isEIP5827Supported: true })
  .extend({ isPublic: z.boolean(), chain: chainSlim })
  .openapi('CheckoutSessionAsset')

const product = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    name: z.string(),
    description: z.string().nullable(),
    isActive: z.boolean(),
    images: z.array(z.string()),
    publicImages: z.array(z.string()),
    unitLabel: z.string().nullable(),
    url: z.string().nullable(),
    defaultPriceId: id.nullable(),
    metadata: metadata.nullable(),
    visibility,
  })
  .openapi('PublicProduct')

const price = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    billingScheme: z.literal('per_unit'),
    currency,
    productId: id,
    interval: interval.nullable(),
    intervalCount: z.int().nullable(),
    isActive: z.boolean(),
    usageType: z.literal('licensed').nullable(),
    type: z.enum(['one_time', 'recurring', 'streaming']),
    unitAmount: amount.nullable(),
    unitAmountDecimal: z.string().nullable(),
    customUnitMax: amount.nullable(),
    customUnitMin: amount.nullable(),
    customPreset: amount.nullable(),
    customUnitAmountSuggestions: z.array(z.string()).nullable(),
    product,
    metadata: metadata.nullable(),
    visibility,
  })
  .openapi('PublicPrice')

const lineItem = z
  .object({
    description: z.string().nullable(),
    quantity: z.int(),
    price,
    taxRates: z.array(z.object({})),
    amountTotal: amount,
    amountSubtotal: amount,
    amountTax: amount,
    currency,
  })
  .openapi('CheckoutSessionPriceItem')

const address = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    checkoutSessionId: id,
    asset: sessionAsset,
    paymentAddress: evmAddress,
    gas: z.int().nullable(),
    gasAmount: amount.nullable(),
    amount,
    amountRaw: units,
    amountReceivedRaw: units,
    confirmations: z.object({ required: z.int(), best: z.int() }),
    uri: z.string(),
    proof: z.object({
      factory: evmAddress,
      initCodeHash: z.string(),
      sessionId: id,
      payouts: z.array(z.object({ chainId: z.int(), receiver: evmAddress, share: z.int().min(1).max(10_000) })),
    }),
  })
  .openapi('CheckoutSessionAddress')

const transaction = z
  .object({
    type: z.enum(['incoming', 'outgoing', 'event', 'transfer']),
    transactionRelayId: z.string().nullable(),
    transactionHash: z.string().nullable(),
    nonce: z.int().nullable(),
    gasLimit: z.int().nullable(),
    validUntil: z.string().nullable(),
    fromAddress: evmAddress.nullable(),
    toAddress: evmAddress,
    currency,
    createdAt: time,
    amount,
    amountRaw: units,
    assetId: id,
    asset: sessionAsset,
    transactionUrl: z.string().nullable(),
  })
  .openapi('Transaction')

const exceptions = z.array(
  z.enum([
    'underpaid',
    'overpaid',
    'duplicate',
    'late',
    'wrong_token',
    'wrong_chain',
    'replaced',
    'reorged',
    'refunded_without_payment',
  ]),
)

export const paymentIntentSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    amount,
    amountReceived: amount.nullable(),
    currency,
    status: z.enum([
      'requires_payment_method',
      'requires_confirmation',
      'requires_action',
      'processing',
      'requires_capture',
      'canceled',
      'succeeded',
    ]),
    paymentMethodId: id.nullable(),
    paymentMethod: z.object({}).nullable(),
    description: z.string().nullable(),
    paymentMethodTypes: methods,
    transferAccountAddress: z.string().nullable(),
    transactions: z.array(transaction),
    paymentReceipt: z.object({}).nullable(),
    canceledAt: time.nullable(),
    cancellationReason: z.string().nullable(),
    stripe: z.object({}).nullable(),
    isMarkRefunded: z.boolean().nullable(),
    markRefundedAt: time.nullable(),
    markRefundedComment: z.string().nullable(),
    exceptions,
  })
  .openapi('PaymentIntent')

const addressDetail = z
  .object({
    line1: z.string(),
    line2: z.string(),
    city: z.string(),
    state: z.string(),
    postalCode: z.string(),
    country: z.string(),
  })
  .partial()

const customer = z
  .object({
    name: z.string(),
    email: z.string(),
    phone: z.string(),
    organizationName: z.string(),
    address: addressDetail,
    taxIds: z.object({}),
  })
  .partial()
  .openapi('CheckoutSessionCustomer')

const fullAddress = z
  .object({
    name: z.string(),
    email: z.string(),
    phone: z.string(),
    organizationName: z.string(),
    address: addressDetail,
  })
  .partial()
  .openapi('FullAddressDetail')

const amountDetails = z
  .object({
    currency,
    amountTotal: amount,
    amountSubtotal: amount,
    amountDiscount: amount,
    amountTax: amount,
    amountFee: amount,
    amountGasFee: amount.nullable(),
    feePercentage: z.number().nullable(),
    applyFee: z.boolean(),
    applyGasFee: z.boolean(),
    discountAmounts: z.array(z.object({ amount, couponId: id })),
  })
  .openapi('CheckoutSessionAmountDetail')

const settingChain = z.object({
  chainId: z.int(),
  blacklistCurrencies: z.array(z.enum(CRYPTO)).optional(),
  withdrawalAddress: evmAddress.optional(),
  withdrawalAddresses: z.array(z.object({ splitPercentage: z.number(), address: evmAddress })).optional(),
})

export const checkoutSessionSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    mode: z.enum(['payment', 'subscription']),
    paymentLinkId: id.nullable(),
    subscriptionId: id.nullable(),
    invoiceId: id.nullable(),
    amountTotal: amount,
    amountSubtotal: amount,
    amountGasFee: amount.nullable(),
    amountFee: amount.nullable(),
    amountNet: amount,
    amountDetails,
    currency,
    paymentMethodTypes: methods,
    paymentSetting: z
      .object({
        allowedChains: z.array(settingChain),
        preferredChainId: z.int(),
        allowSwap: z.boolean(),
        allowFiatPayment: z.boolean(),
        paymentMethodTypes: methods.nullable(),
      })
      .openapi('CheckoutSessionPaymentSetting'),
    status: z.enum(['open', 'complete', 'incomplete', 'expired']),
    paymentStatus: z.enum(['unpaid', 'paid']),
    expiresAt: time,
    customerId: id.nullable(),
    customer: z.object({}).nullable(),
    customerDetails: customer,
    clientReferenceId: z.string().nullable(),
    customerCreation: z.enum(['if_required', 'always']),
    customerUpdate: z.record(z.string(), z.enum(['auto', 'never'])).nullable(),
    url: z.string(),
    successUrl: z.string(),
    cancelUrl: z.string().nullable(),
    submitType: z.enum(['pay', 'book', 'donate']),
    metadata: metadata.nullable(),
    nameCollection: z.boolean(),
    emailCollection: z.boolean(),
    phoneNumberCollection: z.boolean(),
    shippingAddressCollection: z.boolean(),
    billingAddressCollection: z.boolean(),
    customFields: z.object({ fields: z.array(z.object({})) }).nullable(),
    afterCompletion: z.enum(['redirect', 'hosted_confirmation']).nullable(),
    afterCompletionConfirmMsg: z.string().nullable(),
    shippingDetails: fullAddress,
    billingDetails: fullAddress,
    lineItems: z.object({ object: z.literal('list'), data: z.array(lineItem) }).openapi('CheckoutSessionPriceItems'),
    addresses: z.array(address),
    paymentIntent: paymentIntentSchema,
    isMarkRefunded: z.boolean(),
    allowPromotionCodes: z.boolean(),
    discounts: z.array(z.object({})),
    defaultPromotionCode: z.string().nullable(),
    isManualPayment: z.boolean(),
    exceptions,
    isTest: z.boolean(),
  })
  .openapi('CheckoutSession')

export const checkoutSessionSlimSchema = checkoutSessionSchema
  .omit({ addresses: true, customer: true, customerUpdate: true, discounts: true })
  .extend({ paymentIntent: paymentIntentSchema.omit({ transactions: true }) })
  .openapi('CheckoutSessionSlim')

export const sessionCompletedSchema = z
  .object({
    completed: z.boolean(),
    transactionHash: z.string().nullable(),
    status: z.enum(['open', 'complete', 'incomplete', 'expired']),
    updatedAt: time,
  })
  .openapi('CheckoutSessionCompleted')

export const webhookEndpointSchema = z
  .object({
    id,
    description: z.string(),
    url: z.string(),
    secret: z.string().nullable(),
    isDisabled: z.boolean(),
    enabledEvents: z.object({ events: z.array(z.enum([...EVENT_TYPES, '*'])) }).openapi('WebhookEvents'),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('WebhookEndpoint')
