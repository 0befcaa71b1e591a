import type { Context } from '../context.ts'
import { asWorker } from '../store/database.ts'
import { countSent as count } from '../store/sweeps.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** How many sweeps the gas account has sent on the chain in the last `days`, and of how many deposits. */
export async function countSent(
  ctx: Context,
  chainId: number,
  days: number,
): Promise<{ sweeps: number; deposits: number }> {
  const since = new Date(ctx.clock.now().getTime() - days * DAY_MS)
  return await asWorker(ctx.db, tx => count(tx, chainId, since))
}
