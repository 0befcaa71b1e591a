import { z } from '@hono/zod-openapi'
import { INVOICE_STATUSES } from '../domain/invoice.ts'
import { amount, currency, id, metadata, methods, time, visibility } from './answerFields.ts'
import { customerSchema } from './catalogObjects.ts'
import { errorCode } from './objects.ts'
import { paymentSettingSchema } from './organizationObjects.ts'
import { lineItem, paymentIntentSchema } from './paymentObjects.ts'

const invoiceItem = lineItem
  .extend({ periodStart: time.nullable(), periodEnd: time.nullable() })
  .openapi('InvoicePriceItem')

const customFields = z
  .object({ fields: z.array(z.object({ name: z.string(), value: z.string() }).openapi('InvoiceCustomFields')) })
  .openapi('InvoiceCustomField')

const attempt = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    errorCode: errorCode.nullable(),
    type: z.enum(['api_error', 'card_error', 'idempotency_error', 'invalid_request_error', 'chain_error', 'unknown']),
    declineCode: z.string().nullable(),
    paymentIntentId: id,
    paymentMethodType: methods.element,
    docUrl: z.string().nullable(),
    status: paymentIntentSchema.shape.status,
  })
  .openapi('PaymentIntentAttempt')

/** What a customer is asked to pay, with who issued it and how it was or is to be paid. */
export const invoiceSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    description: z.string().nullable(),
    total: amount,
    subTotal: amount,
    totalTax: amount,
    currency: currency.nullable(),
    customerId: id,
    customer: customerSchema,
    autoAdvance: z.boolean(),
    collectionMethod: z.enum(['charge_automatically', 'send_invoice']),
    invoiceType: z.enum(['one_time', 'recurring']),
    customFields: customFields.nullable(),
    paymentSettingId: id,
    paymentSetting: paymentSettingSchema,
    status: z.enum(INVOICE_STATUSES),
    attempted: z.boolean(),
    attemptCount: z.int(),
    nextPaymentAttempt: time.nullable(),
    dueDate: time.nullable(),
    footer: z.string().nullable(),
    fromInvoiceId: id.nullable(),
    latestRevisionId: id.nullable(),
    invoicePdfUrl: z.string().nullable(),
    invoiceNumber: z.string().nullable(),
    paid: z.boolean(),
    paidOutOfBand: z.boolean(),
    metadata: metadata.nullable(),
    clientReferenceId: z.string().nullable(),
    lineItems: z.object({ object: z.literal('list'), data: z.array(invoiceItem) }).openapi('InvoicePriceItems'),
    finalizedAt: time.nullable(),
    sentAt: time.nullable(),
    paidAt: time.nullable(),
    voidedAt: time.nullable(),
    markedUncollectibleAt: time.nullable(),
    visibility,
    paymentIntentId: id.nullable(),
    paymentIntent: paymentIntentSchema.nullable(),
    paymentIntentAttempt: z.array(attempt),
    url: z.string(),
    subscriptionId: id.nullable(),
    periodStart: time.nullable(),
    periodEnd: time.nullable(),
    billingReason: z.enum([
      'subscription_cycle',
      'subscription_create',
      'subscription_update',
      'subscription',
      'manual',
      'upcoming',
      'subscription_threshold',
    ]),
    allowPromotionCodes: z.boolean(),
    finalizeScheduleAt: time.nullable(),
    taxRateIds: z.array(id),
  })
  .openapi('Invoice')
