import { sql } from 'kysely'
import type { CheckoutSession } from '../domain/session.ts'
import type { UnmatchedReason } from '../domain/settlement.ts'
import type { Tx } from './database.ts'

/** Stores what was derived for these sessions and their payment intents, and why these transfers are not counted (null: they are). */
export async function updateSettlements(
  tx: Tx,
  sessions: readonly CheckoutSession[],
  reasons: readonly { transferId: string; reason: UnmatchedReason | null }[],
): Promise<void> {
  if (sessions.length === 0) return
  const rows = JSON.stringify(sessions.map(sessionRow))
  const intents = JSON.stringify(sessions.map(intentRow))
  await sql`
    with settled as (
      update checkout_sessions s
      set status = r.status, exceptions = r.exceptions, deadline = r.deadline, is_closed = r.is_closed, updated_at = r.updated_at
      from json_populate_recordset(null::checkout_sessions, ${rows}::json) r
      where s.organization_id = r.organization_id and s.id = r.id),
    judged as (
      update transfers t set unmatched_reason = r.reason
      from json_to_recordset(${JSON.stringify(reasons)}::json) r("transferId" uuid, reason text)
      where t.id = r."transferId")
    update payment_intents i
    set status = r.status, amount_received = r.amount_received, canceled_at = r.canceled_at, updated_at = r.updated_at
    from json_populate_recordset(null::payment_intents, ${intents}::json) r
    where i.organization_id = r.organization_id and i.id = r.id`.execute(tx)
}

function sessionRow({ organizationId, id, status, exceptions, deadline, isClosed, updatedAt }: CheckoutSession) {
  return {
    organization_id: organizationId,
    id,
    status,
    exceptions,
    deadline,
    is_closed: isClosed,
    updated_at: updatedAt,
  }
}

function intentRow({ organizationId, intent }: CheckoutSession) {
  return {
    organization_id: organizationId,
    id: intent.id,
    status: intent.status,
    amount_received: intent.amountReceived?.toString() ?? null,
    canceled_at: intent.canceledAt,
    updated_at: intent.updatedAt,
  }
}

/**
 * Sessions that are past their deadline by `now` and by the last block read of every chain that they may be paid on, and to which no
 * coin may have come in time that is in doubt, the oldest first; those that another transaction is busy with are left out.
 */
export async function findClosableSessions(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from checkout_sessions s
    where not s.is_closed and s.deadline < least(${now}::timestamptz, (select max(time) from cursors))
      and not exists (
        select from session_assets a join assets on assets.id = a.asset_id left join cursors c on c.chain_id = assets.chain_id
        where a.organization_id = s.organization_id and a.checkout_session_id = s.id
          and (c.time is null or c.time <= s.deadline))
      and not exists (
        select from coin_doubts n join deposit_addresses d on d.address = n.address
        where d.checkout_session_id = s.id and n.seen_at <= s.deadline)
    order by s.deadline limit ${limit} for no key update of s skip locked`.execute(tx)
  return rows.map(row => row.id)
}

/** Tells everyone who listens that these sessions have news, once the transaction commits. */
export async function notifySessions(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`select pg_notify('checkout_session', id) from unnest(${ids}::text[]) id`.execute(tx)
}
