import { recordHealth } from '../actions/chainHealth.ts'
import { chainOf } from '../actions/findPostable.ts'
import { type BalanceClaim, findPosting } from '../actions/findPosting.ts'
import { findWatched, type Watched } from '../actions/findWatched.ts'
import { BLOCKS_KEPT, type leadChain, type WatchedChain } from '../actions/leadChain.ts'
import { recordBlocks } from '../actions/recordBlocks.ts'
import { recordMarks } from '../actions/recordMarks.ts'
import { recordReorg } from '../actions/recordReorg.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { type Finding, isNews, standstill } from '../domain/chainHealth.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import type { Marks } from '../domain/finality.ts'

type Block = Awaited<ReturnType<WatchedChain['block']>>
type Header = Block['header']
type Transfer = Block['transfers'][number]
type Time = ReturnType<Context['clock']['now']>

/** What following a chain brings. */
export type Step = ReturnType<WatchedChain['follow']> extends AsyncGenerator<infer Yielded, never> ? Yielded : never

const PROVEN_AT_ONCE = 8

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

  const reached = (next: Marks) => {
    marks = next
    if (next.finalized !== finalized.number) finalized = { number: next.finalized, since: ctx.clock.now() }
  }

  async function recordNew(blocks: readonly Block[]): Promise<void> {
    const now = ctx.clock.now()
    const next = [...headers, ...blocks.map(block => block.header)].slice(-BLOCKS_KEPT)
    const tip = tipOf(next)
    const nextMarks = await node.marks(next)
    const closedToo = closedAskedAt === null || now.getTime() - closedAskedAt.getTime() >= CLOSED_EVERY_MS
    const watched = await findWatched(ctx, chainId, { ...namedIn(blocks), closedToo })
    const proven = await provenBlocks(node, blocks, watched.ours)
    const coins = await arrivalsOf(ctx, chainId, node, proven, watched.coins)
    const found = proven.map(({ header, transfers, coinSweeps }) => {
      return { header, transfers: [...transfers, ...(coins.get(header.hash) ?? []), ...coinSweeps] }
    })
    const transfers = found.flatMap(block => block.transfers)
    const held = await checkBalances(ctx, chainId, node, { marks: nextMarks, tip, found: transfers })
    const { strayed } = await recordBlocks(ctx, lead, found, nextMarks, held)
    // Money that went from a deposit address to a stranger was never there, or can be taken back by whoever made the coin.
    await tell(ctx, chainId, strayed.map(unreliable))
    headers = next
    reached(nextMarks)
    seenAt = now
    if (closedToo) closedAskedAt = now
  }

  async function recordIdle(): Promise<void> {
    const tip = tipOf(headers)
    const nextMarks = await node.marks(headers)
    if (isSame(marks, nextMarks)) return
    const held = await checkBalances(ctx, chainId, node, { marks: nextMarks, tip, found: [] })
    await recordMarks(ctx, lead, tip, nextMarks, held)
    reached(nextMarks)
  }

  async function recordLoss(ancestor: Header): Promise<void> {
    if (finalized.number !== null && ancestor.number < finalized.number) throw tooDeep(ancestor, finalized.number)
    await recordReorg(ctx, lead, tipOf(headers).hash, ancestor)
    headers = headers.filter(header => header.number <= ancestor.number)
    marks = null
  }

  return async step => {
    if (step.kind === 'blocks') await recordNew(step.blocks)
    else if (step.kind === 'reorg') await recordLoss(step.ancestor)
    else await recordIdle()
    const { time: blockTime } = tipOf(headers)
    const finalizedAt = config.finality.some(({ wait }) => typeof wait !== 'number') ? finalized.since : null
    const stands = standstill(config.blockTimeMs, { now: ctx.clock.now(), blockTime, seenAt, finalizedAt })
    await tell(ctx, chainId, [
      wrong('wrong_chain', false),
      wrong('providers_missing', false),
      wrong('quorum_missing', isQuorumMissing(config, node)),
      wrong('halted', step.kind === 'idle' && stands.halted),
      wrong('finality_stalled', stands.finality_stalled),
    ])
  }
}

/** Records what was found of the chain where it is news. */
export async function tell(ctx: Context, chainId: number, findings: readonly Finding[]): Promise<void> {
  const health = ctx.health.now()
  const news = findings.filter(finding => isNews(finding, chainId, health))
  if (news.length > 0) await recordHealth(ctx, chainId, news)
}

/** A finding about the chain itself. */
export function wrong(reason: Extract<Finding, { assetId: null }>['reason'], isWrong: boolean): Finding {
  return { assetId: null, reason, isWrong }
}

function unreliable(assetId: string): Finding {
  return { assetId, reason: 'asset_unreliable', isWrong: true }
}

/** The addresses that blocks name, and those of them whose coin they may have moved. */
function namedIn(blocks: readonly Block[]) {
  const bothEnds = ({ from, to }: Transfer) => (from === null ? [to] : [from, to])
  return {
    named: blocks.flatMap(({ transfers }) => transfers.flatMap(bothEnds)),
    namedForCoin: blocks.flatMap(({ coinPayments, coinSweeps }) => [
      ...coinPayments.map(({ to }) => to),
      ...coinSweeps.flatMap(bothEnds),
    ]),
  }
}

/** The blocks with what they tell of `ours` proven, where it can be. */
async function provenBlocks(node: WatchedChain, blocks: readonly Block[], ours: Watched['ours']): Promise<Block[]> {
  const proven: Block[] = []
  for (let start = 0; start < blocks.length; start += PROVEN_AT_ONCE) {
    const batch = blocks.slice(start, start + PROVEN_AT_ONCE)
    proven.push(...(await Promise.all(batch.map(block => node.proven(block, ours)))))
  }
  return proven
}

/** The coin that arrived at watched addresses, by the hash of its block. */
async function arrivalsOf(
  ctx: Context,
  chainId: number,
  node: WatchedChain,
  blocks: readonly Block[],
  coins: Watched['coins'],
): Promise<Map<string, Transfer[]>> {
  const { arrivals, missing } = await node.coinArrivals(blocks, coins)
  if (missing.length > 0) {
    ctx.log.error({ chainId, addresses: missing }, 'Less coin lies at these addresses than arrived and was not swept')
    await tell(ctx, chainId, [{ assetId: assetId(chainId, NATIVE), reason: 'coin_missing', isWrong: true }])
  }
  return arrivals
}

/**
 * Compares what is about to be posted with what the chain holds. A token that holds less than its logs say, by the word of as many
 * providers as must agree, is told as unreliable. Returns the assets that are not to be posted now.
 */
async function checkBalances(
  ctx: Context,
  chainId: number,
  node: WatchedChain,
  { marks, tip, found }: { marks: Marks; tip: Header; found: readonly Transfer[] },
): Promise<ReadonlySet<string>> {
  const claims = await findPosting(ctx, chainId, marks, found)
  // Where the nodes keep the state of that block no more, the logs alone must do.
  const balances = claims.length === 0 ? null : await node.balances(claims, tip)
  const differing = claims.flatMap((claim, index) => {
    const balanceRaw = balances?.[index] ?? null
    return balanceRaw === null || balanceRaw === claim.amountRaw ? [] : { ...claim, balanceRaw }
  })
  for (const { assetId, address, amountRaw, balanceRaw } of differing) {
    const seen = { chainId, assetId, address, block: `${tip.number}`, balance: `${balanceRaw}`, facts: `${amountRaw}` }
    ctx.log.warn(seen, 'What lies at this address is not what its logs told')
  }
  const short = differing.filter(({ amountRaw, balanceRaw }) => balanceRaw < amountRaw)
  const vouched = await vouchedBalances(node, short, tip)
  const lying = short.filter(({ amountRaw }, index) => (vouched?.[index] ?? amountRaw) < amountRaw)
  await tell(
    ctx,
    chainId,
    lying.map(({ assetId }) => unreliable(assetId)),
  )
  return new Set([
    ...ctx.health.now().assets.keys(),
    ...(vouched === null ? short : lying).map(({ assetId }) => assetId),
  ])
}

/** Null where enough providers cannot be asked now: then nobody is blamed, and what is in doubt waits. */
async function vouchedBalances(node: WatchedChain, wanted: readonly BalanceClaim[], tip: Header) {
  if (wanted.length === 0) return []
  try {
    return await node.vouchedBalances(wanted, tip)
  } catch (error) {
    if (error instanceof UpstreamError) return null
    throw error
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
