import { setTimeout as sleep } from 'node:timers/promises'
import { followRefunds as follow } from '../actions/followRefunds.ts'
import type { Context } from '../context.ts'

const EVERY_MS = 10_000

/** Follows submitted refunds on their chains until `signal` aborts; failures are logged and the work goes on. Any number may run. */
export async function followRefunds(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await follow(ctx, signal)
    } catch (error) {
      ctx.log.error({ err: error }, 'Refunds could not be followed; tried again in ten seconds')
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
