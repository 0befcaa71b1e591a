import type { Context } from '../context.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { asWorker } from '../store/database.ts'
import { findReplaceable, findSessionsOf, type LostTransfer, replaceTransfers } from '../store/transfers.ts'
import { settleSessions } from './settleSessions.ts'

/** For as long as addresses are watched: by then nobody waits to hear what became of a lost payment. */
const ASKED_MS = 30 * 24 * 3_600_000

/** The transfers of the chain that a reorg took in the last 30 days and that another transaction may have replaced. */
export async function findLostTransfers(ctx: Context, chainId: number): Promise<LostTransfer[]> {
  const since = new Date(ctx.clock.now().getTime() - ASKED_MS)
  return await asWorker(ctx.db, tx => findReplaceable(tx, chainId, since))
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
