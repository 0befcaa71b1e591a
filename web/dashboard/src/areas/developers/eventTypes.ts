import type { Event } from '@bitstream/sdk'

/** What we tell about, by what it is about. */
export const EVENT_GROUPS = {
  'Checkout sessions': [
    'checkout_session.completed',
    'checkout_session.processing',
    'checkout_session.incomplete',
    'checkout_session.exception',
    'checkout_session.expired',
    'checkout_session.canceled',
    'checkout_session.reverted',
  ],
  'Payment intents': [
    'payment_intent.succeeded',
    'payment_intent.processing',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
  ],
  'Unmatched payments': ['payment.unmatched'],
  Invoices: [
    'invoice.finalized',
    'invoice.sent',
    'invoice.paid',
    'invoice.marked_as_paid',
    'invoice.marked_uncollectible',
    'invoice.payment_failed',
    'invoice.voided',
    'invoice.overdue',
  ],
  Refunds: ['refund.created', 'refund.succeeded', 'refund.failed'],
  Sweeps: ['sweep.succeeded', 'sweep.failed'],
  'Withdrawal addresses': ['withdrawal_address.created', 'withdrawal_address.updated', 'withdrawal_address.deleted'],
  Networks: ['chain.degraded', 'chain.recovered'],
  Subscriptions: [
    'customer.subscription.created',
    'customer.subscription.started',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'customer.subscription.past_due',
    'customer.subscription.unpaid',
    'customer.subscription.incomplete_expired',
    'customer.subscription.paused',
    'customer.subscription.resumed',
  ],
  Tests: ['webhook_endpoint_test'],
} as const satisfies Record<string, readonly Event['type'][]>

type Known = (typeof EVENT_GROUPS)[keyof typeof EVENT_GROUPS][number]

/** All types of events; one that the API has and the groups lack does not compile. */
export const EVENT_TYPES: readonly (Event['type'] & Known)[] = Object.values(EVENT_GROUPS).flat()
export const EVERY_TYPE_IS_KNOWN: Event['type'] extends Known ? true : never = true
