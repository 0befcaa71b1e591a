import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** What is newest of one kind in one organization: another text as soon as a row was added. */
export type Newest = { organizationId: string; object: string; rows: string }

/** Tables that payers and machines write to, each with the kind of object that a new row of it tells of and what orders it. */
const LOOKED_AT = [
  { table: 'checkout_sessions', object: 'checkout_session', by: 'id' },
  // Those of a new session come with it.
  { table: 'products', object: 'product', by: 'id' },
  { table: 'prices', object: 'price', by: 'id' },
  { table: 'customers', object: 'customer', by: 'id' },
  { table: 'webhook_attempts', object: 'delivery', by: 'created_at' },
  { table: 'api_requests', object: 'api_request', by: 'id' },
]

/** Rows whose transactions may end in another order than their ids were made in. */
const AT_ONCE = 10

const LOOKS = LOOKED_AT.map(
  ({ table, object, by }) => sql`
    select ${sql.lit(object)} as object, (select string_agg(row_key, ' ') from (
      select ${by === 'id' ? sql`id::text` : sql`delivery_id || ':' || attempt`} as row_key from ${sql.table(table)}
      where organization_id = o.id order by ${sql.ref(by)} desc limit ${sql.lit(AT_ONCE)}) r) as rows`,
)

/** The newest rows of each of these organizations, each kind that has any; for a transaction that sees all. */
export async function loadNewest(tx: Tx, organizationIds: readonly string[]): Promise<Newest[]> {
  const { rows } = await sql<Newest>`
    select o.id as "organizationId", n.object, n.rows from unnest(${organizationIds}::uuid[]) o(id)
    cross join lateral (${sql.join(LOOKS, sql` union all `)}) n where n.rows is not null`.execute(tx)
  return rows
}
