import type { Context } from '../context.ts'
import { notDraft } from '../domain/invoice.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import { findCustomer } from '../store/customers.ts'
import { inOrganization } from '../store/database.ts'
import { replaceItems } from '../store/invoiceItems.ts'
import { deleteInvoice as remove, saveInvoice } from '../store/invoices.ts'
import type { Caller } from './caller.ts'
import { lockInvoice, saveInvoices } from './changeInvoice.ts'
import { type InvoiceChanges, planInvoice } from './planInvoice.ts'

/** What may be changed of a finalized invoice: nothing that it asks for. */
const ALWAYS: ReadonlySet<string> = new Set(['metadata', 'description', 'clientReferenceId', 'visibility'])

/**
 * Changes a draft, or what is beside the matter of a finalized invoice, else `invoice_not_draft`. Null for an invoice that is absent
 * or another's.
 */
export async function updateInvoice(
  ctx: Context,
  caller: Caller,
  id: string,
  changes: InvoiceChanges,
): Promise<InvoiceView | null> {
  const now = ctx.clock.now()
  return await inOrganization(ctx.db, caller.organizationId, async tx => {
    const before = await lockInvoice(tx, id)
    if (before === null) return null
    const names = Object.entries(changes).filter(([, value]) => value !== undefined)
    const [fixed] = names.map(([name]) => name).filter(name => !ALWAYS.has(name))
    const isDraft = before.status === 'draft'
    if (!isDraft && fixed !== undefined) throw notDraft(before, fixed === 'lines' ? 'lineItems' : fixed)
    const invoice = await planInvoice(tx, ctx, caller, before, changes)
    if (isDraft) await replaceItems(tx, invoice, invoice.items)
    const customer = isDraft ? await findCustomer(tx, before.customer.id) : null
    const changed = { ...invoice, customer: customer ?? before.customer, updatedAt: now }
    const [view] = await saveInvoices(tx, ctx, [{ invoice: changed, events: [] }], now)
    return view ?? null
  })
}

/** Deletes a draft, else `invoice_not_draft`; false for an invoice that is absent or another's. */
export async function deleteInvoice(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const draft = await lockInvoice(tx, id)
    if (draft === null) return false
    if (draft.status !== 'draft') throw notDraft(draft)
    const original = draft.fromInvoiceId === null ? null : await lockInvoice(tx, draft.fromInvoiceId)
    if (original?.latestRevisionId === id) await saveInvoice(tx, { ...original, latestRevisionId: null })
    await remove(tx, id)
    return true
  })
}
