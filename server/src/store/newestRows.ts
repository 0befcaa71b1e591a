import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** What is newest of one kind in one organization: `rows` is like no other's, and another text as soon as a row was added. */
export type Newest = { organizationId: string; object: string; rows: string }

const ID = { by: 'id', key: sql`id::text` }

/** Tables that payers and machines write to, with the kind of object that a new row tells of, what orders them, and which row it is. */
const LOOKED_AT = [
  { table: 'checkout_sessions', object: 'checkout_session', ...ID },
  // Those of a new session come with it.
  { table: 'products', object: 'product', ...ID },
  { table: 'prices', object: 'price', ...ID },
  { table: 'customers', object: 'customer', ...ID },
  { table: 'webhook_attempts', object: 'delivery', by: 'created_at', key: sql`delivery_id || ':' || attempt` },
  { table: 'api_requests', object: 'api_request', ...ID },
]

/** Rows whose transactions may end in another order than their ids were made in. */
const AT_ONCE = 10

const LOOKS = LOOKED_AT.map(
  ({ table, object, by, key }) => sql`
    select ${sql.lit(object)} as object, (select string_agg(row_key, ' ') from (
      select ${key} as row_key from ${sql.table(table)}
      where organization_id = o.id order by ${sql.ref(by)} desc limit ${sql.lit(AT_ONCE)}) r) as rows`,
)

/** The newest rows of each of these organizations, each kind that has any; for a transaction that sees all. */
export async function loadNewest(tx: Tx, organizationIds: readonly string[]): Promise<Newest[]> {
  const { rows } = await sql<Newest>`
    select o.id as "organizationId", n.object, n.rows from unnest(${organizationIds}::uuid[]) o(id)
    cross join lateral (${sql.join(LOOKS, sql` union all `)}) n where n.rows is not null`.execute(tx)
  return rows
}
