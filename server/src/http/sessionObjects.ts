import { z } from '@hono/zod-openapi'
import { amount, currency, evmAddress, id, metadata, methods, time, units } from './answerFields.ts'
import { address, customerSchema, fullAddress } from './catalogObjects.ts'
import { settingChain } from './organizationObjects.ts'
import {
  exceptions,
  lineItem,
  lineItems,
  paymentIntentSchema,
  publicPrice,
  publicProduct,
  sessionAsset,
} from './paymentObjects.ts'
import { customerUpdate, customFields } from './sessionFields.ts'

const sessionAddress = z
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
    quote: z
      .object({ fromUsd: z.string(), toUsd: z.string(), sources: z.array(z.string()), at: time })
      .nullable()
      .openapi({
        description: 'The rates that the amount was locked with: US dollars for a unit of the price, and of the coin.',
      }),
    proof: z.object({
      factory: evmAddress,
      initCodeHash: z.string(),
      sessionId: id,
      payouts: z.array(z.object({ chainId: z.int(), receiver: evmAddress, share: z.int().min(1).max(10_000) })),
    }),
  })
  .openapi('CheckoutSessionAddress')

const customer = z
  .object({
    name: z.string(),
    email: z.string(),
    phone: z.string(),
    organizationName: z.string(),
    address,
    taxIds: z.object({
      object: z.literal('list'),
      data: z.array(z.object({ name: z.string(), value: z.string(), country: z.string() }).partial()),
    }),
  })
  .partial()
  .openapi('CheckoutSessionCustomer')

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
    discountAmounts: z.array(z.object({ amount, couponId: id }).openapi('DiscountAmountDetail')),
  })
  .openapi('CheckoutSessionAmountDetail')

const discount = z
  .object({
    amount,
    couponId: id,
    coupon: z
      .object({
        name: z.string(),
        percentOff: z.number().min(0).max(100).nullable(),
        amountOff: amount.nullable(),
        currency: currency.nullable(),
        code: z.string(),
      })
      .openapi('CheckoutSessionCoupon'),
  })
  .openapi('CheckoutSessionDiscount')

/** A checkout session whole. */
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
    paymentMethodTypes: methods.min(1).max(1),
    paymentSetting: z
      .object({
        allowedChains: z.array(settingChain),
        preferredChainId: z.int(),
        allowSwap: z.boolean().default(false),
        allowFiatPayment: z.boolean(),
        paymentMethodTypes: methods.min(1).max(1).nullable(),
      })
      .openapi('CheckoutSessionPaymentSetting'),
    status: z.enum(['open', 'complete', 'incomplete', 'expired']),
    paymentStatus: z.enum(['unpaid', 'paid']),
    expiresAt: time,
    customerId: id.nullable(),
    customer: customerSchema.nullable(),
    customerDetails: customer,
    clientReferenceId: z.string().nullable(),
    customerCreation: z.enum(['if_required', 'always']),
    customerUpdate: customerUpdate.nullable(),
    url: z.string(),
    successUrl: z.string(),
    cancelUrl: z.string().nullable(),
    submitType: z.enum(['pay', 'book', 'donate']).default('pay'),
    metadata: metadata.nullable(),
    nameCollection: z.boolean(),
    emailCollection: z.boolean(),
    phoneNumberCollection: z.boolean(),
    shippingAddressCollection: z.boolean(),
    billingAddressCollection: z.boolean(),
    customFields: customFields.nullable(),
    afterCompletion: z.enum(['redirect', 'hosted_confirmation']).nullable(),
    afterCompletionConfirmMsg: z.string().nullable(),
    shippingDetails: fullAddress,
    billingDetails: fullAddress,
    lineItems,
    addresses: z.array(sessionAddress),
    paymentIntent: paymentIntentSchema,
    isMarkRefunded: z.boolean(),
    allowPromotionCodes: z.boolean(),
    discounts: z.array(discount),
    defaultPromotionCode: z.string().nullable(),
    isManualPayment: z.boolean(),
    exceptions,
    isTest: z.boolean(),
  })
  .openapi('CheckoutSession')

/** What payers see of the merchant. */
const brand = z.object({
  name: z.string(),
  logo: z.string().nullable(),
  color: z.string().nullable(),
  supportUrl: z.string().nullable(),
  termsUrl: z.string().nullable(),
  privacyUrl: z.string().nullable(),
})

const payersPrice = publicPrice.omit({ metadata: true }).extend({ product: publicProduct.omit({ metadata: true }) })

/** A checkout session as its payer sees it: nothing that is the merchant's own business. */
export const paymentPageSchema = checkoutSessionSchema
  .omit({
    organizationId: true,
    metadata: true,
    customerId: true,
    clientReferenceId: true,
    amountNet: true,
    amountFee: true,
    amountGasFee: true,
    customer: true,
  })
  .extend({
    paymentIntent: paymentIntentSchema.omit({ organizationId: true }),
    addresses: z.array(sessionAddress.omit({ proof: true })),
    lineItems: z.object({ object: z.literal('list'), data: z.array(lineItem.extend({ price: payersPrice })) }),
    brand,
    missingDetails: z.array(z.string()).openapi({
      description: 'What the payer is still asked for, as the places of a request to …/details.',
    }),
    isChangeable: z.boolean().openapi({
      description:
        'Whether details, an open amount and the promotion code may still change: until money is seen or time is up.',
    }),
    serverTime: time,
    chains: z.array(z.object({ id: z.int(), health: z.enum(['ok', 'slow', 'halted', 'unstable']) })),
  })
  .openapi('PaymentPage')

/** A checkout session as lists show it. */
export const checkoutSessionSlimSchema = checkoutSessionSchema
  .omit({ addresses: true, customer: true, customerUpdate: true, discounts: true })
  .extend({ paymentIntent: paymentIntentSchema.omit({ transactions: true }) })
  .openapi('CheckoutSessionSlim')

/** The answer to the cheap poll. */
export const sessionCompletedSchema = z
  .object({
    completed: z.boolean(),
    transactionHash: z.string().nullable(),
    status: z.enum(['open', 'complete', 'incomplete', 'expired']),
    updatedAt: time,
  })
  .openapi('CheckoutSessionCompleted')
