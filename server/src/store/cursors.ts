import { sql } from 'kysely'
import type { Marks } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'
import type { BlockRow } from './blocks.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** How far a chain has been read, and the fence of the leader that may move it. */
export type Cursor = { number: bigint; hash: Hex; fence: bigint }

/** Begins a chain at `block` with the first fence, 1; false when it was begun before. */
export async function startCursor(tx: Tx, chainId: number, block: BlockRow): Promise<boolean> {
  const rows = await tx
    .insertInto('cursors')
    .values({ chain_id: BigInt(chainId), ...positionOf(block), fence: 1n })
    .onConflict(conflict => conflict.column('chain_id').doNothing())
    .returning('fence')
    .execute()
  return rows.length === 1
}

/** Raises the chain's fence, which ends every earlier leader; null when the chain was never begun. */
export async function raiseFence(tx: Tx, chainId: number): Promise<Cursor | null> {
  const row = await tx
    .updateTable('cursors')
    .set(eb => ({ fence: eb('fence', '+', 1n) }))
    .where('chain_id', '=', BigInt(chainId))
    .returning(['number', 'hash', 'fence'])
    .executeTakeFirst()
  return row === undefined ? null : { number: row.number, hash: bufferHex(row.hash), fence: row.fence }
}

/** Moves the cursor from block `from` to `to` and holds it until the transaction ends; false when it is not there, or under another fence. */
export async function moveCursor(tx: Tx, chainId: number, fence: bigint, from: Hex, to: BlockRow): Promise<boolean> {
  const rows = await tx
    .updateTable('cursors')
    .set(positionOf(to))
    .where('chain_id', '=', BigInt(chainId))
    .where('fence', '=', fence)
    .where('hash', '=', hexBuffer(from))
    .returning('fence')
    .execute()
  return rows.length === 1
}

/** Stores how far the chain can be relied on, with the cursor that the transaction holds. */
export async function setMarks(
  tx: Tx,
  chainId: number,
  { safe, finalized, agreed, agreedByAll }: Marks,
): Promise<void> {
  await tx
    .updateTable('cursors')
    .set({ safe_number: safe, finalized_number: finalized, agreed_number: agreed, agreed_by_all_number: agreedByAll })
    .where('chain_id', '=', BigInt(chainId))
    .execute()
}

/**
 * The chains that something waits for: a payment for more blocks, or a session past its deadline by the clock for a block
 * with a later time.
 */
export async function chainsWaiting(tx: Tx, now: Date): Promise<number[]> {
  const { rows } = await sql<{ id: bigint }>`
    select c.chain_id as id from cursors c
    where exists (select from transfers t where t.chain_id = c.chain_id and t.posted_at is null and t.orphaned_at is null)
       or exists (
         select from checkout_sessions s
         join session_assets a on a.organization_id = s.organization_id and a.checkout_session_id = s.id
         join assets on assets.id = a.asset_id and assets.chain_id = c.chain_id
         where not s.is_closed and s.deadline < ${now} and s.deadline >= c.time)
    order by c.chain_id`.execute(tx)
  return rows.map(row => Number(row.id))
}

function positionOf(block: BlockRow) {
  return { number: block.number, hash: hexBuffer(block.hash), time: block.time }
}
