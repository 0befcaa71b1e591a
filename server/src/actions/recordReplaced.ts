import type { Context } from '../context.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { asWorker } from '../store/database.ts'
import { findReplaceable, findSessionsOf, type LostTransfer, replaceTransfers } from '../store/transfers.ts'
import { settleSessions } from './settleSessions.ts'

/** The transfers of the chain that a reorg took and that another transaction may have replaced. */
export async function findLostTransfers(ctx: Context, chainId: number): Promise<LostTransfer[]> {
  return await asWorker(ctx.db, tx => findReplaceable(tx, chainId))
}

/**
 * Records that other transactions are final in the place of those of these lost transfers, and derives the sessions that this
 * touches, in one transaction. One that has come back meanwhile is left as it is.
 */
export async function recordReplaced(ctx: Context, transferIds: readonly string[]): Promise<void> {
  await asWorker(ctx.db, async tx => {
    const now = ctx.clock.now()
    const touched = await findSessionsOf(tx, transferIds)
    await lockSessions(tx, touched)
    await replaceTransfers(tx, transferIds, now)
    await settleSessions(tx, ctx, touched, now)
  })
}
