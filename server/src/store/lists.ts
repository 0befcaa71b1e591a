import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'

/** When the rows of a list were made; each bound narrows. */
export type CreatedAtFilter = { gt?: Date; gte?: Date; lt?: Date; lte?: Date; isNull?: boolean }

/** What every list may be narrowed by. */
export type ListFilter = { ids?: string[] | undefined; createdAt?: CreatedAtFilter | undefined }

/** A part of a list, newest first: `limit` rows after the row `after`, or past `offset` rows. */
export type Slice = { limit: number; offset: number; after: string | null }

type Value = string | number | boolean

/** The rows that a list is of: the table, or a subquery `… as name`, and what they must be. */
export type Listed = {
  from: RawBuilder<unknown>
  /** The column that names a row and tells when it was made; `id` unless it is another. */
  key?: string
  /** What columns are; undefined for anything. */
  equal?: Record<string, Value | undefined>
  /** Columns of few values, with those that fit: rows of each combination are read in the order of one index, and merged. */
  among?: Record<string, readonly Value[]>
  where?: readonly RawBuilder<SqlBool>[]
}

/** The condition that `filter` sets on the column `created_at`, and on ids, which begin with that time: they end the scan of an index. */
export function createdWithin(filter: CreatedAtFilter = {}, key = 'id'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${within('created_at', filter)} and ${madeFrom(filter, key)} and ${madeTo(filter, key)})`
}

/** The condition that `filter` sets on a column of times. */
export function within(column: string, { gt, gte, lt, lte, isNull }: CreatedAtFilter): RawBuilder<SqlBool> {
  const time = sql.ref(column)
  return all([
    ...(gt === undefined ? [] : [sql<SqlBool>`${time} > ${gt}`]),
    ...(gte === undefined ? [] : [sql<SqlBool>`${time} >= ${gte}`]),
    ...(lt === undefined ? [] : [sql<SqlBool>`${time} < ${lt}`]),
    ...(lte === undefined ? [] : [sql<SqlBool>`${time} <= ${lte}`]),
    ...(isNull === undefined ? [] : [isNull ? sql<SqlBool>`${time} is null` : sql<SqlBool>`${time} is not null`]),
  ])
}

/** The condition that an id is not older than `filter` asks for. */
export function madeFrom({ gt, gte }: CreatedAtFilter, key = 'id'): RawBuilder<SqlBool> {
  const from = [gt, gte].flatMap(time => (time === undefined ? [] : [sql<SqlBool>`${sql.ref(key)} >= ${idAt(time)}`]))
  return all(from)
}

/** The condition that an id is not newer than `filter` asks for. */
export function madeTo({ lt, lte }: CreatedAtFilter, key = 'id'): RawBuilder<SqlBool> {
  const ids = [
    ...(lt === undefined ? [] : [idAt(lt)]),
    ...(lte === undefined ? [] : [idAt(new Date(lte.getTime() + 1))]),
  ]
  return all(ids.map(id => sql<SqlBool>`${sql.ref(key)} < ${id}`))
}

/** The conditions as one, which is true of none. */
export function all(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

/** What rows must be, as one condition. */
export function allOf({ equal = {}, among = {}, where = [] }: Omit<Listed, 'from' | 'key'>): RawBuilder<SqlBool> {
  return all([
    ...Object.entries(equal).flatMap(([column, value]) =>
      value === undefined ? [] : [sql<SqlBool>`${sql.ref(column)} = ${value}`],
    ),
    ...Object.entries(among).map(([column, values]) => sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`),
    ...where,
  ])
}

/** The lowest id that is made at `time`. */
function idAt(time: Date): string {
  return uuidv7(time, new Uint8Array(10))
}

/** The ids of a page of a list, newest first: what it reads grows with the page, not with the table. */
export async function listIds(tx: Tx, listed: Listed, filter: ListFilter, page: Slice): Promise<string[]> {
  const { rows } = await newest(listed, filter, page).execute(tx)
  return rows.map(row => row.id)
}

/** The query of `listIds`. */
export function newest(listed: Listed, filter: ListFilter, page: Slice): RawBuilder<{ id: string }> {
  const { from, key = 'id', equal = {}, among = {}, where = [] } = listed
  const id = sql.ref(key)
  const combinations = filter.ids === undefined ? combine(among) : []
  // One combination, and rows that are named, need no merge.
  const isMerged = combinations.length > 1
  const conditions = [
    createdWithin(filter.createdAt, key),
    ...(page.after === null ? [] : [sql<SqlBool>`${id} < ${page.after}`]),
    ...(filter.ids === undefined ? [] : [sql<SqlBool>`${id} = any(${filter.ids})`]),
    allOf({ equal, among: isMerged ? {} : among, where }),
    ...(isMerged ? Object.keys(among).map(name => sql<SqlBool>`${sql.ref(name)} = part.${sql.ref(name)}`) : []),
  ]
  const rows = sql`select ${id} as id from ${from} where ${all(conditions)} order by ${id} desc`
  if (!isMerged) return sql`${rows} limit ${page.limit} offset ${page.offset}`
  return sql`
    select row.id from (values ${sql.join(combinations)}) part (${sql.join(Object.keys(among).map(name => sql.ref(name)))})
    cross join lateral (${rows} limit ${page.limit + page.offset}) row
    order by row.id desc limit ${page.limit} offset ${page.offset}`
}

/** A row of values for each way to choose one of each column. */
function combine(among: Record<string, readonly Value[]>): RawBuilder<unknown>[] {
  let rows: Value[][] = [[]]
  for (const values of Object.values(among)) rows = rows.flatMap(row => values.map(value => [...row, value]))
  return rows.map(row => sql`(${sql.join(row.map(typed))})`)
}

function typed(value: Value): RawBuilder<unknown> {
  if (typeof value === 'string') return sql`${value}::text`
  return typeof value === 'number' ? sql`${value}::smallint` : sql`${value}::boolean`
}
