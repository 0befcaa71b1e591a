import { CompiledQuery } from 'kysely'
import type { CheckoutSession } from '../domain/session.ts'
import { type Database, type Tx, violatedConstraint } from './database.ts'
import { sessionRows } from './sessionRows.ts'

/** A POST's `Idempotency-Key`, the hash of what it means (32 bytes), and the answer to keep. */
export type Claim = { key: string; requestHash: Uint8Array; response: string }

/** What became of the insert: done; settings changed meanwhile; key in flight elsewhere; or key used before, with its answer. */
export type Inserted =
  | { kind: 'inserted' }
  | { kind: 'stale' }
  | { kind: 'in_use' }
  | { kind: 'replay'; requestHash: Uint8Array; response: string }

const insert = (table: string, parameter: number) =>
  `${table}_rows as (insert into ${table} select r.* from go, json_populate_recordset(null::${table}, $${parameter}) r)`

const TABLES = [
  'products',
  'prices',
  'checkout_sessions',
  'line_items',
  'payment_intents',
  'session_assets',
  'deposit_addresses',
]
const INSERTS = TABLES.map((table, index) => insert(table, index + 3)).join(',\n')

/** All rows of a session at once, if the settings that it was made with are still in force. */
export const INSERT_SESSION = `with
go as (select from organizations where id = $1 and settings_version = $2),
${INSERTS}
select 1 as inserted from go`

/** The same under an idempotency key: the claim, the rows and the stored answer stand or fall together. */
export const INSERT_SESSION_ONCE = `with
lock as (select pg_try_advisory_xact_lock(hashtextextended($1 || $10, 0)) as got),
earlier as (select request_hash, response from idempotency_keys where organization_id = $1::uuid and key = $10),
go as (select from organizations, lock where id = $1::uuid and settings_version = $2 and got and not exists (select from earlier)),
idempotency_keys_rows as (insert into idempotency_keys select r.* from go, json_populate_recordset(null::idempotency_keys, $11) r),
${INSERTS}
select lock.got, (select count(*) from go)::int as inserted, earlier.request_hash, earlier.response from lock left join earlier on true`

/** The parameters of `INSERT_SESSION`: the organization, its settings' version, and the rows of each table as JSON. */
export function sessionParameters(session: CheckoutSession, settingsVersion: bigint): string[] {
  const rows = sessionRows(session)
  return [session.organizationId, settingsVersion.toString(), ...TABLES.map(table => JSON.stringify(rows[table]))]
}

/** Writes a new session in one round trip: `begin`, organization, rows and `commit` travel together. */
export async function insertCheckoutSession(
  db: Database,
  session: CheckoutSession,
  settingsVersion: bigint,
  claim: Claim | null,
): Promise<Inserted> {
  const values = sessionParameters(session, settingsVersion)
  if (claim !== null) values.push(claim.key, JSON.stringify([claimRow(session, claim)]))
  const statement =
    claim === null
      ? { name: 'insert_session', text: INSERT_SESSION }
      : { name: 'insert_session_once', text: INSERT_SESSION_ONCE }
  const client = await db.appPool.connect()
  try {
    const sent = [
      client.query('begin'),
      client.query({
        name: 'set_organization',
        text: "select set_config('app.organization_id', $1, true)",
        values: [session.organizationId],
      }),
      client.query({ ...statement, values }),
      client.query('commit'),
    ]
    const [, , result] = await settle(sent)
    const row = result?.rows[0]
    if (claim === null) return { kind: row === undefined ? 'stale' : 'inserted' }
    if (row.response !== null) return { kind: 'replay', requestHash: row.request_hash, response: row.response }
    if (!row.got) return { kind: 'in_use' }
    return { kind: row.inserted === 1 ? 'inserted' : 'stale' }
  } catch (error) {
    // Another request committed this key after our statement began and before our lock: its answer is there now.
    if (violatedConstraint(error) === 'idempotency_keys_pkey') return { kind: 'in_use' }
    throw error
  } finally {
    client.release()
  }
}

/** Writes a new session in an open transaction; false, and nothing done, when its settings are no longer in force. */
export async function insertSession(tx: Tx, session: CheckoutSession, settingsVersion: bigint): Promise<boolean> {
  const { rows } = await tx.executeQuery(CompiledQuery.raw(INSERT_SESSION, sessionParameters(session, settingsVersion)))
  return rows.length > 0
}

/** All results once every query has ended, so that the connection is free again; throws the first failure. */
async function settle<T>(sent: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(sent)
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

function claimRow(session: CheckoutSession, claim: Claim) {
  return {
    organization_id: session.organizationId,
    key: claim.key,
    created_at: session.createdAt,
    request_hash: `\\x${Buffer.from(claim.requestHash).toString('hex')}`,
    response: claim.response,
  }
}
