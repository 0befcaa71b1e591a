import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { asWorker, inOrganization, type Tx } from '../store/database.ts'
import { findDueInvoices } from '../store/invoices.ts'
import { lockInvoice, saveInvoices } from './changeInvoice.ts'
import { sendOverdueEmail } from './invoiceEmail.ts'
import { sendInvoice } from './sendInvoice.ts'

/**
 * What time does to invoices: finalizes and sends drafts whose time has come, and tells once of each open one that its due date has
 * passed. Looks at up to `limit` of each, every one in a transaction of its own; one that fails is logged, and holds up no other.
 * Returns how many it has advanced.
 */
export async function advanceInvoices(ctx: Context, limit: number): Promise<number> {
  const due = await asWorker(ctx.db, tx => findDueInvoices(tx, ctx.clock.now(), limit))
  let count = 0
  for (const { organizationId, id } of due) {
    try {
      await inOrganization(ctx.db, organizationId, tx => advance(tx, ctx, id))
      count++
    } catch (error) {
      if (!(error instanceof AppError)) {
        ctx.log.error({ err: error, invoiceId: id }, 'An invoice could not be advanced')
        continue
      }
      // It cannot be finalized as it is, and would be tried again and again: the merchant has to look at it.
      ctx.log.warn({ err: error, invoiceId: id }, 'A scheduled invoice could not be sent')
      await inOrganization(ctx.db, organizationId, tx => unschedule(tx, ctx, id))
    }
  }
  return count
}

async function advance(tx: Tx, ctx: Context, id: string): Promise<void> {
  const now = ctx.clock.now()
  const invoice = await lockInvoice(tx, id)
  const { status, finalizeScheduleAt, dueDate, overdueAt } = invoice ?? {}
  if (status === 'draft' && finalizeScheduleAt != null && finalizeScheduleAt <= now) {
    await sendInvoice(tx, ctx, id, { cc: undefined, finalizeScheduleAt: null })
  } else if (invoice !== null && status === 'open' && overdueAt === null && dueDate != null && dueDate < now) {
    const overdue = { ...invoice, overdueAt: now, updatedAt: now }
    await saveInvoices(tx, ctx, [{ invoice: overdue, events: ['invoice.overdue'] }], now)
    await sendOverdueEmail(tx, ctx, overdue, dueDate)
  }
}

async function unschedule(tx: Tx, ctx: Context, id: string): Promise<void> {
  const now = ctx.clock.now()
  const invoice = await lockInvoice(tx, id)
  if (invoice?.status !== 'draft') return
  await saveInvoices(tx, ctx, [{ invoice: { ...invoice, finalizeScheduleAt: null, updatedAt: now }, events: [] }], now)
}
