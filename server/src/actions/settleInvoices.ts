import type { Context } from '../context.ts'
import { canMove, moveInvoice } from '../domain/invoice.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { loadInvoices, lockInvoices } from '../store/invoices.ts'
import { endInvoiceSession, type InvoiceEvent, saveInvoices } from './changeInvoice.ts'

/**
 * An invoice is paid with the session that pays it, and open again when a reorg takes that payment back. One that was paid in
 * another way or voided meanwhile stays as it is: what came for it is told with its session.
 */
export async function settleInvoices(tx: Tx, ctx: Context, changes: readonly Settled[], now: Date): Promise<void> {
  const concerned = changes.flatMap(({ after }) =>
    after.invoiceId === null ? [] : [{ ...after, invoiceId: after.invoiceId }],
  )
  if (concerned.length === 0) return
  const ids = [...new Set(concerned.map(({ invoiceId }) => invoiceId))].sort()
  await lockInvoices(tx, ids)
  const found = new Map((await loadInvoices(tx, ids)).map(invoice => [invoice.id, { invoice, events: NONE }]))
  // What was taken back comes first: another session of the same invoice may have paid it.
  const inOrder = concerned.toSorted((one, other) => rank(one) - rank(other))
  for (const session of inOrder) {
    const { invoice, events } = found.get(session.invoiceId) ?? {}
    if (invoice === undefined || events === undefined) continue
    const { checkoutSessionId: current } = invoice
    if (session.status === 'complete' && canMove(invoice, 'settle')) {
      // Another session of it may have been begun since; nobody is to pay twice.
      if (current !== session.id) await endInvoiceSession(tx, ctx, current)
      const paid = { ...moveInvoice(invoice, 'settle', now), checkoutSessionId: session.id }
      found.set(invoice.id, { invoice: paid, events: [...events, 'invoice.paid'] })
    } else if (session.status !== 'complete' && current === session.id && canMove(invoice, 'revert')) {
      const open = moveInvoice(invoice, 'revert', now)
      found.set(invoice.id, { invoice: open, events: [...events, 'invoice.payment_failed'] })
    }
  }
  const moved = [...found.values()].filter(({ events }) => events.length > 0)
  await saveInvoices(tx, ctx, moved, now)
}

const NONE: readonly InvoiceEvent[] = []

function rank({ status }: { status: string }): number {
  return status === 'complete' ? 1 : 0
}
