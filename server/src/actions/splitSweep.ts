import type { Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import type { Sweep, SweepDeposit, SweepFailure } from '../domain/sweep.ts'
import { callOf, groupHeld, type Held } from '../domain/sweepPlan.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { loadRoutes } from '../store/heldDeposits.ts'
import { insertSweep, lockSweep, moveDeposits, saveSweep } from '../store/sweeps.ts'
import { newSweep } from './planSweeps.ts'
import { failApart, failSweep } from './settleSweeps.ts'

/** A deposit that cannot be moved, and why. */
export type RefusedDeposit = { deposit: SweepDeposit; failure: SweepFailure }

/**
 * Takes what cannot be moved out of a planned sweep, into one that failed for each reason; the rest stays planned, as one sweep or
 * as several where it no longer fits into one call. Changes nothing when the sweep is no longer planned.
 */
export async function splitSweep(ctx: Context, sweep: Sweep, refused: readonly RefusedDeposit[]): Promise<void> {
  await asWorker(ctx.db, async tx => {
    if ((await lockSweep(tx, sweep.id)) !== 'planned') return
    const now = ctx.clock.now()
    const rest = sweep.deposits.filter(deposit => !refused.some(one => one.deposit === deposit))
    const reasons = [...Map.groupBy(refused, ({ failure }) => failure)]
    // Where nothing is left, the sweep itself is the last one that failed.
    const own = rest.length === 0 ? reasons.pop() : undefined
    for (const [failure, ones] of reasons) {
      const deposits = ones.map(({ deposit }) => deposit)
      await failApart(tx, ctx, sweep, deposits, failure, null, now)
    }
    if (own === undefined) return await regroup(tx, ctx, sweep, rest, now)
    const [failure, ones] = own
    await failSweep(tx, ctx, { ...sweep, deposits: ones.map(({ deposit }) => deposit) }, failure, now)
  })
}

async function regroup(tx: Tx, ctx: Context, sweep: Sweep, rest: readonly SweepDeposit[], now: Date): Promise<void> {
  const routes = await loadRoutes(
    tx,
    rest.map(({ address }) => address),
  )
  const held = rest.map((deposit): Held => {
    const [asset, route] = [ctx.known.assets.get(deposit.assetId), routes.get(deposit.address)]
    invariant(asset && route, 'a deposit has its asset and its payouts')
    return { ...deposit, ...route, organizationId: sweep.organizationId, asset, valueUsd: null }
  })
  const [first, ...others] = groupHeld(held)
  invariant(first, 'something is left')
  for (const group of others) {
    const other = newSweep(ctx, sweep.chainId, group, sweep.isOurs)
    await insertSweep(tx, other, { withDeposits: false })
    await moveDeposits(tx, sweep.id, other.id, group)
  }
  await saveSweep(tx, { ...sweep, call: callOf(first), updatedAt: now }, 'planned')
}
