import { type Selectable, sql } from 'kysely'
import type { Metadata, Product, Visibility } from '../domain/session.ts'
import type { Tx } from './database.ts'
import type { Products } from './schema.ts'

/** A row of products with the ids of our copies of its images, but what only the store cares for. */
export type ProductRow = Omit<Selectable<Products>, 'organization_id' | 'deleted_at'> & { image_file_ids: string[] }

/** Our copies of the images of the product `table`, in the order of its images; one that was not fetched is left out. */
export function imageFileIds(table: string) {
  return sql<string[]>`array(select f.file_id from unnest(${sql.ref(`${table}.images`)}) with ordinality i (url, place)
    join image_fetches f on f.organization_id = ${sql.ref(`${table}.organization_id`)} and f.url = i.url
    where f.file_id is not null order by i.place)`
}

function selectProducts(tx: Tx) {
  return tx
    .selectFrom('products as d')
    .selectAll('d')
    .select(imageFileIds('d').as('image_file_ids'))
    .where('d.deleted_at', 'is', null)
}

/** The caller's products among `ids`, by id; deleted ones are absent. */
export async function loadProducts(tx: Tx, ids: readonly string[]): Promise<Map<string, Product>> {
  if (ids.length === 0) return new Map()
  const rows = await selectProducts(tx).where('d.id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, productFromRow(row)]))
}

/** Adds a product. */
export async function insertProduct(tx: Tx, organizationId: string, product: Product): Promise<void> {
  const { id, createdAt } = product
  await tx
    .insertInto('products')
    .values({ organization_id: organizationId, id, created_at: createdAt, ...changing(product) })
    .execute()
}

function changing(product: Product) {
  return {
    updated_at: product.updatedAt,
    name: product.name,
    description: product.description,
    images: product.images,
    unit_label: product.unitLabel,
    url: product.url,
    metadata: product.metadata,
    is_active: product.isActive,
    default_price_id: product.defaultPriceId,
    visibility: product.visibility,
  }
}

/** A row of products as the domain has it. */
export function productFromRow(row: ProductRow): Product {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    name: row.name,
    description: row.description,
    images: row.images,
    imageFileIds: row.image_file_ids,
    unitLabel: row.unit_label,
    url: row.url,
    metadata: row.metadata as Metadata | null,
    isActive: row.is_active,
    defaultPriceId: row.default_price_id,
    visibility: row.visibility as Visibility,
  }
}
