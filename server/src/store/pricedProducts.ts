import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Interval, Price } from '../domain/session.ts'
import type { Tx } from './database.ts'
import { all, type ListFilter, madeFrom, madeTo, type Slice } from './lists.ts'

/** What one price of a product must be; what is left out may be anything. */
export type PriceTerms = {
  priceTypes?: Price['type'][] | undefined
  interval?: Interval | undefined
  intervalCount?: number | undefined
  priceCurrency?: string | undefined
}

/** What these terms ask of the row `p` of prices. */
export function termsOf({ priceTypes, interval, intervalCount, priceCurrency }: PriceTerms): RawBuilder<SqlBool>[] {
  return [
    ...(priceTypes === undefined ? [] : [sql<SqlBool>`p.type = any(${priceTypes}::text[])`]),
    ...(interval === undefined ? [] : [sql<SqlBool>`p.interval = ${interval}`]),
    ...(intervalCount === undefined ? [] : [sql<SqlBool>`p.interval_count = ${intervalCount}::bigint`]),
    ...(priceCurrency === undefined ? [] : [sql<SqlBool>`p.currency = ${priceCurrency}`]),
  ]
}

/** Whether few products meet the terms: nearly all have a price that is paid once. */
export function isSelective({ priceTypes, interval, intervalCount, priceCurrency }: PriceTerms): boolean {
  const isByType = priceTypes !== undefined && !priceTypes.includes('one_time')
  return isByType || (interval ?? intervalCount ?? priceCurrency) !== undefined
}

/**
 * The ids of a page of products that are as `products` says (of the row `products`) and have a price with these terms, newest first.
 * Each is looked for below the one before, so that neither other products nor the many prices of one are read.
 */
export async function listPricedIds(
  tx: Tx,
  terms: PriceTerms,
  products: RawBuilder<SqlBool>,
  { ids, createdAt = {} }: ListFilter,
  { limit, offset, after }: Slice,
): Promise<string[]> {
  const begin = [...(after === null ? [] : [sql<SqlBool>`p.product_id < ${after}`]), madeTo(createdAt, 'p.product_id')]
  const next = (below: RawBuilder<SqlBool>) =>
    nextProduct(terms, [below, madeFrom(createdAt, 'p.product_id')], products, ids)
  const { rows } = await sql<{ id: string }>`
    with recursive priced (id, nth) as (
      (select id, 1 from ${next(all(begin))} first)
      union all
      select n.id, nth + 1 from priced cross join lateral ${next(sql`p.product_id < priced.id`)} n where nth < ${limit + offset})
    select id from priced order by id desc limit ${limit} offset ${offset}`.execute(tx)
  return rows.map(row => row.id)
}

/** The newest product with such a price, of each type in the order of an index of its own. */
function nextProduct(
  { priceTypes, ...terms }: PriceTerms,
  bounds: RawBuilder<SqlBool>[],
  products: RawBuilder<SqlBool>,
  ids: string[] | undefined,
) {
  const conditions = [
    ...bounds,
    ...termsOf(terms),
    ...(ids === undefined ? [] : [sql<SqlBool>`p.product_id = any(${ids})`]),
  ]
  const ofType = (type: RawBuilder<SqlBool>) => sql`
    (select p.product_id as id from prices p
     where ${all([...conditions, type])} and exists (select from products where id = p.product_id and ${products} offset 0)
     order by p.product_id desc limit 1)`
  const types = priceTypes?.map(type => sql<SqlBool>`p.type = ${type}`) ?? [sql<SqlBool>`true`]
  return sql`(select id from (${sql.join(types.map(ofType), sql` union all `)}) of_type order by id desc limit 1)`
}
