import type { Context } from '../context.ts'
import { asWorker } from '../store/database.ts'
import { findClosableSessions } from '../store/settlement.ts'
import { settleSessions } from './settleSessions.ts'

/**
 * Closes up to `limit` sessions whose deadline has passed, by the clock and by the blocks read of every chain that they may be
 * paid on; those without money expire. Returns how many it took up.
 */
export async function closeDueSessions(ctx: Context, limit: number): Promise<number> {
  const now = ctx.clock.now()
  return await asWorker(ctx.db, async tx => {
    const ids = await findClosableSessions(tx, now, limit)
    await settleSessions(tx, ctx, ids, now)
    return ids.length
  })
}
