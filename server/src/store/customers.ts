import { type Selectable, type SqlBool, sql } from 'kysely'
import type { Customer, TaxId } from '../domain/customer.ts'
import type { Address, FullAddress, Metadata, Visibility } from '../domain/session.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, listIds, type Slice } from './lists.ts'
import type { Customers, TaxIds } from './schema.ts'

/**
 * The caller's customers among `ids`, by id, with their tax ids; deleted ones are absent. Whoever sees all organizations names those
 * that they are of (`organizationIds`), by which they are found.
 */
export async function loadCustomers(
  tx: Tx,
  ids: readonly string[],
  organizationIds: readonly string[] = [],
): Promise<Map<string, Customer>> {
  if (ids.length === 0) return new Map()
  let customers = tx.selectFrom('customers').selectAll().where('id', 'in', ids).where('deleted_at', 'is', null)
  let numbers = tx.selectFrom('tax_ids').selectAll().where('customer_id', 'in', ids).orderBy('id')
  if (organizationIds.length > 0) {
    customers = customers.where('organization_id', 'in', organizationIds)
    numbers = numbers.where('organization_id', 'in', organizationIds)
  }
  const rows = await customers.execute()
  const taxIds = await numbers.execute()
  const byCustomer = Map.groupBy(taxIds, row => row.customer_id)
  return new Map(rows.map(row => [row.id, fromRow(row, byCustomer.get(row.id) ?? [])]))
}

/** The caller's customer `id`, or null for one that is absent or deleted. */
export async function findCustomer(tx: Tx, id: string): Promise<Customer | null> {
  return (await loadCustomers(tx, [id])).get(id) ?? null
}

/** As `findCustomer`, and nobody else changes the customer until the transaction ends. */
export async function lockCustomer(tx: Tx, id: string): Promise<Customer | null> {
  await tx.selectFrom('customers').select('id').where('id', '=', id).forNoKeyUpdate().execute()
  return await findCustomer(tx, id)
}

/** What a list of customers may be narrowed by; `email` in whatever case. */
export type CustomerFilter = {
  ids?: string[] | undefined
  visibility?: Visibility | undefined
  email?: string | undefined
  customerReferenceId?: string | undefined
  createdAt?: CreatedAtFilter
}

/** A page of the caller's customers, newest first. */
export async function listCustomers(tx: Tx, filter: CustomerFilter, page: Slice): Promise<Customer[]> {
  const { visibility, email, customerReferenceId } = filter
  const listed = {
    from: sql`customers`,
    equal: { customer_reference_id: customerReferenceId },
    among: { visibility: visibility === undefined ? [10, 20] : [visibility] },
    where: [
      sql<SqlBool>`deleted_at is null`,
      ...(email === undefined ? [] : [sql<SqlBool>`email_key = lower(${email})`]),
    ],
  }
  const ids = await listIds(tx, listed, filter, page)
  const found = await loadCustomers(tx, ids)
  return ids.flatMap(id => found.get(id) ?? [])
}

/**
 * Adds a customer with the tax ids; false, and nothing done, when another has its number. Violates `customers_reference` when
 * another one that is not deleted has its reference.
 */
export async function insertCustomer(tx: Tx, organizationId: string, customer: Customer): Promise<boolean> {
  const { id, createdAt, customerReferenceId, customerNumber, taxIds } = customer
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('customers')
    .values({
      organization_id: organizationId,
      id,
      created_at: createdAt,
      customer_reference_id: customerReferenceId,
      customer_number: customerNumber,
      ...changing(customer),
    })
    .onConflict(conflict => conflict.columns(['organization_id', 'customer_number']).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  await insertTaxIds(tx, organizationId, taxIds)
  return true
}

/** Writes what can change about a customer, but the tax ids. */
export async function saveCustomer(tx: Tx, customer: Customer): Promise<void> {
  await tx.updateTable('customers').set(changing(customer)).where('id', '=', customer.id).execute()
}

/** Replaces the tax ids of a customer. */
export async function replaceTaxIds(tx: Tx, organizationId: string, { id, taxIds }: Customer): Promise<void> {
  await tx.deleteFrom('tax_ids').where('customer_id', '=', id).execute()
  await insertTaxIds(tx, organizationId, taxIds)
}

/** Deletes the caller's customer `id` at `now`, which frees its reference; false when there is none. What names it stays readable. */
export async function deleteCustomer(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('customers')
    .set({ deleted_at: now })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

async function insertTaxIds(tx: Tx, organizationId: string, taxIds: readonly TaxId[]): Promise<void> {
  if (taxIds.length === 0) return
  const rows = taxIds.map(({ id, createdAt, updatedAt, customerId, name, value, country }) => ({
    ...{ organization_id: organizationId, id, created_at: createdAt, updated_at: updatedAt },
    ...{ customer_id: customerId, name, value, country },
  }))
  await tx.insertInto('tax_ids').values(rows).execute()
}

function changing(customer: Customer) {
  const { updatedAt, email, name, phone, organizationName, address, shipping, metadata, visibility } = customer
  return {
    ...{ updated_at: updatedAt, email, name, phone, organization_name: organizationName },
    ...{ address, shipping, metadata, visibility },
  }
}

function fromRow(row: Selectable<Customers>, taxIds: readonly Selectable<TaxIds>[]): Customer {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    email: row.email,
    name: row.name,
    phone: row.phone,
    organizationName: row.organization_name,
    address: row.address as Address | null,
    shipping: row.shipping as FullAddress | null,
    customerReferenceId: row.customer_reference_id,
    customerNumber: row.customer_number,
    metadata: row.metadata as Metadata | null,
    visibility: row.visibility as Visibility,
    taxIds: taxIds.map(taxId => ({
      id: taxId.id,
      createdAt: taxId.created_at,
      updatedAt: taxId.updated_at,
      customerId: taxId.customer_id,
      name: taxId.name,
      value: taxId.value,
      country: taxId.country,
    })),
  }
}
