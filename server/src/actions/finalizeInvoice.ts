import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { canMove, formatInvoiceNumber, type Invoice, issuerOf, moveInvoice } from '../domain/invoice.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import { findCustomer } from '../store/customers.ts'
import type { Tx } from '../store/database.ts'
import { isNumberTaken, takeCustomerSequence, takeMerchantSequence } from '../store/issuers.ts'
import { endInvoiceSessions, lockInvoice, saveInvoices } from './changeInvoice.ts'

/**
 * Makes the draft a document with a number, open to be paid; the invoice that it revises is voided with it. Null when `tx` sees no
 * such invoice. Throws `invoice_not_draft`, `invoice_empty`, `invoice_number_taken`, and for what it revises `invoice_not_open`.
 */
export async function finalizeInvoice(tx: Tx, ctx: Context, id: string): Promise<InvoiceView | null> {
  const invoice = await lockInvoice(tx, id)
  return invoice === null ? null : await finalize(tx, ctx, invoice)
}

/** As `finalizeInvoice`, of a draft whose lock the caller holds. */
export async function finalize(tx: Tx, ctx: Context, draft: Invoice): Promise<InvoiceView> {
  const now = ctx.clock.now()
  const moved = moveInvoice(draft, 'finalize', now)
  if (draft.items.length === 0)
    throw new AppError('invoice_empty', 'This invoice has no lines: give it lineItems first.')
  const { organization } = draft
  const revised = draft.fromInvoiceId === null ? null : await voidRevised(tx, ctx, draft.fromInvoiceId, now)
  // Last: others who finalize wait for the row that counts until this transaction ends.
  const invoiceNumber = await takeNumber(tx, draft)
  const customer = (await findCustomer(tx, draft.customer.id)) ?? draft.customer
  const changes = [
    {
      invoice: { ...moved, customer, issuer: issuerOf(organization), invoiceNumber },
      events: ['invoice.finalized'] as const,
    },
    ...(revised === null ? [] : [{ invoice: revised, events: ['invoice.voided'] as const }]),
  ]
  const [view] = await saveInvoices(tx, ctx, changes, now)
  if (view === undefined) throw new Error('a saved invoice is there')
  return view
}

async function voidRevised(tx: Tx, ctx: Context, id: string, now: Date): Promise<Invoice | null> {
  const original = await lockInvoice(tx, id)
  if (original === null) return null
  if (!canMove(original, 'void')) {
    const message = `The invoice ${original.invoiceNumber} that this one revises is ${original.status}: duplicate it to ask for more.`
    throw new AppError('invoice_not_open', message)
  }
  await endInvoiceSessions(tx, ctx, original)
  return moveInvoice(original, 'void', now)
}

async function takeNumber(tx: Tx, { organization, customer }: Invoice): Promise<string> {
  const { prefix, sequence } =
    organization.invoice.numberingScheme === 'merchant_level'
      ? await takeMerchantSequence(tx, organization.id)
      : await takeCustomerSequence(tx, customer.id)
  const number = formatInvoiceNumber(prefix, sequence)
  if (!(await isNumberTaken(tx, number))) return number
  const message = `The next number, ${number}, is on another invoice: raise nextInvoiceSequence in the invoice setting, or choose another invoicePrefix.`
  throw new AppError('invoice_number_taken', message)
}
