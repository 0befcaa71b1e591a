import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DataFolder, openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { type Postgres, startPostgres } from '../../src/dev/embeddedPostgres.ts'
import { databaseUrl, execute, TEMPLATE } from './testDatabase.ts'

let folder: DataFolder | null = null
let postgres: Postgres | null = null

/** Before all test files: starts one PostgreSQL for them, with a migrated template database, and names it in `TEST_POSTGRES_URL`. */
export async function globalSetup(): Promise<void> {
  folder = openTemporaryFolder()
  postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: false })
  await execute(postgres.url, `create database ${TEMPLATE}`)
  await migrateTemplate(databaseUrl(postgres.url, TEMPLATE))
  await execute(postgres.url, `alter database ${TEMPLATE} is_template true allow_connections false`)
  process.env.TEST_POSTGRES_URL = postgres.url
}

/** After all test files: stops that PostgreSQL and removes its data. */
export async function globalTeardown(): Promise<void> {
  await postgres?.stop()
  folder?.close()
}

async function migrateTemplate(url: string): Promise<void> {
  const module = new URL('../../src/store/migrate.ts', import.meta.url)
  if (!existsSync(module)) return
  const { migrate }: { migrate(ownerUrl: string): Promise<void> } = await import(module.href)
  await migrate(url)
}
