import type { SelectQueryBuilder } from 'kysely'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
import type { DB } from './schema.ts'

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

type Query = SelectQueryBuilder<DB, 'checkout_sessions', { id: string }>

function narrow(query: Query, filter: SessionFilter): Query {
  let q = query
  if (filter.ids !== undefined) q = q.where('id', 'in', filter.ids)
  if (filter.status !== undefined) q = q.where('status', '=', filter.status)
  if (filter.paymentStatus !== undefined)
    q = q.where('status', filter.paymentStatus === 'paid' ? '=' : '<>', 'complete')
  if (filter.mode !== undefined) q = q.where('mode', '=', filter.mode)
  if (filter.paymentLinkId !== undefined) q = q.where('payment_link_id', '=', filter.paymentLinkId)
  if (filter.subscriptionId !== undefined) q = q.where('subscription_id', '=', filter.subscriptionId)
  if (filter.invoiceId !== undefined) q = q.where('invoice_id', '=', filter.invoiceId)
  if (filter.customerId !== undefined) q = q.where('customer_id', '=', filter.customerId)
  // Every session is paid by wallet until other ways exist: they match nothing.
  if (filter.paymentMethodType !== undefined && filter.paymentMethodType !== 'wallet') q = q.where('id', 'is', null)
  if (filter.couponId !== undefined) q = q.where('coupon_id', '=', filter.couponId)
  return withinIds(q, filter.createdAt).where(createdWithin(filter.createdAt))
}

/** Ids begin with the time at which they were made: so the bounds of time end the scan of the primary key. */
function withinIds(query: Query, { gt, gte = gt, lt, lte = lt }: CreatedAtFilter = {}): Query {
  const firstId = (time: Date) => uuidv7(time, new Uint8Array(10))
  let q = query
  if (gte !== undefined) q = q.where('id', '>=', firstId(gte))
  if (lte !== undefined) q = q.where('id', '<', firstId(new Date(lte.getTime() + 1)))
  return q
}

/** The ids of a page of sessions, newest first, after the session `after` or past `offset` rows. */
export async function listSessionIds(tx: Tx, filter: SessionFilter, page: Slice): Promise<string[]> {
  let query = narrow(tx.selectFrom('checkout_sessions').select('id'), filter)
  if (page.after !== null) query = query.where('id', '<', page.after)
  const rows = await query
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(row => row.id)
}

/** Whether the caller may see session `id`. */
export async function sessionExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.selectFrom('checkout_sessions').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}
