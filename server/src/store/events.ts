import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type EventType, matchesEvent } from '../domain/event.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'
import { deliveryQueue } from './deliveries.ts'

/** Something to tell a merchant: `object` is the camelCase resource name, `data` the object as a GET returns it. */
export type NewEvent = {
  id: string
  organizationId: string
  createdAt: Date
  type: EventType
  object: string
  objectId: string
  data: object
}

const BATCH = 500

/**
 * Writes events with the change that they tell of: each gets the next number of its object, a delivery for every endpoint
 * that asked for its type, and a job for every delivery; open dashboards are told once it commits. The caller holds a lock on the
 * row of each object.
 */
export async function appendEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += BATCH) {
    const batch = events.slice(start, start + BATCH)
    await insertEvents(tx, batch)
    await appendDeliveries(tx, batch)
  }
}

/** Writes an event for one endpoint alone, whatever it subscribed to, with its delivery and job; locks as `appendEvents`. */
export async function appendEventFor(tx: Tx, endpointId: string, event: NewEvent): Promise<void> {
  await insertEvents(tx, [event])
  await insertDeliveries(tx, [deliveryOf(event, endpointId)])
}

async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  const rows = events.map((event, position) => ({
    position,
    organization_id: event.organizationId,
    id: event.id,
    created_at: event.createdAt,
    type: event.type,
    object: event.object,
    object_id: event.objectId,
    data: event.data,
  }))
  await sql`
    with n as materialized (select * from json_to_recordset(${JSON.stringify(rows)}::json)
      n(position int, organization_id uuid, id uuid, created_at timestamptz, type text, object text, object_id uuid, data json)),
    last as (
      insert into event_sequences as s (object_id, organization_id, sequence)
      select object_id, organization_id, count(*) from n group by object_id, organization_id order by object_id
      on conflict (object_id) do update set sequence = s.sequence + excluded.sequence
      returning s.object_id, s.sequence),
    written as (
      insert into events (organization_id, id, created_at, type, object, object_id, data, sequence)
      select n.organization_id, n.id, n.created_at, n.type, n.object, n.object_id, n.data,
        last.sequence + 1 - row_number() over (partition by n.object_id order by n.position desc)
      from n join last using (object_id)),
    changed as (
      select organization_id, object, case when count(distinct object_id) = 1 then min(object_id::text) else '' end as object_id
      from n group by organization_id, object)
    select pg_notify('changes', organization_id || ' event delivery ' || string_agg(object || ':' || object_id, ' ' order by object))
    from changed group by organization_id`.execute(tx)
}

async function appendDeliveries(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  const endpoints = await tx
    .selectFrom('webhook_endpoints')
    .select(['organization_id', 'id', 'enabled_events'])
    .where('organization_id', '=', sql<string>`any(${[...new Set(events.map(event => event.organizationId))]})`)
    .where('is_disabled', '=', false)
    .where('deleted_at', 'is', null)
    .execute()
  const endpointsOf = Map.groupBy(endpoints, endpoint => endpoint.organization_id)
  const deliveries = events.flatMap(event =>
    (endpointsOf.get(event.organizationId) ?? [])
      .filter(endpoint => matchesEvent(endpoint.enabled_events, event.type))
      .map(endpoint => deliveryOf(event, endpoint.id)),
  )
  if (deliveries.length > 0) await insertDeliveries(tx, deliveries)
}

async function insertDeliveries(tx: Tx, deliveries: readonly ReturnType<typeof deliveryOf>[]): Promise<void> {
  await sql`
    with rows as materialized (select * from json_to_recordset(${JSON.stringify(deliveries)}::json)
      d(organization_id uuid, id uuid, created_at timestamptz, event_id uuid, webhook_endpoint_id uuid, queue text)),
    inserted as (
      insert into deliveries (organization_id, id, created_at, event_id, webhook_endpoint_id, status, attempts, next_attempt_at)
      select organization_id, id, created_at, event_id, webhook_endpoint_id, 'pending', 0, created_at from rows)
    select enqueue_all('deliverWebhook', array_agg(json_build_object('deliveryId', id, 'number', 1)), array_agg(queue)) from rows`.execute(
    tx,
  )
}

function deliveryOf(event: NewEvent, endpointId: string) {
  const digest = createHash('sha256').update(`${event.id} ${endpointId}`).digest()
  return {
    organization_id: event.organizationId,
    id: uuidv7(event.createdAt, digest.subarray(0, 10)),
    created_at: event.createdAt,
    event_id: event.id,
    webhook_endpoint_id: endpointId,
    queue: deliveryQueue(endpointId, event.objectId),
  }
}
