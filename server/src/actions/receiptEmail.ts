import type { Context } from '../context.ts'
import { receiptEmail } from '../documents/emails/receiptEmail.ts'
import { invariant } from '../domain/errors.ts'
import { formatDecimal } from '../domain/money.ts'
import type { Organization } from '../domain/organization.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { type Queued, queueEmails } from './queueEmail.ts'
import { emailBrandOf } from './tellMerchant.ts'

/** Where a session's payer can be written to; null where nobody knows. */
export function payersEmail({ options, customer }: CheckoutSession): string | null {
  return options.customerDetails.email ?? customer?.email ?? null
}

/** Payers whose e-mail address is known get the receipt with the transaction that makes it, and not again after a reorg. */
export async function mailReceipts(tx: Tx, ctx: Context, changes: readonly Settled[]): Promise<void> {
  const made = changes.flatMap(({ before, after }) => {
    const recipient = payersEmail(after)
    const isNew = before.intent.receipt === null && after.intent.receipt !== null
    return isNew && recipient !== null ? [{ session: after, recipient }] : []
  })
  const organizations = new Map<string, Organization>()
  for (const id of new Set(made.map(({ session }) => session.organizationId))) {
    organizations.set(id, await findOrganization(tx, id))
  }
  await queueEmails(
    tx,
    ctx,
    made.flatMap(({ session, recipient }) => {
      const organization = organizations.get(session.organizationId)
      return organization === undefined ? [] : receiptMessage(ctx, session, { organization, recipient })
    }),
  )
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
  const network = ctx.known.chains.get(asset.chainId)?.name ?? `chain ${asset.chainId}`
  return `${formatDecimal(amountRaw, asset.decimals)} ${asset.symbol} on ${network}`
}
