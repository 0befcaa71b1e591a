import type { Selectable } from 'kysely'
import type { Asset } from '../domain/asset.ts'
import type { AppliedDiscount } from '../domain/coupon.ts'
import type { Currency } from '../domain/currency.ts'
import type { Customer } from '../domain/customer.ts'
import type { Payout } from '../domain/depositAddress.ts'
import type {
  CheckoutSession,
  LineItem,
  Metadata,
  PayableAsset,
  PaymentIntent,
  PaymentSetting,
  SessionOptions,
  SessionTransfer,
} from '../domain/session.ts'
import type { IntentStatus, SessionStatus } from '../domain/settlement.ts'
import type { LineTax } from '../domain/taxRate.ts'
import { bufferHex } from './bytes.ts'
import { priceFromRow } from './prices.ts'
import type { CheckoutSessions, DepositAddresses, PaymentIntents, Transfers } from './schema.ts'

/** A session with its intent, its address and its receipt, as they are read together. */
export type SessionRow = Selectable<CheckoutSessions> &
  Pick<Selectable<PaymentIntents>, 'amount_received' | 'canceled_at' | 'mark_refunded_at' | 'mark_refunded_comment'> &
  Pick<Selectable<DepositAddresses>, 'address' | 'factory' | 'init_code_hash' | 'payouts'> & {
    i_id: string
    i_created_at: Date
    i_updated_at: Date
    i_status: string
    r_id: string | null
    r_created_at: Date | null
    r_name: string | null
    receipt_number: string | null
  }

/** A session of its row and of what is read beside it. */
export function sessionFromRow(
  row: SessionRow,
  customer: Customer | null,
  lineItems: LineItem[],
  assets: PayableAsset[],
  transfers: SessionTransfer[],
): CheckoutSession {
  return {
    id: row.id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    mode: 'payment',
    currency: row.currency as Currency,
    amountSubtotal: row.amount_subtotal,
    amountDiscount: row.amount_discount,
    amountTax: row.amount_tax,
    amountFee: row.amount_fee,
    amountTotal: row.amount_total,
    feePpm: row.fee_ppm,
    discount: row.discount as AppliedDiscount | null,
    valueUsd: row.value_usd,
    expiresAt: row.expires_at,
    options: row.options as SessionOptions,
    paymentSetting: row.payment_setting as PaymentSetting,
    successUrl: row.success_url,
    cancelUrl: row.cancel_url,
    metadata: row.metadata as Metadata | null,
    clientReferenceId: row.client_reference_id,
    customerId: row.customer_id,
    customer,
    redeemedBy: row.redeemed_by,
    paymentLinkId: row.payment_link_id,
    subscriptionId: row.subscription_id,
    invoiceId: row.invoice_id,
    toleranceBps: row.tolerance_bps,
    status: row.status as SessionStatus,
    exceptions: row.exceptions,
    deadline: row.deadline,
    isClosed: row.is_closed,
    lineItems,
    assets,
    deposit: {
      address: bufferHex(row.address),
      factory: bufferHex(row.factory),
      initCodeHash: bufferHex(row.init_code_hash),
      payouts: row.payouts as Payout[],
    },
    intent: intentFromRow(row),
    transfers,
  }
}

function intentFromRow(row: SessionRow): PaymentIntent {
  return {
    id: row.i_id,
    createdAt: row.i_created_at,
    updatedAt: row.i_updated_at,
    status: row.i_status as IntentStatus,
    amountReceived: row.amount_received === null ? null : BigInt(row.amount_received),
    canceledAt: row.canceled_at,
    markRefundedAt: row.mark_refunded_at,
    markRefundedComment: row.mark_refunded_comment,
    receipt: receiptFromRow(row),
  }
}

function receiptFromRow({ r_id: id, r_created_at: createdAt, r_name: name, receipt_number: number }: SessionRow) {
  return id === null || createdAt === null || number === null ? null : { id, createdAt, receiptNumber: number, name }
}

/** A line of a session, read with its price. */
export function lineFromRow(
  row: Parameters<typeof priceFromRow>[0] & {
    quantity: number
    l_description: string | null
    l_unit_amount: bigint | null
    period_start: Date | null
    period_end: Date | null
    amount_subtotal: bigint
    amount_discount: bigint
    amount_tax: bigint
    amount_total: bigint
    taxes: unknown
  },
): LineItem {
  return {
    quantity: row.quantity,
    description: row.l_description,
    periodStart: row.period_start,
    periodEnd: row.period_end,
    price: priceFromRow(row),
    unitAmount: row.l_unit_amount,
    amountSubtotal: row.amount_subtotal,
    amountDiscount: row.amount_discount,
    amountTax: row.amount_tax,
    amountTotal: row.amount_total,
    taxes: row.taxes as LineTax[],
  }
}

/** A transfer as a session has it. */
export function transferFromRow(row: Selectable<Transfers>, asset: Asset): SessionTransfer {
  return {
    id: row.id,
    asset,
    from: row.from_address === null ? null : bufferHex(row.from_address),
    amountRaw: BigInt(row.amount_raw),
    txHash: row.tx_hash === null ? null : bufferHex(row.tx_hash),
    place: row.place,
    blockNumber: row.block_number,
    blockTime: row.block_time,
    firstSeenAt: row.first_seen_at,
    postedAt: row.posted_at,
    orphanedAt: row.orphaned_at,
    replacedAt: row.replaced_at,
    unmatchedReason: row.unmatched_reason as SessionTransfer['unmatchedReason'],
  }
}
