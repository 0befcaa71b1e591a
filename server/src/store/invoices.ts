import { sql } from 'kysely'
import { invariant } from '../domain/errors.ts'
import type { Invoice, InvoiceAttempt, InvoiceStatus } from '../domain/invoice.ts'
import type { Organization } from '../domain/organization.ts'
import type { IntentStatus, SessionStatus } from '../domain/settlement.ts'
import type { Database, Tx } from './database.ts'
import { itemsOfInvoices } from './invoiceItems.ts'
import { invoiceFromRow, invoiceRow } from './invoiceRows.ts'
import { type CreatedAtFilter, listIds, type Slice, within } from './lists.ts'
import { findOrganization } from './organizations.ts'

/** What a list of invoices may be narrowed by. */
export type InvoiceFilter = {
  ids?: string[]
  status?: InvoiceStatus
  customerId?: string
  subscriptionId?: string
  createdAt?: CreatedAtFilter
  dueDate?: CreatedAtFilter
}

/** The organization that issues invoice `id`, or null; for callers who know nothing but the id. */
export async function organizationOfInvoice(db: Database, id: string): Promise<string | null> {
  type Owner = { organization_id: string | null }
  const { rows } = await sql<Owner>`select organization_of_invoice(${id}) as organization_id`.execute(db.app)
  return rows[0]?.organization_id ?? null
}

/** Locks the invoices until the transaction ends, in one order; the caller holds the locks of their sessions already. */
export async function lockInvoiceRows(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.selectFrom('invoices').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
}

/** The sessions of the invoices `ids` that are not closed: what comes for them may still count. */
export async function openSessionsOfInvoices(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('invoices as v')
    .innerJoin('checkout_sessions as s', join =>
      join.onRef('s.organization_id', '=', 'v.organization_id').onRef('s.invoice_id', '=', 'v.id'),
    )
    .select('s.id')
    .where('v.id', 'in', ids)
    .where('s.is_closed', '=', false)
    .execute()
  return rows.map(row => row.id)
}

/** The invoices `ids` whole, in that order; those that the caller cannot see are left out. */
export async function loadInvoices(tx: Tx, ids: readonly string[]): Promise<Invoice[]> {
  if (ids.length === 0) return []
  const rows = await tx.selectFrom('invoices').selectAll().where('id', 'in', ids).execute()
  if (rows.length === 0) return []
  const organizations = new Map<string, Organization>()
  for (const id of new Set(rows.map(row => row.organization_id))) organizations.set(id, await findOrganization(tx, id))
  const items = await itemsOfInvoices(tx, ids)
  const attempts = await attemptsOf(tx, ids)
  const found = new Map(
    rows.map(row => {
      const organization = organizations.get(row.organization_id)
      invariant(organization, 'every invoice is of an organization')
      return [row.id, invoiceFromRow(row, organization, items.get(row.id) ?? [], attempts.get(row.id) ?? [])]
    }),
  )
  return ids.flatMap(id => found.get(id) ?? [])
}

async function attemptsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, InvoiceAttempt[]>> {
  // Joined through the invoice, whose id finds the tenant's rows by their index for the worker's role too.
  const rows = await tx
    .selectFrom('invoices as v')
    .innerJoin('checkout_sessions as s', join =>
      join.onRef('s.organization_id', '=', 'v.organization_id').onRef('s.invoice_id', '=', 'v.id'),
    )
    .innerJoin('payment_intents as i', join =>
      join.onRef('i.organization_id', '=', 's.organization_id').onRef('i.checkout_session_id', '=', 's.id'),
    )
    .select(['v.id as invoiceId', 's.id as sessionId', 's.status as session_status'])
    .select(['s.expires_at as expiresAt', 's.deadline', 'i.id as intentId', 'i.status'])
    .select(['i.created_at as createdAt', 'i.updated_at as updatedAt'])
    .where('v.id', 'in', ids)
    .orderBy('s.id')
    .execute()
  const attempts = rows.map(({ session_status, ...row }) => ({
    ...row,
    status: row.status as IntentStatus,
    sessionStatus: session_status as SessionStatus,
  }))
  return Map.groupBy(attempts, ({ invoiceId }) => invoiceId)
}

/** Adds an invoice without its items. */
export async function insertInvoice(tx: Tx, invoice: Invoice): Promise<void> {
  const { organizationId, id, createdAt } = invoice
  const row = { organization_id: organizationId, id, created_at: createdAt, ...invoiceRow(invoice) }
  await tx.insertInto('invoices').values(row).execute()
}

/** Writes everything of an invoice but its items; the caller holds its lock. Violates `invoices_number` for a number twice. */
export async function saveInvoice(tx: Tx, invoice: Invoice): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('invoices')
    .set(invoiceRow(invoice))
    .where('organization_id', '=', invoice.organizationId)
    .where('id', '=', invoice.id)
    .executeTakeFirst()
  invariant(numUpdatedRows === 1n, `invoice ${invoice.id} is there`)
}

/** Deletes an invoice with its items; the caller holds its lock. */
export async function deleteInvoice(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('invoice_items').where('invoice_id', '=', id).execute()
  await tx.deleteFrom('invoices').where('id', '=', id).execute()
}

/** The ids of a page of invoices, newest first, after the invoice `after` or past `offset` rows. */
export async function listInvoiceIds(tx: Tx, filter: InvoiceFilter, page: Slice): Promise<string[]> {
  const { status, customerId, subscriptionId, dueDate } = filter
  const equal = { status, customer_id: customerId, subscription_id: subscriptionId }
  const where = dueDate === undefined ? [] : [within('due_date', dueDate)]
  return await listIds(tx, { from: sql`invoices`, equal, where }, filter, page)
}

/** Drafts whose time to be finalized and sent has come by `now`, and open invoices whose being overdue was not told; the oldest first. */
export async function findDueInvoices(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ organizationId: string; id: string }[]> {
  const { rows } = await sql<{ organizationId: string; id: string }>`
    (select organization_id as "organizationId", id from invoices
      where status = 'draft' and finalize_schedule_at <= ${now} order by finalize_schedule_at limit ${limit})
    union all
    (select organization_id, id from invoices
      where status = 'open' and overdue_at is null and due_date < ${now} order by due_date limit ${limit})`.execute(tx)
  return rows
}
