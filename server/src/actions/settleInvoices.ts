import type { Context } from '../context.ts'
import { settledInvoice } from '../domain/invoice.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { type InvoiceEvent, lockInvoices, payableSessions, saveInvoices } from './changeInvoice.ts'
import { endSessions } from './expireCheckoutSession.ts'

const BATCH = 500

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
  for (let start = 0; start < ids.length; start += BATCH)
    await settleThose(tx, ctx, ids.slice(start, start + BATCH), now)
}

async function settleThose(tx: Tx, ctx: Context, ids: readonly string[], now: Date): Promise<void> {
  const moved = (await lockInvoices(tx, ids)).flatMap(before => {
    const invoice = settledInvoice(before, now)
    return invoice === before ? [] : [{ before, invoice }]
  })
  // Another session of it may have been begun since; nobody is to pay twice.
  const others = moved.flatMap(({ invoice }) => (invoice.status === 'paid' ? payableSessions(invoice) : []))
  await endSessions(tx, ctx, others)
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
