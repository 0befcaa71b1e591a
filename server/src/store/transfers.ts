import { sql } from 'kysely'
import { type Allowance, type Policy, parseWait, type Witness } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** A transfer to a deposit address, as it is stored. */
export type NewTransfer = {
  id: string
  organizationId: string
  sessionId: string
  chainId: number
  assetId: string
  address: Hex
  from: Hex | null
  amountRaw: bigint
  txHash: Hex | null
  place: string
  blockHash: Hex
  blockNumber: bigint
  blockTime: Date
  /** Who sent its transaction, and with what nonce, where that is known. */
  sentBy?: SentBy | undefined
}

/** The sender of a transaction and its nonce, which no other transaction of that sender can have too. */
export type SentBy = { sender: Hex; nonce: bigint }

/**
 * Stores transfers once by their natural key; those of the same amount that a reorg took away with this very block live again, and
 * their ids are returned. First seen at `now`, or when a lost block already brought the same transaction (where one is unknown: coin
 * to the same address), or, for coin of unknown transactions, when it may have come there and was in doubt since.
 */
export async function insertTransfers(tx: Tx, transfers: readonly NewTransfer[], now: Date): Promise<Set<string>> {
  if (transfers.length === 0) return new Set()
  // What was seen before is looked up once for all, before the first is written: for each of them it would be quadratic.
  const { rows } = await sql<{ id: string }>`
    with n as materialized (select * from json_populate_recordset(null::transfers, ${JSON.stringify(transfers.map(row))}::json)),
    seen as materialized (
      select t.tx_hash, min(t.first_seen_at) as at from transfers t
      join (select distinct chain_id, tx_hash from n) wanted using (chain_id, tx_hash) group by t.tx_hash),
    coin as materialized (
      select n.id, min(t.first_seen_at) as at from n
      join transfers t on t.checkout_session_id = n.checkout_session_id and t.chain_id = n.chain_id and t.place = n.place
      where n.place like 'native:%' and t.orphaned_at is not null and (t.tx_hash is null or n.tx_hash is null) group by n.id),
    revived as (
      update transfers t set orphaned_at = null, posted_at = null, replaced_at = null from n
      where t.orphaned_at is not null and t.chain_id = n.chain_id and t.block_hash = n.block_hash and t.place = n.place
        and t.amount_raw = n.amount_raw
        and not exists (select from transfers o where o.orphaned_at is null and o.chain_id = n.chain_id
          and o.block_hash = n.block_hash and o.place = n.place)
      returning t.id, n.id as instead_of),
    inserted as (insert into transfers (id, organization_id, checkout_session_id, chain_id, asset_id, address, from_address, amount_raw,
      tx_hash, place, block_hash, block_number, block_time, tx_sender, tx_nonce, first_seen_at, is_repeated)
    select n.id, n.organization_id, n.checkout_session_id, n.chain_id, n.asset_id, n.address, n.from_address, n.amount_raw,
      n.tx_hash, n.place, n.block_hash, n.block_number, n.block_time, n.tx_sender, n.tx_nonce, first.at, first.at < ${now}::timestamptz
    from n left join seen on seen.tx_hash = n.tx_hash left join coin on coin.id = n.id
    left join coin_doubts d on d.chain_id = n.chain_id and d.address = n.address and n.place like 'native:%' and n.tx_hash is null
    cross join lateral (select least(${now}::timestamptz, seen.at, coin.at, d.seen_at) as at) first
    where n.id not in (select instead_of from revived)
    on conflict (chain_id, block_hash, place) where orphaned_at is null do nothing)
    select id from revived`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

function row(transfer: NewTransfer) {
  return {
    id: transfer.id,
    organization_id: transfer.organizationId,
    checkout_session_id: transfer.sessionId,
    chain_id: transfer.chainId,
    asset_id: transfer.assetId,
    address: byteaText(transfer.address),
    from_address: transfer.from === null ? null : byteaText(transfer.from),
    amount_raw: transfer.amountRaw.toString(),
    tx_hash: transfer.txHash === null ? null : byteaText(transfer.txHash),
    place: transfer.place,
    block_hash: byteaText(transfer.blockHash),
    block_number: transfer.blockNumber.toString(),
    block_time: transfer.blockTime,
    tx_sender: transfer.sentBy === undefined ? null : byteaText(transfer.sentBy.sender),
    tx_nonce: transfer.sentBy?.nonce.toString() ?? null,
  }
}

/** The policy of some pending transfers, and the newest block whose payments it takes for final. */
export type Limit = Policy & { upTo: bigint }

/** A live transfer that is not posted: the block that it is in, and the policy of its session for its asset, or `fallback`. */
export type Pending = Policy & { blockNumber: bigint }

/** The blocks and policies of the live transfers on the chain that are not posted, each once. */
export async function findPending(tx: Tx, chainId: number, fallback: Policy): Promise<Pending[]> {
  const { rows } = await sql<{ block_number: bigint; wait: string | null; witness: Witness | null }>`
    select distinct t.block_number, a.wait, a.witness ${pendingTerms(chainId)}`.execute(tx)
  return rows.map(row =>
    row.wait === null || row.witness === null
      ? { ...fallback, blockNumber: row.block_number }
      : { wait: parseWait(row.wait), witness: row.witness, blockNumber: row.block_number },
  )
}

/** The sessions with a live transfer on the chain that is not posted, up to block `number`. */
export async function findPendingSessions(tx: Tx, chainId: number, number: bigint): Promise<string[]> {
  const rows = await tx
    .selectFrom('transfers')
    .select('checkout_session_id')
    .distinct()
    .where('chain_id', '=', BigInt(chainId))
    .where('posted_at', 'is', null)
    .where('orphaned_at', 'is', null)
    .where('block_number', '<=', number)
    .execute()
  return rows.map(found => found.checkout_session_id)
}

/**
 * A pending transfer that its policy, which it is told with, takes for final. `valueUsd` is its share of what its session is worth, in
 * US dollars at 8 decimals and rounded up; null where that is not known.
 */
export type FinalTransfer = Policy & {
  id: string
  sessionId: string
  organizationId: string
  assetId: string
  address: Hex
  blockNumber: bigint
  valueUsd: bigint | null
}

/**
 * The pending transfers on the chain that `limits` take for final (`fallback` where the session has no row for the asset), in the
 * order of their blocks and places; but for those to addresses from which their asset went where nobody can explain.
 */
export async function findFinal(
  tx: Tx,
  chainId: number,
  limits: readonly Limit[],
  fallback: Policy,
): Promise<FinalTransfer[]> {
  if (limits.length === 0) return []
  const rows = limits.map(({ wait, witness, upTo }) => ({ wait: `${wait}`, witness, upTo: upTo.toString() }))
  type Row = {
    id: string
    session_id: string
    organization_id: string
    asset_id: string
    address: Buffer
    block_number: bigint
    wait: string
    witness: Witness
    value_usd: string | null
  }
  const { rows: found } = await sql<Row>`
    select t.id, t.checkout_session_id as session_id, t.organization_id, t.asset_id, t.address, t.block_number,
      coalesce(a.wait, ${`${fallback.wait}`}) as wait, coalesce(a.witness, ${fallback.witness}) as witness,
      (select ${VALUE_USD} from checkout_sessions s where s.organization_id = t.organization_id and s.id = t.checkout_session_id)
        as value_usd
    ${pendingTerms(chainId)}
      and t.block_number <= (
        select l."upTo" from json_to_recordset(${JSON.stringify(rows)}::json) l(wait text, witness text, "upTo" bigint)
        where l.wait = coalesce(a.wait, ${`${fallback.wait}`}) and l.witness = coalesce(a.witness, ${fallback.witness}))
      and not exists (
        select from sweep_facts f where f.checkout_session_id = t.checkout_session_id and f.address = t.address
          and f.asset_id = t.asset_id and f.is_doubted and f.orphaned_at is null)
    order by t.block_number, length(t.place), t.place`.execute(tx)
  return found.map(row => ({
    id: row.id,
    sessionId: row.session_id,
    organizationId: row.organization_id,
    assetId: row.asset_id,
    address: bufferHex(row.address),
    blockNumber: row.block_number,
    wait: parseWait(row.wait),
    witness: row.witness,
    valueUsd: row.value_usd === null ? null : BigInt(row.value_usd),
  }))
}

/** The share of transfer `t` in what its session `s` is worth, by the row `a` of its asset; rounded up. */
const VALUE_USD = sql`div(s.value_usd::numeric * t.amount_raw + a.amount_raw - 1, a.amount_raw)`

/**
 * Holds until the transaction ends what these organizations take before it is beyond doubt, and tells of each the cap and the
 * worth of its posted transfers above `beyondDoubt`, by chain the last block whose payments are: US dollars at 8 decimals.
 */
export async function holdAllowances(
  tx: Tx,
  organizationIds: readonly string[],
  beyondDoubt: ReadonlyMap<number, bigint>,
): Promise<Map<string, Allowance>> {
  await sql`select pg_advisory_xact_lock(hashtextextended('allowances', 0))`.execute(tx)
  const chains = [...beyondDoubt].map(([chainId, number]) => ({ chainId, number: number.toString() }))
  const { rows } = await sql<{ id: string; fast_cap: bigint; used: string }>`
    select o.id, o.fast_cap, (
      select coalesce(sum(${VALUE_USD}), 0)
      from json_to_recordset(${JSON.stringify(chains)}::json) c("chainId" bigint, number bigint)
      join transfers t on t.chain_id = c."chainId" and t.block_number > c.number
        and t.posted_at is not null and t.orphaned_at is null and t.organization_id = o.id
      join session_assets a on a.organization_id = t.organization_id and a.checkout_session_id = t.checkout_session_id
        and a.asset_id = t.asset_id
      join checkout_sessions s on s.organization_id = t.organization_id and s.id = t.checkout_session_id) as used
    from organizations o where o.id = any(${organizationIds})`.execute(tx)
  return new Map(rows.map(row => [row.id, { cap: row.fast_cap, used: BigInt(row.used) }]))
}

/** Marks these transfers as posted at `now`. */
export async function postTransfers(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await tx.updateTable('transfers').set({ posted_at: now }).where('id', '=', sql<string>`any(${ids})`).execute()
}

function pendingTerms(chainId: number) {
  return sql`from transfers t left join session_assets a on a.organization_id = t.organization_id
      and a.checkout_session_id = t.checkout_session_id and a.asset_id = t.asset_id
    where t.chain_id = ${chainId} and t.posted_at is null and t.orphaned_at is null`
}

/** The lost transfers on the chain that nothing has replaced, of the heights `from` to `to`. */
export async function findLost(
  tx: Tx,
  chainId: number,
  from: bigint,
  to: bigint,
): Promise<{ id: string; sessionId: string; blockNumber: bigint }[]> {
  const rows = await tx
    .selectFrom('transfers')
    .select(['id', 'checkout_session_id', 'block_number'])
    .where('chain_id', '=', BigInt(chainId))
    .where('orphaned_at', 'is not', null)
    .where('replaced_at', 'is', null)
    .where('block_number', '>=', from)
    .where('block_number', '<=', to)
    .execute()
  return rows.map(row => ({ id: row.id, sessionId: row.checkout_session_id, blockNumber: row.block_number }))
}

/** A lost transfer whose transaction is in no other block: it comes back unless the sender's nonce went to another one. */
export type LostTransfer = SentBy & { id: string; txHash: Hex }

/** The transfers lost on the chain after `since` that may have been replaced: their sender is known, and nothing has come in their place. */
export async function findReplaceable(tx: Tx, chainId: number, since: Date): Promise<LostTransfer[]> {
  const { rows } = await sql<{ id: string; tx_hash: Buffer; tx_sender: Buffer; tx_nonce: bigint }>`
    select t.id, t.tx_hash, t.tx_sender, t.tx_nonce from transfers t
    where t.chain_id = ${chainId} and t.orphaned_at > ${since} and t.replaced_at is null and t.tx_nonce is not null
      and not exists (
        select from transfers l where l.chain_id = t.chain_id and l.tx_hash = t.tx_hash and l.orphaned_at is null)`.execute(
    tx,
  )
  return rows.map(row => ({
    id: row.id,
    txHash: bufferHex(row.tx_hash),
    sender: bufferHex(row.tx_sender),
    nonce: row.tx_nonce,
  }))
}

/** The sessions of these transfers. */
export async function findSessionsOf(tx: Tx, transferIds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('transfers')
    .select('checkout_session_id')
    .distinct()
    .where('id', '=', sql<string>`any(${transferIds})`)
    .execute()
  return rows.map(row => row.checkout_session_id)
}

/** Marks those of these transfers that are still lost as replaced at `now`. */
export async function replaceTransfers(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await tx
    .updateTable('transfers')
    .set({ replaced_at: now })
    .where('id', '=', sql<string>`any(${ids})`)
    .where('orphaned_at', 'is not', null)
    .execute()
}

/** The sessions that have a live transfer in one of these blocks. */
export async function findSessionsInBlocks(tx: Tx, chainId: number, blocks: readonly Hex[]): Promise<string[]> {
  const rows = await inBlocks(tx, chainId, blocks).select('checkout_session_id').distinct().execute()
  return rows.map(found => found.checkout_session_id)
}

/** Marks the live transfers of these blocks as lost at `now`. */
export async function orphanTransfers(tx: Tx, chainId: number, blocks: readonly Hex[], now: Date): Promise<void> {
  await tx
    .updateTable('transfers')
    .set({ orphaned_at: now })
    .where('id', 'in', inBlocks(tx, chainId, blocks).select('id'))
    .execute()
}

function inBlocks(tx: Tx, chainId: number, blocks: readonly Hex[]) {
  return tx
    .selectFrom('transfers')
    .where('chain_id', '=', BigInt(chainId))
    .where('block_hash', '=', sql<Buffer>`any(${blocks.map(hash => hexBuffer(hash))})`)
    .where('orphaned_at', 'is', null)
}
