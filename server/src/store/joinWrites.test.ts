import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/harness/testDatabase.ts'
import { openDatabase } from './database.ts'

test('what a connection is given in one turn leaves in one write, and is answered as ever', async t => {
  const database = await createTestDatabase()
  const db = openDatabase(database.url, { maxConnections: 1, onError: () => undefined })
  const client = await db.appPool.connect()
  t.after(async () => {
    client.release()
    await db.close()
    await database.drop()
  })
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  let writes = 0
  for (const name of ['_write', '_writev'] as const) {
    const write = Socket.prototype[name] as (...given: unknown[]) => void
    stream[name] = (...given: unknown[]) => {
      writes += 1
      Reflect.apply(write, stream, given)
    }
  }
  const ask = () =>
    Promise.all([
      client.query('begin'),
      client.query({ name: 'twice', text: 'select 2 * $1::int as it', values: [21] }),
      client.query({ text: 'select $1 as it', values: ['x'.repeat(100_000)] }),
      client.query('commit'),
    ])
  for (const turn of [1, 2]) {
    const [, number, text] = await ask()
    assert.deepEqual([number?.rows[0].it, text?.rows[0].it.length, writes], [42, 100_000, turn])
  }
  await Promise.all([ask(), assert.rejects(client.query('select from nowhere'), /nowhere/), ask()])
  assert.equal(writes, 3)
})
