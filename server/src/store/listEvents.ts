import { type SqlBool, sql } from 'kysely'
import type { EventType } from '../domain/event.ts'
import type { StoredEvent } from '../domain/eventView.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, listIds, type Slice } from './lists.ts'

/** What a list of events may be narrowed by; `isDelivered`: whether every endpoint that was to be told was told. */
export type EventFilter = {
  ids?: string[]
  type?: EventType
  isDelivered?: boolean
  createdAt?: CreatedAtFilter
}

type Row = {
  id: string
  created_at: Date
  type: EventType
  object: string
  object_id: string
  sequence: number
  data: object
  pending: number
  succeeded: number
  failed: number
}

// Those that an endpoint was not told of, or not yet: found by their deliveries.
const UNTOLD = sql`(
  select d.event_id as id, e.created_at, e.type
  from (select distinct organization_id, event_id from deliveries where status <> 'succeeded') d
  join events e on e.organization_id = d.organization_id and e.id = d.event_id) untold`

const IS_TOLD = sql<SqlBool>`not exists (
  select from deliveries d where d.organization_id = events.organization_id and d.event_id = events.id and d.status <> 'succeeded' offset 0)`

/** A page of the caller's events since `since`, newest first. */
export async function listEvents(tx: Tx, filter: EventFilter, since: Date, page: Slice): Promise<StoredEvent[]> {
  const { ids, type, isDelivered, createdAt } = filter
  const listed = {
    from: isDelivered === false ? UNTOLD : sql`events`,
    equal: { type },
    where: [createdWithin({ gte: since }), ...(isDelivered === true ? [IS_TOLD] : [])],
  }
  return await loadEvents(tx, await listIds(tx, listed, { ids, createdAt }, page))
}

async function loadEvents(tx: Tx, ids: readonly string[]): Promise<StoredEvent[]> {
  const { rows } = await sql<Row>`
    select e.id, e.created_at, e.type, e.object, e.object_id, e.sequence, e.data, told.* from events e
    cross join lateral (
      select count(*) filter (where status = 'pending')::int as pending,
        count(*) filter (where status = 'succeeded')::int as succeeded, count(*) filter (where status = 'failed')::int as failed
      from deliveries where event_id = e.id) told
    where e.id = any(${ids}) order by e.id desc`.execute(tx)
  return rows.map(({ created_at: createdAt, object_id: objectId, pending, succeeded, failed, ...row }) => ({
    ...row,
    createdAt,
    objectId,
    deliveries: { pending, succeeded, failed },
  }))
}

/** The caller's event `id` since `since`, or null. */
export async function findEvent(tx: Tx, id: string, since: Date): Promise<StoredEvent | null> {
  const [found] = await listEvents(tx, { ids: [id] }, since, { limit: 1, offset: 0, after: null })
  return found ?? null
}
