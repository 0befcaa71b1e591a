import { LeadLostError } from '../../src/actions/leadChain.ts'
import { UpstreamError } from '../../src/domain/errors.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { CrashError } from './crashes.ts'
import type { Chain, World } from './world.ts'

/** A process that reads a chain, step by step as the simulation tells it. */
export type Watcher = {
  reading: ReturnType<typeof readChain> | null
  ended: AbortController | null
  /** It said that only a person can help. */
  isStopped: boolean
  /** What it last failed of. */
  error: string | null
}

/** What one step of a watcher came to. */
export type Watched = 'idle' | 'blocks' | 'reorg' | 'failed' | 'crashed' | 'deposed' | 'stopped'

/** Makes one step of `watcher`, which is the chain's own unless told; what it must not throw, it throws. */
export async function watchStep(world: World, chain: Chain, watcher: Watcher = chain.watcher): Promise<Watched> {
  if (watcher.isStopped) return 'stopped'
  const node = world.ctx.nodes.get(chain.id)
  if (node === undefined) throw new Error(`chain ${chain.id} has nodes`)
  // No two transactions are of the same moment.
  world.clock.advance(1)
  watcher.ended ??= new AbortController()
  watcher.reading ??= readChain(world.ctx, chain.id, node, watcher.ended.signal)
  try {
    const { value } = await watcher.reading.next()
    return value?.kind ?? 'idle'
  } catch (error) {
    endWatcher(watcher)
    if (error instanceof CrashError) return 'crashed'
    if (error instanceof LeadLostError) return 'deposed'
    if (!(error instanceof UpstreamError)) throw error
    watcher.error = error.message
    watcher.isStopped = !error.retryable
    return error.retryable ? 'failed' : 'stopped'
  }
}

/** Reads on until there is nothing new, or at most `steps`. */
export async function watchOn(world: World, chain: Chain, steps: number): Promise<Watched> {
  let last: Watched = 'idle'
  for (let step = 0; step < steps; step++) {
    last = await watchStep(world, chain)
    await world.check()
    if (last !== 'blocks' && last !== 'reorg') return last
  }
  return last
}

/** The process is gone without a word. */
export function endWatcher(watcher: Watcher): void {
  watcher.ended?.abort()
  watcher.reading = null
  watcher.ended = null
}
