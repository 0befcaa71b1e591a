import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { sqlState } from '../../src/store/database.ts'
import { createTestDatabase, type TestDatabase } from '../harness/testDatabase.ts'

const OURS = '00000000-0000-7000-8000-00000000000a'
const THEIRS = '00000000-0000-7000-8000-00000000000b'

/** Tables without an organization: what is the same for all, and what only workers write. */
const SHARED = [
  'asset_health',
  'assets',
  'blocks',
  'chain_health',
  'chains',
  'coin_doubts',
  'cursors',
  'gas_transactions',
  'halts',
  'kysely_migration',
  'kysely_migration_lock',
  'rates',
]

/** What people prove who they are with, and where they are signed in: no caller's transaction sees any of it. */
const OF_PEOPLE = [
  'account_links',
  'factors',
  'guesses',
  'passkey_challenges',
  'passkeys',
  'recovery_codes',
  'sign_ins',
]

/** What happened, or was decided: rows that callers may add and never change. */
const APPEND_ONLY = [
  'api_requests',
  'audit_entries',
  'decisions',
  'entries',
  'events',
  'idempotency_keys',
  'quotes',
  'sweep_facts',
  'webhook_attempts',
]

let database: TestDatabase
let client: pg.Client
let tenants: { name: string; key: string }[]

/** Runs one statement as the application's role, for `organization` or for nobody; its rows, or the code of its refusal. */
async function asApp(organization: string | null, sql: string, values: unknown[] = []): Promise<unknown[] | string> {
  await client.query('begin')
  try {
    await client.query('set local role bitstream_app')
    if (organization !== null) await client.query("select set_config('app.organization_id', $1, true)", [organization])
    return (await client.query(sql, values)).rows
  } catch (error) {
    return sqlState(error) ?? String(error)
  } finally {
    await client.query('rollback')
  }
}

async function column(sql: string): Promise<string[]> {
  return (await client.query<{ value: string }>(sql)).rows.map(({ value }) => value)
}

before(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const names = await column(
    `select table_name as value from information_schema.columns
     where table_schema = 'public' and column_name = 'organization_id' order by table_name`,
  )
  tenants = [{ name: 'organizations', key: 'id' }, ...names.map(name => ({ name, key: 'organization_id' }))]
  // What values must be is no matter here: without those rules each table takes a row of each organization that says nothing else.
  await client.query("set session_replication_role = 'replica'")
  for (const { name, key } of tenants) {
    const drops = await column(
      `select format('alter table %I drop constraint %I cascade', '${name}', conname) as value from pg_constraint
       where conrelid = '${name}'::regclass and contype <> 'n'
       union all
       select format('alter table %I alter column %I drop not null', '${name}', attname) from pg_attribute
       where attrelid = '${name}'::regclass and attnum > 0 and attnotnull and not attisdropped and attidentity = ''`,
    )
    // Constraints before columns, whose NOT NULL a primary key holds; a foreign key may have gone with the key that it names.
    for (const drop of drops.sort().reverse()) {
      await client.query(drop).catch(error => assert.equal(sqlState(error), '42704'))
    }
    await client.query(`insert into ${name} (${key}) values ($1), ($2)`, [OURS, THEIRS])
  }
})
after(async () => {
  await client.end()
  await database.drop()
})

test('every table belongs to organizations or is known to be shared, and those of organizations are forced behind policies', async () => {
  const all = await column("select tablename as value from pg_tables where schemaname = 'public' order by 1")
  const known = [...tenants.map(({ name }) => name), 'users', ...SHARED, ...OF_PEOPLE]
  assert.deepEqual(all, known.sort())
  const open = await column(
    `select relname as value from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
     and not (relrowsecurity and relforcerowsecurity) order by 1`,
  )
  assert.deepEqual(open, SHARED)
})

test('what people prove who they are with is out of reach of callers', async () => {
  for (const name of OF_PEOPLE) assert.equal(await asApp(OURS, `select from ${name}`), '42501', name)
})

test('without an organization no row is visible, and with one only its own', async () => {
  for (const { name, key } of tenants) {
    const count = await client.query(`select ${key} as key from ${name} order by 1`)
    assert.deepEqual(count.rows, [{ key: OURS }, { key: THEIRS }], `${name} has a row of each`)
    assert.deepEqual(await asApp(null, `select ${key} as key from ${name}`), [], name)
    assert.deepEqual(await asApp(OURS, `select ${key} as key from ${name}`), [{ key: OURS }], name)
    assert.deepEqual(await asApp(THEIRS, `select ${key} as key from ${name} where ${key} = $1`, [OURS]), [], name)
  }
})

test('rows of another organization are not updated, deleted, inserted or taken over', async () => {
  for (const { name, key } of tenants) {
    const foreign = `where ${key} = '${THEIRS}' returning ${key}`
    const updated = await asApp(OURS, `update ${name} set ${key} = ${key} ${foreign}`)
    const deleted = await asApp(OURS, `delete from ${name} ${foreign}`)
    // Nothing is found, or the role may not do this at all.
    assert.ok(updated === '42501' || (Array.isArray(updated) && updated.length === 0), `${name}: ${updated}`)
    assert.ok(deleted === '42501' || (Array.isArray(deleted) && deleted.length === 0), `${name}: ${deleted}`)
    assert.equal(await asApp(OURS, `insert into ${name} (${key}) values ($1)`, [THEIRS]), '42501', `${name}: insert`)
    assert.equal(await asApp(null, `insert into ${name} (${key}) values ($1)`, [OURS]), '42501', `${name}: nobody`)
    assert.equal(await asApp(OURS, `update ${name} set ${key} = $1`, [THEIRS]), '42501', `${name}: given away`)
  }
})

test('people are visible to the organizations that they belong to', async () => {
  const [ada, ben] = [THEIRS.replace('b', '1'), THEIRS.replace('b', '2')]
  await client.query(
    `insert into users (id, created_at, updated_at, email, first_name, last_name, status)
     select id, now(), now(), id || '@example.com', '', '', 'active' from unnest($1::uuid[]) as id`,
    [[ada, ben]],
  )
  await client.query('delete from members')
  await client.query('insert into members (organization_id, user_id) values ($1, $2), ($3, $4)', [
    OURS,
    ada,
    THEIRS,
    ben,
  ])
  assert.deepEqual(await asApp(null, 'select id from users'), [])
  assert.deepEqual(await asApp(OURS, 'select id from users'), [{ id: ada }])
  assert.equal(await asApp(OURS, 'update users set phone = $2 where id = $1 returning id', [ben, '1']), '42501')
  assert.equal(await asApp(OURS, 'delete from users where id = $1', [ada]), '42501')
})

test('what happened is never changed or deleted by callers, and no table is emptied', async () => {
  for (const name of APPEND_ONLY) {
    for (const statement of [`update ${name} set organization_id = organization_id`, `delete from ${name}`]) {
      assert.equal(await asApp(OURS, statement), '42501', statement)
    }
  }
  const changeable = await column(
    `select relname || ' ' || role as value from pg_class, unnest(array['bitstream_app', 'bitstream_worker']) as role
     where relnamespace = 'public'::regnamespace and relname in ('entries', 'decisions', 'audit_entries') and relkind = 'r'
     and (has_any_column_privilege(role, oid, 'update') or has_table_privilege(role, oid, 'delete'))`,
  )
  assert.deepEqual(changeable, [])
  const emptied = await column(
    `select relname as value from pg_class, unnest(array['bitstream_app', 'bitstream_worker']) as role
     where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(role, oid, 'truncate')`,
  )
  assert.deepEqual(emptied, [])
})

test('the doors in the wall are these, and none is open to everybody', async () => {
  const doors = await column(
    `select proname as value from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
     and has_function_privilege('bitstream_app', oid, 'execute') order by 1`,
  )
  assert.deepEqual(doors, [
    'enqueue',
    'enqueue_all',
    'find_api_key',
    'find_sign_in',
    'find_user',
    'organization_of_invoice',
    'organization_of_link',
    'organization_of_receipt',
    'organization_of_session',
    'public_file',
  ])
  const open = await column(
    `select proname as value from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
     and coalesce(array_to_string(proacl, ',') ~ '(^|,)=X', true)`,
  )
  assert.deepEqual(open, [])
})
