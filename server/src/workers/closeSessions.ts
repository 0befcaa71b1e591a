import { setTimeout as sleep } from 'node:timers/promises'
import { closeDueSessions } from '../actions/closeDueSessions.ts'
import type { Context } from '../context.ts'

const EVERY_MS = 1_000
const BATCH = 500

/** Closes sessions soon after their deadline until `signal` aborts; failures are logged and the work goes on. Any number may run. */
export async function closeSessions(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      while ((await closeDueSessions(ctx, BATCH)) === BATCH && !signal.aborted);
    } catch (error) {
      ctx.log.error({ err: error }, 'Sessions could not be closed; tried again in a second')
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
