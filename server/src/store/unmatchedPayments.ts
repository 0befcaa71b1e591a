import { type SqlBool, sql } from 'kysely'
import type { UnmatchedReason } from '../domain/settlement.ts'
import type { Resolution, UnmatchedPayment } from '../domain/unmatchedPayment.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, madeFrom, type Slice, within } from './lists.ts'

/** What a list of unmatched payments may be narrowed by. */
export type UnmatchedFilter = {
  ids?: string[]
  status?: 'open' | 'resolved'
  reason?: UnmatchedReason
  sessionId?: string
  createdAt?: CreatedAtFilter
}

type Row = {
  id: string
  checkout_session_id: string
  updated_at: Date
  reason: UnmatchedReason
  resolution: Resolution | null
}

// The live transfers that do not count, and those that a person made count: two parts, each with an index of its own.
const PAYMENTS = sql`(
  select t.organization_id, t.id, t.checkout_session_id, t.first_seen_at as created_at, t.unmatched_reason as reason,
    case when d.kind = 'accept_transfer' then 'accepted' when d.kind = 'sweep_transfer' then 'swept'
      when d.kind = 'refund_transfer' or r.at is not null then 'refunded' end as resolution,
    coalesce(d.created_at, r.at, t.first_seen_at) as updated_at
  from transfers t
  left join decisions d on d.transfer_id = t.id and d.kind in ('accept_transfer', 'refund_transfer', 'sweep_transfer')
  left join lateral (select max(updated_at) as at from refunds where transfer_id = t.id and status = 'succeeded') r on true
  where t.unmatched_reason is not null and t.orphaned_at is null
  union all
  select t.organization_id, t.id, t.checkout_session_id, t.first_seen_at, d.data ->> 'reason', 'accepted', d.created_at
  from decisions d join transfers t on t.id = d.transfer_id
  where d.kind = 'accept_transfer' and t.unmatched_reason is null and t.orphaned_at is null)`

/** A page of the caller's unmatched payments, newest first, resolved ones too. */
export async function listUnmatched(tx: Tx, filter: UnmatchedFilter, page: Slice): Promise<UnmatchedPayment[]> {
  const { ids, status, reason, sessionId, createdAt = {} } = filter
  const conditions = [
    // Repeated transfers were first seen before their ids were made.
    within('created_at', createdAt),
    madeFrom(createdAt),
    ...(page.after === null ? [] : [sql<SqlBool>`p.id < ${page.after}`]),
    ...(ids === undefined ? [] : [sql<SqlBool>`p.id = any(${ids})`]),
    ...(status === undefined ? [] : [sql<SqlBool>`(p.resolution is null) = ${status === 'open'}`]),
    ...(reason === undefined ? [] : [sql<SqlBool>`p.reason = ${reason}`]),
    ...(sessionId === undefined ? [] : [sql<SqlBool>`p.checkout_session_id = ${sessionId}`]),
  ]
  const { rows } = await sql<Row>`
    select p.id, p.checkout_session_id, p.updated_at, p.reason, p.resolution from ${PAYMENTS} p
    where ${sql.join(conditions, sql` and `)} order by p.id desc limit ${page.limit} offset ${page.offset}`.execute(tx)
  return rows.map(row => ({
    id: row.id,
    sessionId: row.checkout_session_id,
    updatedAt: row.updated_at,
    reason: row.reason,
    resolution: row.resolution,
  }))
}

/** The caller's unmatched payment `id`, or null. */
export async function findUnmatched(tx: Tx, id: string): Promise<UnmatchedPayment | null> {
  const [found] = await listUnmatched(tx, { ids: [id] }, { limit: 1, offset: 0, after: null })
  return found ?? null
}
