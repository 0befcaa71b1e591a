import type { Hex } from '../domain/hex.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** A block without its contents, as rows of `blocks` and `cursors` tell it. */
export type BlockRow = { number: bigint; hash: Hex; parentHash: Hex; time: Date }

/** Stores a block of the canonical chain; one that a reorg took away and another gave back is canonical again. */
export async function insertBlock(tx: Tx, chainId: number, block: BlockRow): Promise<void> {
  await tx
    .insertInto('blocks')
    .values({
      chain_id: BigInt(chainId),
      hash: hexBuffer(block.hash),
      number: block.number,
      parent_hash: hexBuffer(block.parentHash),
      time: block.time,
      is_canonical: true,
    })
    .onConflict(conflict => conflict.columns(['chain_id', 'hash']).doUpdateSet({ is_canonical: true }))
    .execute()
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
