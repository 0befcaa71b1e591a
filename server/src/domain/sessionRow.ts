import { AMOUNT_DECIMALS, formatDecimal } from './money.ts'
import type { CheckoutSession } from './session.ts'

/** A column of an export: its title, and its text for a session; empty where there is no value. */
type Column = readonly [title: string, text: (session: CheckoutSession) => string]

const amount = (value: bigint) => formatDecimal(value, AMOUNT_DECIMALS)
const live = ({ transfers }: CheckoutSession) => transfers.filter(({ orphanedAt }) => orphanedAt === null)
const unique = (texts: readonly (string | null)[]) => [...new Set(texts.filter(text => text !== null))].join(' ')

const COLUMNS: readonly Column[] = [
  ['id', session => session.id],
  ['createdAt', session => session.createdAt.toISOString()],
  ['updatedAt', session => session.updatedAt.toISOString()],
  ['expiresAt', session => session.expiresAt.toISOString()],
  ['status', session => session.status],
  ['paymentStatus', session => (session.status === 'complete' ? 'paid' : 'unpaid')],
  ['exceptions', session => session.exceptions.join(' ')],
  ['mode', session => session.mode],
  ['currency', session => session.currency],
  ['amountSubtotal', session => amount(session.amountSubtotal)],
  ['amountDiscount', session => amount(session.amountDiscount)],
  ['amountTax', session => amount(session.amountTax)],
  ['amountFee', session => amount(session.amountFee)],
  ['amountTotal', session => amount(session.amountTotal)],
  ['amountReceived', ({ intent }) => (intent.amountReceived === null ? '' : amount(intent.amountReceived))],
  ['paymentIntentId', ({ intent }) => intent.id],
  ['paymentIntentStatus', ({ intent }) => intent.status],
  ['isMarkRefunded', ({ intent }) => `${intent.markRefundedAt !== null}`],
  ['lineItems', ({ lineItems }) => lineItems.map(line => `${line.quantity} × ${line.price.product.name}`).join('; ')],
  ['payments', session => live(session).map(paymentText).join('; ')],
  ['transactionHashes', session => unique(live(session).map(({ txHash }) => txHash))],
  ['customerId', session => session.customerId ?? ''],
  ['customerName', ({ options }) => options.customerDetails.name ?? ''],
  ['customerEmail', ({ options }) => options.customerDetails.email ?? ''],
  ['clientReferenceId', session => session.clientReferenceId ?? ''],
  ['paymentLinkId', session => session.paymentLinkId ?? ''],
  ['invoiceId', session => session.invoiceId ?? ''],
  ['subscriptionId', session => session.subscriptionId ?? ''],
  ['couponId', session => session.discount?.couponId ?? ''],
  ['metadata', ({ metadata }) => (metadata === null ? '' : JSON.stringify(metadata))],
]

/** The titles of an export's columns. */
export const SESSION_COLUMNS: readonly string[] = COLUMNS.map(([title]) => title)

/** A session as a row of an export: a text for each of `SESSION_COLUMNS`, amounts as exact decimals. */
export function sessionRow(session: CheckoutSession): string[] {
  return COLUMNS.map(([, text]) => text(session))
}

function paymentText({ amountRaw, asset, unmatchedReason }: CheckoutSession['transfers'][number]): string {
  const text = `${formatDecimal(amountRaw, asset.decimals)} ${asset.symbol} on ${asset.chainId}`
  return unmatchedReason === null ? text : `${text} (${unmatchedReason})`
}
