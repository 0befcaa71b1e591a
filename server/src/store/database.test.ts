import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createTestDatabase } from '../../test/harness/testDatabase.ts'
import { asWorker, inOrganization, openDatabase, sqlState } from './database.ts'
import { migrate } from './migrate.ts'

let t: TestContext
before(async () => {
  t = await createTestContext()
})
after(() => t.close())

const NOBODY = '0190b5a4-0000-7000-8000-000000000000'

describe('row-level security', () => {
  test('every table with a tenant is behind it, forced', async () => {
    const { rows } = await t.ctx.db.owner.query(
      `select relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not (c.relrowsecurity and c.relforcerowsecurity)`,
    )
    assert.deepEqual(rows, [])
  })

  test('without an organization the application sees no row, with another one none of these', async () => {
    const count = async (organizationId: string) =>
      (
        await inOrganization(t.ctx.db, organizationId, tx =>
          tx.selectFrom('withdrawal_addresses').select('id').execute(),
        )
      ).length
    assert.equal(await count(t.organizationId), 1)
    assert.equal(await count(NOBODY), 0)
    assert.equal((await t.ctx.db.app.selectFrom('withdrawal_addresses').select('id').execute()).length, 0)
    assert.equal(
      (await asWorker(t.ctx.db, tx => tx.selectFrom('withdrawal_addresses').select('id').execute())).length,
      1,
    )
  })

  test('the setting ends with its transaction: a pooled connection carries nothing over', async () => {
    await Promise.all(
      Array.from({ length: 40 }, () =>
        inOrganization(t.ctx.db, t.organizationId, tx => tx.selectFrom('organizations').select('id').execute()),
      ),
    )
    const rows = await Promise.all(
      Array.from({ length: 40 }, () => t.ctx.db.app.selectFrom('organizations').select('id').execute()),
    )
    assert.equal(rows.flat().length, 0)
  })

  test('a row of another organization cannot be written', async () => {
    const insert = inOrganization(t.ctx.db, NOBODY, tx =>
      tx
        .insertInto('idempotency_keys')
        .values({
          organization_id: t.organizationId,
          key: 'k',
          created_at: new Date(),
          request_hash: Buffer.alloc(32),
          response: '',
        })
        .execute(),
    )
    await assert.rejects(insert, error => sqlState(error) === '42501')
  })
})

describe('what the roles may not do', () => {
  const cases = {
    'change a transfer': 'update transfers set amount_raw = 1',
    'delete a transfer': 'delete from transfers',
    'change a decision': "update decisions set kind = 'expire'",
    'delete a decision': 'delete from decisions',
    'change an event': "update events set type = 'x'",
    'make an API key': 'insert into api_keys (id) values (gen_random_uuid())',
    'change a withdrawal address': 'update withdrawal_addresses set is_default = false',
  }
  for (const [what, statement] of Object.entries(cases)) {
    for (const role of ['app', 'worker'] as const) {
      test(`${role}: ${what}`, async () => {
        await assert.rejects(sql.raw(statement).execute(t.ctx.db[role]), error => sqlState(error) === '42501')
      })
    }
  }
})

describe('constraints', () => {
  const refused = (statement: string, state: string) =>
    assert.rejects(t.ctx.db.owner.query(statement), (error: { code?: string }) => error.code === state)

  test('an amount is never negative, a number of units never 2^256', async () => {
    await refused('select (-1)::bigint::amount8', '23514')
    await refused('select (2::numeric ^ 256)::units', '23514')
    await t.ctx.db.owner.query('select (2::numeric ^ 256 - 1)::units')
  })

  test("an asset's decimals are fixed for ever", async () => {
    await refused('update assets set decimals = decimals + 1', '23514')
  })
})

describe('deadlocks', () => {
  test('a transaction that lost one is run again', async () => {
    let runs = 0
    await inOrganization(t.ctx.db, t.organizationId, async tx => {
      runs++
      if (runs < 3) await sql`do $$ begin raise exception 'x' using errcode = '40P01'; end $$`.execute(tx)
    })
    assert.equal(runs, 3)
  })
})

describe('migrations', () => {
  test('a second run changes nothing', async () => {
    const database = await createTestDatabase()
    await migrate(database.url)
    await database.drop()
  })

  test('a schema of an unknown version is refused in one sentence', async () => {
    const database = await createTestDatabase()
    const db = openDatabase(database.url, { maxConnections: 1, onError: () => undefined })
    await db.owner.query(
      "insert into kysely_migration (name, timestamp) values ('9999_later', '2030-01-01T00:00:00.000Z')",
    )
    await db.close()
    await assert.rejects(migrate(database.url), /does not know/)
    await database.drop()
  })

  test('an owner who is no superuser can migrate and serve', async () => {
    const database = await createTestDatabase()
    const admin = openDatabase(database.url, { maxConnections: 1, onError: () => undefined })
    const name = new URL(database.url).pathname.slice(1)
    const owned = `${name}_owned`
    await admin.owner.query(`create role ${owned} login createrole password 'secret'`)
    await admin.owner.query(`grant bitstream_app, bitstream_worker to ${owned}`)
    await admin.owner.query(`create database ${owned} owner ${owned}`)
    const url = Object.assign(new URL(database.url), {
      username: owned,
      password: 'secret',
      pathname: `/${owned}`,
    }).href
    try {
      await migrate(url)
      const db = openDatabase(url, { maxConnections: 1, onError: () => undefined })
      assert.equal((await asWorker(db, tx => tx.selectFrom('organizations').select('id').execute())).length, 0)
      await db.close()
    } finally {
      await admin.owner.query(`drop database if exists ${owned} with (force)`)
      await admin.owner.query(`drop role ${owned}`)
      await admin.close()
      await database.drop()
    }
  })
})
