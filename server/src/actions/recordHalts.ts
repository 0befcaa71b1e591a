import type { Context } from '../context.ts'
import { haltAfterMs } from '../domain/chainHealth.ts'
import type { Hex } from '../domain/hex.ts'
import type { Tx } from '../store/database.ts'
import { findSessionsInHalts, insertHalts, orphanHalts } from '../store/halts.ts'
import { chainOf } from './chainOf.ts'

/** Stores the halts that these blocks, which are stored, have ended; returns the open sessions whose deadline they may move. */
export async function recordHalts(tx: Tx, ctx: Context, chainId: number, blocks: readonly Hex[]): Promise<string[]> {
  const longest = haltAfterMs(chainOf(ctx, chainId).blockTimeMs)
  if (longest === null) return []
  return await findSessionsInHalts(tx, chainId, await insertHalts(tx, chainId, blocks, longest))
}

/** Takes back the halts that these blocks had ended, which a reorg took away; returns as `recordHalts`. */
export async function takeBackHalts(tx: Tx, chainId: number, blocks: readonly Hex[], now: Date): Promise<string[]> {
  return await findSessionsInHalts(tx, chainId, await orphanHalts(tx, chainId, blocks, now))
}
