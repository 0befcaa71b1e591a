import { sql } from 'kysely'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, listIds, type Slice } from './lists.ts'

const SESSION_STATUSES = ['open', 'complete', 'incomplete', 'expired'] as const

/** What a list of sessions may be narrowed by. */
export type SessionFilter = {
  ids?: string[]
  status?: string
  paymentStatus?: string
  mode?: string
  paymentLinkId?: string
  subscriptionId?: string
  invoiceId?: string
  customerId?: string
  paymentMethodType?: string
  couponId?: string
  createdAt?: CreatedAtFilter
}

/** The ids of a page of sessions, newest first, after the session `after` or past `offset` rows. */
export async function listSessionIds(tx: Tx, filter: SessionFilter, page: Slice): Promise<string[]> {
  const { status, paymentStatus, paymentMethodType, mode, paymentLinkId, subscriptionId, invoiceId } = filter
  // Every session is paid by wallet until other ways exist: they match nothing.
  if (paymentMethodType !== undefined && paymentMethodType !== 'wallet') return []
  const equal = {
    mode,
    payment_link_id: paymentLinkId,
    subscription_id: subscriptionId,
    invoice_id: invoiceId,
    customer_id: filter.customerId,
    coupon_id: filter.couponId,
  }
  const fits = (each: string) =>
    (status ?? each) === each && (paymentStatus === undefined || (paymentStatus === 'paid') === (each === 'complete'))
  const statuses = SESSION_STATUSES.filter(fits)
  if (statuses.length === 0) return []
  const isAny = statuses.length === SESSION_STATUSES.length
  const listed = { from: sql`checkout_sessions`, equal, ...(!isAny && { among: { status: statuses } }) }
  return await listIds(tx, listed, filter, page)
}

/** Whether the caller may see session `id`. */
export async function sessionExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.selectFrom('checkout_sessions').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/** The id of the newest session of each of these organizations, by theirs; for a transaction that sees all. */
export async function loadNewestSessions(tx: Tx, organizationIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ organization_id: string; id: string }>`
    select o.id as organization_id, s.id from unnest(${organizationIds}::uuid[]) o(id) cross join lateral (
      select id from checkout_sessions where organization_id = o.id order by id desc limit 1) s`.execute(tx)
  return new Map(rows.map(row => [row.organization_id, row.id]))
}
