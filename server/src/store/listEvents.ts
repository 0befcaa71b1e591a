import { type SqlBool, sql } from 'kysely'
import type { EventType } from '../domain/event.ts'
import type { StoredEvent } from '../domain/eventView.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'

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

const IS_UNTOLD = sql`exists (select from deliveries d where d.event_id = e.id and d.status <> 'succeeded')`

/** A page of the caller's events since `since`, newest first. */
export async function listEvents(tx: Tx, filter: EventFilter, since: Date, page: Slice): Promise<StoredEvent[]> {
  const { ids, type, isDelivered } = filter
  const conditions = [
    createdWithin(filter.createdAt),
    sql<SqlBool>`created_at >= ${since}`,
    ...(page.after === null ? [] : [sql<SqlBool>`e.id < ${page.after}`]),
    ...(ids === undefined ? [] : [sql<SqlBool>`e.id = any(${ids})`]),
    ...(type === undefined ? [] : [sql<SqlBool>`e.type = ${type}`]),
    ...(isDelivered === undefined ? [] : [isDelivered ? sql<SqlBool>`not ${IS_UNTOLD}` : IS_UNTOLD]),
  ]
  const { rows } = await sql<Row>`
    select e.id, e.created_at, e.type, e.object, e.object_id, e.sequence, e.data, told.* from events e
    cross join lateral (
      select count(*) filter (where status = 'pending')::int as pending,
        count(*) filter (where status = 'succeeded')::int as succeeded, count(*) filter (where status = 'failed')::int as failed
      from deliveries where event_id = e.id) told
    where ${sql.join(conditions, sql` and `)}
    order by e.organization_id desc, e.id desc limit ${page.limit} offset ${page.offset}`.execute(tx)
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
