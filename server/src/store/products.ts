import { type Selectable, type SqlBool, sql } from 'kysely'
import type { Metadata, Product, Visibility } from '../domain/session.ts'
import type { Tx } from './database.ts'
import { all, allOf, type CreatedAtFilter, createdWithin, listIds, type Slice } from './lists.ts'
import { isSelective, listPricedIds, type PriceTerms, termsOf } from './pricedProducts.ts'
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

/** The caller's product `id`, or null for one that is absent or deleted. */
export async function findProduct(tx: Tx, id: string): Promise<Product | null> {
  return (await loadProducts(tx, [id])).get(id) ?? null
}

/** As `findProduct`, and nobody else changes it, or makes a price of it, until the transaction ends. */
export async function lockProduct(tx: Tx, id: string): Promise<Product | null> {
  await tx.selectFrom('products').select('id').where('id', '=', id).forUpdate().execute()
  return await findProduct(tx, id)
}

/** As `findProduct`, and nobody deletes it until the transaction ends. */
export async function keepProduct(tx: Tx, id: string): Promise<Product | null> {
  await tx.selectFrom('products').select('id').where('id', '=', id).forKeyShare().execute()
  return await findProduct(tx, id)
}

/** What a list of products may be narrowed by; with several terms of prices, one price meets them all. */
export type ProductFilter = PriceTerms & {
  ids?: string[] | undefined
  visibility?: Visibility | undefined
  isActive?: boolean | undefined
  url?: string | undefined
  createdAt?: CreatedAtFilter
}

/** A page of the caller's products, newest first. */
export async function listProducts(tx: Tx, filter: ProductFilter, page: Slice): Promise<Product[]> {
  const ids = await listProductIds(tx, filter, page)
  const found = await loadProducts(tx, ids)
  return ids.flatMap(id => found.get(id) ?? [])
}

async function listProductIds(tx: Tx, filter: ProductFilter, page: Slice): Promise<string[]> {
  const { visibility, isActive, url, createdAt } = filter
  const equal = { url }
  const among = {
    visibility: visibility === undefined ? [10, 20] : [visibility],
    is_active: isActive === undefined ? [true, false] : [isActive],
  }
  const where = [sql<SqlBool>`deleted_at is null`]
  if (isSelective(filter)) {
    const products = allOf({ equal, among, where: [...where, createdWithin(createdAt)] })
    return await listPricedIds(tx, filter, products, filter, page)
  }
  const terms = termsOf(filter)
  // `offset 0` keeps this a look at each product: the planner would begin with all prices.
  const isPriced = sql<SqlBool>`exists (select from prices p where p.organization_id = products.organization_id
    and p.product_id = products.id and ${all(terms)} offset 0)`
  const listed = { from: sql`products`, equal, among, where: terms.length === 0 ? where : [...where, isPriced] }
  return await listIds(tx, listed, filter, page)
}

/** Writes what can change about a product. */
export async function saveProduct(tx: Tx, product: Product): Promise<void> {
  await tx.updateTable('products').set(changing(product)).where('id', '=', product.id).execute()
}

/** Marks a product that is locked as deleted at `now`, with its prices. */
export async function deleteProduct(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('prices').set({ deleted_at: now }).where('product_id', '=', id).execute()
  await tx.updateTable('products').set({ deleted_at: now }).where('id', '=', id).execute()
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
