import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { invariant } from '../../src/domain/errors.ts'

/** The migrated database that every test database is a copy of. */
export const TEMPLATE = 'tpl'

/** A database of its own for one test file; `url` is that of its owner. */
export type TestDatabase = {
  readonly url: string
  /** Removes the database, ending connections that are still open. */
  drop(): Promise<void>
}

/** Makes a copy of the migrated template, in about 20 ms; the tests must run with the global setup of this folder. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES_URL
  invariant(server, 'no PostgreSQL for tests: run them with npm test -- FILE')
  const name = `t_${randomBytes(8).toString('hex')}`
  await execute(server, `create database ${name} template ${TEMPLATE} strategy file_copy`)
  return {
    url: databaseUrl(server, name),
    drop: () => execute(server, `drop database if exists ${name} with (force)`),
  }
}

/** The same server and user with another database name. */
export function databaseUrl(server: string, name: string): string {
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

/** Runs one statement on a connection of its own. */
export async function execute(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
