import type { Context } from '../context.ts'
import type { Currency } from '../domain/currency.ts'
import type { GasMarket } from '../domain/gasFees.ts'
import type { Rate } from '../domain/rate.ts'
import type { Sweep } from '../domain/sweep.ts'
import { callOf, type Held, planByPolicy } from '../domain/sweepPlan.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { asWorker } from '../store/database.ts'
import { findUnderWay, type HeldDeposit } from '../store/heldDeposits.ts'
import { insertSweep, lockPlanning } from '../store/sweeps.ts'
import { valueHeld } from './findSweepable.ts'

/** Plans what the policies of its organizations sweep of `held`, less what somebody has planned since; returns how many sweeps. */
export async function planSweeps(
  ctx: Context,
  chainId: number,
  held: readonly HeldDeposit[],
  market: GasMarket,
  rates: ReadonlyMap<Currency, Rate>,
): Promise<number> {
  return await asWorker(ctx.db, async tx => {
    await lockPlanning(tx, chainId)
    const underWay = await findUnderWay(tx, held)
    const free = held.filter(({ address, assetId }) => !underWay.has(`${address} ${assetId}`))
    const byOrganization = Map.groupBy(valueHeld(ctx, free, rates), ({ organizationId }) => organizationId)
    const groups = [...byOrganization.values()].flatMap(deposits => {
      const [first] = deposits
      return first === undefined ? [] : planByPolicy(deposits, first, market)
    })
    for (const group of groups) await insertSweep(tx, newSweep(ctx, chainId, group, true))
    return groups.length
  })
}

/** A sweep of a group, as `groupHeld` gives it, that is planned now. */
export function newSweep(ctx: Context, chainId: number, group: readonly Held[], isOurs: boolean): Sweep {
  const now = ctx.clock.now()
  const [first] = group
  return {
    organizationId: first?.organizationId ?? '',
    id: uuidv7(now, ctx.random(10)),
    createdAt: now,
    updatedAt: now,
    chainId,
    status: 'planned',
    isOurs,
    failure: null,
    call: callOf(group),
    txHash: null,
    deposits: group.map(({ sessionId, assetId, address, amountRaw }) => ({ sessionId, assetId, address, amountRaw })),
  }
}
