import { type Selectable, type SqlBool, sql } from 'kysely'
import type { Currency } from '../domain/currency.ts'
import type { Metadata, OpenAmount, Price, Visibility } from '../domain/session.ts'
import type { Tx } from './database.ts'
import { allOf, type CreatedAtFilter, listIds, type Slice } from './lists.ts'
import { imageFileIds, insertProduct, type ProductRow, productFromRow } from './products.ts'
import type { Prices } from './schema.ts'

/** Prices, each joined with its product: `p` and `d`, whose columns carry `d_`. */
export function selectPrices(tx: Tx) {
  return tx
    .selectFrom('prices as p')
    .innerJoinLateral(
      eb =>
        eb
          .selectFrom('products')
          .selectAll()
          .whereRef('products.organization_id', '=', 'p.organization_id')
          .whereRef('products.id', '=', 'p.product_id')
          // Found by its key, also without statistics.
          .offset(0)
          .as('d'),
      join => join.onTrue(),
    )
    .select(['p.id', 'p.created_at', 'p.updated_at', 'p.currency', 'p.type', 'p.unit_amount', 'p.interval'])
    .select(['p.interval_count', 'p.metadata', 'p.is_active', 'p.visibility', 'p.nickname', 'p.is_public'])
    .select(['p.custom_unit_min', 'p.custom_unit_max', 'p.custom_preset', 'p.custom_suggestions'])
    .select(['d.id as d_id', 'd.created_at as d_created_at', 'd.updated_at as d_updated_at', 'd.name as d_name'])
    .select([
      'd.description as d_description',
      'd.images as d_images',
      'd.unit_label as d_unit_label',
      'd.url as d_url',
    ])
    .select(['d.metadata as d_metadata', 'd.is_active as d_is_active', 'd.default_price_id as d_default_price_id'])
    .select(['d.visibility as d_visibility', imageFileIds('d').as('d_image_file_ids')])
}

/** The caller's prices among `ids`, by id; those of deleted products are absent. */
export async function loadPrices(tx: Tx, ids: readonly string[]): Promise<Map<string, Price>> {
  if (ids.length === 0) return new Map()
  const rows = await selectPrices(tx).where('p.id', 'in', ids).where('d.deleted_at', 'is', null).execute()
  return new Map(rows.map(row => [row.id, priceFromRow(row)]))
}

/** The caller's price `id`, or null for one that is absent or of a deleted product. */
export async function findPrice(tx: Tx, id: string): Promise<Price | null> {
  return (await loadPrices(tx, [id])).get(id) ?? null
}

/** As `findPrice`, and nobody else changes it until the transaction ends. */
export async function lockPrice(tx: Tx, id: string): Promise<Price | null> {
  await tx.selectFrom('prices').select('id').where('id', '=', id).forNoKeyUpdate().execute()
  return await findPrice(tx, id)
}

/** What a list of prices may be narrowed by. */
export type PriceFilter = {
  ids?: string[] | undefined
  visibility?: Visibility | undefined
  isActive?: boolean | undefined
  type?: Price['type'] | undefined
  productId?: string | undefined
  createdAt?: CreatedAtFilter
}

/** A page of the caller's prices, newest first; those of deleted products are left out. */
export async function listPrices(tx: Tx, filter: PriceFilter, page: Slice): Promise<Price[]> {
  const { visibility, isActive, type, productId } = filter
  const equal = { product_id: productId }
  const among = {
    type: type === undefined ? ['one_time', 'recurring', 'streaming'] : [type],
    visibility: visibility === undefined ? [10, 20] : [visibility],
    is_active: isActive === undefined ? [true, false] : [isActive],
  }
  // A session may have made one while its product was deleted. `offset 0` keeps this a look at each price.
  const where = [
    sql<SqlBool>`deleted_at is null`,
    sql<SqlBool>`not exists (select from products d where d.organization_id = prices.organization_id
      and d.id = prices.product_id and d.deleted_at is not null offset 0)`,
  ]
  // Those of one product have an index of their own, whatever else they are.
  const listed = productId === undefined ? { among, where } : { where: [allOf({ equal, among, where })] }
  const ids = await listIds(tx, { from: sql`prices`, ...listed }, filter, page)
  const found = await loadPrices(tx, ids)
  return ids.flatMap(id => found.get(id) ?? [])
}

/**
 * Whether a session, payment link or invoice names a price of the product. Nobody gets to name one before the transaction ends, but
 * whoever waits for it then may: what is deleted stays readable for them.
 */
export async function lockProductUse(tx: Tx, productId: string): Promise<boolean> {
  const rows = await tx.selectFrom('prices').select('id').where('product_id', '=', productId).forUpdate().execute()
  const ids = rows.map(row => row.id)
  const named = (table: string) =>
    sql`exists (select from ${sql.table(table)} where organization_id = current_organization() and price_id = any(${ids}))`
  const found = await sql<{ used: boolean }>`
    select ${named('line_items')} or ${named('payment_links')} or ${named('invoice_items')} as used`.execute(tx)
  return found.rows[0]?.used === true
}

/** Writes what can change about a price; never its terms. */
export async function savePrice(tx: Tx, price: Price): Promise<void> {
  const { id, updatedAt, nickname, metadata, isActive, isPublic, visibility } = price
  await tx
    .updateTable('prices')
    .set({ updated_at: updatedAt, nickname, metadata, is_active: isActive, is_public: isPublic, visibility })
    .where('id', '=', id)
    .execute()
}

/** Adds a price of a product that exists. */
export async function insertPrice(tx: Tx, organizationId: string, price: Price): Promise<void> {
  const { open } = price
  await tx
    .insertInto('prices')
    .values({
      organization_id: organizationId,
      id: price.id,
      created_at: price.createdAt,
      updated_at: price.updatedAt,
      product_id: price.product.id,
      currency: price.currency,
      type: price.type,
      unit_amount: price.unitAmount,
      custom_unit_min: open?.min ?? null,
      custom_unit_max: open?.max ?? null,
      custom_preset: open?.preset ?? null,
      custom_suggestions: open?.suggestions ?? null,
      interval: price.interval,
      interval_count: price.intervalCount,
      nickname: price.nickname,
      metadata: price.metadata,
      is_active: price.isActive,
      is_public: price.isPublic,
      visibility: price.visibility,
    })
    .execute()
}

/** Adds a price and the product that it was made with. */
export async function insertProductAndPrice(tx: Tx, organizationId: string, price: Price): Promise<void> {
  await insertProduct(tx, organizationId, price.product)
  await insertPrice(tx, organizationId, price)
}

type Prefixed<T> = { [K in keyof T & string as `d_${K}`]: T[K] }
type PriceRow = Omit<Selectable<Prices>, 'organization_id' | 'product_id' | 'deleted_at'> & Prefixed<ProductRow>

/** A row of `selectPrices` as the domain has it. */
export function priceFromRow(row: PriceRow): Price {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    product: productFromRow({
      id: row.d_id,
      created_at: row.d_created_at,
      updated_at: row.d_updated_at,
      name: row.d_name,
      description: row.d_description,
      images: row.d_images,
      image_file_ids: row.d_image_file_ids,
      unit_label: row.d_unit_label,
      url: row.d_url,
      metadata: row.d_metadata,
      is_active: row.d_is_active,
      default_price_id: row.d_default_price_id,
      visibility: row.d_visibility,
    }),
    currency: row.currency as Currency,
    type: row.type as Price['type'],
    unitAmount: row.unit_amount,
    open: openAmount(row),
    interval: row.interval as Price['interval'],
    intervalCount: row.interval_count,
    nickname: row.nickname,
    metadata: row.metadata as Metadata | null,
    isActive: row.is_active,
    isPublic: row.is_public,
    visibility: row.visibility as Visibility,
  }
}

function openAmount(row: PriceRow): OpenAmount | null {
  if (row.unit_amount !== null) return null
  const { custom_unit_min: min, custom_unit_max: max, custom_preset: preset, custom_suggestions: suggestions } = row
  // Unlike a single int8, an array of them arrives as text.
  return { min, max, preset, suggestions: (suggestions ?? []).map(BigInt) }
}
