import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { type Currency, dollarsOf, isFiat } from '../domain/currency.ts'
import { askedPolicy, type Policy } from '../domain/finality.ts'
import { offeredAssets } from '../domain/offered.ts'
import { type Due, exactDues, payableAssets, quotedDues, type Taste, valueUsdOf } from '../domain/payableAssets.ts'
import { type Rate, rateKey } from '../domain/rate.ts'
import type { PaymentSetting } from '../domain/session.ts'
import type { Seller } from '../store/sellers.ts'
import { chainOf } from './chainOf.ts'
import { currentRates, rateAtHand, rateUnavailable } from './currentRates.ts'

/** The assets that a session of this setting may be paid in now. */
export function planAssets(ctx: Context, currency: Currency, setting: PaymentSetting, taste: Taste): Asset[] {
  return offeredAssets(payableAssets(currency, setting, ctx.chains, taste), ctx.chains, ctx.health.now())
}

/** By `rateKey`; null where no rate matters. */
export type Rates = ReadonlyMap<Currency, Rate>

/**
 * The rates that dues in these assets, and what they are worth, follow from. Only a price in a state currency waits for them; never
 * asked for inside a transaction.
 */
export async function findRates(ctx: Context, currency: Currency, assets: readonly Asset[]): Promise<Rates> {
  if (isFiat(currency)) return await currentRates(ctx, [currency, ...assets.map(asset => asset.currency)])
  const rate = dollarsOf(currency, 1n) === null ? rateAtHand(ctx, currency) : null
  return new Map(rate === null ? [] : [[rateKey(currency), rate]])
}

/** What is due in each asset for `total`, nothing for a total of 0. Throws `amount_scale` naming `param`, or `rate_unavailable`. */
export function planDues(
  { currency, total, assets }: { currency: Currency; total: bigint; assets: readonly Asset[] },
  rates: Rates,
  param: string,
): Due[] {
  if (total === 0n) return []
  if (!isFiat(currency)) return exactDues(assets, total, param)
  const dues = quotedDues(assets, total, currency, rates)
  if (dues.length === 0) throw rateUnavailable(currency)
  return dues
}

/** What `total` is worth in US dollars; null where no rate is at hand. Throws `rate_unavailable` for a state currency without one. */
export function planValue(currency: Currency, total: bigint, rates: Rates): bigint | null {
  if (total === 0n) return 0n
  const rate = rates.get(rateKey(currency))
  if (isFiat(currency) && rate === undefined) throw rateUnavailable(currency)
  return valueUsdOf(currency, total, rate)
}

/** When a payment worth `valueUsd` in each asset is final: as the server says, or the merchant where that is stricter. */
export function policiesFor(
  ctx: Context,
  { confirmations }: Pick<Seller, 'confirmations'>,
  valueUsd: bigint | null,
): (asset: Asset) => Policy {
  return ({ chainId }) => {
    const asked = confirmations.find(each => each.chainId === chainId)?.wait ?? null
    return askedPolicy(chainOf(ctx, chainId).finality, valueUsd, asked)
  }
}
