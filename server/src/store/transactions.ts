import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Transaction } from '../domain/transaction.ts'
import { bufferHex } from './bytes.ts'
import { type KnownChains, learnAssets } from './chains.ts'
import type { Tx } from './database.ts'
import { all, type CreatedAtFilter, madeFrom, madeTo, type Slice, within } from './lists.ts'

/** What a list of transactions may be narrowed by. */
export type TransactionFilter = {
  ids?: string[]
  type?: Transaction['type']
  paymentIntentId?: string
  subscriptionId?: string
  createdAt?: CreatedAtFilter
}

type Row = {
  id: string
  checkout_session_id: string
  intent_id: string
  type: Transaction['type']
  created_at: Date
  asset_id: string
  sender: Buffer | null
  receiver: Buffer
  amount_raw: string
  tx_hash: Buffer | null
}

const INCOMING = sql`
  select organization_id, id, checkout_session_id, 'incoming' as type, first_seen_at as created_at, asset_id,
    from_address as sender, address as receiver, amount_raw, tx_hash
  from transfers where orphaned_at is null`

// Sweeps by whomever they were asked for, and refunds that were seen on chain.
const OUTGOING = [
  sql`
    select organization_id, id, checkout_session_id, 'outgoing' as type, seen_at as created_at, asset_id,
      address as sender, other as receiver, amount_raw, tx_hash
    from sweep_facts where orphaned_at is null and kind = 'out' and other is not null`,
  sql`
    select organization_id, id, checkout_session_id, 'outgoing' as type, created_at, asset_id,
      null::bytea as sender, to_address as receiver, amount_raw, tx_hash
    from refunds where status = 'succeeded'`,
]

/** A page of what moved the caller's money, newest first: each kind from an index of its own, merged. */
export async function listTransactions(
  tx: Tx,
  filter: TransactionFilter,
  page: Slice,
  known: KnownChains,
): Promise<Transaction[]> {
  const newest = (source: RawBuilder<unknown>) => sql`
    (select * from (${source}) part where ${all(conditionsOf(filter, page))}
     order by id desc limit ${page.limit + page.offset})`
  const { rows } = await sql<Row>`
    select m.*, i.id as intent_id from (${sql.join(sourcesOf(filter).map(newest), sql` union all `)}) m
    join payment_intents i on i.organization_id = m.organization_id and i.checkout_session_id = m.checkout_session_id
    order by m.id desc limit ${page.limit} offset ${page.offset}`.execute(tx)
  const assetIds = rows.map(row => row.asset_id)
  const assetOf = await learnAssets(tx, known, assetIds)
  return rows.map(row => fromRow(row, assetOf(row.asset_id)))
}

/** What is repeated was made before its id says so: it is looked for beyond the ids of the time that is asked for, too. */
function sourcesOf({ type, createdAt = {} }: TransactionFilter): RawBuilder<unknown>[] {
  const upTo = madeTo(createdAt)
  const isBounded = createdAt.lt !== undefined || createdAt.lte !== undefined
  const incoming = isBounded
    ? [sql`${INCOMING} and ${upTo}`, sql`${INCOMING} and is_repeated and not ${upTo}`]
    : [INCOMING]
  const outgoing = OUTGOING.map(source => sql`${source} and ${upTo}`)
  return [...(type === 'outgoing' ? [] : incoming), ...(type === 'incoming' ? [] : outgoing)]
}

function conditionsOf(
  { ids, paymentIntentId, subscriptionId, createdAt = {} }: TransactionFilter,
  { after }: Slice,
): RawBuilder<SqlBool>[] {
  const ofIntent = sql`(select checkout_session_id from payment_intents where id = ${paymentIntentId})`
  const ofSubscription = sql`array(select id from checkout_sessions where subscription_id = ${subscriptionId})`
  return [
    within('created_at', createdAt),
    madeFrom(createdAt),
    ...(after === null ? [] : [sql<SqlBool>`id < ${after}`]),
    ...(ids === undefined ? [] : [sql<SqlBool>`id = any(${ids})`]),
    ...(paymentIntentId === undefined ? [] : [sql<SqlBool>`checkout_session_id = ${ofIntent}`]),
    ...(subscriptionId === undefined ? [] : [sql<SqlBool>`checkout_session_id = any(${ofSubscription})`]),
  ]
}

/** Whether the caller has, or had before a reorg, a transaction `id`. */
export async function transactionExists(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    select from transfers where id = ${id} union all select from sweep_facts where id = ${id}
    union all select from refunds where id = ${id}`.execute(tx)
  return rows.length > 0
}

function fromRow(row: Row, asset: Transaction['asset']): Transaction {
  return {
    id: row.id,
    sessionId: row.checkout_session_id,
    intentId: row.intent_id,
    type: row.type,
    at: row.created_at,
    asset,
    from: row.sender === null ? null : bufferHex(row.sender),
    to: bufferHex(row.receiver),
    amountRaw: BigInt(row.amount_raw),
    txHash: row.tx_hash === null ? null : bufferHex(row.tx_hash),
  }
}
