import type { Context } from '../context.ts'
import { receiptEmail } from '../documents/emails/receiptEmail.ts'
import { invariant } from '../domain/errors.ts'
import { formatDecimal } from '../domain/money.ts'
import type { Organization } from '../domain/organization.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import type { Settled } from '../domain/settledSession.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { enqueueReceipts } from '../store/receipts.ts'
import { chainName } from './chainOf.ts'
import { type Queued, queueEmail } from './queueEmail.ts'
import { emailBrandOf } from './tellMerchant.ts'

/** Where a session's payer can be written to; null where nobody knows. */
export function payersEmail({ options, customer }: CheckoutSession): string | null {
  return options.customerDetails.email ?? customer?.email ?? null
}

/** Lets payers whose e-mail address is known get their receipt: in a job, so that no message can hold up a payment. */
export async function mailReceipts(tx: Tx, _ctx: Context, changes: readonly Settled[]): Promise<void> {
  const paid = changes.flatMap(({ after }) => (after.intent.status === 'succeeded' ? [after] : []))
  await enqueueReceipts(
    tx,
    paid.filter(session => payersEmail(session) !== null),
  )
}

/** Queues the receipt of a session's payment to its payer: once, however often a reorg took it back, and not while it is taken back. */
export async function mailReceipt(ctx: Context, named: { organizationId: string; sessionId: string }): Promise<void> {
  const { organizationId, sessionId } = named
  await inOrganization(ctx.db, organizationId, async tx => {
    const [session] = await loadSessions(tx, [sessionId], ctx.known)
    const { receipt = null, status } = session?.intent ?? {}
    const recipient = session === undefined ? null : payersEmail(session)
    if (session === undefined || receipt === null || status !== 'succeeded' || recipient === null) return
    const organization = await findOrganization(tx, organizationId)
    await queueEmail(tx, ctx, { ...receiptMessage(ctx, session, { organization, recipient }), id: receipt.id })
  })
}

/** The receipt of a session's payment as it is sent to `recipient`. */
export function receiptMessage(
  ctx: Context,
  session: CheckoutSession,
  { organization, recipient }: { organization: Organization; recipient: string },
): Queued {
  const { id, organizationId, currency, lineItems, amountDiscount, amountTax, amountFee, amountTotal, intent } = session
  const { receipt } = intent
  invariant(receipt, 'a payment that succeeded has a receipt')
  const payUrl = ctx.config.publicUrl ?? ''
  const payments = session.transfers.filter(({ orphanedAt, unmatchedReason }) => !orphanedAt && !unmatchedReason)
  const facts = {
    ...{ receiptNumber: receipt.receiptNumber, paidAt: receipt.createdAt, currency },
    lines: lineItems.map(({ price, quantity, amountSubtotal }) => {
      return { name: price.product.name, quantity, amount: amountSubtotal }
    }),
    ...{ discount: amountDiscount, tax: amountTax, fee: amountFee, total: amountTotal },
    payments: payments.map(payment => paymentText(ctx, payment)),
    url: `${payUrl}/payment/checkout-session/${id}`,
    pdfUrl: `${payUrl}/payment/receipt/${receipt.id}/pdf`,
    isTest: ctx.config.mode === 'test',
  }
  const { supportEmail, email } = organization.profile
  return {
    ...{ organizationId, kind: 'receipt', recipient, replyTo: supportEmail ?? email },
    content: receiptEmail(facts, emailBrandOf(ctx, organization)),
  }
}

function paymentText(ctx: Context, { asset, amountRaw }: SessionTransfer): string {
  return `${formatDecimal(amountRaw, asset.decimals)} ${asset.symbol} on ${chainName(ctx, asset.chainId)}`
}
