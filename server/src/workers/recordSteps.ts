import { chainOf } from '../actions/chainOf.ts'
import { BLOCKS_KEPT, type leadChain, type WatchedChain } from '../actions/leadChain.ts'
import { recordBlocks } from '../actions/recordBlocks.ts'
import { recordMarks } from '../actions/recordMarks.ts'
import { recordReorg } from '../actions/recordReorg.ts'
import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { hasProblem, standstill, tellQuorum } from '../domain/chainHealth.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import { finalUpTo, type Marks, strictest } from '../domain/finality.ts'
import { checkBalances } from './checkBalances.ts'
import { checkReplaced } from './checkReplaced.ts'
import { findArrivals } from './findArrivals.ts'
import { tell, unreliable, wrong } from './tellHealth.ts'

type Block = Awaited<ReturnType<WatchedChain['block']>>
type Header = Block['header']
type Time = ReturnType<Context['clock']['now']>

/** What following a chain brings. */
export type Step = ReturnType<WatchedChain['follow']> extends AsyncGenerator<infer Yielded, never> ? Yielded : never

/** Closed sessions are asked for coin this often; those that a block names, at once. */
const CLOSED_EVERY_MS = 10 * 60_000

/**
 * What records the steps of one lead, in their order. A reorg that goes below what the nodes had told as finalized is an
 * `UpstreamError` that no retry helps, and changes nothing.
 */
export function stepRecorder(
  ctx: Context,
  chainId: number,
  node: WatchedChain,
  start: Awaited<ReturnType<typeof leadChain>>,
): (step: Step) => Promise<void> {
  const config = chainOf(ctx, chainId)
  const { lead } = start
  let { known: headers, finalized } = start
  let marks: Marks | null = null
  let seenAt: Time | null = null
  let closedAskedAt: Time | null = null
  let quorumOtherwiseSince: Time | null = null
  // What an earlier leader saw lost counts too.
  let mayBeReplaced = true
  let undoubted = -1n

  const reached = (next: Marks) => {
    marks = next
    const { finalized: number } = next
    if (number === null || number <= (finalized.number ?? -1n)) return
    finalized = { number, since: ctx.clock.now() }
  }

  /** Once for each block that becomes final beyond doubt, while payments are lost that it may have decided; before they are given up. */
  async function lookForReplaced(next: readonly Header[], nextMarks: Marks): Promise<void> {
    const number = finalUpTo(strictest(config.finality), nextMarks)
    const final = next.find(header => header.number === number)
    if (!mayBeReplaced || final === undefined || number <= undoubted) return
    mayBeReplaced = await checkReplaced(ctx, chainId, node, final)
    undoubted = number
  }

  async function recordNew(blocks: readonly Block[]): Promise<void> {
    const now = ctx.clock.now()
    const next = [...headers, ...blocks.map(block => block.header)].slice(-BLOCKS_KEPT)
    const tip = tipOf(next)
    const closedToo = closedAskedAt === null || now.getTime() - closedAskedAt.getTime() >= CLOSED_EVERY_MS
    const found = await findArrivals(ctx, lead, node, blocks, closedToo)
    // Only now: who is caught lying when a block is proven vouches for nothing in it.
    const nextMarks = await node.marks(next)
    const transfers = found.flatMap(block => block.transfers)
    const held = await checkBalances(ctx, lead, node, { marks: nextMarks, tip, found: transfers })
    await lookForReplaced(next, nextMarks)
    const { strayed, unreliable: assets } = await recordBlocks(ctx, lead, found, nextMarks, held)
    // It was never there, or whoever made the coin can take it back: from this address, and where it is so from several, from all.
    for (const one of strayed) ctx.log.error({ chainId, ...one }, 'Money went from this deposit address to a stranger')
    await tell(ctx, chainId, assets.map(unreliable))
    headers = next
    reached(nextMarks)
    seenAt = now
    if (closedToo) closedAskedAt = now
  }

  async function recordIdle(): Promise<void> {
    const tip = tipOf(headers)
    const nextMarks = await node.marks(headers)
    if (isSame(marks, nextMarks)) return
    const held = await checkBalances(ctx, lead, node, { marks: nextMarks, tip, found: [] })
    await lookForReplaced(headers, nextMarks)
    await recordMarks(ctx, lead, tip, nextMarks, held)
    reached(nextMarks)
  }

  async function recordLoss(ancestor: Header): Promise<void> {
    if (finalized.number !== null && ancestor.number < finalized.number) throw tooDeep(ancestor, finalized.number)
    await recordReorg(ctx, lead, tipOf(headers).hash, ancestor)
    headers = headers.filter(header => header.number <= ancestor.number)
    marks = null
    mayBeReplaced = true
    undoubted = -1n
  }

  /** From what was told last, by whatever leader. */
  function isQuorumToldMissing(now: Time): boolean {
    const isMissing = hasProblem(ctx.health.now(), chainId, 'quorum_missing')
    const told = tellQuorum({ isMissing, otherwiseSince: quorumOtherwiseSince }, isQuorumMissing(config, node), now)
    quorumOtherwiseSince = told.otherwiseSince
    return told.isMissing
  }

  return async step => {
    if (step.kind === 'blocks') await recordNew(step.blocks)
    else if (step.kind === 'reorg') await recordLoss(step.ancestor)
    else await recordIdle()
    const { time: blockTime } = tipOf(headers)
    const finalizedAt = config.finality.some(({ wait }) => typeof wait !== 'number') ? finalized.since : null
    const now = ctx.clock.now()
    const stands = standstill(config.blockTimeMs, { now, blockTime, seenAt, finalizedAt })
    await tell(ctx, chainId, [
      wrong('wrong_chain', false),
      wrong('providers_missing', false),
      wrong('quorum_missing', isQuorumToldMissing(now)),
      wrong('halted', step.kind === 'idle' && stands.halted),
      wrong('finality_stalled', stands.finality_stalled),
    ])
  }
}

/** Whether so few providers answer that no payment can be final: not one of the operator's own, and fewer than the quorum. */
function isQuorumMissing({ providers, quorum }: ChainConfig, node: WatchedChain): boolean {
  const well = new Set(node.providers().flatMap(({ name, problem }) => (problem === null ? name : [])))
  return well.size < quorum && !providers.some(({ name, isOwn }) => isOwn && well.has(name))
}

function isSame(before: Marks | null, after: Marks): boolean {
  if (before === null) return false
  const keys = ['head', 'safe', 'finalized', 'agreed', 'agreedByAll'] as const
  return keys.every(key => before[key] === after[key])
}

function tipOf(headers: readonly Header[]): Header {
  const tip = headers.at(-1)
  invariant(tip, 'a chain that is followed has a tip')
  return tip
}

function tooDeep(ancestor: Header, finalized: bigint): UpstreamError {
  return new UpstreamError(
    `The nodes have given up the blocks after ${ancestor.number}, and had told that those up to ${finalized} are finalized. ` +
      'Nothing was changed; a person must decide.',
    { retryable: false },
  )
}
