import { sql } from 'kysely'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'

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

/** The sessions of a page of the caller's payment intents, newest first. */
export async function listIntentSessions(tx: Tx, filter: IntentFilter, page: Slice): Promise<string[]> {
  const { ids, status, customerId } = filter
  let query = tx.selectFrom('payment_intents').select('checkout_session_id')
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (ids !== undefined) query = query.where('id', 'in', ids)
  if (status !== undefined) query = query.where('status', '=', status)
  if (customerId !== undefined) {
    query = query.where('checkout_session_id', 'in', eb =>
      eb.selectFrom('checkout_sessions').select('id').where('customer_id', '=', customerId),
    )
  }
  const rows = await query
    .where(createdWithin(filter.createdAt))
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(row => row.checkout_session_id)
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
