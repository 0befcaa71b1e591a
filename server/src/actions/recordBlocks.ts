import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import { finalUpTo, type Marks, strictest } from '../domain/finality.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertBlocks, pruneBlocks } from '../store/blocks.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { moveCursor, setMarks } from '../store/cursors.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { notifySessions } from '../store/settlement.ts'
import {
  findPending,
  findPendingSessions,
  insertTransfers,
  type NewTransfer,
  postTransfers,
} from '../store/transfers.ts'
import { chainOf, findPostable } from './findPostable.ts'
import { BLOCKS_KEPT, type Lead, LeadLostError } from './leadChain.ts'
import { recordHalts } from './recordHalts.ts'
import { settleSessions } from './settleSessions.ts'

const PRUNE_EVERY = 100n

/** A block with the transfers in it, to whatever address. */
export type FoundBlock = { header: BlockHeader; transfers: readonly Transfer[] }

/**
 * Records the blocks after the last one read, one or more, in one transaction and as if each had one of its own: its transfers
 * to deposit addresses, what is posted with it, the sessions that this touches with their events, and the cursor with `marks`, how
 * far the chain can be relied on up to the last of them. What arrives in the assets `held` is not posted. Throws `LeadLostError`
 * when `lead` is not the newest or the first block is not the next; then nothing is written.
 */
export async function recordBlocks(
  ctx: Context,
  lead: Lead,
  blocks: readonly FoundBlock[],
  marks: Marks,
  held: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { chainId } = lead
  const [first, last] = [blocks[0]?.header, blocks.at(-1)?.header]
  if (first === undefined || last === undefined) return
  await asWorker(ctx.db, async tx => {
    let from = first.parentHash
    for (const { quiet, block } of await splitAtNews(tx, ctx, chainId, blocks, marks)) {
      const { header } = block
      if (!(await moveCursor(tx, chainId, lead.fence, from, header))) throw new LeadLostError(lead)
      await insertBlocks(tx, chainId, [...quiet, header])
      const hashes = [...quiet, header].map(({ hash }) => hash)
      const halted = await recordHalts(tx, ctx, chainId, hashes)
      await settleBlock(tx, ctx, block, { chainId, marks: { ...marks, head: header.number }, held, halted })
      from = header.hash
    }
    await setMarks(tx, chainId, marks, ctx.clock.now())
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
  marks: Marks,
): Promise<{ quiet: BlockHeader[]; block: FoundBlock }[]> {
  const [only, ...others] = blocks
  if (only !== undefined && others.length === 0) return [{ quiet: [], block: only }]
  const owners = await findDepositOwners(
    tx,
    blocks.flatMap(({ transfers }) => transfers.map(transfer => transfer.to)),
  )
  const { finality } = chainOf(ctx, chainId)
  let unposted = await findPending(tx, chainId, strictest(finality))
  const runs: { quiet: BlockHeader[]; block: FoundBlock }[] = []
  let quiet: BlockHeader[] = []
  for (const block of blocks) {
    const { number } = block.header
    const brings = block.transfers.some(transfer => owners.has(transfer.to))
    // Under whichever of its policies: what it brings is not known to be of one of them yet.
    if (brings) unposted.push(...finality.map(band => ({ ...band, blockNumber: number })))
    const waiting = unposted.filter(one => one.blockNumber > finalUpTo(one, { ...marks, head: number }))
    const posts = waiting.length < unposted.length
    unposted = waiting
    if (brings || posts || block === blocks.at(-1)) {
      runs.push({ quiet, block })
      quiet = []
    } else quiet.push(block.header)
  }
  return runs
}

/** How a block is settled: `halted` are the sessions whose deadline it moves. */
type Terms = { chainId: number; marks: Marks; held: ReadonlySet<string>; halted: readonly string[] }

/** Stores what arrived, posts what is final with this block, and derives the sessions that this touches. */
async function settleBlock(tx: Tx, ctx: Context, block: FoundBlock, terms: Terms): Promise<void> {
  const { chainId, marks, held, halted } = terms
  const now = ctx.clock.now()
  const arrived = await match(tx, ctx, block, now)
  const posting = await findPostable(tx, ctx, chainId, marks, held)
  const touched = [...new Set([...halted, ...[...arrived, ...posting].map(({ sessionId }) => sessionId)])]
  if (touched.length === 0) return
  // Before the first row that refers to them is written, and all at once: two writers then never wait for each other.
  await lockSessions(tx, touched)
  await insertTransfers(tx, arrived, now)
  // With a policy of one confirmation, what has just arrived is among them.
  const final = arrived.length === 0 ? posting : await findPostable(tx, ctx, chainId, marks, held)
  await postTransfers(
    tx,
    final.map(({ id }) => id),
    now,
  )
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
