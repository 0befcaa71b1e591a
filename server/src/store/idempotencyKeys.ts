import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** The answer that a key was given before, with the hash of the request that it answered. */
export type Answer = { requestHash: Uint8Array; response: string }

/** The stored answer of `key`, or null. */
export async function findAnswer(tx: Tx, key: string): Promise<Answer | null> {
  const row = await tx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'response'])
    .where('key', '=', key)
    .executeTakeFirst()
  return row === undefined ? null : { requestHash: row.request_hash, response: row.response }
}

/** Takes `key` until the transaction ends; false at once if another transaction holds it. */
export async function tryLockKey(tx: Tx, organizationId: string, key: string): Promise<boolean> {
  const { rows } = await sql<{ got: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${organizationId + key}, 0)) as got`.execute(tx)
  return rows[0]?.got === true
}

/** Keeps the answer of `key`, in the transaction of the work that it answers. */
export async function keepAnswer(
  tx: Tx,
  row: { organizationId: string; key: string; createdAt: Date; requestHash: Uint8Array; response: string },
): Promise<void> {
  await tx
    .insertInto('idempotency_keys')
    .values({
      organization_id: row.organizationId,
      key: row.key,
      created_at: row.createdAt,
      request_hash: Buffer.from(row.requestHash),
      response: row.response,
    })
    .execute()
}
