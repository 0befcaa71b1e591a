import { type SqlBool, sql } from 'kysely'
import type { ApiRequest, ListedRequest } from '../domain/apiRequest.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'

/** Adds requests of any organizations, in one statement; for a transaction that sees all. */
export async function insertRequests(tx: Tx, requests: readonly ApiRequest[]): Promise<void> {
  const rows = requests.map(request => ({
    id: request.id,
    organization_id: request.organizationId,
    created_at: request.createdAt,
    method: request.method,
    route: request.route,
    status: request.status,
    code: request.code,
    duration_ms: request.durationMs,
    key_id: request.keyId,
    user_id: request.userId,
  }))
  await tx.insertInto('api_requests').values(rows).execute()
}

/** What a list of requests may be narrowed by: statuses from `from` to `to`, and a part of `GET /api/v1/products`. */
export type RequestFilter = { status: { from: number; to: number } | null; text: string | null }

/** No index finds a part of a text: so many requests are looked through at once, and no more, however many there are. */
const LOOKED_THROUGH = 100_000

/** The caller's newest requests before the one with the id `after`, or of all; what `filter` narrows, of the newest 100,000 of these. */
export async function listRequests(
  tx: Tx,
  { limit, after, status, text }: RequestFilter & { limit: number; after: string | null },
): Promise<ListedRequest[]> {
  const isNarrowed = status !== null || text !== null
  let query = tx
    .selectFrom(eb => {
      const newest = eb.selectFrom('api_requests').selectAll()
      const before = after === null ? newest : newest.where('id', '<', after)
      const inOrder = before.orderBy('organization_id', 'desc').orderBy('id', 'desc')
      return inOrder.limit(isNarrowed ? LOOKED_THROUGH : limit).as('r')
    })
    .leftJoin('api_keys as k', 'k.id', 'r.key_id')
    .leftJoin('users as u', 'u.id', 'r.user_id')
    .selectAll('r')
    .select(['k.name as key_name', 'k.last_four', 'u.email'])
  if (status !== null) query = query.where('r.status', '>=', status.from).where('r.status', '<=', status.to)
  if (text !== null)
    query = query.where(sql<SqlBool>`position(lower(${text}) in lower(r.method || ' ' || r.route)) > 0`)
  const rows = await query.orderBy('r.organization_id', 'desc').orderBy('r.id', 'desc').limit(limit).execute()
  return rows.map(row => ({
    id: row.id,
    createdAt: row.created_at,
    method: row.method,
    route: row.route,
    status: row.status,
    code: row.code,
    durationMs: row.duration_ms,
    key: row.key_id === null ? null : { id: row.key_id, name: row.key_name ?? '', lastFour: row.last_four ?? '' },
    user: row.user_id === null ? null : { id: row.user_id, email: row.email ?? '' },
  }))
}

/** Deletes up to `limit` requests made before `before`; returns how many. Their ids are UUIDv7, whose order is that of time. */
export async function forgetRequests(tx: Tx, before: Date, limit: number): Promise<number> {
  const bound = uuidv7(before, new Uint8Array(10))
  const { rows } = await sql<{ id: string }>`
    delete from api_requests where id in (select id from api_requests where id < ${bound}::uuid order by id limit ${limit})
    returning id`.execute(tx)
  return rows.length
}
