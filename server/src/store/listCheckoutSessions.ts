import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { CRYPTO, type Crypto, isSameCoin } from '../domain/currency.ts'
import type { SessionSearch } from '../domain/sessionSearch.ts'
import { hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'
import {
  all,
  allOf,
  type CreatedAtFilter,
  type Listed,
  listIds,
  madeFrom,
  madeTo,
  type Slice,
  within,
} from './lists.ts'

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
  /** The coin and the chain of money that came, whether it counts or not. */
  receivedCurrency?: Crypto
  receivedChainId?: number
  /** What people look for. */
  search?: SessionSearch
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
  const found = searched(filter.search)
  const listed = { ...found, equal: { ...equal, ...found.equal } }
  const { receivedCurrency, receivedChainId } = filter
  const list = receivedCurrency === undefined && receivedChainId === undefined ? listIds : listReceivedIds
  if (filter.search?.by !== 'amount')
    return await list(tx, { ...listed, ...(!isAny && { among: { status: statuses } }) }, filter, page)
  // Open sessions are in another index than those that have ended.
  const whole = { ...page, limit: page.limit + page.offset, offset: 0 }
  const ended = statuses.filter(each => each !== 'open')
  const parts: Listed[] = [
    ...(statuses.length > ended.length ? [{ ...listed, where: [sql<SqlBool>`status = 'open'`] }] : []),
    ...(ended.length > 0
      ? [{ ...listed, where: [sql<SqlBool>`status <> 'open'`], ...(!isAny && { among: { status: ended } }) }]
      : []),
  ]
  const ids: string[] = []
  for (const part of parts) ids.push(...(await list(tx, part, filter, whole)))
  return ids
    .sort()
    .reverse()
    .slice(page.offset, page.offset + page.limit)
}

/** As `listIds`, of the sessions to which money came that the filter tells: those of each coin on each chain by one index, merged. */
async function listReceivedIds(tx: Tx, listed: Listed, filter: SessionFilter, page: Slice): Promise<string[]> {
  const { receivedCurrency: currency, receivedChainId: chainId, createdAt = {}, ids } = filter
  const names = CRYPTO.filter(each => currency !== undefined && isSameCoin(each, currency))
  const id = sql.ref('t.checkout_session_id')
  const assets = [
    ...(currency === undefined ? [] : [sql<SqlBool>`data ->> 'currency' in (${sql.join(names)})`]),
    ...(chainId === undefined ? [] : [sql<SqlBool>`chain_id = ${chainId}`]),
  ]
  const bounds = [
    ...(page.after === null ? [] : [sql<SqlBool>`${id} < ${page.after}`]),
    ...(ids === undefined ? [] : [sql<SqlBool>`${id} = any(${ids})`]),
    madeFrom(createdAt, 't.checkout_session_id'),
    madeTo(createdAt, 't.checkout_session_id'),
  ]
  // The limit of one keeps the planner from merging the transfers of a coin that is rare with all sessions.
  const { rows } = await sql<{ id: string }>`
    select distinct row.id from (select id from assets where ${all(assets)}) asset cross join lateral (
      select distinct ${id} as id from transfers t cross join lateral (
        select from checkout_sessions where checkout_sessions.id = ${id} and ${within('created_at', createdAt)} and ${allOf(listed)} limit 1) session
      where t.asset_id = asset.id and t.orphaned_at is null and ${all(bounds)}
      order by ${id} desc limit ${page.limit + page.offset}) row
    order by row.id desc limit ${page.limit} offset ${page.offset}`.execute(tx)
  return rows.map(row => row.id)
}

const SESSIONS = sql`checkout_sessions`

/** The sessions among which a list finds what is looked for, each kind by an index of its own. */
function searched(search: SessionSearch | undefined): Pick<Listed, 'from' | 'equal' | 'where'> {
  switch (search?.by) {
    case undefined:
      return { from: SESSIONS }
    case 'id':
      return named(
        sql`select ${search.id}::uuid union all select checkout_session_id from payment_intents where id = ${search.id}`,
      )
    case 'address':
      return named(sql`select checkout_session_id from deposit_addresses where address = ${hexBuffer(search.hex)}`)
    case 'transaction':
      return named(sql`
        select checkout_session_id from transfers
        where chain_id = any(array(select id from chains)) and tx_hash = ${hexBuffer(search.hex)}`)
    case 'email':
      return { from: SESSIONS, equal: { email_key: search.email } }
    case 'amount':
      // As text, which the driver takes for a number of any size.
      return { from: SESSIONS, equal: { amount_total: search.amount.toString() } }
    default:
      return search satisfies never
  }
}

function named(ids: RawBuilder<unknown>): Pick<Listed, 'from' | 'where'> {
  return { from: SESSIONS, where: [sql<SqlBool>`checkout_sessions.id = any(array(${ids}))`] }
}

/** Whether the caller may see session `id`. */
export async function sessionExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.selectFrom('checkout_sessions').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}
