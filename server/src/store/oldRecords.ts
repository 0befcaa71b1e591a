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
