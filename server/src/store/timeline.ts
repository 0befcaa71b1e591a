import { sql } from 'kysely'
import type { Moment } from '../domain/timeline.ts'
import { bufferHex } from './bytes.ts'
import type { Tx } from './database.ts'

type Row = { at: Date; what: string; asset_id: string | null; amount_raw: string | null; tx_hash: Buffer | null }

/** Everything that happened to the caller's session `id`, the oldest first: facts, what people decided, and events of the last 30 days. */
export async function loadTimeline(tx: Tx, id: string): Promise<Moment[]> {
  const { rows } = await sql<Row>`
    with t as (select * from transfers where checkout_session_id = ${id})
    select created_at as at, 'session.created' as what, null::uuid as asset_id, null::numeric as amount_raw, null::bytea as tx_hash
      from checkout_sessions where id = ${id}
    union all select first_seen_at, 'transfer.seen', asset_id, amount_raw, tx_hash from t
    union all select posted_at, 'transfer.final', asset_id, amount_raw, tx_hash from t where posted_at is not null
    union all select orphaned_at, 'transfer.lost', asset_id, amount_raw, tx_hash from t where orphaned_at is not null
    union all select replaced_at, 'transfer.replaced', asset_id, amount_raw, tx_hash from t where replaced_at is not null
    union all select created_at, 'decision.' || kind, null, null, null from decisions where checkout_session_id = ${id}
    union all select seen_at, 'swept.' || kind, asset_id, amount_raw, tx_hash from sweep_facts
      where checkout_session_id = ${id} and orphaned_at is null
    union all select created_at, 'refund.prepared', asset_id, amount_raw, null from refunds where checkout_session_id = ${id}
    union all select created_at, 'event.' || type, null, null, null from events where object_id in (
      select ${id}::uuid union all select id from payment_intents where checkout_session_id = ${id}
      union all select id from t union all select id from refunds where checkout_session_id = ${id})
    order by at`.execute(tx)
  return rows.map(row => ({
    at: row.at,
    what: row.what,
    assetId: row.asset_id,
    amountRaw: row.amount_raw,
    transactionHash: row.tx_hash === null ? null : bufferHex(row.tx_hash),
  }))
}
