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
      where e.object_id = s.id order by e.sequence desc limit 1), false)`,
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
