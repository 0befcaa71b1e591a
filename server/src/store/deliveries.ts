import { sql } from 'kysely'
import type { DeliveryStatus } from '../domain/delivery.ts'
import type { EventType } from '../domain/event.ts'
import type { Tx } from './database.ts'

const LANES = 4

/** A delivery with the event that it tells and the endpoint that it goes to; secrets are sealed, `attempts` those made. */
export type DueDelivery = {
  id: string
  organizationId: string
  status: DeliveryStatus
  attempts: number
  event: {
    id: string
    createdAt: Date
    sequence: number
    type: EventType
    object: string
    objectId: string
    data: object
  }
  endpoint: {
    id: string
    url: string
    isDisabled: boolean
    isDeleted: boolean
    secret: Buffer
    old: { secret: Buffer; expiresAt: Date } | null
  }
}

/** One attempt as it is kept: `error` names what kept a whole answer from arriving. */
export type Attempt = {
  number: number
  at: Date
  responseStatus: number | null
  responseBody: string
  error: string | null
  durationMs: number
}

/** The delivery `id` of any organization, or null; for the worker's role. */
export async function loadDelivery(tx: Tx, id: string): Promise<DueDelivery | null> {
  const row = await tx
    .selectFrom('deliveries as d')
    .innerJoin('events as e', 'e.id', 'd.event_id')
    .innerJoin('webhook_endpoints as w', 'w.id', 'd.webhook_endpoint_id')
    .select(['d.id', 'd.organization_id', 'd.status', 'd.attempts'])
    .select(['e.id as e_id', 'e.created_at', 'e.sequence', 'e.type', 'e.object', 'e.object_id', 'e.data'])
    .select(['w.id as w_id', 'w.url', 'w.is_disabled', 'w.deleted_at', 'w.secret'])
    .select(['w.old_secret', 'w.old_secret_expires_at'])
    .where('d.id', '=', id)
    // All three belong to one organization, or nothing is told.
    .whereRef('e.organization_id', '=', 'd.organization_id')
    .whereRef('w.organization_id', '=', 'd.organization_id')
    .executeTakeFirst()
  if (row === undefined) return null
  const { old_secret: old, old_secret_expires_at: oldExpiresAt } = row
  return {
    id: row.id,
    organizationId: row.organization_id,
    status: row.status as DeliveryStatus,
    attempts: row.attempts,
    event: {
      id: row.e_id,
      createdAt: row.created_at,
      sequence: row.sequence,
      type: row.type as EventType,
      object: row.object,
      objectId: row.object_id,
      data: row.data as object,
    },
    endpoint: {
      id: row.w_id,
      url: row.url,
      isDisabled: row.is_disabled,
      isDeleted: row.deleted_at !== null,
      secret: row.secret,
      old: old === null || oldExpiresAt === null ? null : { secret: old, expiresAt: oldExpiresAt },
    },
  }
}

/**
 * Adds an attempt to its delivery, which it leaves with `status` and, while pending, the time of the next one; false, with
 * nothing changed, when the delivery no longer waits for this attempt.
 */
export async function insertAttempt(
  tx: Tx,
  deliveryId: string,
  attempt: Attempt,
  after: { status: DeliveryStatus; nextAttemptAt: Date | null },
): Promise<boolean> {
  const { rows } = await sql<{ attempt: number }>`
    with moved as (
      update deliveries set status = ${after.status}, attempts = ${attempt.number}, next_attempt_at = ${after.nextAttemptAt}
      where id = ${deliveryId} and status = 'pending' and attempts = ${attempt.number - 1}
      returning id, organization_id)
    insert into webhook_attempts
      (delivery_id, organization_id, attempt, created_at, response_status, response_body, error, duration_ms)
    select id, organization_id, ${attempt.number}::int, ${attempt.at}::timestamptz, ${attempt.responseStatus}::int,
      ${attempt.responseBody}, ${attempt.error}, ${attempt.durationMs}::int
    from moved returning attempt`.execute(tx)
  return rows.length === 1
}

/** How many attempts of the delivery were made before it was last sent anew; nobody changes that until the transaction ends. */
export async function lockResentAfter(tx: Tx, id: string): Promise<number> {
  const row = await tx
    .selectFrom('deliveries')
    .select('resent_after')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row?.resent_after ?? 0
}

/** Gives up a delivery that is still pending. */
export async function giveUpDelivery(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ status: 'failed', next_attempt_at: null })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()
}

/**
 * The queue that deliveries to an endpoint wait in, for one object always the same: an endpoint has four, each worked one
 * job after the other: a slow one holds up no other endpoint, and what concerns one object is first tried in its order.
 */
export function deliveryQueue(endpointId: string, objectId: string): string {
  return `${endpointId}:${Number.parseInt(objectId.slice(-1), 16) % LANES}`
}

/**
 * Adds the job of attempt `number` of a delivery, to start in `delayMs` by the clock of the database, which the queue lives by. A
 * job for an attempt that was made already does nothing.
 */
export async function enqueueAttempt(
  tx: Tx,
  deliveryId: string,
  number: number,
  queue: string,
  delayMs: number,
): Promise<void> {
  const payload = JSON.stringify({ deliveryId, number })
  await sql`
    select enqueue('deliverWebhook', ${payload}::json, ${queue}, now() + ${delayMs}::int8 * interval '1 ms')`.execute(
    tx,
  )
}
