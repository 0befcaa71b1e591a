import type { Context } from '../context.ts'
import type { Currency } from '../domain/currency.ts'
import { invariant } from '../domain/errors.ts'
import type { GasMarket } from '../domain/gasFees.ts'
import type { Rate } from '../domain/rate.ts'
import { dollarValue, type Held, paysOn } from '../domain/sweepPlan.ts'
import { asWorker } from '../store/database.ts'
import { findHeld, type HeldDeposit } from '../store/heldDeposits.ts'
import { currentRates } from './currentRates.ts'
import { finalNumber } from './finalNumber.ts'

/** The most deposits that are planned at once; the others follow. */
const LIMIT = 2_000
const COIN = 10n ** 18n

/**
 * The final money on the chain that its organizations' policies may sweep: all of it, or at addresses that were paid in `fromBlock`
 * or later; and the newest block that is beyond doubt.
 */
export async function findSweepable(
  ctx: Context,
  chainId: number,
  fromBlock: bigint | null,
): Promise<{ held: HeldDeposit[]; finalNumber: bigint }> {
  const now = ctx.clock.now()
  const dayStart = new Date(now)
  dayStart.setUTCHours(0, 0, 0, 0)
  return await asWorker(ctx.db, async tx => {
    const final = await finalNumber(tx, ctx, chainId)
    const held = await findHeld(tx, {
      chainId,
      finalNumber: final,
      limit: LIMIT,
      byPolicy: { now, dayStart },
      ...(fromBlock !== null && { fromBlock }),
    })
    return { held, finalNumber: final }
  })
}

/** The rates of the chain's coin and of `assetIds` that are known now. Talks to the network: never inside a transaction. */
export async function sweepRates(
  ctx: Context,
  chainId: number,
  assetIds: Iterable<string>,
): Promise<ReadonlyMap<Currency, Rate>> {
  const coin = ctx.chains.get(chainId)?.chain.currency
  invariant(coin, 'the chain is served')
  const currencies = [...new Set(assetIds)].flatMap(id => ctx.known.assets.get(id)?.currency ?? [])
  return await currentRates(ctx, [...new Set([coin, ...currencies])])
}

/** What gas costs on the chain, in dollars too where its coin has a rate. Talks to the network. */
export async function readMarket(
  ctx: Context,
  chainId: number,
  rates: ReadonlyMap<Currency, Rate>,
): Promise<GasMarket> {
  const gas = ctx.gas.get(chainId)
  const chain = ctx.chains.get(chainId)?.chain
  invariant(gas && chain, 'the chain has a gas account')
  return { ...(await gas.market()), coinUsd: dollarValue({ currency: chain.currency, decimals: 18 }, COIN, rates) }
}

/** Deposits with their assets and what they are worth; those that the factory would pay nobody for are left out. */
export function valueHeld(
  ctx: Context,
  held: readonly HeldDeposit[],
  rates: ReadonlyMap<Currency, Rate>,
): (Held & HeldDeposit)[] {
  return held.flatMap(deposit => {
    const asset = ctx.known.assets.get(deposit.assetId)
    if (asset === undefined || !paysOn(deposit.payouts, asset.chainId)) return []
    return { ...deposit, asset, valueUsd: dollarValue(asset, deposit.amountRaw, rates) }
  })
}
