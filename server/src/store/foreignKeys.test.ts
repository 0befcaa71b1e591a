import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'

type ForeignKey = { name: string; table: string; columns: string[]; types: string[] }

let database: TestDatabase
let client: pg.Client
before(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
after(async () => {
  await client.end()
  await database.drop()
})

/** All references, with the columns that they name in the order of the other table's key. */
async function foreignKeys(): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select conname as name, confrelid::regclass::text as table, array_agg(attname::text order by nth) as columns,
       array_agg(format_type(atttypid, atttypmod) order by nth) as types
     from pg_constraint, unnest(confkey) with ordinality key(attribute, nth), pg_attribute
     where contype = 'f' and connamespace = 'public'::regnamespace and attrelid = confrelid and attnum = attribute
     group by pg_constraint.oid, conname, confrelid`,
  )
  return rows
}

/** How PostgreSQL looks for the row that a reference names: once for all values, as its own check of references plans it. */
async function planOf({ table, columns, types }: ForeignKey): Promise<string> {
  const where = columns.map((column, index) => `${column} operator(pg_catalog.=) $${index + 1}`)
  await client.query(
    `prepare look (${types}) as select 1 from only ${table} x where ${where.join(' and ')} for key share of x`,
  )
  const { rows } = await client.query(`explain execute look (${columns.map(() => 'null')})`)
  await client.query('deallocate look')
  return rows.map(row => row['QUERY PLAN']).join('\n')
}

test('on tables that are still empty, a reference is planned to be looked up by a whole key, however many rows come', async () => {
  await client.query('set plan_cache_mode = force_generic_plan')
  const { rows } = await client.query<{ index: string }>(
    `select relname as index from pg_index, pg_class where pg_class.oid = indexrelid and indisunique and indpred is null`,
  )
  const keys = new Set(rows.map(({ index }) => index))
  const found = await foreignKeys()
  assert.ok(found.length > 80, `${found.length} references`)
  for (const key of found) {
    const plan = await planOf(key)
    const [, index = 'none'] = /Index (?:Only )?Scan using (\S+)/.exec(plan) ?? []
    const isWhole = keys.has(index) && (/Index Cond: .*\bid = /.test(plan) || !plan.includes('Filter:'))
    assert.ok(isWhole, `${key.name}\n${plan}`)
  }
})
