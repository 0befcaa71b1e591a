import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { sweepView } from '../domain/sweep.ts'
import { groupHeld } from '../domain/sweepPlan.ts'
import { findHeld } from '../store/heldDeposits.ts'
import { insertSweep, lockPlanning } from '../store/sweeps.ts'
import type { Caller } from './caller.ts'
import { finalNumber } from './finalNumber.ts'
import { valueHeld } from './findSweepable.ts'
import { noteAudit } from './noteAudit.ts'
import { newSweep } from './planSweeps.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** What a caller wants to be swept: all that is final on a chain, or only these assets or the addresses of these sessions. */
export type AskedSweep = { chainId: number; assetIds?: string[]; checkoutSessionIds?: string[] }

const LIMIT = 10_000

/**
 * Plans one sweep: of what is asked for, as many deposits as fit into one call. The gas key sends it; without one the answer's `call` is
 * for the caller's own wallet. Throws `network_unsupported`, and `nothing_to_sweep` where nothing final lies there that is not
 * under way.
 */
export async function createSweep(
  ctx: Context,
  caller: Caller,
  asked: AskedSweep,
  once: OnceKey | null,
): Promise<Answered> {
  const { chainId, assetIds, checkoutSessionIds: sessionIds } = asked
  if (!ctx.chains.has(chainId)) {
    throw new AppError('network_unsupported', `Chain ${chainId} is not served here.`, { param: 'chainId' })
  }
  return await writeOnce(ctx, caller, once, async tx => {
    await lockPlanning(tx, chainId)
    const held = await findHeld(tx, {
      chainId,
      finalNumber: await finalNumber(tx, ctx, chainId),
      limit: LIMIT,
      ...(assetIds !== undefined && { assetIds }),
      ...(sessionIds !== undefined && { sessionIds }),
    })
    const [largest] = groupHeld(valueHeld(ctx, held, new Map())).sort((left, right) => right.length - left.length)
    if (largest === undefined) {
      throw new AppError(
        'nothing_to_sweep',
        'Nothing final lies there that is not on its way already: payments can be swept once they are final.',
      )
    }
    const sweep = newSweep(ctx, chainId, largest, ctx.gas.has(chainId))
    await insertSweep(tx, sweep)
    const detail = { chainId, deposits: largest.length }
    await noteAudit(tx, ctx, caller, { action: 'sweep.created', objectId: sweep.id, detail })
    return { body: JSON.stringify(sweepView(sweep)) }
  })
}
