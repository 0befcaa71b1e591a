import { sql } from 'kysely'
import type { Halt } from '../domain/haltedTime.ts'
import type { Hex } from '../domain/hex.ts'
import { hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** A halt of a chain, told by the block that ended it. */
export type ChainHalt = Halt & { chainId: number }

/**
 * Stores a halt for each of the stored `blocks` that is more than `haltAfterMs` later than its parent; one that a reorg took away
 * lives again. Returns those of them that are live.
 */
export async function insertHalts(
  tx: Tx,
  chainId: number,
  blocks: readonly Hex[],
  haltAfterMs: number,
): Promise<Halt[]> {
  const { rows } = await sql<{ from_time: Date; to_time: Date }>`
    insert into halts (chain_id, block_hash, from_time, to_time)
    select b.chain_id, b.hash, p.time, b.time from blocks b
    join blocks p on p.chain_id = b.chain_id and p.hash = b.parent_hash
    where b.chain_id = ${chainId} and b.hash = any(${blocks.map(hash => hexBuffer(hash))})
      and b.time > p.time + make_interval(secs => ${haltAfterMs}::float8 / 1000)
    on conflict (chain_id, block_hash) do update set orphaned_at = null
    returning from_time, to_time`.execute(tx)
  return rows.map(row => ({ from: row.from_time, to: row.to_time }))
}

/** Marks the live halts that these blocks told of as lost at `now`; returns them. */
export async function orphanHalts(tx: Tx, chainId: number, blocks: readonly Hex[], now: Date): Promise<Halt[]> {
  const rows = await tx
    .updateTable('halts')
    .set({ orphaned_at: now })
    .where('chain_id', '=', BigInt(chainId))
    .where('block_hash', '=', sql<Buffer>`any(${blocks.map(hash => hexBuffer(hash))})`)
    .where('orphaned_at', 'is', null)
    .returning(['from_time', 'to_time'])
    .execute()
  return rows.map(row => ({ from: row.from_time, to: row.to_time }))
}

/** The live halts of all chains that ended after `since`. */
export async function loadHalts(tx: Tx, since: Date): Promise<ChainHalt[]> {
  const rows = await tx
    .selectFrom('halts')
    .select(['chain_id', 'from_time', 'to_time'])
    .where('orphaned_at', 'is', null)
    .where('to_time', '>', since)
    .execute()
  return rows.map(row => ({ chainId: Number(row.chain_id), from: row.from_time, to: row.to_time }))
}

/** The sessions that are not closed, may be paid on the chain, and whose time one of `halts` touches. */
export async function findSessionsInHalts(tx: Tx, chainId: number, halts: readonly Halt[]): Promise<string[]> {
  if (halts.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select s.id from checkout_sessions s
    where not s.is_closed
      and exists (
        select from json_to_recordset(${JSON.stringify(halts)}::json) h("from" timestamptz, "to" timestamptz)
        where h."from" <= s.deadline and h."to" > s.created_at)
      and exists (
        select from session_assets a join assets on assets.id = a.asset_id and assets.chain_id = ${chainId}
        where a.organization_id = s.organization_id and a.checkout_session_id = s.id)`.execute(tx)
  return rows.map(row => row.id)
}
