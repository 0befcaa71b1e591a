import { join } from 'node:path'
import { buildDashboard } from '../../src/dev/buildDashboard.ts'
import { type DataFolder, openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { type Postgres, startPostgres } from '../../src/dev/embeddedPostgres.ts'
import { migrate } from '../../src/store/migrate.ts'
import { databaseUrl, execute, TEMPLATE } from './testDatabase.ts'

let folder: DataFolder | null = null
let postgres: Postgres | null = null

/** Before all test files: starts one PostgreSQL for them, with a migrated template database, and names it in `TEST_POSTGRES_URL`. */
export async function globalSetup(): Promise<void> {
  await buildDashboard()
  folder = openTemporaryFolder()
  postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: false })
  await execute(postgres.url, `create database ${TEMPLATE}`)
  await migrate(databaseUrl(postgres.url, TEMPLATE))
  await execute(postgres.url, `alter database ${TEMPLATE} is_template true allow_connections false`)
  process.env.TEST_POSTGRES_URL = postgres.url
}

/** After all test files: stops that PostgreSQL and removes its data. */
export async function globalTeardown(): Promise<void> {
  await postgres?.stop()
  folder?.close()
}
