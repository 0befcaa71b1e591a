import type { BlockHeader } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import type { Hex } from '../domain/hex.ts'
import { orphanBlocks } from '../store/blocks.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { moveCursor } from '../store/cursors.ts'
import { asWorker } from '../store/database.ts'
import { findSessionsSweptIn, orphanSweepFacts } from '../store/sweepFacts.ts'
import { findSessionsInBlocks, orphanTransfers } from '../store/transfers.ts'
import { bookSweeps } from './bookEntries.ts'
import { type Lead, LeadLostError } from './leadChain.ts'
import { takeBackHalts } from './recordHalts.ts'
import { settleSessions } from './settleSessions.ts'

/**
 * Records that the blocks after `ancestor`, up to `tip` (the last one read), are lost, in one transaction: they and what they
 * brought are marked, the sessions that this touches are derived anew with their events and entries, and the cursor goes back. Throws
 * `LeadLostError` as `recordBlocks` does.
 */
export async function recordReorg(ctx: Context, lead: Lead, tip: Hex, ancestor: BlockHeader): Promise<void> {
  const { chainId } = lead
  const now = ctx.clock.now()
  await asWorker(ctx.db, async tx => {
    if (!(await moveCursor(tx, chainId, lead.fence, tip, ancestor))) throw new LeadLostError(lead)
    const lost = await orphanBlocks(tx, chainId, ancestor.number)
    const halted = await takeBackHalts(tx, chainId, lost, now)
    const touched = [...new Set([...(await findSessionsInBlocks(tx, chainId, lost)), ...halted])]
    await lockSessions(tx, [...new Set([...touched, ...(await findSessionsSweptIn(tx, chainId, lost))])])
    await bookSweeps(tx, ctx, await orphanSweepFacts(tx, chainId, lost, now), false, now)
    await orphanTransfers(tx, chainId, lost, now)
    await settleSessions(tx, ctx, touched, now, 'reorg')
  })
}
