import type { Context } from '../context.ts'
import { receiptEmail } from '../documents/emails/receiptEmail.ts'
import { invariant } from '../domain/errors.ts'
import { formatDecimal } from '../domain/money.ts'
import type { Organization } from '../domain/organization.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { queueEmail } from './queueEmail.ts'
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
  for (const { session, recipient } of made) {
    const { organizationId } = session
    const organization = organizations.get(organizationId) ?? (await findOrganization(tx, organizationId))
    organizations.set(organizationId, organization)
    await queueReceipt(tx, ctx, session, { organization, recipient })
  }
}

/** Lets the receipt of a session's payment be sent to `recipient` with this transaction. */
export async function queueReceipt(
  tx: Tx,
  ctx: Context,
  session: CheckoutSession,
  { organization, recipient }: { organization: Organization; recipient: string },
): Promise<void> {
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
  await queueEmail(tx, ctx, {
    ...{ organizationId, kind: 'receipt', recipient, replyTo: supportEmail ?? email },
    content: receiptEmail(facts, emailBrandOf(ctx, organization)),
  })
}

function paymentText(ctx: Context, { asset, amountRaw }: SessionTransfer): string {
  const network = ctx.known.chains.get(asset.chainId)?.name ?? `chain ${asset.chainId}`
  return `${formatDecimal(amountRaw, asset.decimals)} ${asset.symbol} on ${network}`
}
