import { type Asset, type Chain, NATIVE } from './asset.ts'
import { invariant } from './errors.ts'
import type { Hex } from './hex.ts'
import { formatAmount, fromRawFloor } from './money.ts'
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
    customer: null,
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

/** A chain as it stands inside an asset. */
export function chainSlimView(chain: Chain) {
  return {
    id: chain.id,
    name: chain.name,
    icon: chain.icon,
    currency: chain.currency,
    blockExplorerTransactionUrl: chain.blockExplorerTransactionUrl,
    blockExplorerName: chain.blockExplorerName,
    type: chain.type,
    isBeta: chain.isBeta,
  }
}

function sessionAssetView(asset: Asset, world: ViewWorld) {
  const chain = world.chains.get(asset.chainId)
  invariant(chain, 'the chain of every asset is known')
  return {
    id: asset.id,
    name: asset.name,
    address: asset.address,
    chainId: asset.chainId,
    currency: asset.currency,
    symbol: asset.symbol,
    decimals: asset.decimals,
    coingeckoId: asset.coingeckoId,
    isPublic: asset.isPublic,
    superToken: null,
    chain: chainSlimView(chain),
  }
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
    asset: sessionAssetView(asset, world),
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

function paymentIntentView(session: CheckoutSession, world: ViewWorld) {
  const { intent } = session
  return {
    id: intent.id,
    createdAt: intent.createdAt,
    updatedAt: intent.updatedAt,
    organizationId: session.organizationId,
    amount: formatAmount(session.amountTotal),
    amountReceived: intent.amountReceived?.toString() ?? null,
    currency: session.currency,
    status: intent.status,
    paymentMethodId: null,
    paymentMethod: null,
    description: null,
    paymentMethodTypes: ['wallet'],
    transferAccountAddress: null,
    transactions: session.transfers
      .filter(transfer => transfer.orphanedAt === null)
      .map(transfer => transactionView(session, transfer, world)),
    paymentReceipt: null,
    canceledAt: intent.canceledAt,
    cancellationReason: intent.canceledAt === null ? null : 'expired',
    stripe: null,
    isMarkRefunded: intent.markRefundedAt !== null,
    markRefundedAt: intent.markRefundedAt,
    markRefundedComment: intent.markRefundedComment,
    exceptions: session.exceptions,
  }
}

/** A payment to the session's address, as its payment intent lists it. */
export function transactionView(session: CheckoutSession, transfer: SessionTransfer, world: ViewWorld) {
  const { asset } = transfer
  const explorer = world.chains.get(asset.chainId)?.blockExplorerTransactionUrl
  return {
    type: 'incoming',
    transactionRelayId: null,
    transactionHash: transfer.txHash,
    nonce: null,
    gasLimit: null,
    validUntil: null,
    fromAddress: transfer.from,
    toAddress: session.deposit.address,
    currency: asset.currency,
    createdAt: transfer.firstSeenAt,
    amount: fromRawFloor(transfer.amountRaw, asset.decimals).toString(),
    amountRaw: transfer.amountRaw.toString(),
    assetId: asset.id,
    asset: sessionAssetView(asset, world),
    transactionUrl: transfer.txHash === null || explorer === undefined ? null : `${explorer}${transfer.txHash}`,
  }
}
