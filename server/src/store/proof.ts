import { sql } from 'kysely'
import type { StoredEntry } from '../domain/bookProof.ts'
import type { Hex } from '../domain/hex.ts'
import type { Account, BookedSubject } from '../domain/ledger.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { BlockRow } from './blocks.ts'
import { bufferHex } from './bytes.ts'
import type { Tx } from './database.ts'

/** A transfer or a sweep fact as it is stored, with all that its block says of it. */
export type StoredFact = BookedSubject & {
  kind: 'in' | 'out' | 'back'
  /** Who sent it to the address, or whom it was sent to from there. */
  other: Hex | null
  txHash: Hex | null
  place: string
  blockHash: Hex
  blockNumber: bigint
  postedAt: Date | null
  isLive: boolean
  isCounted: boolean
}

/** A refund as the ledger books it, once it succeeded. */
export type StoredRefund = Omit<BookedSubject, 'address'> & { of: 'posted' | 'unmatched'; isLive: boolean }

/** The ids of up to `limit` sessions after `id`, in their order (null: from the first). */
export async function listSessionsAfter(tx: Tx, id: string | null, limit: number): Promise<string[]> {
  let query = tx.selectFrom('checkout_sessions').select('id').orderBy('id').limit(limit)
  if (id !== null) query = query.where('id', '>', id)
  return (await query.execute()).map(row => row.id)
}

/** How many sessions there are, roughly where there are many. */
export async function countSessions(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select case when reltuples > 100000 then reltuples else (select count(*) from checkout_sessions) end::float8 as count
    from pg_class where oid = 'checkout_sessions'::regclass`.execute(tx)
  return rows[0]?.count ?? 0
}

/** The last block read of each chain, without its parent. */
export async function loadTips(tx: Tx): Promise<Map<number, Omit<BlockRow, 'parentHash'>>> {
  const rows = await tx.selectFrom('cursors').select(['chain_id', 'number', 'hash', 'time']).execute()
  return new Map(
    rows.map(row => [Number(row.chain_id), { number: row.number, hash: bufferHex(row.hash), time: row.time }]),
  )
}

/** All facts about these sessions, lost ones too. */
export async function loadFacts(tx: Tx, sessionIds: readonly string[]): Promise<StoredFact[]> {
  type Row = {
    subject: 'transfer' | 'sweep'
    id: string
    organization_id: string
    checkout_session_id: string
    chain_id: bigint
    asset_id: string
    address: Buffer
    amount_raw: string
    kind: 'in' | 'out' | 'back'
    other: Buffer | null
    tx_hash: Buffer | null
    place: string
    block_hash: Buffer
    block_number: bigint
    posted_at: Date | null
    is_live: boolean
    is_counted: boolean
  }
  const { rows } = await sql<Row>`
    select 'transfer' as subject, id, organization_id, checkout_session_id, chain_id, asset_id, address, amount_raw, 'in' as kind,
      from_address as other, tx_hash, place, block_hash, block_number, posted_at, orphaned_at is null as is_live,
      unmatched_reason is null as is_counted
    from transfers where checkout_session_id = any(${sessionIds}::uuid[])
    union all
    select 'sweep', id, organization_id, checkout_session_id, chain_id, asset_id, address, amount_raw, kind, other, tx_hash, place,
      block_hash, block_number, null, orphaned_at is null, true
    from sweep_facts where checkout_session_id = any(${sessionIds}::uuid[])`.execute(tx)
  return rows.map(row => ({
    subject: row.subject,
    subjectId: row.id,
    organizationId: row.organization_id,
    sessionId: row.checkout_session_id,
    chainId: Number(row.chain_id),
    assetId: row.asset_id,
    address: bufferHex(row.address),
    amountRaw: BigInt(row.amount_raw),
    kind: row.kind,
    other: row.other === null ? null : bufferHex(row.other),
    txHash: row.tx_hash === null ? null : bufferHex(row.tx_hash),
    place: row.place,
    blockHash: bufferHex(row.block_hash),
    blockNumber: row.block_number,
    postedAt: row.posted_at,
    isLive: row.is_live,
    isCounted: row.is_counted,
  }))
}

/** All refunds of these sessions; live are those that succeeded. */
export async function loadStoredRefunds(tx: Tx, sessionIds: readonly string[]): Promise<StoredRefund[]> {
  const rows = await tx
    .selectFrom('refunds')
    .select([
      'id',
      'organization_id',
      'checkout_session_id',
      'chain_id',
      'asset_id',
      'amount_raw',
      'transfer_id',
      'status',
    ])
    .where('checkout_session_id', '=', sql<string>`any(${sessionIds})`)
    .execute()
  return rows.map(row => ({
    subject: 'refund',
    subjectId: row.id,
    organizationId: row.organization_id,
    sessionId: row.checkout_session_id,
    chainId: Number(row.chain_id),
    assetId: row.asset_id,
    amountRaw: BigInt(row.amount_raw),
    of: row.transfer_id === null ? 'posted' : 'unmatched',
    isLive: row.status === 'succeeded',
  }))
}

/** All entries about these sessions, each subject's in their order. */
export async function loadEntries(tx: Tx, sessionIds: readonly string[]): Promise<StoredEntry[]> {
  const rows = await tx
    .selectFrom('entries')
    .selectAll()
    .where('checkout_session_id', '=', sql<string>`any(${sessionIds})`)
    .orderBy('subject_id')
    .orderBy('nth')
    .execute()
  return rows.map(row => ({
    id: row.id,
    subject: row.subject as StoredEntry['subject'],
    subjectId: row.subject_id,
    organizationId: row.organization_id,
    sessionId: row.checkout_session_id,
    chainId: Number(row.chain_id),
    assetId: row.asset_id,
    address: bufferHex(row.address),
    amountRaw: BigInt(row.amount_raw),
    nth: row.nth,
    debit: row.debit as Account,
    credit: row.credit as Account,
    reverses: row.reverses,
    createdAt: row.created_at,
  }))
}

/** Those of these objects whose events have a gap: before the first (of objects made after `since`), between two, or after the last. */
export async function findGaps(tx: Tx, objectIds: readonly string[], since: Date): Promise<string[]> {
  const bound = uuidv7(since, new Uint8Array(10))
  const { rows } = await sql<{ id: string }>`
    select s.object_id as id from event_sequences s left join events e using (object_id)
    where s.object_id = any(${objectIds}::uuid[]) group by s.object_id, s.sequence
    having max(e.sequence) - min(e.sequence) + 1 <> count(e.sequence) or max(e.sequence) <> s.sequence
      or (s.object_id > ${bound}::uuid and coalesce(min(e.sequence), 0) <> 1)`.execute(tx)
  return rows.map(row => row.id)
}

/** The last event of each of these sessions that told of its status. */
export async function lastStatusEvents(tx: Tx, sessionIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; type: string }>`
    select distinct on (object_id) object_id as id, type from events
    where object_id = any(${sessionIds}::uuid[])
      and type in ('checkout_session.completed', 'checkout_session.reverted', 'checkout_session.incomplete', 'checkout_session.expired')
    order by object_id, sequence desc`.execute(tx)
  return new Map(rows.map(({ id, type }) => [id, type]))
}

/** The events of these objects after `since` that an endpoint asked for, unchanged since then, and that were to be told to it by no delivery. */
export async function findUndelivered(tx: Tx, objectIds: readonly string[], since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct e.id from events e
    join webhook_endpoints w on w.organization_id = e.organization_id and w.enabled_events && array['*', e.type]
      and not w.is_disabled and w.deleted_at is null and w.updated_at < e.created_at
    where e.object_id = any(${objectIds}::uuid[]) and e.created_at > ${since}
      and not exists (select from deliveries d where d.event_id = e.id and d.webhook_endpoint_id = w.id)`.execute(tx)
  return rows.map(row => row.id)
}
