import { type SqlBool, sql } from 'kysely'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, listIds, type Slice } from './lists.ts'

/** What a list of payment intents may be narrowed by. */
export type IntentFilter = {
  ids?: string[]
  status?: string
  customerId?: string
  createdAt?: CreatedAtFilter
}

/** The session of payment intent `id`, or null. */
export async function findSessionOfIntent(tx: Tx, id: string): Promise<string | null> {
  const row = await tx
    .selectFrom('payment_intents')
    .select('checkout_session_id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.checkout_session_id ?? null
}

// In the order of their sessions, which are made in the same moment: so those of a customer are, too. `limit 1` keeps the planner from
// beginning with all payment intents.
const OF_CUSTOMER = (customerId: string) => sql`(
  select i.id, s.id as checkout_session_id, i.created_at, i.status from checkout_sessions s
  cross join lateral (
    select * from payment_intents where organization_id = s.organization_id and checkout_session_id = s.id limit 1) i
  where s.customer_id = ${customerId}) i`

/** The sessions of a page of the caller's payment intents, newest first; `after` is the session of one. */
export async function listIntentSessions(tx: Tx, filter: IntentFilter, page: Slice): Promise<string[]> {
  const { ids, status, customerId, createdAt } = filter
  const listed = {
    from: customerId === undefined ? sql`payment_intents` : OF_CUSTOMER(customerId),
    key: 'checkout_session_id',
    equal: { status },
    where: ids === undefined ? [] : [sql<SqlBool>`id = any(${ids})`],
  }
  return await listIds(tx, listed, { createdAt }, page)
}

/** Notes that the payer of session `sessionId` has the money back. */
export async function markIntentRefunded(tx: Tx, sessionId: string, at: Date, comment: string | null): Promise<void> {
  await tx
    .updateTable('payment_intents')
    .set({ mark_refunded_at: at, mark_refunded_comment: comment })
    .where('organization_id', '=', sql<string>`current_organization()`)
    .where('checkout_session_id', '=', sessionId)
    .execute()
}
