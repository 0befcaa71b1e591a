import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type Invoice, notDraft, notOpen } from '../domain/invoice.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import type { Tx } from '../store/database.ts'
import { loadInvoices } from '../store/invoices.ts'
import { lockInvoice, saveInvoices } from './changeInvoice.ts'
import { finalize } from './finalizeInvoice.ts'
import { sendInvoiceEmail } from './invoiceEmail.ts'

/** Whom an invoice goes to beside its customer (undefined: as before), and when it is to be finalized and sent; null for now. */
export type InvoiceSending = { cc: string[] | undefined; finalizeScheduleAt: Date | null }

/**
 * Sends the invoice to its customer; a draft is finalized first. With a time, a draft waits for it instead. Null when `tx` sees no
 * such invoice; throws `invoice_not_open`, `invoice_not_draft` for a time, and what `finalizeInvoice` throws.
 */
export async function sendInvoice(
  tx: Tx,
  ctx: Context,
  id: string,
  { cc, finalizeScheduleAt }: InvoiceSending,
): Promise<InvoiceView | null> {
  const now = ctx.clock.now()
  const found = await lockInvoice(tx, id)
  if (found === null) return null
  const invoice = { ...found, cc: cc ?? found.cc }
  if (finalizeScheduleAt !== null) return await schedule(tx, ctx, invoice, finalizeScheduleAt, now)
  if (invoice.status !== 'draft' && invoice.status !== 'open') throw notOpen(invoice)
  if (invoice.status === 'draft') await finalize(tx, ctx, invoice)
  const [open = invoice] = await loadInvoices(tx, [id])
  const sent = { ...open, cc: invoice.cc, sentAt: now, updatedAt: now }
  await sendInvoiceEmail(tx, ctx, sent)
  const [view] = await saveInvoices(tx, ctx, [{ invoice: sent, events: ['invoice.sent'] }], now)
  return view ?? null
}

async function schedule(
  tx: Tx,
  ctx: Context,
  invoice: Invoice,
  finalizeScheduleAt: Date,
  now: Date,
): Promise<InvoiceView | null> {
  const param = 'finalizeScheduleAt'
  if (invoice.status !== 'draft') throw notDraft(invoice, param)
  if (invoice.items.length === 0)
    throw new AppError('invoice_empty', 'This invoice has no lines: give it lineItems first.')
  if (finalizeScheduleAt <= now) {
    throw new AppError('parameter_invalid', `${param} must be a time to come; leave it out to send at once.`, { param })
  }
  const scheduled = { ...invoice, finalizeScheduleAt, updatedAt: now }
  const [view] = await saveInvoices(tx, ctx, [{ invoice: scheduled, events: [] }], now)
  return view ?? null
}
