import type { Context } from '../context.ts'
import type { AuditAction } from '../domain/auditEntry.ts'
import { type InvoiceAct, moveInvoice } from '../domain/invoice.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import type { Tx } from '../store/database.ts'
import type { Caller } from './caller.ts'
import { endInvoiceSessions, type InvoiceEvent, lockInvoice, saveInvoices } from './changeInvoice.ts'
import { noteAudit } from './noteAudit.ts'

type End = Extract<InvoiceAct, 'markAsPaid' | 'markUncollectible' | 'void'>

const EVENTS: Readonly<Record<End, readonly InvoiceEvent[]>> = {
  markAsPaid: ['invoice.paid', 'invoice.marked_as_paid'],
  markUncollectible: ['invoice.marked_uncollectible'],
  void: ['invoice.voided'],
}

const NOTED: Readonly<Record<End, AuditAction>> = {
  markAsPaid: 'invoice.marked_as_paid',
  markUncollectible: 'invoice.marked_uncollectible',
  void: 'invoice.voided',
}

/**
 * The merchant says what became of an invoice: paid in another way, not to be had, or void. Unless it may still be paid, its open
 * session ends with it. Null when `tx` sees no such invoice; throws `invoice_not_open`, and `payment_in_progress` while the money
 * that pays it is on its way.
 */
export async function endInvoice(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
  act: End,
): Promise<InvoiceView | null> {
  const now = ctx.clock.now()
  const before = await lockInvoice(tx, id)
  if (before === null) return null
  const invoice = moveInvoice(before, act, now)
  if (act !== 'markUncollectible') await endInvoiceSessions(tx, ctx, before)
  const [view] = await saveInvoices(tx, ctx, [{ invoice, events: EVENTS[act] }], now)
  await noteAudit(tx, ctx, caller, { action: NOTED[act], objectId: id })
  return view ?? null
}
