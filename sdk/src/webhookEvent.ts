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
type Envelope<Name extends string, Type extends Event['type'], T> = Type extends unknown
  ? {
      id: string
      apiVersion: string
      created: number
      sequence: number
      object: Name
      type: Type
      data: { object: T }
    }
  : never

type Types<Prefix extends string> = Extract<Event['type'], `${Prefix}.${string}`>

/** An event of a webhook; its `type` says what `data.object` is. */
export type WebhookEvent =
  | Envelope<'checkoutSession', Types<'checkout_session'>, CheckoutSession>
  | Envelope<'paymentIntent', Types<'payment_intent'>, PaymentIntent>
  | Envelope<'unmatchedPayment', Types<'payment'>, UnmatchedPayment>
  | Envelope<'subscription', Types<'customer.subscription'>, Subscription>
  | Envelope<'invoice', Types<'invoice'>, Invoice>
  | Envelope<'refund', Types<'refund'>, Refund>
  | Envelope<'sweep', Types<'sweep'>, Sweep>
  | Envelope<'withdrawalAddress', Types<'withdrawal_address'>, WithdrawalAddress>
  | Envelope<'chain', Types<'chain'>, Chain>
  | Envelope<'webhookEndpoint', 'webhook_endpoint_test', WebhookEndpoint>
