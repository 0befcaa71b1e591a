import type { Selectable } from 'kysely'
import type { Metadata } from '../domain/session.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
import type { TaxRates } from './schema.ts'

/** The caller's tax rates among `ids`, by id, active or not. */
export async function loadTaxRates(tx: Tx, ids: readonly string[]): Promise<Map<string, TaxRate>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('tax_rates').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, fromRow(row)]))
}

/** What a list of tax rates may be narrowed by. */
export type TaxRateFilter = { ids?: string[] | undefined; isActive?: boolean | undefined; createdAt?: CreatedAtFilter }

/** A page of the caller's tax rates, newest first. */
export async function listTaxRates(tx: Tx, filter: TaxRateFilter, page: Slice): Promise<TaxRate[]> {
  let query = tx.selectFrom('tax_rates').selectAll()
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  if (filter.isActive !== undefined) query = query.where('is_active', '=', filter.isActive)
  const rows = await query
    .where(createdWithin(filter.createdAt))
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(fromRow)
}

/** The caller's tax rate `id`, or null. */
export async function findTaxRate(tx: Tx, id: string): Promise<TaxRate | null> {
  return (await loadTaxRates(tx, [id])).get(id) ?? null
}

/** As `findTaxRate`, and nobody else changes it until the transaction ends. */
export async function lockTaxRate(tx: Tx, id: string): Promise<TaxRate | null> {
  const row = await tx.selectFrom('tax_rates').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** Adds a tax rate. */
export async function insertTaxRate(tx: Tx, organizationId: string, rate: TaxRate): Promise<void> {
  const { id, createdAt, ratePpm, type } = rate
  await tx
    .insertInto('tax_rates')
    .values({ organization_id: organizationId, id, created_at: createdAt, rate_ppm: ratePpm, type, ...changing(rate) })
    .execute()
}

/** Writes what can change about a tax rate: all but its percentage and type. */
export async function saveTaxRate(tx: Tx, rate: TaxRate): Promise<void> {
  await tx.updateTable('tax_rates').set(changing(rate)).where('id', '=', rate.id).execute()
}

function changing({ updatedAt, name, description, country, isActive, metadata }: TaxRate) {
  return { updated_at: updatedAt, name, description, country, is_active: isActive, metadata }
}

function fromRow(row: Selectable<TaxRates>): TaxRate {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    name: row.name,
    description: row.description,
    country: row.country,
    ratePpm: row.rate_ppm,
    type: row.type as TaxRate['type'],
    isActive: row.is_active,
    metadata: row.metadata as Metadata | null,
  }
}
