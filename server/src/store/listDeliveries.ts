import { sql } from 'kysely'
import type { Delivery, DeliveryStatus } from '../domain/delivery.ts'
import type { EventType } from '../domain/event.ts'
import type { Tx } from './database.ts'
import { allOf, type CreatedAtFilter, listIds, type Slice } from './lists.ts'

/** What a list of deliveries may be narrowed by. */
export type DeliveryFilter = {
  ids?: string[]
  status?: DeliveryStatus
  eventId?: string
  createdAt?: CreatedAtFilter
}

type Row = {
  id: string
  created_at: Date
  event_id: string
  event_type: EventType
  object_id: string
  webhook_endpoint_id: string
  status: DeliveryStatus
  attempts: number
  next_attempt_at: Date | null
  attempted_at: Date | null
  response_status: number | null
  response_body: string | null
  error: string | null
  duration_ms: number | null
}

/** A page of the caller's deliveries to endpoint `endpointId`, newest first. */
export async function listDeliveries(
  tx: Tx,
  endpointId: string,
  filter: DeliveryFilter,
  page: Slice,
): Promise<Delivery[]> {
  const { status, eventId } = filter
  const among = { status: status === undefined ? ['pending', 'succeeded', 'failed'] : [status] }
  const equal = { webhook_endpoint_id: endpointId }
  // Those of one event have an index of their own.
  const listed =
    eventId === undefined ? { equal, among } : { equal: { event_id: eventId }, where: [allOf({ equal, among })] }
  const ids = await listIds(tx, { from: sql`deliveries`, ...listed }, filter, page)
  const { rows } = await sql<Row>`
    select d.id, d.created_at, d.event_id, e.type as event_type, e.object_id, d.webhook_endpoint_id, d.status, d.attempts,
      d.next_attempt_at, a.attempted_at, a.response_status, a.response_body, a.error, a.duration_ms
    from deliveries d
    cross join lateral (select type, object_id from events where organization_id = d.organization_id and id = d.event_id) e
    left join lateral (
      select created_at as attempted_at, response_status, response_body, error, duration_ms
      from webhook_attempts where delivery_id = d.id and attempt = d.attempts) a on true
    where d.id = any(${ids}) order by d.id desc`.execute(tx)
  return rows.map(fromRow)
}

/** The caller's delivery `id` to endpoint `endpointId`, or null. */
export async function findDelivery(tx: Tx, endpointId: string, id: string): Promise<Delivery | null> {
  const [found] = await listDeliveries(tx, endpointId, { ids: [id] }, { limit: 1, offset: 0, after: null })
  return found ?? null
}

function fromRow(row: Row): Delivery {
  return {
    id: row.id,
    createdAt: row.created_at,
    eventId: row.event_id,
    eventType: row.event_type,
    objectId: row.object_id,
    webhookEndpointId: row.webhook_endpoint_id,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    newest:
      row.attempted_at === null
        ? null
        : {
            at: row.attempted_at,
            responseStatus: row.response_status,
            responseBody: row.response_body ?? '',
            error: row.error,
            durationMs: row.duration_ms ?? 0,
          },
  }
}
