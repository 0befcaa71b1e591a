import type { BlockHeader, WatchedChain as Watched } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import { insertBlocks, loadHeaders } from '../store/blocks.ts'
import { type ChainLock, type ChainWork, lockChain } from '../store/chainLock.ts'
import { type Finalized, isFence, raiseFence, startCursor } from '../store/cursors.ts'
import { asWorker } from '../store/database.ts'

/** How many of the newest blocks of a chain are remembered; a reorg that is deeper is not followed. */
export const BLOCKS_KEPT = 1_000

/** A chain as its leader reads it. */
export type WatchedChain = Watched

/** Who may write about a chain: whoever holds its newest fence. */
export type Lead = { chainId: number; fence: bigint }

/** Takes the chain's lock for `work`, or null while another process holds it. */
export async function takeChainLock(
  ctx: Context,
  chainId: number,
  work: ChainWork = 'chain',
): Promise<ChainLock | null> {
  return await lockChain(ctx.db.ownerUrl, chainId, work)
}

/**
 * Begins to lead the chain: whoever led it before can write no more. Returns the newest blocks that are known, in ascending
 * order, and what is known to be finalized; a chain that was never read begins after the block that `first` answers with.
 */
export async function leadChain(
  ctx: Context,
  chainId: number,
  first: () => Promise<BlockHeader>,
): Promise<{ lead: Lead; known: BlockHeader[]; finalized: Finalized }> {
  const resumed = await asWorker(ctx.db, async tx => {
    const cursor = await raiseFence(tx, chainId)
    if (cursor === null) return null
    const known = await loadHeaders(tx, chainId, cursor.hash, BLOCKS_KEPT)
    invariant(known.length > 0, `block ${cursor.number} of chain ${chainId}, the last one read, is stored`)
    return { lead: { chainId, fence: cursor.fence }, known, finalized: cursor.finalized }
  })
  if (resumed !== null) return resumed
  const block = await first()
  await asWorker(ctx.db, async tx => {
    invariant(await startCursor(tx, chainId, block), `nobody else has begun chain ${chainId}`)
    await insertBlocks(tx, chainId, [block])
  })
  return { lead: { chainId, fence: 1n }, known: [block], finalized: { number: null, since: null } }
}

/**
 * Throws `LeadLostError` when `lead` is not the newest. What an old leader found is to be told only after this: it may have counted
 * a payment twice, once out of its blocks and once as the new leader recorded it.
 */
export async function assertLead(ctx: Context, lead: Lead): Promise<void> {
  if (!(await asWorker(ctx.db, tx => isFence(tx, lead.chainId, lead.fence)))) throw new LeadLostError(lead)
}

/** An old leader tried to write, or the chain was read further by someone else: nothing was written. */
export class LeadLostError extends Error {
  constructor(lead: Lead) {
    super(`The lead of chain ${lead.chainId} under fence ${lead.fence} has passed to another process.`)
    this.name = 'LeadLostError'
  }
}
