import { setTimeout as sleep } from 'node:timers/promises'
import { findDeposits } from '../actions/findDeposits.ts'
import {
  BLOCKS_KEPT,
  type Lead,
  LeadLostError,
  leadChain,
  takeChainLock,
  type WatchedChain,
} from '../actions/leadChain.ts'
import { recordBlocks } from '../actions/recordBlocks.ts'
import { recordReorg } from '../actions/recordReorg.ts'
import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'

type Header = Awaited<ReturnType<WatchedChain['head']>>
type Block = Awaited<ReturnType<WatchedChain['block']>>
type Step = ReturnType<WatchedChain['follow']> extends AsyncGenerator<infer Yielded, never> ? Yielded : never

/** `onRecorded` is called with each block once it is committed. */
export type WatchOptions = { onRecorded?: (header: Header) => void }

const FIRST_BLOCKS = 32n
const STANDBY_MS = 1_000
const BACKOFF_MAX_MS = 10_000

/**
 * Reads a chain block by block and records it, until `signal` aborts; of many processes one does so at a time, the others wait
 * for its place. What fails is logged and tried again. Ends early, and says so, when only a person can help: the node serves
 * another chain, or a reorg is deeper than is followed.
 */
export async function watchChain(
  ctx: Context,
  { chain, pollMs }: ChainConfig,
  node: WatchedChain,
  signal: AbortSignal,
  options: WatchOptions = {},
): Promise<void> {
  const log = ctx.log.child({ chainId: chain.id })
  let failures = 0
  const onStep = () => {
    failures = 0
  }
  while (!signal.aborted) {
    try {
      await leadAndFollow(ctx, chain.id, pollMs, node, signal, onStep, options)
      await pause(STANDBY_MS, signal)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof UpstreamError && !error.retryable) {
        log.fatal({ err: error }, 'This chain is no longer watched: a person must decide')
        return
      }
      if (error instanceof LeadLostError) log.warn({ err: error }, 'Another process leads this chain now')
      else log.error({ err: error }, 'Watching this chain failed; tried again')
      failures += 1
      await pause(Math.min(BACKOFF_MAX_MS, pollMs * 2 ** Math.min(failures, 16)), signal)
    }
  }
}

/** Follows the chain while the lead lasts; returns at once while another process has it. */
async function leadAndFollow(
  ctx: Context,
  chainId: number,
  pollMs: number,
  node: WatchedChain,
  signal: AbortSignal,
  onStep: () => void,
  { onRecorded }: WatchOptions,
): Promise<void> {
  const lock = await takeChainLock(ctx, chainId)
  if (lock === null) return
  try {
    const ended = AbortSignal.any([signal, lock.lost])
    for await (const step of readChain(ctx, chainId, node, ended)) {
      onStep()
      if (step.kind === 'idle') await node.nextHead(pollMs, ended)
      if (step.kind === 'blocks') for (const { header } of step.blocks) onRecorded?.(header)
    }
  } finally {
    await lock.release()
  }
}

/** Takes the lead of a chain and reads it on until `ended` aborts: each step is yielded once it is recorded. */
export async function* readChain(
  ctx: Context,
  chainId: number,
  node: WatchedChain,
  ended: AbortSignal,
): AsyncGenerator<Step, undefined> {
  await node.check()
  const { lead, known } = await leadChain(ctx, chainId, () => firstBlock(node))
  let headers = known
  for await (const step of node.follow(known)) {
    if (ended.aborted) return
    if (step.kind === 'blocks') {
      headers = [...headers, ...step.blocks.map(block => block.header)].slice(-BLOCKS_KEPT)
      await record(ctx, lead, node, step.blocks, await node.marks(headers))
    } else if (step.kind === 'reorg') {
      const tip = headers.at(-1)
      invariant(tip, 'a chain that is followed has a tip')
      const { ancestor } = step
      await recordReorg(ctx, lead, tip.hash, ancestor)
      headers = headers.filter(header => header.number <= ancestor.number)
    }
    yield step
  }
}

async function record(
  ctx: Context,
  lead: Lead,
  node: WatchedChain,
  blocks: readonly Block[],
  marks: Parameters<typeof recordBlocks>[3],
): Promise<void> {
  const paid = await findDeposits(
    ctx,
    blocks.flatMap(block => block.coinPayments.map(payment => payment.to)),
  )
  const { arrivals } = await node.coinArrivals(blocks, new Map([...paid].map(address => [address, 0n])))
  const found = blocks.map(({ header, transfers, coinSweeps }) => {
    return { header, transfers: [...transfers, ...(arrivals.get(header.hash) ?? []), ...coinSweeps] }
  })
  await recordBlocks(ctx, lead, found, marks)
}

/** Where a chain that was never read begins: a little before its head. */
async function firstBlock(node: WatchedChain): Promise<Header> {
  const { number } = await node.head()
  return await node.header(number > FIRST_BLOCKS ? number - FIRST_BLOCKS : 0n)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
