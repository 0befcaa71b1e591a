import type { Marks } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'
import type { BlockRow } from './blocks.ts'
import { bufferHex } from './bytes.ts'
import type { Tx } from './database.ts'

/** How far the chain is read and can be relied on; nobody reads it on until the transaction ends. Null where it was never read. */
export async function holdMarks(tx: Tx, chainId: number): Promise<Marks | null> {
  const row = await tx
    .selectFrom('cursors')
    .selectAll()
    .where('chain_id', '=', BigInt(chainId))
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    head: row.number,
    safe: row.safe_number,
    finalized: row.finalized_number,
    agreed: row.agreed_number,
    agreedByAll: row.agreed_by_all_number,
  }
}

/** The hash of the block of that height as it was read; null where blocks of that age are forgotten, or were never read. */
export async function readHash(tx: Tx, chainId: number, number: bigint): Promise<Hex | null> {
  const row = await tx
    .selectFrom('blocks')
    .select('hash')
    .where('chain_id', '=', BigInt(chainId))
    .where('is_canonical', '=', true)
    .where('number', '=', number)
    .executeTakeFirst()
  return row === undefined ? null : bufferHex(row.hash)
}

/** The newest block that was read and that enough providers have, or null. */
export async function findAgreedBlock(tx: Tx, chainId: number): Promise<BlockRow | null> {
  const row = await tx
    .selectFrom('blocks as b')
    .innerJoin('cursors as c', join =>
      join.onRef('c.chain_id', '=', 'b.chain_id').onRef('b.number', '<=', 'c.agreed_number'),
    )
    .select(['b.number', 'b.hash', 'b.parent_hash', 'b.time'])
    .where('b.chain_id', '=', BigInt(chainId))
    .where('b.is_canonical', '=', true)
    .orderBy('b.number', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return null
  return { number: row.number, hash: bufferHex(row.hash), parentHash: bufferHex(row.parent_hash), time: row.time }
}
