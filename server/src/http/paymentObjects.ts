import { z } from '@hono/zod-openapi'
import { fullAddressDetail } from './address.ts'
import {
  amount,
  currency,
  evmAddress,
  id,
  interval,
  metadata,
  methods,
  time,
  units,
  visibility,
} from './answerFields.ts'
import { assetFields, assetSchema, chainSlim } from './objects.ts'

/** An asset as sessions and transactions show it, with its network. */
export const sessionAsset = assetFields
  .extend({ isPublic: z.boolean(), chain: chainSlim })
  .openapi('CheckoutSessionAsset')

/** A product without its default price. */
export const publicProduct = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    name: z.string(),
    description: z.string().nullable(),
    isActive: z.boolean(),
    images: z.array(z.string()).max(8),
    publicImages: z.array(z.string()),
    unitLabel: z.string().nullable(),
    url: z.string().nullable(),
    defaultPriceId: id.nullable(),
    metadata: metadata.nullable(),
    visibility,
  })
  .openapi('PublicProduct')

/** A price with its product, without the nickname. */
export const publicPrice = z
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
    product: publicProduct,
    metadata: metadata.nullable(),
    visibility,
  })
  .openapi('PublicPrice')

/** A tax of a line as it was when the line was priced, with its amount. */
export const lineTaxRate = z
  .object({
    id,
    name: z.string(),
    description: z.string().nullable(),
    country: z.string().nullable(),
    percentage: z.number().min(0).max(100),
    type: z.enum(['exclusive', 'inclusive']),
    isDefault: z.boolean(),
    amount,
  })
  .openapi('LineTaxRate')

/** A line of the cart with its price and product. */
export const lineItem = z
  .object({
    description: z.string().nullable(),
    quantity: z.int(),
    price: publicPrice,
    periodStart: time.nullable(),
    periodEnd: time.nullable(),
    taxRates: z.array(lineTaxRate),
    amountTotal: amount,
    amountSubtotal: amount,
    amountTax: amount,
    currency,
  })
  .openapi('CheckoutSessionPriceItem')

/** The lines of a cart. */
export const lineItems = z
  .object({ object: z.literal('list'), data: z.array(lineItem) })
  .openapi('CheckoutSessionPriceItems')

/** Money that came to a deposit address, or that left one or a wallet of the merchant. */
export const transaction = z
  .object({
    id,
    checkoutSessionId: id,
    paymentIntentId: id,
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

/** What is not as planned, beside the status. */
export const exceptions = z.array(
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

/** How a payment intent was paid, or a subscription is. */
export const paymentMethod = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    assetId: id,
    asset: assetSchema,
    type: methods.element,
    accountAddress: z.string().nullable(),
    billingDetails: fullAddressDetail.nullable(),
    customerId: id.nullable(),
    options: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi('PaymentMethod')

const stripeData = z
  .object({
    paymentIntentId: z.string().nullable(),
    receiptUrl: z.string().nullable(),
    cardLast4: z.string().nullable(),
    displayName: z.string().nullable(),
  })
  .openapi('StripeData', { description: 'Reserved: cards are not accepted.' })

/** What a payer gets for a payment. */
export const paymentReceiptSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    paymentIntentId: id,
    name: z.string().nullable(),
    receiptNumber: z.string(),
    uri: z.string(),
  })
  .openapi('PaymentReceipt')

/** What was received for a session, with every payment that arrived. */
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
    paymentMethod: paymentMethod.nullable(),
    description: z.string().nullable(),
    paymentMethodTypes: methods,
    transferAccountAddress: z.string().nullable(),
    transactions: z.array(transaction),
    paymentReceipt: paymentReceiptSchema.nullable(),
    canceledAt: time.nullable(),
    cancellationReason: z.string().nullable(),
    stripe: stripeData.nullable(),
    isMarkRefunded: z.boolean().nullable(),
    markRefundedAt: time.nullable(),
    markRefundedComment: z.string().nullable(),
    exceptions,
  })
  .openapi('PaymentIntent')
