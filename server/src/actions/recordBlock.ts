import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import { isFinal } from '../domain/settlement.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertBlocks, pruneBlocks } from '../store/blocks.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { moveCursor } from '../store/cursors.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { notifySessions } from '../store/settlement.ts'
import {
  findPendingBlocks,
  findPendingSessions,
  insertTransfers,
  type NewTransfer,
  postTransfers,
} from '../store/transfers.ts'
import { BLOCKS_KEPT, type Lead, LeadLostError } from './leadChain.ts'
import { settleSessions } from './settleSessions.ts'

const PRUNE_EVERY = 100n

/** A block with the transfers in it, to whatever address. */
export type FoundBlock = { header: BlockHeader; transfers: readonly Transfer[] }

/** Records one block, as `recordBlocks` does. */
export async function recordBlock(ctx: Context, lead: Lead, block: FoundBlock): Promise<void> {
  await recordBlocks(ctx, lead, [block])
}

/**
 * Records the blocks after the last one read, one or more, in one transaction and as if each had one of its own: its transfers
 * to deposit addresses, what is posted with it, the sessions that this touches with their events, and the cursor. Throws
 * `LeadLostError` when `lead` is not the newest or the first block is not the next; then nothing is written.
 */
export async function recordBlocks(ctx: Context, lead: Lead, blocks: readonly FoundBlock[]): Promise<void> {
  const { chainId } = lead
  const [first, last] = [blocks[0]?.header, blocks.at(-1)?.header]
  if (first === undefined || last === undefined) return
  await asWorker(ctx.db, async tx => {
    let from = first.parentHash
    for (const { quiet, block } of await splitAtNews(tx, ctx, chainId, blocks)) {
      const { header } = block
      if (!(await moveCursor(tx, chainId, lead.fence, from, header))) throw new LeadLostError(lead)
      await insertBlocks(tx, chainId, [...quiet, header])
      await settleBlock(tx, ctx, block, chainId, ctx.clock.now())
      from = header.hash
    }
    // Those who still wait see more confirmations.
    await notifySessions(tx, await findPendingSessions(tx, chainId, last.number))
    const passesMark = last.number / PRUNE_EVERY > (first.number - 1n) / PRUNE_EVERY
    if (passesMark) await pruneBlocks(tx, chainId, last.number - BigInt(BLOCKS_KEPT))
  })
}

/**
 * The blocks in runs that end where something happens, or with the last of them: with the blocks in between nothing arrives
 * at a deposit address and nothing is posted, so that all they leave behind is themselves.
 */
async function splitAtNews(
  tx: Tx,
  ctx: Context,
  chainId: number,
  blocks: readonly FoundBlock[],
): Promise<{ quiet: BlockHeader[]; block: FoundBlock }[]> {
  const [only, ...others] = blocks
  if (only !== undefined && others.length === 0) return [{ quiet: [], block: only }]
  const owners = await findDepositOwners(
    tx,
    blocks.flatMap(({ transfers }) => transfers.map(transfer => transfer.to)),
  )
  const unposted = new Set(await findPendingBlocks(tx, chainId))
  const runs: { quiet: BlockHeader[]; block: FoundBlock }[] = []
  let quiet: BlockHeader[] = []
  for (const block of blocks) {
    const { number } = block.header
    const brings = block.transfers.some(transfer => owners.has(transfer.to))
    if (brings) unposted.add(number)
    const final = finalUpTo(ctx, chainId, number)
    const posts = [...unposted].filter(paidIn => paidIn <= final)
    for (const paidIn of posts) unposted.delete(paidIn)
    if (brings || posts.length > 0 || block === blocks.at(-1)) {
      runs.push({ quiet, block })
      quiet = []
    } else quiet.push(block.header)
  }
  return runs
}

/** Stores what arrived, posts what is final with this block, and derives the sessions that this touches. */
async function settleBlock(tx: Tx, ctx: Context, block: FoundBlock, chainId: number, now: Date): Promise<void> {
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
async function match(tx: Tx, ctx: Context, { header, transfers }: FoundBlock, now: Date): Promise<NewTransfer[]> {
  const owners = await findDepositOwners(
    tx,
    transfers.map(transfer => transfer.to),
  )
  const ours = transfers.flatMap(({ asset, to, ...transfer }) => {
    const owner = owners.get(to)
    if (owner === undefined) return []
    invariant(transfer.blockHash === header.hash, 'transfers are of the block that is recorded')
    return { ...owner, ...transfer, assetId: assetId(transfer.chainId, asset), address: to, blockTime: header.time }
  })
  // In the order of the block: it is by their ids that a session's payments are listed.
  const ids = ours.map(() => uuidv7(now, ctx.random(10))).sort()
  return ours.map((transfer, index) => ({ id: ids[index] ?? '', ...transfer }))
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
