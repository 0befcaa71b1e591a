import type { Context } from '../context.ts'
import { settledInvoice } from '../domain/invoice.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { endInvoiceSessions, type InvoiceEvent, lockInvoices, saveInvoices } from './changeInvoice.ts'

const EVENTS: { readonly [status: string]: readonly InvoiceEvent[] } = {
  paid: ['invoice.paid'],
  open: ['invoice.payment_failed'],
}

/**
 * An invoice is paid with the session that pays it, and open again when a reorg takes that payment back. What comes for one that was
 * paid by another session, in another way or voided meanwhile is told with its session; nothing of that keeps a block from being
 * recorded.
 */
export async function settleInvoices(tx: Tx, ctx: Context, changes: readonly Settled[], now: Date): Promise<void> {
  const ids = [...new Set(changes.flatMap(({ after }) => after.invoiceId ?? []))].sort()
  if (ids.length === 0) return
  const moved = (await lockInvoices(tx, ids)).flatMap(before => {
    const invoice = settledInvoice(before, now)
    return invoice === before ? [] : [{ before, invoice }]
  })
  for (const { invoice } of moved) {
    // Another session of it may have been begun since; nobody is to pay twice.
    const paidBy = invoice.checkoutSessionId
    if (invoice.status === 'paid') await endInvoiceSessions(tx, ctx, invoice, { paidBy, ifTheyCan: true })
  }
  await saveInvoices(
    tx,
    ctx,
    moved.map(({ before, invoice }) => ({
      invoice,
      events: invoice.status === before.status ? [] : (EVENTS[invoice.status] ?? []),
    })),
    now,
  )
}
