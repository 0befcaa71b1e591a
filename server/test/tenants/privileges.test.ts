import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { sqlState } from '../../src/store/database.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { addMember } from '../harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../harness/testContext.ts'

const DENIED = '42501'

let t: TestContext
let client: pg.PoolClient
before(async () => {
  t = await createTestContext()
  client = await t.ctx.db.owner.connect()
})
after(async () => {
  client.release()
  await t.close()
})

/** Rows, or the code of the refusal, of one statement as callers' transactions run it; nothing of it stays. */
async function asApp(organizationId: string, sql: string, values: unknown[] = []): Promise<unknown[] | string> {
  await client.query('begin')
  try {
    await client.query('set local role bitstream_app')
    await client.query("select set_config('app.organization_id', $1, true)", [organizationId])
    return (await client.query(sql, values)).rows
  } catch (error) {
    return sqlState(error) ?? String(error)
  } finally {
    await client.query('rollback')
  }
}

test('C7.5: what the operator decides about an organization is out of reach of requests', async () => {
  const id = t.organizationId
  for (const change of ['is_partner = true', "status = 'active'", 'referrer_id = id', 'created_at = created_at']) {
    assert.equal(await asApp(id, `update organizations set ${change} where id = $1`, [id]), DENIED, change)
  }
  assert.deepEqual(await asApp(id, "update organizations set name = 'New' where id = $1 returning name", [id]), [
    { name: 'New' },
  ])
  const other = '00000000-0000-7000-8000-00000000000a'
  const columns = 'id, created_at, updated_at, name'
  const insert = (more: string, value: string) =>
    asApp(other, `insert into organizations (${columns}${more}) values ($1, now(), now(), 'x'${value})`, [other])
  assert.deepEqual(await insert('', ''), [])
  assert.equal(await insert(', is_partner', ', true'), DENIED)
  assert.equal(await insert(', status', ", 'suspended'"), DENIED)
})

test('C7.5: an organization sees its own people alone, and changes nobody, not even those who work for others too', async () => {
  const [ours, theirs] = [await openApiCaller(t.ctx), await openApiCaller(t.ctx)]
  const { organizationId } = ours.caller
  const shared = await addMember(t.ctx, organizationId, 'shared@example.com', 'owner')
  const stranger = await addMember(t.ctx, theirs.caller.organizationId, 'stranger@example.com', 'owner')
  await t.ctx.db.owner.query(
    "insert into members (organization_id, user_id, created_at, updated_at, role) values ($1, $2, now(), now(), 'viewer')",
    [theirs.caller.organizationId, shared],
  )
  assert.deepEqual(await asApp(organizationId, 'select id from users'), [{ id: shared }])
  for (const id of [shared, stranger]) {
    assert.equal(await asApp(organizationId, "update users set email = 'x@example.com' where id = $1", [id]), DENIED)
  }
})
