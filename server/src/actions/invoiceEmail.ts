import type { Context } from '../context.ts'
import { invoiceEmail } from '../documents/emails/invoiceEmail.ts'
import { overdueEmail } from '../documents/emails/overdueEmail.ts'
import { invariant } from '../domain/errors.ts'
import type { Invoice } from '../domain/invoice.ts'
import { invoiceUrl } from '../domain/invoiceView.ts'
import type { Tx } from '../store/database.ts'
import { queueEmail } from './queueEmail.ts'
import { emailBrandOf, tellMerchant } from './tellMerchant.ts'

/** Lets a finalized invoice be sent to its customer, and to `invoice.cc`, with this transaction. */
export async function sendInvoiceEmail(tx: Tx, ctx: Context, invoice: Invoice): Promise<void> {
  const { organizationId, customer, issuer, dueDate, description, cc, organization } = invoice
  const url = urlOf(ctx, invoice)
  const facts = { ...termsOf(invoice), dueDate, description, url, pdfUrl: `${url}/pdf` }
  // It is in the name that stands on the paper.
  const brand = { ...emailBrandOf(ctx, organization), ...(issuer !== null && { name: issuer.name }) }
  await queueEmail(tx, ctx, {
    ...{ organizationId, kind: 'invoice', recipient: customer.email, cc, replyTo: issuer?.email ?? null },
    content: invoiceEmail(facts, brand),
  })
}

/** Lets the merchant be told with this transaction that an open invoice is overdue. */
export async function sendOverdueEmail(tx: Tx, ctx: Context, invoice: Invoice, dueDate: Date): Promise<void> {
  const { organizationId, customer } = invoice
  const { name, organizationName, email } = customer
  const facts = { ...termsOf(invoice), customer: organizationName ?? name ?? email, dueDate, url: urlOf(ctx, invoice) }
  await tellMerchant(tx, ctx, organizationId, 'invoice_overdue', brand => overdueEmail(facts, brand))
}

function termsOf({ invoiceNumber, amountTotal: amount, currency }: Invoice) {
  invariant(invoiceNumber !== null && currency !== null, 'a finalized invoice has a number and lines')
  return { invoiceNumber, amount, currency }
}

function urlOf(ctx: Context, invoice: Invoice): string {
  return invoiceUrl(invoice, { payUrl: ctx.config.publicUrl ?? '' })
}
