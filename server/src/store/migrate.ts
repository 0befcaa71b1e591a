import { readdir, readFile } from 'node:fs/promises'
import { runMigrations } from 'graphile-worker'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'

const DIRECTORY = new URL('../../migrations/', import.meta.url)

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(DIRECTORY)).filter(name => name.endsWith('.sql')).sort()
  const entries = names.map(async name => {
    const text = await readFile(new URL(name, DIRECTORY), 'utf8')
    return [
      name.slice(0, -'.sql'.length),
      {
        up: db =>
          sql
            .raw(text)
            .execute(db)
            .then(() => undefined),
      },
    ] as [string, Migration]
  })
  return Object.fromEntries(await Promise.all(entries))
}

/**
 * Brings the database at `ownerUrl` to this program's schema, the job queue's tables included, one server at a time.
 * Throws one sentence when the server is older than PostgreSQL 15 or when the schema is of a version that this program does not know.
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  // The queue's migrator asks for both handlers; a lost connection rejects the query that is under way.
  pool.on('error', () => undefined)
  pool.on('connect', client => client.on('error', () => undefined))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const { rows } = await pool.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    )
    const version = rows[0]?.version ?? 0
    if (version < 150_000)
      throw new Error(`PostgreSQL 15 or later is needed; this server is ${Math.floor(version / 10_000)}.`)
    await runMigrations({ pgPool: pool })
    const { error } = await new Migrator({ db, provider: { getMigrations: readMigrations } }).migrateToLatest()
    if (error instanceof Error && /corrupted migrations/.test(error.message)) {
      throw new Error(
        'This database has a schema that this version of Bitstream does not know. Run the version that wrote it, or a newer one.',
        { cause: error },
      )
    }
    if (error) throw error
  } finally {
    await db.destroy()
  }
}
