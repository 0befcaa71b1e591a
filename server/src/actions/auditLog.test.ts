import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { createOrganization } from '../../test/harness/fixtures.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { inOrganization, sqlState } from '../store/database.ts'
import { checkAuditLog, listAuditLog } from './auditLog.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'

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

const note = (caller: Caller, name: string) =>
  inOrganization(t.ctx.db, caller.organizationId, tx =>
    noteAudit(tx, t.ctx, caller, { action: 'api_key.created', detail: { name, amount: 1n, at: new Date(0) } }),
  )

/** A caller whose log has five entries. */
async function withEntries(): Promise<Caller> {
  const caller = await createOrganization(t.ctx)
  for (const name of ['a', 'b', 'c', 'd', 'e']) await note(caller, name)
  return caller
}

/** What somebody does who may do everything in the database; nothing of it stays. */
async function tampered(caller: Caller, statement: string): Promise<unknown> {
  const { organizationId } = caller
  await client.query("set session_replication_role = 'replica'")
  const kept = await client.query('select * from audit_entries where organization_id = $1', [organizationId])
  await client.query(statement, [organizationId])
  const result = await checkAuditLog(t.ctx, organizationId)
  await client.query('delete from audit_entries where organization_id = $1', [organizationId])
  for (const row of kept.rows) {
    const values = Object.values({ ...row, detail: JSON.stringify(row.detail) })
    const places = values.map((_value, index) => `$${index + 1}`)
    await client.query(`insert into audit_entries (${Object.keys(row)}) values (${places})`, values)
  }
  await client.query("set session_replication_role = 'origin'")
  return result
}

test('C8.3: whatever is edited, taken out or put in, the check fails at that entry', async () => {
  const caller = await withEntries()
  const whole = { isIntact: true, entries: 5, brokenAt: null }
  assert.deepEqual(await checkAuditLog(t.ctx, caller.organizationId), whole)
  const broken = (brokenAt: number, entries = 5) => ({ isIntact: false, entries, brokenAt })
  const own = 'where organization_id = $1 and nth ='
  const stranger = await createOrganization(t.ctx)
  const userId = await addMember(t.ctx, stranger.organizationId, 'else@example.com', 'owner')
  for (const [column, value] of [
    ['detail', `'{"name":"x"}'`],
    ['action', "'api_key.revoked'"],
    ['address', "'203.0.113.9'"],
    ['created_at', "created_at + interval '1 millisecond'"],
    ['object_id', 'id'],
    ['user_id', `'${userId}'`],
    ['hash', 'previous'],
    ['previous', 'hash'],
  ]) {
    assert.deepEqual(
      await tampered(caller, `update audit_entries set ${column} = ${value} ${own} 3`),
      broken(3),
      column,
    )
  }
  for (const nth of [1, 3, 5]) {
    assert.deepEqual(await tampered(caller, `delete from audit_entries ${own} ${nth}`), broken(nth, 4))
  }
  const twice = `insert into audit_entries select organization_id, 6, gen_random_uuid(), created_at, user_id, key_id, address, action,
    object_id, detail, previous, hash from audit_entries ${own} 5`
  assert.deepEqual(await tampered(caller, twice), broken(6, 6))
  assert.deepEqual(await tampered(caller, 'delete from audit_entries where organization_id = $1'), broken(1, 0))
  assert.deepEqual(await checkAuditLog(t.ctx, caller.organizationId), whole)
})

test('C8.3: no role of the program, nor the owner of the tables, changes or deletes an entry', async () => {
  const { organizationId } = await withEntries()
  for (const role of ['bitstream_app', 'bitstream_worker', null]) {
    for (const statement of ["update audit_entries set action = 'x'", 'delete from audit_entries']) {
      await client.query('begin')
      if (role !== null) await client.query(`set local role ${role}`)
      await client.query("select set_config('app.organization_id', $1, true)", [organizationId])
      const refused = await client.query(statement).catch(sqlState)
      await client.query('rollback')
      assert.equal(refused, '42501', `${role}: ${statement}`)
    }
  }
})

test('entries that are written at once follow one another, and what is undone leaves none', async () => {
  const caller = await createOrganization(t.ctx)
  const names = Array.from({ length: 12 }, (_, index) => `at once ${index}`)
  const undone = inOrganization(t.ctx.db, caller.organizationId, async tx => {
    await noteAudit(tx, t.ctx, caller, { action: 'api_key.revoked' })
    throw new Error('undone')
  })
  await Promise.all([...names.map(name => note(caller, name)), assert.rejects(undone, /undone/)])
  const { organizationId } = caller
  assert.deepEqual(await checkAuditLog(t.ctx, organizationId), { isIntact: true, entries: 12, brokenAt: null })
  const { data, hasMore } = await listAuditLog(t.ctx, organizationId, { after: null, limit: 20 })
  assert.equal(hasMore, false)
  assert.deepEqual(
    data.map(({ nth }) => nth),
    names.map((_, index) => 12 - index),
  )
  assert.deepEqual(data.map(({ detail }) => detail.name).toSorted(), names.toSorted())
  assert.deepEqual(data[0]?.detail.amount, '1')
})

test('the log is read page by page, with who did it, and never another organization’s', async () => {
  const caller = await withEntries()
  const other = await withEntries()
  const { organizationId } = caller
  const first = await listAuditLog(t.ctx, organizationId, { after: null, limit: 2 })
  const second = await listAuditLog(t.ctx, organizationId, { after: first.data[1]?.id ?? null, limit: 3 })
  assert.deepEqual([first.hasMore, second.hasMore], [true, false])
  const names = [...first.data, ...second.data].map(({ detail }) => detail.name)
  assert.deepEqual(names, ['e', 'd', 'c', 'b', 'a'])
  const theirs = await listAuditLog(t.ctx, other.organizationId, { after: null, limit: 1 })
  const foreign = listAuditLog(t.ctx, organizationId, { after: theirs.data[0]?.id ?? '', limit: 2 })
  await assert.rejects(foreign, { code: 'cursor_invalid' })
})
