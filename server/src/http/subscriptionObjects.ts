import { z } from '@hono/zod-openapi'
import { currency, id, interval, metadata, methods, time } from './answerFields.ts'
import { customerSchema } from './catalogObjects.ts'
import { lineItems, paymentMethod } from './paymentObjects.ts'

/** What a subscription may be. */
export const subscriptionStatus = z.enum([
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'canceled',
  'unpaid',
  'paused',
])

/** What a customer pays again and again. */
export const subscriptionSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    tags: z.array(z.string()),
    clientReferenceId: z.string().nullable(),
    currency,
    collectionMethod: z.enum(['superfluid', 'charge_automatically', 'send_invoice']),
    interval,
    intervalCount: z.int(),
    paymentMethodTypes: methods,
    status: subscriptionStatus,
    description: z.string().nullable(),
    metadata: metadata.nullable(),
    defaultPaymentMethodId: id.nullable(),
    defaultPaymentMethod: paymentMethod.nullable(),
    customerId: id.nullable(),
    customer: customerSchema.nullable(),
    startDate: time.nullable(),
    endedAt: time.nullable(),
    cancelAt: time.nullable(),
    canceledAt: time.nullable(),
    lineItems,
    cancellationReason: z.string().nullable(),
    currentPeriodEnd: time.nullable(),
    currentPeriodStart: time.nullable(),
    cancelAtPeriodEnd: z.boolean(),
  })
  .openapi('Subscription')

/** Where a customer looks after subscriptions of their own. */
export const customerPortalSessionSchema = z
  .object({
    id,
    createdAt: time,
    expiresAt: time,
    organizationId: id,
    customerId: id,
    url: z.string(),
    returnUrl: z.string().nullable(),
  })
  .openapi('CustomerPortalSession')
