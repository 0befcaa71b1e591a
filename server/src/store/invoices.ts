import { type SqlBool, sql } from 'kysely'
import { invariant } from '../domain/errors.ts'
import type { Invoice, InvoiceAttempt, InvoiceStatus } from '../domain/invoice.ts'
import type { Organization } from '../domain/organization.ts'
import type { IntentStatus } from '../domain/settlement.ts'
import type { Database, Tx } from './database.ts'
import { itemsOfInvoices } from './invoiceItems.ts'
import { invoiceFromRow, invoiceRow } from './invoiceRows.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
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
export async function lockInvoices(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.selectFrom('invoices').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
}

/** The session that invoice `id` is paid by now, or null where there is none or no such invoice. */
export async function sessionOfInvoice(tx: Tx, id: string): Promise<string | null> {
  const row = await tx.selectFrom('invoices').select('checkout_session_id').where('id', '=', id).executeTakeFirst()
  return row?.checkout_session_id ?? null
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
  const rows = await tx
    .selectFrom('checkout_sessions as s')
    .innerJoin('payment_intents as i', join =>
      join.onRef('i.organization_id', '=', 's.organization_id').onRef('i.checkout_session_id', '=', 's.id'),
    )
    .select(['s.invoice_id', 's.id as session_id', 'i.id', 'i.created_at', 'i.updated_at', 'i.status'])
    .where('s.invoice_id', 'in', ids)
    .orderBy('s.id')
    .execute()
  const attempts = rows.map(row => ({
    invoiceId: row.invoice_id ?? '',
    sessionId: row.session_id,
    intentId: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    status: row.status as IntentStatus,
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
  let query = tx.selectFrom('invoices').select('id').where(createdWithin(filter.createdAt))
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.customerId !== undefined) query = query.where('customer_id', '=', filter.customerId)
  if (filter.subscriptionId !== undefined) query = query.where('subscription_id', '=', filter.subscriptionId)
  if (filter.dueDate !== undefined) query = query.where(dueWithin(filter.dueDate))
  if (page.after !== null) query = query.where('id', '<', page.after)
  const rows = await query
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(row => row.id)
}

function dueWithin({ gt, gte, lt, lte, isNull }: CreatedAtFilter) {
  const conditions = [
    ...(gt === undefined ? [] : [sql`due_date > ${gt}`]),
    ...(gte === undefined ? [] : [sql`due_date >= ${gte}`]),
    ...(lt === undefined ? [] : [sql`due_date < ${lt}`]),
    ...(lte === undefined ? [] : [sql`due_date <= ${lte}`]),
    ...(isNull === undefined ? [] : [isNull ? sql`due_date is null` : sql`due_date is not null`]),
  ]
  return sql<SqlBool>`(${sql.join([sql`true`, ...conditions], sql` and `)})`
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
