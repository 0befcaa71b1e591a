import type { Selectable } from 'kysely'
import type { Metadata } from '../domain/session.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import type { Tx } from './database.ts'
import type { TaxRates } from './schema.ts'

/** The caller's tax rates among `ids`, by id, active or not. */
export async function loadTaxRates(tx: Tx, ids: readonly string[]): Promise<Map<string, TaxRate>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('tax_rates').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, fromRow(row)]))
}

/** Adds a tax rate. */
export async function insertTaxRate(tx: Tx, organizationId: string, rate: TaxRate): Promise<void> {
  const { id, createdAt, ratePpm, type } = rate
  await tx
    .insertInto('tax_rates')
    .values({ organization_id: organizationId, id, created_at: createdAt, rate_ppm: ratePpm, type, ...changing(rate) })
    .execute()
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
