import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, execute, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { openDatabase } from './database.ts'

const END_ALL =
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
const CONNECTIONS = 4

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.drop())

test('each lost connection is told once, and none while closing', async () => {
  const told: string[] = []
  const db = openDatabase(database.url, { maxConnections: CONNECTIONS, onError: error => told.push(error.message) })
  const fill = () => Promise.all(Array.from({ length: CONNECTIONS }, () => db.appPool.query('select pg_sleep(0.01)')))
  await fill()
  assert.equal(db.appPool.totalCount, CONNECTIONS)
  await execute(database.url, END_ALL)
  await waitUntil('the pool has let go of them', () => db.appPool.totalCount === 0)
  assert.deepEqual(told, Array(CONNECTIONS).fill('terminating connection due to administrator command'))
  await fill()
  await Promise.all([db.close(), execute(database.url, END_ALL)])
  assert.equal(told.length, CONNECTIONS)
})
