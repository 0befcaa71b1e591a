import type { Asset } from './asset.ts'
import { type Currency, dollarsOf } from './currency.ts'
import type { Payout } from './depositAddress.ts'
import { invariant } from './errors.ts'
import { type GasMarket, gasCost, isSpike } from './gasFees.ts'
import type { Hex } from './hex.ts'
import { fromRawFloor } from './money.ts'
import { ONE_USD, type Rate, rateKey } from './rate.ts'
import type { SweepDeposit } from './sweep.ts'
import { type Call, sweepCall } from './sweepCall.ts'

/** When an organization's money is swept: by hand, at once, when worth enough, or once a day. */
export type SweepPolicy = 'manual' | 'now' | 'worth' | 'daily'

/** Final money at a deposit address, with what moving it takes. `valueUsd` is in US dollars at 8 decimals, null where unknown. */
export type Held = SweepDeposit & {
  organizationId: string
  asset: Asset
  factory: Hex
  payouts: readonly Payout[]
  valueUsd: bigint | null
}

/** The most deposits that one call sweeps. */
export const DEPOSITS_MAX = 50

/** Gas of a sweep apart from its deposits, and of each deposit that has no code yet: measured, the dearer of coin and token. */
const GAS_BASE = 33_000n
const GAS_PER_DEPOSIT = 54_000n

/** The gas that sweeping so many deposits is expected to take. */
export function expectedGas(deposits: number): bigint {
  return GAS_BASE + BigInt(deposits) * GAS_PER_DEPOSIT
}

/**
 * For how many whole days more the account's money pays for sweeps as in the last `days`, at today's price of gas; null where it
 * sent none.
 */
export function daysOfGas(
  balanceRaw: bigint,
  price: bigint,
  sent: { sweeps: number; deposits: number },
  days: number,
): bigint | null {
  const cost = (BigInt(sent.sweeps) * GAS_BASE + BigInt(sent.deposits) * GAS_PER_DEPOSIT) * price
  return cost === 0n ? null : (balanceRaw * BigInt(days)) / cost
}

/** What base units of an asset are worth in US dollars at 8 decimals, rounded down; null where its rate is not known. */
export function dollarValue(
  asset: Pick<Asset, 'currency' | 'decimals'>,
  amountRaw: bigint,
  rates: ReadonlyMap<Currency, Rate>,
): bigint | null {
  const amount = fromRawFloor(amountRaw, asset.decimals)
  const dollars = dollarsOf(asset.currency, amount)
  if (dollars !== null) return dollars
  const rate = rates.get(rateKey(asset.currency))
  return rate === undefined ? null : (amount * rate.usd) / ONE_USD
}

/** Whether the factory would pay anybody on this chain. */
export function paysOn(payouts: readonly Payout[], chainId: number): boolean {
  return payouts.some(row => row.chainId === chainId || row.chainId === 0)
}

/**
 * What can go into one call: the same factory, the same payouts, and the same assets at each address; at most `DEPOSITS_MAX`
 * deposits. Those of the oldest sessions come first.
 */
export function groupHeld<T extends Held>(held: readonly T[]): T[][] {
  const addresses = [...Map.groupBy(held, ({ address }) => address).values()].map(at =>
    at.toSorted((left, right) => compare(left.asset.address, right.asset.address)),
  )
  const alike = Map.groupBy(addresses, at => {
    const [first] = at
    invariant(first, 'a group has an entry')
    const { organizationId, factory, payouts } = first
    return JSON.stringify([organizationId, factory, payouts, at.map(({ asset }) => asset.address)])
  })
  return [...alike.values()].flatMap(group => {
    const sorted = group.toSorted((left, right) => compare(left[0]?.sessionId ?? '', right[0]?.sessionId ?? ''))
    const size = Math.max(1, Math.floor(DEPOSITS_MAX / (sorted[0]?.length ?? 1)))
    return Array.from({ length: Math.ceil(sorted.length / size) }, (_, index) =>
      sorted.slice(index * size, (index + 1) * size).flat(),
    )
  })
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** The call that sweeps a group, as `groupHeld` gives it. */
export function callOf(group: readonly Held[]): Call {
  const [first] = group
  invariant(first, 'a group has an entry')
  return sweepCall({
    chainId: first.asset.chainId,
    factory: first.factory,
    payouts: first.payouts,
    sessionIds: [...new Set(group.map(({ sessionId }) => sessionId))],
    tokens: [...new Set(group.map(({ asset }) => asset.address))],
  })
}

/**
 * The groups that an organization's policy sweeps now. None while gas is at a spike; nothing that is worth less than the gas of
 * its own; no group worth less than its gas, or `worthTimes` its gas with the policy `worth`, which takes nothing of unknown worth.
 */
export function planByPolicy(
  held: readonly Held[],
  { policy, worthTimes }: { policy: SweepPolicy; worthTimes: number },
  market: GasMarket,
): Held[][] {
  if (policy === 'manual' || isSpike(market)) return []
  const costs = (gas: bigint) => gasCost(gas, market.price, market.coinUsd)
  const times = policy === 'worth' ? BigInt(worthTimes) : 1n
  const candidates = held.filter(({ valueUsd }) => {
    const cost = costs(GAS_PER_DEPOSIT)
    if (valueUsd === null || cost === null) return policy !== 'worth'
    return valueUsd >= cost
  })
  return groupHeld(candidates).filter(group => {
    const value = totalValue(group)
    const cost = costs(expectedGas(group.length))
    return value === null || cost === null || value >= times * cost
  })
}

/** What a group is worth in US dollars at 8 decimals; null where the worth of a part is not known. */
export function totalValue(group: readonly { valueUsd: bigint | null }[]): bigint | null {
  return group.reduce<bigint | null>(
    (sum, { valueUsd }) => (sum === null || valueUsd === null ? null : sum + valueUsd),
    0n,
  )
}
