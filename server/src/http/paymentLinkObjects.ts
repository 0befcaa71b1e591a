import { z } from '@hono/zod-openapi'
import { CRYPTO } from '../domain/currency.ts'
import { amount, currency, id, interval, time } from './answerFields.ts'
import { priceType } from './priceFields.ts'
import { linkCustomFields } from './sessionFields.ts'

/** A page that makes a session for everyone who pays there. */
export const paymentLinkSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    url: z.string(),
    type: z.enum(['one_time', 'multiple']),
    amount: amount.nullable(),
    currency,
    currencies: z.array(z.enum(CRYPTO)).nullable(),
    preferredCurrency: z.enum(CRYPTO).nullable(),
    title: z.string(),
    description: z.string().nullable(),
    image: z.string().nullable(),
    publicImage: z.string().nullable(),
    tags: z.array(z.string()),
    isActive: z.boolean(),
    nameCollection: z.boolean(),
    emailCollection: z.boolean(),
    phoneNumberCollection: z.boolean(),
    shippingAddressCollection: z.boolean(),
    billingAddressCollection: z.boolean(),
    customFields: linkCustomFields.nullable(),
    submitType: z.enum(['pay', 'book', 'donate']),
    afterCompletion: z.enum(['redirect', 'hosted_confirmation']),
    afterCompletionRedirectUrl: z.string().nullable(),
    afterCompletionConfirmMsg: z.string().nullable(),
    suggestedCurrency: currency.nullable(),
    suggestedAmounts: z.array(amount).nullable(),
    productId: id.nullable(),
    allowedChains: z
      .array(z.object({ chainId: z.int(), isPreferred: z.boolean() }).openapi('PaymentLinkChain'))
      .nullable(),
    interval: interval.nullable(),
    intervalCount: z.int().nullable(),
    priceType,
    allowPromotionCodes: z.boolean(),
  })
  .openapi('PaymentLink')
