import type { BlockHeader } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import type { Marks } from '../domain/finality.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { moveCursor, setMarks } from '../store/cursors.ts'
import { asWorker } from '../store/database.ts'
import { postTransfers } from '../store/transfers.ts'
import { findFinalTransfers, findPostable } from './findPostable.ts'
import { type Lead, LeadLostError } from './leadChain.ts'
import { settleSessions } from './settleSessions.ts'

/**
 * Records that the chain can be relied on up to `marks` while it is still read up to `tip`: posts what is final now, but nothing
 * in the assets `held`, and derives the sessions that this touches, in one transaction. Throws `LeadLostError` as `recordBlocks`
 * does.
 */
export async function recordMarks(
  ctx: Context,
  lead: Lead,
  tip: BlockHeader,
  marks: Marks,
  held: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { chainId } = lead
  await asWorker(ctx.db, async tx => {
    if (!(await moveCursor(tx, chainId, lead.fence, tip.hash, tip))) throw new LeadLostError(lead)
    const now = ctx.clock.now()
    const final = await findFinalTransfers(tx, ctx, chainId, marks)
    // Before what their merchants take is held, as blocks do: two writers then never wait for each other.
    await lockSessions(tx, [...new Set(final.map(({ sessionId }) => sessionId))])
    const postable = await findPostable(tx, ctx, chainId, marks, held)
    await postTransfers(
      tx,
      postable.map(({ id }) => id),
      now,
    )
    await settleSessions(
      tx,
      ctx,
      postable.map(({ sessionId }) => sessionId),
      now,
    )
    await setMarks(tx, chainId, marks, now)
  })
}
