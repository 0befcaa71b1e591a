import { sql } from 'kysely'
import type { Tx } from './database.ts'
import { deliveryQueue } from './deliveries.ts'

/**
 * Tells an event to these endpoints once more, or for the first time, with a job for each: what is over begins again, what waits is
 * tried now, and what is under way is not doubled, since its job and the new one are for the same attempt and wait in one queue.
 * Holding the locks of the endpoints, the caller is the only one who may add deliveries of this event to them.
 */
export async function resendDeliveries(
  tx: Tx,
  event: { id: string; objectId: string; organizationId: string },
  endpoints: readonly { endpointId: string; newId: string }[],
  now: Date,
): Promise<void> {
  if (endpoints.length === 0) return
  const rows = endpoints.map(({ endpointId, newId }) => ({
    endpoint_id: endpointId,
    new_id: newId,
    queue: deliveryQueue(endpointId, event.objectId),
  }))
  await sql`
    with rows as materialized (select * from json_to_recordset(${JSON.stringify(rows)}::json)
      r(endpoint_id uuid, new_id uuid, queue text)),
    again as (
      update deliveries d set status = 'pending', next_attempt_at = ${now}, resent_after = d.attempts
      from rows r where d.event_id = ${event.id} and d.webhook_endpoint_id = r.endpoint_id
      returning d.id, d.webhook_endpoint_id, d.attempts, r.queue),
    added as (
      insert into deliveries (organization_id, id, created_at, event_id, webhook_endpoint_id, status, attempts, next_attempt_at)
      select ${event.organizationId}::uuid, new_id, ${now}::timestamptz, ${event.id}::uuid, endpoint_id, 'pending', 0, ${now}::timestamptz
      from rows where not exists (
        select from deliveries d where d.event_id = ${event.id} and d.webhook_endpoint_id = rows.endpoint_id)
      returning id, webhook_endpoint_id, attempts),
    sent as (
      select id, attempts, queue from again
      union all select a.id, a.attempts, r.queue from added a join rows r on r.endpoint_id = a.webhook_endpoint_id)
    select enqueue_all('deliverWebhook', array_agg(json_build_object('deliveryId', id, 'number', attempts + 1)), array_agg(queue)),
      pg_notify('changes', ${event.organizationId} || ' delivery')
    from sent`.execute(tx)
}
