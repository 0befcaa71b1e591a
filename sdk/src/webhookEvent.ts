import type {
  Chain,
  CheckoutSession,
  Event,
  Invoice,
  PaymentIntent,
  Refund,
  Subscription,
  Sweep,
  UnmatchedPayment,
  WebhookEndpoint,
  WithdrawalAddress,
} from './types.ts'

/** What a webhook carries: `created` in milliseconds, `sequence` its place among the object's events, `data.object` as a GET answers it. */
type Envelope<Name extends string, Prefix extends string, T> = {
  id: string
  apiVersion: string
  created: number
  sequence: number
  object: Name
  type: Extract<Event['type'], Prefix | `${Prefix}.${string}`>
  data: { object: T }
}

/** An event of a webhook; its `type` says what `data.object` is. */
export type WebhookEvent =
  | Envelope<'checkoutSession', 'checkout_session', CheckoutSession>
  | Envelope<'paymentIntent', 'payment_intent', PaymentIntent>
  | Envelope<'unmatchedPayment', 'payment', UnmatchedPayment>
  | Envelope<'subscription', 'customer.subscription', Subscription>
  | Envelope<'invoice', 'invoice', Invoice>
  | Envelope<'refund', 'refund', Refund>
  | Envelope<'sweep', 'sweep', Sweep>
  | Envelope<'withdrawalAddress', 'withdrawal_address', WithdrawalAddress>
  | Envelope<'chain', 'chain', Chain>
  | Envelope<'webhookEndpoint', 'webhook_endpoint_test', WebhookEndpoint>
