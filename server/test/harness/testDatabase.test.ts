import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from './testDatabase.ts'

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const found = await client.query<{ name: string }>("select tablename as name from pg_tables where tablename = 'mark'")
  await client.end()
  return found.rows.map(row => row.name)
}

async function mark({ url }: TestDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create table mark ()')
  await client.end()
}

test('test databases do not see each other and are gone after drop', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await mark(first)
  assert.deepEqual(await tables(first.url), ['mark'])
  assert.deepEqual(await tables(second.url), [])
  await Promise.all([first.drop(), second.drop()])
  await assert.rejects(tables(first.url), /does not exist/)
})

test('a test database stores any text and sorts by code point', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const sorted = await client.query<{ word: string }>(
    "select word from (values ('é'), ('z'), ('Z'), ('語')) t(word) order by word",
  )
  const [encoding] = (await client.query<{ server_encoding: string }>('show server_encoding')).rows
  await client.end()
  await database.drop()
  assert.deepEqual(
    sorted.rows.map(row => row.word),
    ['Z', 'z', 'é', '語'],
  )
  assert.equal(encoding?.server_encoding, 'UTF8')
})
