import { setTimeout as sleep } from 'node:timers/promises'
import { recheckAddresses as recheck } from '../actions/recheckAddresses.ts'
import type { Context } from '../context.ts'

const EVERY_MS = 3_600_000
const BATCH = 200

/** Checks old addresses, each about monthly, until `signal` aborts; failures are logged and the work goes on. Any number may run. */
export async function recheckAddresses(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      while ((await recheck(ctx, BATCH)) === BATCH && !signal.aborted);
    } catch (error) {
      ctx.log.error({ err: error }, 'Old addresses could not be checked; tried again in an hour')
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
