import type { Context } from '../context.ts'
import { finalUpTo, type Marks, strictest } from '../domain/finality.ts'
import { insertBlocks, pruneBlocks } from '../store/blocks.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { setCoinDoubts } from '../store/coinDoubts.ts'
import { moveCursor, setMarks } from '../store/cursors.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { insertFallbacks } from '../store/depositAddresses.ts'
import { notifySessions } from '../store/settlement.ts'
import { findDoubtedAssets, insertSweepFacts } from '../store/sweepFacts.ts'
import { findLost, findPending, findPendingSessions, insertTransfers, postTransfers } from '../store/transfers.ts'
import { bookSweeps } from './bookEntries.ts'
import { chainOf } from './chainOf.ts'
import { findFinalTransfers, findPostable } from './findPostable.ts'
import { BLOCKS_KEPT, type Lead, LeadLostError } from './leadChain.ts'
import { type FoundBlock, matchTransfers, type Strayed } from './matchTransfers.ts'
import { recordHalts } from './recordHalts.ts'
import { settleBlocks } from './settleSessions.ts'

const PRUNE_EVERY = 100n

/** At so many addresses what strays is no accident of one of them: it is how the asset is. */
const STRAYED_MOST = 3

/**
 * What recording blocks brought to light: what moved from deposit addresses to somebody whom they cannot pay, and those of its assets
 * that did so at several addresses.
 */
export type Recorded = { strayed: Strayed[]; unreliable: string[] }

/**
 * Records the blocks after the last one read, one or more, in one transaction and as if each had one of its own: what arrived at
 * deposit addresses and what left them, what is posted with it, the sessions that this touches with their events and entries, and
 * the cursor with `marks`, how far the chain can be relied on up to the last of them. What arrives in the assets `held` is not
 * posted. Throws `LeadLostError` when `lead` is not the newest or the first block is not the next; then nothing is written.
 */
export async function recordBlocks(
  ctx: Context,
  lead: Lead,
  blocks: readonly FoundBlock[],
  marks: Marks,
  held: ReadonlySet<string> = new Set(),
): Promise<Recorded> {
  const { chainId } = lead
  const [first, last] = [blocks[0]?.header, blocks.at(-1)?.header]
  if (first === undefined || last === undefined) return { strayed: [], unreliable: [] }
  return await asWorker(ctx.db, async tx => {
    const now = ctx.clock.now()
    if (!(await moveCursor(tx, chainId, lead.fence, first.parentHash, last))) throw new LeadLostError(lead)
    await insertBlocks(
      tx,
      chainId,
      blocks.map(({ header }) => header),
    )
    const recorded = await recordNews(tx, ctx, blocks, { chainId, marks, held }, now)
    await setMarks(tx, chainId, marks, now)
    // Those who still wait see more confirmations.
    await notifySessions(tx, await findPendingSessions(tx, chainId, last.number))
    const passesMark = last.number / PRUNE_EVERY > (first.number - 1n) / PRUNE_EVERY
    if (passesMark) await pruneBlocks(tx, chainId, last.number - BigInt(BLOCKS_KEPT))
    return recorded
  })
}

/** How blocks are recorded: what is final by the last of them, and the assets in which nothing is. */
type Terms = { chainId: number; marks: Marks; held: ReadonlySet<string> }

/** Stores what the blocks tell, posts what is final with each, and derives the sessions that this touches. */
async function recordNews(
  tx: Tx,
  ctx: Context,
  blocks: readonly FoundBlock[],
  terms: Terms,
  now: Date,
): Promise<Recorded> {
  const { chainId, marks } = terms
  const hashes = blocks.map(({ header }) => header.hash)
  const numbers = blocks.map(({ header }) => header.number)
  const { arrivals, sweeps, fallbacks, strayed } = await matchTransfers(tx, ctx, blocks, now)
  const halted = await recordHalts(tx, ctx, chainId, hashes)
  const gone = await findGone(tx, ctx, chainId, numbers)
  const final = await findFinalTransfers(tx, ctx, chainId, marks)
  // Before the first row that refers to them is written, and all at once: two writers then never wait for each other.
  const touched = [...arrivals, ...sweeps, ...gone, ...final].map(({ sessionId }) => sessionId)
  await lockSessions(tx, [...new Set([...touched, ...halted])])
  await insertFallbacks(tx, fallbacks)
  await bookSweeps(tx, ctx, await insertSweepFacts(tx, sweeps, now), true, now)
  const revived = await insertTransfers(tx, arrivals, now)
  await setCoinDoubts(tx, chainId, doubtsIn(blocks, now))
  const posted = await post(tx, ctx, numbers, terms, now)

  const sessions = new Map<string, Set<bigint>>()
  const settle = (sessionId: string, number: bigint) => {
    sessions.set(sessionId, (sessions.get(sessionId) ?? new Set()).add(number))
  }
  for (const { sessionId, blockNumber } of arrivals) settle(sessionId, blockNumber)
  for (const { sessionId, number } of [...posted, ...gone]) settle(sessionId, number)
  for (const sessionId of halted) settle(sessionId, marks.head)
  if (sessions.size > 0) {
    const postedIn = new Map(posted.map(({ id, number }) => [id, number]))
    const times = new Map(blocks.map(({ header }) => [header.number, header.time]))
    const goneIn = new Map(
      [...Map.groupBy(gone, ({ number }) => number)].map(([number, lost]) => [
        number,
        new Set(lost.map(({ id }) => id)),
      ]),
    )
    await settleBlocks(tx, ctx, { chainId, postedIn, revived, sessions, times, goneIn }, now)
  }
  const assets = [...new Set(strayed.map(({ assetId }) => assetId))]
  return { strayed, unreliable: await findDoubtedAssets(tx, assets, STRAYED_MOST) }
}

/** Where coin is in doubt, seen with the first block that may have brought it. */
function doubtsIn(blocks: readonly FoundBlock[], now: Date) {
  return blocks.flatMap(({ header, inDoubt = [] }) => {
    const seenAt = header.time < now ? header.time : now
    return inDoubt.map(address => ({ address, seenAt }))
  })
}

/** The lost transfers that each of these blocks gives up: by then the chain is read again as far as makes payments final. */
async function findGone(tx: Tx, ctx: Context, chainId: number, numbers: readonly bigint[]) {
  const patience = BigInt(chainOf(ctx, chainId).chain.confirmations)
  const [first = 0n, last = 0n] = [numbers[0], numbers.at(-1)]
  const lost = await findLost(tx, chainId, first - patience, last - patience)
  return lost.map(({ id, sessionId, blockNumber }) => ({ id, sessionId, number: blockNumber + patience }))
}

/** Posts what is final with each of the blocks in turn, now that all they brought is stored; tells which block it was. */
async function post(
  tx: Tx,
  ctx: Context,
  numbers: readonly bigint[],
  { chainId, marks, held }: Terms,
  now: Date,
): Promise<{ id: string; sessionId: string; number: bigint }[]> {
  const { finality } = chainOf(ctx, chainId)
  // With one policy no payment waits for another: they are posted together, each with the block that made it final.
  if (finality.length === 1) {
    const final = await findPostable(tx, ctx, chainId, marks, held)
    await postTransfers(
      tx,
      final.map(({ id }) => id),
      now,
    )
    return final.map(payment => {
      const isFinal = (head: bigint) => payment.blockNumber <= finalUpTo(payment, { ...marks, head })
      return { id: payment.id, sessionId: payment.sessionId, number: numbers.find(isFinal) ?? marks.head }
    })
  }
  const fallback = strictest(finality)
  const posted: { id: string; sessionId: string; number: bigint }[] = []
  let pending = await findPending(tx, chainId, fallback)
  for (const number of numbers) {
    const then = { ...marks, head: number }
    if (!pending.some(payment => payment.blockNumber <= finalUpTo(payment, then))) continue
    const postable = await findPostable(tx, ctx, chainId, then, held)
    if (postable.length === 0) continue
    posted.push(...postable.map(({ id, sessionId }) => ({ id, sessionId, number })))
    await postTransfers(
      tx,
      postable.map(({ id }) => id),
      now,
    )
    pending = await findPending(tx, chainId, fallback)
  }
  return posted
}
