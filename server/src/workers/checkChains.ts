import { setTimeout as sleep } from 'node:timers/promises'
import { checkChain } from '../actions/checkChain.ts'
import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { invariant } from '../domain/errors.ts'

const EVERY_MS = 60 * 60_000
const RETRY_MS = 30_000

/** Checks every chain at once and then hourly, each by itself, until `signal` aborts; what fails is logged and tried again sooner. */
export async function checkChains(ctx: Context, signal: AbortSignal): Promise<void> {
  await Promise.all([...ctx.chains.values()].map(config => checkOften(ctx, config, signal)))
}

async function checkOften(ctx: Context, config: ChainConfig, signal: AbortSignal): Promise<void> {
  const node = ctx.nodes.get(config.chain.id)
  invariant(node, 'every chain that is served has its nodes')
  while (!signal.aborted) {
    let pauseMs = EVERY_MS
    try {
      await checkChain(ctx, config, node)
    } catch (error) {
      if (signal.aborted) return
      ctx.log.warn({ err: error, chainId: config.chain.id }, 'A chain could not be checked; tried again')
      pauseMs = RETRY_MS
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
