import { sql } from 'kysely'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'

/** Deletes up to `limit` idempotency keys made before `before`; returns how many. */
export async function forgetKeys(tx: Tx, before: Date, limit: number): Promise<number> {
  // The worker's role may delete keys and not lock them: whoever comes second to a row waits, and finds it gone.
  const { rows } = await sql<{ key: string }>`
    delete from idempotency_keys where (organization_id, key) in (
      select organization_id, key from idempotency_keys where created_at < ${before} order by created_at limit ${limit})
    returning key`.execute(tx)
  return rows.length
}

/** Deletes up to `limit` e-mails made before `before`, sent or not; returns how many. */
export async function forgetEmails(tx: Tx, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    delete from emails where id in (select id from emails where created_at < ${before} order by created_at limit ${limit})
    returning id`.execute(tx)
  return rows.length
}

/**
 * Deletes up to `limit` deliveries of events made before `before`, their attempts included, and as many of these events that
 * have none left; returns how many of both. Their ids are UUIDv7, whose order is that of time.
 */
export async function forgetEvents(tx: Tx, before: Date, limit: number): Promise<number> {
  const bound = uuidv7(before, new Uint8Array(10))
  const deliveries = await sql<{ id: string }>`
    delete from deliveries where id in (
      select id from deliveries where event_id < ${bound}::uuid order by event_id limit ${limit})
    returning id`.execute(tx)
  const events = await sql<{ id: string }>`
    delete from events where id in (
      select e.id from events e
      where e.id < ${bound}::uuid and not exists (select from deliveries d where d.event_id = e.id)
      order by e.id limit ${limit})
    returning id`.execute(tx)
  return deliveries.rows.length + events.rows.length
}

/**
 * Deletes up to `limit` of each of these: sign-ins that began before `before`, guesses of which the last was before it, and links and
 * challenges that ended by `now`; returns how many rows went.
 */
export async function forgetSignIns(tx: Tx, before: Date, now: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with signed_in as (delete from sign_ins where id in (select id from sign_ins where id < ${uuidv7(before, new Uint8Array(10))}::uuid limit ${limit}) returning 1),
      guessed as (delete from guesses where subject in (select subject from guesses where guessed_at < ${before} limit ${limit}) returning 1),
      linked as (delete from account_links where token_hash in (select token_hash from account_links where expires_at <= ${now} limit ${limit}) returning 1),
      asked as (delete from passkey_challenges where id in (select id from passkey_challenges where expires_at <= ${now} limit ${limit}) returning 1)
    select ((select count(*) from signed_in) + (select count(*) from guessed) + (select count(*) from linked) + (select count(*) from asked))::int as count`.execute(
    tx,
  )
  return rows[0]?.count ?? 0
}
