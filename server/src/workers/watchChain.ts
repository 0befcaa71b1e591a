import { setTimeout as sleep } from 'node:timers/promises'
import { LeadLostError, leadChain, takeChainLock, type WatchedChain } from '../actions/leadChain.ts'
import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { hasProblem } from '../domain/chainHealth.ts'
import { UpstreamError } from '../domain/errors.ts'
import { type Step, stepRecorder } from './recordSteps.ts'
import { tell, wrong } from './tellHealth.ts'

type Header = Awaited<ReturnType<WatchedChain['head']>>

/** `onRecorded` is called with each block once it is committed. */
export type WatchOptions = { onRecorded?: (header: Header) => void }

const FIRST_BLOCKS = 32n
const STANDBY_MS = 1_000
const BACKOFF_MAX_MS = 10_000

/** For how long nodes may fail before the chain is off. */
const SILENCE_MAX_MS = 60_000

/**
 * Reads a chain block by block and records it, until `signal` aborts; of many processes one does so at a time, the others wait
 * for its place. What fails is logged and tried again, and what that says of the chain is told as its health. After a reorg that
 * is deeper than may be followed the chain is left as it is until a person resumes it.
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
  let servedAt = ctx.clock.now()
  const onStep = () => {
    failures = 0
    servedAt = ctx.clock.now()
  }
  while (!signal.aborted) {
    if (hasProblem(ctx.health.now(), chain.id, 'halted_deep_reorg')) {
      await pause(STANDBY_MS, signal)
      continue
    }
    try {
      await leadAndFollow(ctx, chain.id, pollMs, node, signal, onStep, options)
      servedAt = ctx.clock.now()
      await pause(STANDBY_MS, signal)
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      if (error instanceof LeadLostError) log.warn({ err: error }, 'Another process leads this chain now')
      else if (isFatal(error)) log.fatal({ err: error }, 'This chain is not read: a person must decide')
      else log.error({ err: error }, 'Watching this chain failed; tried again')
      const silentMs = ctx.clock.now().getTime() - servedAt.getTime()
      await tellFailure(ctx, chain.id, error, silentMs)
      await pause(Math.min(BACKOFF_MAX_MS, pollMs * 2 ** Math.min(failures, 16)), signal)
    }
  }
}

function isFatal(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && !error.retryable
}

/** Tells what a failure says of the chain, which its nodes have not served for `silentMs`. */
async function tellFailure(ctx: Context, chainId: number, error: unknown, silentMs: number): Promise<void> {
  if (!(error instanceof UpstreamError)) return
  const findings = [
    ...(isFatal(error) ? [wrong(error.code === 'wrong_chain' ? 'wrong_chain' : 'halted_deep_reorg', true)] : []),
    ...(silentMs >= SILENCE_MAX_MS ? [wrong('providers_missing', true)] : []),
  ]
  await tell(ctx, chainId, findings).catch(cause =>
    ctx.log.error({ err: cause, chainId }, 'The chain’s health was not told'),
  )
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
  const start = await leadChain(ctx, chainId, () => firstBlock(node))
  const record = stepRecorder(ctx, chainId, node, start)
  for await (const step of node.follow(start.known)) {
    if (ended.aborted) return
    await record(step)
    yield step
  }
}

/** Where a chain that was never read begins: a little before its head. */
async function firstBlock(node: WatchedChain): Promise<Header> {
  const { number } = await node.head()
  return await node.header(number > FIRST_BLOCKS ? number - FIRST_BLOCKS : 0n)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
