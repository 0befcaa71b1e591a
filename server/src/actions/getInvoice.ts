import type { Context } from '../context.ts'
import type { Invoice } from '../domain/invoice.ts'
import { type InvoiceView, invoiceView } from '../domain/invoiceView.ts'
import type { CheckoutSession, Storefront } from '../domain/session.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { readInOrganization, type Tx } from '../store/database.ts'
import { type InvoiceFilter, listInvoiceIds, loadInvoices, organizationOfInvoice } from '../store/invoices.ts'
import { loadLogo } from '../store/issuers.ts'
import type { Slice } from '../store/lists.ts'
import { loadStorefront } from '../store/sellers.ts'
import { checkCursor } from './checkCursor.ts'
import { viewWorld } from './getCheckoutSession.ts'

/** The invoices as they are answered; with their payment intents whole where `withIntents`. */
export async function viewInvoices(
  tx: Tx,
  ctx: Context,
  invoices: readonly Invoice[],
  withIntents: boolean,
): Promise<InvoiceView[]> {
  const ids = withIntents ? invoices.flatMap(({ checkoutSessionId }) => checkoutSessionId ?? []) : []
  const sessions = new Map((await loadSessions(tx, ids, ctx.known)).map(session => [session.id, session]))
  const world = await viewWorld(tx, ctx)
  return invoices.map(invoice => invoiceView(invoice, sessions.get(invoice.checkoutSessionId ?? '') ?? null, world))
}

/** The organization's invoice `id`, or null for one that is absent or another's. */
export async function getInvoice(ctx: Context, organizationId: string, id: string): Promise<InvoiceView | null> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const [view] = await viewInvoices(tx, ctx, await loadInvoices(tx, [id]), true)
    return view ?? null
  })
}

/** A page of the organization's invoices, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listInvoices(
  ctx: Context,
  organizationId: string,
  filter: InvoiceFilter,
  page: Slice,
  withIntents: boolean,
): Promise<InvoiceView[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'invoice', async id => (await loadInvoices(tx, [id]))[0] ?? null)
    const ids = await listInvoiceIds(tx, filter, page)
    return await viewInvoices(tx, ctx, await loadInvoices(tx, ids), withIntents)
  })
}

/** What the customer's page shows: the invoice, how who issued it looks, and the session that pays it or paid it. */
export type CustomersInvoice = Storefront & { invoice: Invoice; session: CheckoutSession | null }

/** The invoice behind a customer's URL, or null; the id is all that the customer knows. */
export async function getCustomersInvoice(ctx: Context, id: string): Promise<CustomersInvoice | null> {
  const organizationId = await organizationOfInvoice(ctx.db, id)
  if (organizationId === null) return null
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const [invoice] = await loadInvoices(tx, [id])
    if (invoice === undefined) return null
    const sessionIds = invoice.checkoutSessionId === null ? [] : [invoice.checkoutSessionId]
    const [session = null] = await loadSessions(tx, sessionIds, ctx.known)
    return { invoice, session, ...(await loadStorefront(tx)) }
  })
}

/** The logo that is printed on an organization's papers, PNG or JPEG, or null. */
export async function getLogo(ctx: Context, organizationId: string): Promise<Uint8Array | null> {
  return await readInOrganization(ctx.db, organizationId, tx => loadLogo(tx, organizationId))
}
