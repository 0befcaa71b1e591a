import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import { isFinal } from '../domain/settlement.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertBlock, pruneBlocks } from '../store/blocks.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { moveCursor } from '../store/cursors.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { notifySessions } from '../store/settlement.ts'
import { findPendingSessions, insertTransfers, type NewTransfer, postTransfers } from '../store/transfers.ts'
import { BLOCKS_KEPT, type Lead, LeadLostError } from './leadChain.ts'
import { settleSessions } from './settleSessions.ts'

const PRUNE_EVERY = 100n

/**
 * Records the block after the last one read, in one transaction: its transfers to deposit addresses, what is posted with it,
 * the sessions that this touches with their events, and the cursor. Throws `LeadLostError` when `lead` is not the newest or the
 * block is not the next; then nothing is written.
 */
export async function recordBlock(
  ctx: Context,
  lead: Lead,
  block: { header: BlockHeader; transfers: readonly Transfer[] },
): Promise<void> {
  const { chainId } = lead
  const { header } = block
  const now = ctx.clock.now()
  await asWorker(ctx.db, async tx => {
    if (!(await moveCursor(tx, chainId, lead.fence, header.parentHash, header))) throw new LeadLostError(lead)
    await insertBlock(tx, chainId, header)
    await settleBlock(tx, ctx, block, chainId, now)
    // Those who still wait see one more confirmation.
    await notifySessions(tx, await findPendingSessions(tx, chainId, header.number))
    if (header.number % PRUNE_EVERY === 0n) await pruneBlocks(tx, chainId, header.number - BigInt(BLOCKS_KEPT))
  })
}

/** Stores what arrived, posts what is final with this block, and derives the sessions that this touches. */
async function settleBlock(
  tx: Tx,
  ctx: Context,
  block: { header: BlockHeader; transfers: readonly Transfer[] },
  chainId: number,
  now: Date,
): Promise<void> {
  const arrived = await match(tx, ctx, block, now)
  const newlyFinal = finalUpTo(ctx, chainId, block.header.number)
  const pending = await findPendingSessions(tx, chainId, newlyFinal)
  const touched = [...new Set([...arrived.map(transfer => transfer.sessionId), ...pending])]
  if (touched.length === 0) return
  // Before the first row that refers to them is written, and all at once: two writers then never wait for each other.
  await lockSessions(tx, touched)
  await insertTransfers(tx, arrived, now)
  await postTransfers(tx, chainId, newlyFinal, now)
  await settleSessions(tx, ctx, touched, now)
}

/** The transfers that went to deposit addresses, in whatever asset that is known on the chain. */
async function match(
  tx: Tx,
  ctx: Context,
  { header, transfers }: { header: BlockHeader; transfers: readonly Transfer[] },
  now: Date,
): Promise<NewTransfer[]> {
  const owners = await findDepositOwners(
    tx,
    transfers.map(transfer => transfer.to),
  )
  return transfers.flatMap(({ asset, to, ...transfer }) => {
    const owner = owners.get(to)
    if (owner === undefined) return []
    invariant(transfer.blockHash === header.hash, 'transfers are of the block that is recorded')
    const id = uuidv7(now, ctx.random(10))
    return { id, ...owner, ...transfer, assetId: assetId(transfer.chainId, asset), address: to, blockTime: header.time }
  })
}

/** The newest block whose payments are posted once `head` is read, by the chain's policy. */
function finalUpTo(ctx: Context, chainId: number, head: bigint): bigint {
  const chain = ctx.chains.get(chainId)?.chain
  invariant(chain, `chain ${chainId} is served`)
  const number = head - BigInt(chain.confirmations) + 1n
  invariant(
    isFinal(chain.confirmations, number, head) && !isFinal(chain.confirmations, number + 1n, head),
    'what is posted together is exactly what is final',
  )
  return number
}
