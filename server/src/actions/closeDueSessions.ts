import type { Context } from '../context.ts'
import { asWorker } from '../store/database.ts'
import { findClosableSessions } from '../store/settlement.ts'
import { settleSessions } from './settleSessions.ts'

/**
 * Closes up to `limit` sessions whose deadline has passed, by the clock and by the blocks read of every chain that they may be
 * paid on; those without money expire. One that cannot be settled is logged, and keeps no other from it. Returns how many it
 * closed.
 */
export async function closeDueSessions(ctx: Context, limit: number): Promise<number> {
  const now = ctx.clock.now()
  let ids: string[] = []
  try {
    return await asWorker(ctx.db, async tx => {
      ids = await findClosableSessions(tx, now, limit)
      await settleSessions(tx, ctx, ids, now)
      return ids.length
    })
  } catch (error) {
    // Unless the database is gone: then this throws, too.
    ids = await asWorker(ctx.db, tx => findClosableSessions(tx, now, limit))
    const closed = await closeApart(ctx, ids, now)
    if (closed === 0) throw error
    return closed
  }
}

/** Closes these sessions together, and where that fails each half of them apart; returns how many were closed. */
async function closeApart(ctx: Context, ids: readonly string[], now: Date): Promise<number> {
  try {
    await asWorker(ctx.db, tx => settleSessions(tx, ctx, ids, now))
    return ids.length
  } catch (error) {
    if (ids.length === 1) {
      ctx.log.error({ err: error, sessionId: ids[0] }, 'A session could not be closed')
      return 0
    }
    const middle = Math.ceil(ids.length / 2)
    return (await closeApart(ctx, ids.slice(0, middle), now)) + (await closeApart(ctx, ids.slice(middle), now))
  }
}
