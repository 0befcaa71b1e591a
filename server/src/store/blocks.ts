import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, byteaText } from './bytes.ts'
import type { Tx } from './database.ts'

/** A block without its contents, as rows of `blocks` and `cursors` tell it. */
export type BlockRow = { number: bigint; hash: Hex; parentHash: Hex; time: Date }

/** Stores blocks of the canonical chain; one that a reorg took away and another gave back is canonical again. */
export async function insertBlocks(tx: Tx, chainId: number, blocks: readonly BlockRow[]): Promise<void> {
  const rows = blocks.map(block => ({
    chain_id: chainId,
    hash: byteaText(block.hash),
    number: block.number.toString(),
    parent_hash: byteaText(block.parentHash),
    time: block.time,
    is_canonical: true,
  }))
  await sql`
    insert into blocks select * from json_populate_recordset(null::blocks, ${JSON.stringify(rows)}::json)
    on conflict (chain_id, hash) do update set is_canonical = true`.execute(tx)
}

/** The newest canonical blocks up to the one with `hash`, a linked list in ascending order of at most `limit`. */
export async function loadHeaders(tx: Tx, chainId: number, hash: Hex, limit: number): Promise<BlockRow[]> {
  const rows = await tx
    .selectFrom('blocks')
    .select(['number', 'hash', 'parent_hash', 'time'])
    .where('chain_id', '=', BigInt(chainId))
    .where('is_canonical', '=', true)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  const linked: BlockRow[] = []
  let expected = hash
  for (const row of rows) {
    // Past a missing row nothing is known: a list that is shorter is still a list.
    if (bufferHex(row.hash) !== expected) break
    expected = bufferHex(row.parent_hash)
    linked.unshift({ number: row.number, hash: bufferHex(row.hash), parentHash: expected, time: row.time })
  }
  return linked
}

/** Whether the chain as it was read has another block at that height; about heights that are forgotten nothing is known. */
export async function hasOtherBlock(tx: Tx, chainId: number, number: bigint, hash: Hex): Promise<boolean> {
  const row = await tx
    .selectFrom('blocks')
    .select('hash')
    .where('chain_id', '=', BigInt(chainId))
    .where('number', '=', number)
    .where('is_canonical', '=', true)
    .executeTakeFirst()
  return row !== undefined && bufferHex(row.hash) !== hash
}

/** Marks the canonical blocks above `number` as lost; returns their hashes. */
export async function orphanBlocks(tx: Tx, chainId: number, number: bigint): Promise<Hex[]> {
  const rows = await tx
    .updateTable('blocks')
    .set({ is_canonical: false })
    .where('chain_id', '=', BigInt(chainId))
    .where('is_canonical', '=', true)
    .where('number', '>', number)
    .returning('hash')
    .execute()
  return rows.map(row => bufferHex(row.hash))
}

/** Forgets the blocks below `number`, lost ones too. */
export async function pruneBlocks(tx: Tx, chainId: number, number: bigint): Promise<void> {
  await tx.deleteFrom('blocks').where('chain_id', '=', BigInt(chainId)).where('number', '<', number).execute()
}
