import type { Context } from '../context.ts'
import { chainsWaiting as findChainsWaiting } from '../store/cursors.ts'
import { asWorker } from '../store/database.ts'

/** The chains on which a payment or a deadline waits for a block: where blocks are made on demand, one is due. */
export function chainsWaiting(ctx: Context): Promise<number[]> {
  return asWorker(ctx.db, tx => findChainsWaiting(tx, ctx.clock.now()))
}
