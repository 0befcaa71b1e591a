import { sql } from 'kysely'
import type { CheckoutSession } from '../domain/session.ts'
import type { Database, Tx } from './database.ts'

/** The organization that gave receipt `id`, or null; for callers who know nothing but the id. */
export async function organizationOfReceipt(db: Database, id: string): Promise<string | null> {
  type Owner = { organization_id: string | null }
  const { rows } = await sql<Owner>`select organization_of_receipt(${id}) as organization_id`.execute(db.app)
  return rows[0]?.organization_id ?? null
}

/** The session whose payment receipt `id` is for, or null. */
export async function sessionOfReceipt(tx: Tx, id: string): Promise<string | null> {
  const row = await tx
    .selectFrom('payment_receipts as r')
    .innerJoin('payment_intents as i', join =>
      join.onRef('i.organization_id', '=', 'r.organization_id').onRef('i.id', '=', 'r.payment_intent_id'),
    )
    .select('i.checkout_session_id')
    .where('r.id', '=', id)
    .executeTakeFirst()
  return row?.checkout_session_id ?? null
}

/** Lets the receipts of these sessions be mailed after this transaction. */
export async function enqueueReceipts(tx: Tx, sessions: readonly CheckoutSession[]): Promise<void> {
  if (sessions.length === 0) return
  const jobs = sessions.map(({ organizationId, id: sessionId }) => JSON.stringify({ organizationId, sessionId }))
  await sql`select enqueue_all('mailReceipt', ${jobs}::json[], array_fill(null::text, array[${jobs.length}::int]))`.execute(
    tx,
  )
}

/** Keeps the receipts of these sessions' intents, each once, whoever comes twice. */
export async function insertReceipts(tx: Tx, sessions: readonly CheckoutSession[]): Promise<void> {
  const rows = sessions.flatMap(({ organizationId, intent: { id: intentId, receipt } }) => {
    if (receipt === null) return []
    const { id, createdAt, name, receiptNumber } = receipt
    return {
      ...{ organization_id: organizationId, id, created_at: createdAt, updated_at: createdAt },
      ...{ payment_intent_id: intentId, name, receipt_number: receiptNumber },
    }
  })
  if (rows.length === 0) return
  await sql`
    insert into payment_receipts select * from json_populate_recordset(null::payment_receipts, ${JSON.stringify(rows)}::json)
    on conflict (organization_id, payment_intent_id) do nothing`.execute(tx)
}
