import { type RawBuilder, sql } from 'kysely'
import type { Received, ReceivedOf } from '../domain/received.ts'
import type { Tx } from './database.ts'

/** What the caller's paid sessions of the link or customer `id` came to; of a product what its lines in them did. */
export async function loadReceived(tx: Tx, of: ReceivedOf, id: string): Promise<Received> {
  const { rows } = await sql<{ currency: string; payments: string; amount: string; last_at: Date }>`
    select currency, count(distinct id) as payments, sum(amount_total) as amount, max(created_at) as last_at
    from (${PAID[of](id)}) paid group by currency order by payments desc, currency`.execute(tx)
  const totals = rows.map(({ currency, payments, amount }) => ({
    currency,
    payments: Number(payments),
    amount: BigInt(amount),
  }))
  return {
    payments: totals.reduce((sum, { payments }) => sum + payments, 0),
    lastAt: rows.map(({ last_at }) => last_at).reduce<Date | null>((a, b) => (a === null || b > a ? b : a), null),
    totals,
  }
}

const PAID: Record<ReceivedOf, (id: string) => RawBuilder<unknown>> = {
  'payment-links': id =>
    sql`select id, currency, created_at, amount_total from checkout_sessions
      where payment_link_id = ${id} and status = 'complete'`,
  customers: id =>
    sql`select id, currency, created_at, amount_total from checkout_sessions
      where customer_id = ${id} and status = 'complete'`,
  products: id =>
    sql`select s.id, s.currency, s.created_at, l.amount_total from prices p
      join line_items l on (l.organization_id, l.price_id) = (p.organization_id, p.id)
      join checkout_sessions s on (s.organization_id, s.id) = (l.organization_id, l.checkout_session_id)
      where p.product_id = ${id} and s.status = 'complete'`,
}
