import { type Asset, type Chain, NATIVE } from './asset.ts'
import { sessionAssetView } from './chainView.ts'
import { customerView } from './customerView.ts'
import type { Hex } from './hex.ts'
import { formatAmount } from './money.ts'
import { paymentIntentView } from './paymentIntentView.ts'
import { lineItemView, percentOf } from './priceView.ts'
import type { CheckoutSession, PayableAsset, SessionTransfer } from './session.ts'

/** What a view needs beside the session: where pages live, which chains are known, and how far each has been read. */
export type ViewWorld = {
  /** Origin of the payer's pages, without a slash at its end. */
  payUrl: string
  isTest: boolean
  chains: ReadonlyMap<number, Chain>
  /** The number of the last block read, by chain id. */
  heads: ReadonlyMap<number, bigint>
}

/** The session as every GET answers it and every event carries it: JSON-ready, amounts as digit strings. */
export function checkoutSessionView(session: CheckoutSession, world: ViewWorld) {
  const { options } = session
  return {
    id: session.id,
    createdAt: session.createdAt,
    updatedAt: session.updatedAt,
    organizationId: session.organizationId,
    mode: session.mode,
    paymentLinkId: session.paymentLinkId,
    subscriptionId: session.subscriptionId,
    invoiceId: session.invoiceId,
    amountTotal: formatAmount(session.amountTotal),
    amountSubtotal: formatAmount(session.amountSubtotal),
    amountGasFee: null,
    amountFee: session.feePpm === null ? null : formatAmount(session.amountFee),
    amountNet: formatAmount(session.amountTotal),
    amountDetails: amountDetails(session),
    currency: session.currency,
    paymentMethodTypes: ['wallet'],
    paymentSetting: { ...session.paymentSetting, paymentMethodTypes: null },
    status: session.status,
    paymentStatus: session.status === 'complete' ? ('paid' as const) : ('unpaid' as const),
    expiresAt: session.expiresAt,
    customerId: session.customerId,
    customer: session.customer === null ? null : customerView(session.customer),
    customerDetails: options.customerDetails,
    clientReferenceId: session.clientReferenceId,
    customerCreation: options.customerCreation,
    customerUpdate: options.customerUpdate,
    url: `${world.payUrl}/payment/checkout-session/${session.id}`,
    successUrl: session.successUrl,
    cancelUrl: session.cancelUrl,
    submitType: options.submitType,
    metadata: session.metadata,
    nameCollection: options.nameCollection,
    emailCollection: options.emailCollection,
    phoneNumberCollection: options.phoneNumberCollection,
    shippingAddressCollection: options.shippingAddressCollection,
    billingAddressCollection: options.billingAddressCollection,
    customFields: options.customFields,
    afterCompletion: options.afterCompletion,
    afterCompletionConfirmMsg: options.afterCompletionConfirmMsg,
    shippingDetails: options.shippingDetails ?? {},
    billingDetails: options.billingDetails ?? {},
    lineItems: { object: 'list', data: session.lineItems.map(item => lineItemView(item)) },
    addresses: session.assets.map(row => addressView(session, row, world)),
    paymentIntent: paymentIntentView(session, world),
    isMarkRefunded: session.intent.markRefundedAt !== null,
    allowPromotionCodes: options.allowPromotionCodes,
    discounts: discountsView(session),
    defaultPromotionCode: options.defaultPromotionCode,
    isManualPayment: false,
    exceptions: session.exceptions,
    isTest: world.isTest,
  }
}

export type CheckoutSessionView = ReturnType<typeof checkoutSessionView>

/** A row of a list: the session without addresses, customer and discounts, its intent without transactions. */
export function checkoutSessionSlimView(session: CheckoutSession, world: ViewWorld) {
  const { addresses, customer, customerUpdate, discounts, paymentIntent, ...slim } = checkoutSessionView(session, world)
  const { transactions, ...intent } = paymentIntent
  return { ...slim, paymentIntent: intent }
}

function amountDetails(session: CheckoutSession) {
  const { discount, feePpm } = session
  return {
    currency: session.currency,
    amountTotal: formatAmount(session.amountTotal),
    amountSubtotal: formatAmount(session.amountSubtotal),
    amountDiscount: formatAmount(session.amountDiscount),
    amountTax: formatAmount(session.amountTax),
    amountFee: formatAmount(session.amountFee),
    amountGasFee: null,
    feePercentage: feePpm === null ? null : percentOf(feePpm),
    applyFee: feePpm !== null,
    applyGasFee: false,
    discountAmounts:
      discount === null ? [] : [{ amount: formatAmount(session.amountDiscount), couponId: discount.couponId }],
  }
}

function discountsView({ discount, amountDiscount }: CheckoutSession) {
  if (discount === null) return []
  const { couponId, name, percentPpm, amountOff, currency, code } = discount
  const percentOff = percentPpm === null ? null : percentOf(percentPpm)
  return [{ amount: formatAmount(amountDiscount), couponId, coupon: { name, percentOff, amountOff, currency, code } }]
}

function addressView(session: CheckoutSession, row: PayableAsset, world: ViewWorld) {
  const { asset } = row
  const { address, factory, initCodeHash, payouts } = session.deposit
  const received = session.transfers.filter(
    transfer => transfer.asset.id === asset.id && transfer.orphanedAt === null && transfer.unmatchedReason === null,
  )
  return {
    id: row.id,
    createdAt: session.createdAt,
    updatedAt: session.createdAt,
    checkoutSessionId: session.id,
    asset: sessionAssetView(asset, world.chains),
    paymentAddress: address,
    gas: null,
    gasAmount: null,
    amount: formatAmount(row.amount),
    amountRaw: row.amountRaw.toString(),
    amountReceivedRaw: received.reduce((sum, transfer) => sum + transfer.amountRaw, 0n).toString(),
    confirmations: confirmations(row, received, world),
    uri: paymentUri(asset, address, row.amountRaw),
    quote: row.quote,
    proof: { factory, initCodeHash, sessionId: session.id, payouts },
  }
}

/** How many blocks a payment needs, and how many the last of `transfers` has, its own block being the first. */
function confirmations({ asset, policy }: PayableAsset, transfers: SessionTransfer[], world: ViewWorld) {
  // A tag is not counted in blocks: the chain's own number stands for it.
  const required = typeof policy.wait === 'number' ? policy.wait : (world.chains.get(asset.chainId)?.confirmations ?? 0)
  const head = world.heads.get(asset.chainId)
  const depths = transfers.map(({ blockNumber, postedAt }) => {
    if (postedAt !== null || head === undefined) return required
    return Math.max(0, Math.min(required, parseInt(`${head - blockNumber + 1n}`, 10)))
  })
  return { required, best: depths.length === 0 ? 0 : Math.min(...depths) }
}

/** The link that wallets open with chain, recipient and amount filled in (EIP-681). */
export function paymentUri(asset: Asset, to: Hex, amountRaw: bigint): string {
  if (asset.address === NATIVE) return `ethereum:${to}@${asset.chainId}?value=${amountRaw}`
  return `ethereum:${asset.address}@${asset.chainId}/transfer?address=${to}&uint256=${amountRaw}`
}
