import pg from 'pg'
import { makeWebhookSecret } from '../../src/domain/webhook.ts'
import { createOrganization, createWebhookEndpoint, openBareContext } from '../harness/fixtures.ts'
import { createTestDatabase, execute } from '../harness/testDatabase.ts'
import { CHAINS } from './chains.ts'
import { allDone, type Crashes, crashingDatabase } from './crashes.ts'
import { makeStatementsFast, type Sent } from './fastStatements.ts'
import type { Ground } from './world.ts'

const KEPT = ['chains', 'assets', 'kysely_migration', 'kysely_migration_lock']

/** A database of this process, which is emptied for each run, and what runs stand on. */
export type OpenGround = {
  ground: Ground
  clear: (next: Pick<Sent, 'isReversed'>) => Promise<void>
  close: () => Promise<void>
}

/** Opens the ground of one process; PostgreSQL and its template must be there. */
export async function openGround(): Promise<OpenGround> {
  const sent = makeStatementsFast()
  const database = await createTestDatabase()
  await settle(database.url)
  const base = await openBareContext(database.url, { chains: CHAINS.map(({ config }) => config) })
  const crashes: Crashes = { next: null, underWay: new Set() }
  const ctx = { ...base, db: crashingDatabase(base.db, crashes) }
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const query = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows
  const createEndpoint: Ground['createEndpoint'] = async (at, caller, events) => {
    const id = await createWebhookEndpoint(at, caller, events)
    const secret = makeWebhookSecret(new Uint8Array(32).fill(5))
    await client.query('update webhook_endpoints set secret = $2 where id = $1', [id, at.secrets.seal(secret)])
    return id
  }
  const tables = (await query("select tablename as name from pg_tables where schemaname = 'public'"))
    .map(row => String(row.name))
    .filter(name => !KEPT.includes(name))
  const emptied = [...tables, 'graphile_worker._private_jobs', 'graphile_worker._private_job_queues']
  // Ten times as fast as truncating them, after which every plan is made anew; without triggers, which keep what must not change.
  const deletions = emptied.map(name => `delete from ${name}`).join('; ')
  return {
    ground: { ctx, crashes, query, written: sent.written, createCaller: createOrganization, createEndpoint },
    clear: async ({ isReversed }) => {
      crashes.next = null
      await allDone(crashes)
      await client.query(`begin; set local session_replication_role = replica; ${deletions}; commit`)
      sent.isReversed = isReversed
    },
    close: async () => {
      await client.end()
      await base.close()
      await database.drop()
    },
  }
}

/** Plans are kept for as long as the tables are small, and nothing works beside what is asked for. */
async function settle(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const settings = { plan_cache_mode: 'force_generic_plan', jit: 'off', synchronous_commit: 'off' }
  for (const [setting, value] of Object.entries(settings)) {
    await execute(url, `alter database ${name} set ${setting} = ${value}`)
  }
}
