import { NATIVE } from '../domain/asset.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { emailKey } from '../domain/sessionSearch.ts'
import { watchUntil } from '../domain/sessionTime.ts'
import { byteaText } from './bytes.ts'

/** The rows of a new session by table; new products and prices are those made in the same moment as the session. */
export function sessionRows(session: CheckoutSession): Record<string, object[]> {
  const { organizationId, id, intent, deposit } = session
  const own = { organization_id: organizationId, checkout_session_id: id }
  const fresh = session.lineItems.map(item => item.price).filter(price => price.createdAt === session.createdAt)
  return {
    products: fresh
      .filter(price => price.product.createdAt === session.createdAt)
      .map(price => productRow(organizationId, price.product)),
    prices: fresh.map(price => priceRow(organizationId, price)),
    checkout_sessions: [sessionRow(session)],
    line_items: lineItemRows(session),
    payment_intents: [
      {
        ...own,
        id: intent.id,
        created_at: intent.createdAt,
        updated_at: intent.updatedAt,
        currency: session.currency,
        amount: session.amountTotal.toString(),
        status: intent.status,
      },
    ],
    session_assets: sessionAssetRows(session),
    deposit_addresses: [
      {
        ...own,
        address: byteaText(deposit.address),
        factory: byteaText(deposit.factory),
        init_code_hash: byteaText(deposit.initCodeHash),
        payouts: deposit.payouts,
        is_fallback: false,
        coin_chains: coinChains(session),
        watch_until: watchUntil(session),
      },
    ],
  }
}

/** The rows of a session's lines, amounts as digits. */
export function lineItemRows({ organizationId, id, lineItems }: CheckoutSession): object[] {
  return lineItems.map((item, position) => ({
    organization_id: organizationId,
    checkout_session_id: id,
    position,
    price_id: item.price.id,
    quantity: item.quantity,
    description: item.description,
    unit_amount: item.unitAmount?.toString() ?? null,
    period_start: item.periodStart,
    period_end: item.periodEnd,
    amount_subtotal: item.amountSubtotal.toString(),
    amount_discount: item.amountDiscount.toString(),
    amount_tax: item.amountTax.toString(),
    amount_total: item.amountTotal.toString(),
    taxes: item.taxes,
  }))
}

/** The rows of the assets that a session may be paid in, amounts as digits. */
export function sessionAssetRows({ organizationId, id, assets }: CheckoutSession): object[] {
  return assets.map(row => ({
    organization_id: organizationId,
    checkout_session_id: id,
    asset_id: row.asset.id,
    id: row.id,
    amount: row.amount.toString(),
    amount_raw: row.amountRaw.toString(),
    wait: `${row.policy.wait}`,
    witness: row.policy.witness,
    quote: row.quote,
  }))
}

/** The chains on which the session may be paid in native coin, which tells of itself by no log. */
export function coinChains({ assets }: CheckoutSession): number[] {
  return assets.filter(({ asset }) => asset.address === NATIVE).map(({ asset }) => asset.chainId)
}

function productRow(organizationId: string, product: CheckoutSession['lineItems'][number]['price']['product']) {
  return {
    organization_id: organizationId,
    id: product.id,
    created_at: product.createdAt,
    updated_at: product.updatedAt,
    name: product.name,
    description: product.description,
    images: product.images,
    unit_label: product.unitLabel,
    url: product.url,
    metadata: product.metadata,
    is_active: product.isActive,
    default_price_id: product.defaultPriceId,
    visibility: product.visibility,
  }
}

function priceRow(organizationId: string, price: CheckoutSession['lineItems'][number]['price']) {
  return {
    organization_id: organizationId,
    id: price.id,
    created_at: price.createdAt,
    updated_at: price.updatedAt,
    product_id: price.product.id,
    currency: price.currency,
    type: price.type,
    unit_amount: price.unitAmount?.toString() ?? null,
    custom_unit_min: price.open?.min?.toString() ?? null,
    custom_unit_max: price.open?.max?.toString() ?? null,
    custom_preset: price.open?.preset?.toString() ?? null,
    custom_suggestions: price.open?.suggestions.map(String) ?? null,
    nickname: price.nickname,
    is_public: price.isPublic,
    interval: price.interval,
    interval_count: price.intervalCount,
    metadata: price.metadata,
    is_active: price.isActive,
    visibility: price.visibility,
  }
}

function sessionRow(session: CheckoutSession) {
  return {
    organization_id: session.organizationId,
    id: session.id,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    mode: session.mode,
    currency: session.currency,
    amount_subtotal: session.amountSubtotal.toString(),
    amount_discount: session.amountDiscount.toString(),
    amount_tax: session.amountTax.toString(),
    amount_fee: session.amountFee.toString(),
    amount_total: session.amountTotal.toString(),
    fee_ppm: session.feePpm,
    coupon_id: session.discount?.couponId ?? null,
    promotion_code_id: session.discount?.promotionCodeId ?? null,
    discount: session.discount,
    redeemed_by: session.redeemedBy,
    value_usd: session.valueUsd?.toString() ?? null,
    expires_at: session.expiresAt,
    options: session.options,
    email_key: emailKey(session.options.customerDetails),
    payment_setting: session.paymentSetting,
    success_url: session.successUrl,
    cancel_url: session.cancelUrl,
    metadata: session.metadata,
    client_reference_id: session.clientReferenceId,
    customer_id: session.customerId,
    payment_link_id: session.paymentLinkId,
    subscription_id: session.subscriptionId,
    invoice_id: session.invoiceId,
    tolerance_bps: session.toleranceBps,
    status: session.status,
    exceptions: session.exceptions,
    deadline: session.deadline,
    is_closed: session.isClosed,
  }
}
