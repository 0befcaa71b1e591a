import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { canMove, type Invoice, notOpen } from '../domain/invoice.ts'
import { draftFrom, emptyDraft } from '../domain/invoiceDraft.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { findCustomer } from '../store/customers.ts'
import type { Tx } from '../store/database.ts'
import { replaceItems } from '../store/invoiceItems.ts'
import { insertInvoice, loadInvoices, saveInvoice } from '../store/invoices.ts'
import { findOrganization } from '../store/organizations.ts'
import type { Caller } from './caller.ts'
import { lockInvoice } from './changeInvoice.ts'
import { viewInvoices } from './getInvoice.ts'
import { type InvoiceChanges, planInvoice } from './planInvoice.ts'

/** A draft as asked for; of a customer, or to revise an invoice. */
export type NewInvoice = InvoiceChanges & { customerId: string | undefined; fromInvoiceId: string | undefined }

/**
 * Creates a draft: what it does not say comes from the invoice that it revises, else from the organization's invoice setting. The
 * revised invoice, which must be open or uncollectible, names it from now on, and is voided when it is finalized.
 */
export async function createInvoice(tx: Tx, ctx: Context, caller: Caller, asked: NewInvoice): Promise<InvoiceView> {
  const { customerId, fromInvoiceId, ...changes } = asked
  const now = ctx.clock.now()
  const origin = { id: uuidv7(now, ctx.random(10)), now }
  const original = fromInvoiceId === undefined ? null : await lockRevised(tx, fromInvoiceId, customerId)
  const base =
    original === null
      ? await firstDraft(tx, caller, origin, customerId)
      : { ...draftFrom(original, origin), fromInvoiceId: original.id }
  const draft = await planInvoice(tx, ctx, caller, base, changes)
  if (original !== null) await saveInvoice(tx, { ...original, latestRevisionId: draft.id, updatedAt: now })
  return await addDraft(tx, ctx, draft)
}

/** Creates a draft that says what the invoice says, whatever became of that; null when `tx` sees no such invoice. */
export async function duplicateInvoice(tx: Tx, ctx: Context, id: string): Promise<InvoiceView | null> {
  const [invoice] = await loadInvoices(tx, [id])
  if (invoice === undefined) return null
  const now = ctx.clock.now()
  return await addDraft(tx, ctx, draftFrom(invoice, { id: uuidv7(now, ctx.random(10)), now }))
}

async function addDraft(tx: Tx, ctx: Context, draft: Invoice): Promise<InvoiceView> {
  await insertInvoice(tx, draft)
  await replaceItems(tx, draft, draft.items)
  const [view] = await viewInvoices(tx, ctx, await loadInvoices(tx, [draft.id]), true)
  if (view === undefined) throw new Error('a draft that was added is there')
  return view
}

async function firstDraft(
  tx: Tx,
  { organizationId }: Caller,
  origin: { id: string; now: Date },
  customerId: string | undefined,
): Promise<Invoice> {
  const param = 'customerId'
  if (customerId === undefined) {
    const message = 'customerId is required: say whom the invoice is for, or which one it revises with fromInvoiceId.'
    throw new AppError('parameter_missing', message, { param })
  }
  const customer = await findCustomer(tx, customerId)
  if (customer === null)
    throw new AppError('parameter_invalid', 'customerId must be the id of a customer of yours.', { param })
  return emptyDraft(origin, await findOrganization(tx, organizationId), customer)
}

async function lockRevised(tx: Tx, id: string, customerId: string | undefined): Promise<Invoice> {
  const original = await lockInvoice(tx, id)
  if (original === null) {
    const message = 'fromInvoiceId must be the id of an invoice of yours.'
    throw new AppError('parameter_invalid', message, { param: 'fromInvoiceId' })
  }
  if (customerId !== undefined && customerId !== original.customer.id) {
    const message = 'A revision is for the customer of the invoice that it revises: leave customerId out.'
    throw new AppError('parameter_invalid', message, { param: 'customerId' })
  }
  if (!canMove(original, 'void')) throw notOpen(original)
  return original
}
