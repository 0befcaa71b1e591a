import { sql } from 'kysely'
import type { Marks } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'
import type { BlockRow } from './blocks.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** The block that the nodes last told as finalized, null where they tell none, and since when they have (null with it). */
export type Finalized = { number: bigint | null; since: Date | null }

/** How far a chain has been read, and the fence of the leader that may move it. */
export type Cursor = { number: bigint; hash: Hex; fence: bigint; finalized: Finalized }

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
    .returning(['number', 'hash', 'fence', 'finalized_number', 'finalized_at'])
    .executeTakeFirst()
  if (row === undefined) return null
  const finalized = { number: row.finalized_number, since: row.finalized_at }
  return { number: row.number, hash: bufferHex(row.hash), fence: row.fence, finalized }
}

/** Whether the chain's fence is still `fence`: nobody has taken the lead since. */
export async function isFence(tx: Tx, chainId: number, fence: bigint): Promise<boolean> {
  const row = await tx.selectFrom('cursors').select('fence').where('chain_id', '=', BigInt(chainId)).executeTakeFirst()
  return row?.fence === fence
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

/** Stores how far the chain can be relied on at `now`, with the cursor that the transaction holds; what was finalized stays so. */
export async function setMarks(tx: Tx, chainId: number, marks: Marks, now: Date): Promise<void> {
  const { safe, finalized, agreed, agreedByAll } = marks
  await tx
    .updateTable('cursors')
    .set({ safe_number: safe, agreed_number: agreed, agreed_by_all_number: agreedByAll })
    .set({
      finalized_number: sql`greatest(finalized_number, ${finalized}::bigint)`,
      finalized_at: sql`case when ${finalized}::bigint > coalesce(finalized_number, -1) then ${now} else finalized_at end`,
    })
    .where('chain_id', '=', BigInt(chainId))
    .execute()
}

/** How far each chain can be relied on that was read, by chain id. */
export async function loadMarks(tx: Tx): Promise<Map<number, Marks>> {
  const rows = await tx.selectFrom('cursors').selectAll().execute()
  return new Map(
    rows.map(row => [
      Number(row.chain_id),
      {
        head: row.number,
        safe: row.safe_number,
        finalized: row.finalized_number,
        agreed: row.agreed_number,
        agreedByAll: row.agreed_by_all_number,
      },
    ]),
  )
}

/** Forgets what the chain's nodes told as finalized: the next reorg may go below it. */
export async function forgetFinalized(tx: Tx, chainId: number): Promise<void> {
  await tx
    .updateTable('cursors')
    .set({ finalized_number: null, finalized_at: null })
    .where('chain_id', '=', BigInt(chainId))
    .execute()
}

/**
 * The chains that something waits for: a payment, a sweep or a refund for more blocks, a payment that a reorg took for those that
 * decide what became of it, or a session past its deadline by the clock for a block with a later time.
 */
export async function chainsWaiting(tx: Tx, now: Date): Promise<number[]> {
  const { rows } = await sql<{ id: bigint }>`
    select c.chain_id as id from cursors c
    join chains on chains.id = c.chain_id
    where exists (select from transfers t where t.chain_id = c.chain_id and t.posted_at is null and t.orphaned_at is null)
       or exists (
         select from transfers t where t.chain_id = c.chain_id and t.orphaned_at is not null and t.replaced_at is null
           and c.number <= t.block_number + 2 * (chains.data->>'confirmations')::bigint)
       or exists (select from sweeps w where w.chain_id = c.chain_id and w.status = 'submitted')
       or exists (select from refunds r where r.chain_id = c.chain_id and r.status = 'submitted' and r.block_number is not null)
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
