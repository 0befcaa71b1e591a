import type { FaultWorld } from './faultWorld.ts'

// What must hold between any two transactions, and so also after a crash: each statement names the rows that break it.
const RULES: Record<string, string> = {
  'a key made two sessions': `
    select client_reference_id as what from checkout_sessions group by 1 having count(*) > 1`,
  'a session without the stored answer that names it': `
    select s.id::text as what from checkout_sessions s
    where not exists (select from idempotency_keys k where k.key = s.client_reference_id and k.response::json->>'id' = s.id::text)`,
  'a stored answer that names no session': `
    select k.key as what from idempotency_keys k
    where k.key like 'round %' and not exists (select from checkout_sessions s where s.id::text = k.response::json->>'id')`,
  'a session without its other rows': `
    select s.id::text as what from checkout_sessions s
    where not exists (select from payment_intents i where i.checkout_session_id = s.id)
      or not exists (select from line_items l where l.checkout_session_id = s.id)
      or not exists (select from session_assets a where a.checkout_session_id = s.id)
      or not exists (select from deposit_addresses d where d.checkout_session_id = s.id)`,
  'a gap in the sequence of an object': `
    select object_id::text as what from events group by 1 having max(sequence) <> count(*)`,
  'a transition without its event': `
    select s.id::text as what from checkout_sessions s
    where (s.status = 'complete') <> coalesce((select e.type = 'checkout_session.completed' from events e
      where e.object_id = s.id and e.type <> 'checkout_session.exception' order by e.sequence desc limit 1), false)`,
  'a payment seen without its event': `
    select distinct t.checkout_session_id::text as what from transfers t
    where not exists (select from events e where e.object_id = t.checkout_session_id)`,
  'an event without its delivery': `
    select e.id::text as what from events e join webhook_endpoints w on w.organization_id = e.organization_id
    where (w.enabled_events && array['*', e.type])
      and not exists (select from deliveries d where d.event_id = e.id and d.webhook_endpoint_id = w.id)`,
  'a delivery that waits for no job': `
    select d.id::text as what from deliveries d
    where d.status = 'pending'
      and not exists (select from graphile_worker._private_jobs j where j.payload->>'deliveryId' = d.id::text)`,
  'a delivery that counts other attempts than it has': `
    select d.id::text as what from deliveries d
    where d.attempts <> (select count(*) from webhook_attempts a where a.delivery_id = d.id)`,
  'a transfer that counts twice': `
    select encode(tx_hash, 'hex') as what from transfers where orphaned_at is null group by chain_id, tx_hash, place having count(*) > 1`,
  'a transfer that is not booked as what it is': `
    select t.id::text as what from transfers t
    left join lateral (select * from entries where subject_id = t.id order by nth desc limit 1) e on true
    where case when t.orphaned_at is not null then coalesce(e.nth, 0) % 2 <> 0
      else (e.nth % 2, e.subject, e.debit, e.credit, e.amount_raw::numeric, e.asset_id, e.address::bytea, e.checkout_session_id)
        is distinct from (1, 'transfer', 'deposits',
          case when t.unmatched_reason is not null then 'unmatched' when t.posted_at is not null then 'posted' else 'pending' end,
          t.amount_raw::numeric, t.asset_id, t.address::bytea, t.checkout_session_id) end`,
  'a subject with a gap among its entries': `
    select subject_id::text as what from entries group by 1 having max(nth) <> count(*)`,
  'a session that counts other money than its entries': `
    select s.id::text as what from checkout_sessions s join payment_intents i on i.checkout_session_id = s.id
    where coalesce(i.amount_received, 0) <> (
      select coalesce(sum(e.amount_raw * case when e.credit in ('pending', 'posted') then 1 else -1 end * 10 ^ (8 - a.decimals)), 0)
      from entries e join assets a on a.id = e.asset_id
      where e.checkout_session_id = s.id and e.subject = 'transfer' and (e.credit in ('pending', 'posted') or e.debit in ('pending', 'posted')))`,
  'an address that holds other than what was paid less what was swept': `
    select encode(address, 'hex') as what from (
      select address, asset_id, amount_raw::numeric as amount from entries where debit = 'deposits'
      union all select address, asset_id, -amount_raw from entries where credit = 'deposits'
      union all select address, asset_id, -amount_raw from transfers where orphaned_at is null
      union all select address, asset_id, amount_raw * case kind when 'out' then 1 else -1 end from sweep_facts where orphaned_at is null) moved
    group by address, asset_id having sum(amount) <> 0`,
  'a transfer beyond the last block read': `
    select t.id::text as what from transfers t join cursors c on c.chain_id = t.chain_id
    where t.orphaned_at is null and t.block_number > c.number`,
  'a last block read that is not stored': `
    select c.chain_id::text as what from cursors c
    where not exists (select from blocks b where b.chain_id = c.chain_id and b.hash = c.hash and b.is_canonical)`,
}

/** Each rule of the database that is broken now, with the first few rows that break it. */
export async function findViolations(world: FaultWorld): Promise<string[]> {
  const found: string[] = []
  for (const [rule, statement] of Object.entries(RULES)) {
    const rows = await world.rows<{ what: string }>(`${statement} limit 5`)
    if (rows.length > 0) found.push(`${rule}: ${rows.map(row => row.what).join(', ')}`)
  }
  return found
}
