import { type SqlBool, sql } from 'kysely'

/** When the rows of a list were made; each bound narrows. */
export type CreatedAtFilter = { gt?: Date; gte?: Date; lt?: Date; lte?: Date; isNull?: boolean }

/** A part of a list, newest first: `limit` rows after the row `after`, or past `offset` rows. */
export type Slice = { limit: number; offset: number; after: string | null }

/** The condition that `filter` sets on the column `created_at`. */
export function createdWithin({ gt, gte, lt, lte, isNull }: CreatedAtFilter = {}) {
  const conditions = [
    sql`true`,
    ...(gt === undefined ? [] : [sql`created_at > ${gt}`]),
    ...(gte === undefined ? [] : [sql`created_at >= ${gte}`]),
    ...(lt === undefined ? [] : [sql`created_at < ${lt}`]),
    ...(lte === undefined ? [] : [sql`created_at <= ${lte}`]),
    ...(isNull === undefined ? [] : [isNull ? sql`created_at is null` : sql`created_at is not null`]),
  ]
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}
