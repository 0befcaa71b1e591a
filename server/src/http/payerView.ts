import type { PayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { chainHealth, payersHealth } from '../domain/chainHealth.ts'
import { isChangeable } from '../domain/changeable.ts'
import { type CheckoutSessionView, checkoutSessionView } from '../domain/checkoutSessionView.ts'
import { payUntil } from '../domain/haltedTime.ts'
import { missingDetails } from '../domain/payerDetails.ts'

/** What a payer may know of a session: nothing that is the merchant's own business. */
export function payerView(ctx: Context, seen: PayersSession) {
  const { found, world, brand } = seen
  const now = ctx.clock.now()
  const {
    organizationId,
    metadata,
    customerId,
    clientReferenceId,
    amountNet,
    amountFee,
    amountGasFee,
    customer,
    addresses,
    lineItems,
    paymentIntent,
    paymentSetting,
    ...view
  } = checkoutSessionView(found, world)
  const { organizationId: _, ...intent } = paymentIntent
  const page = {
    ...view,
    // What the merchant notes of a refund is for the merchant.
    paymentIntent: { ...intent, markRefundedComment: null },
    addresses: addresses.map(({ proof, ...address }) => address),
    lineItems: { ...lineItems, data: lineItems.data.map(payersLine) },
    // Whom the merchant shares the money with is in the list of chains.
    paymentSetting: {
      ...paymentSetting,
      allowedChains: paymentSetting.allowedChains.map(({ chainId }) => ({ chainId })),
    },
    brand,
    // What the payer is still asked for, as the places of a request to …/details.
    missingDetails: missingDetails(found.options),
    // Whether details, amount and promotion code may still be changed.
    isChangeable: isChangeable(found, now),
    // A session that the merchant ended closes when its chains have passed that moment; the payer's time is over at once.
    expiresAt: payUntil(found),
    serverTime: now,
    chains: found.paymentSetting.allowedChains.map(({ chainId }) => ({
      id: chainId,
      health: payersHealth(chainHealth(ctx.health.now(), chainId)),
    })),
  }
  return JSON.parse(JSON.stringify(page)) as Jsonified<typeof page>
}

function payersLine({ price, ...line }: CheckoutSessionView['lineItems']['data'][number]) {
  const { metadata, product, ...rest } = price
  const { metadata: _, ...shown } = product
  return { ...line, price: { ...rest, product: shown } }
}

/** A value as it is after a passage through JSON: dates are text. */
type Jsonified<T> = T extends { toISOString(): string }
  ? string
  : T extends (infer U)[]
    ? Jsonified<U>[]
    : T extends object
      ? { [K in keyof T]: Jsonified<T[K]> }
      : T
