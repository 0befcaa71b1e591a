import type { Asset } from './asset.ts'
import type { Chains } from './chainConfig.ts'
import { type Crypto, type Currency, type Fiat, isFiat, isSameCoin } from './currency.ts'
import { AppError } from './errors.ts'
import type { Policy } from './finality.ts'
import { assertPayable, toRaw } from './money.ts'
import { dueFor, lockedQuote } from './quote.ts'
import { type Rate, rateKey } from './rate.ts'
import type { LockedQuote, PayableAsset, PaymentSetting } from './session.ts'

/**
 * The assets of `chains` that a price in `currency` may be paid in, the preferred chain's first: a coin's own assets; for a state
 * currency those of every coin that the organization takes (`taken`, null for all).
 */
export function payableAssets(
  currency: Currency,
  setting: PaymentSetting,
  chains: Chains,
  taken: readonly Crypto[] | null,
): Asset[] {
  const accepts = (coin: Crypto) =>
    isFiat(currency) ? taken === null || taken.some(each => isSameCoin(each, coin)) : isSameCoin(coin, currency)
  const found = setting.allowedChains.flatMap(({ chainId, blacklistCurrencies = [] }) =>
    (chains.get(chainId)?.assets ?? []).filter(
      asset => accepts(asset.currency) && !blacklistCurrencies.some(coin => isSameCoin(coin, asset.currency)),
    ),
  )
  if (found.length === 0) {
    const names = setting.allowedChains.map(allowed => chains.get(allowed.chainId)?.chain.name ?? allowed.chainId)
    throw new AppError('currency_unsupported', `${currency} cannot be paid on ${names.join(', ')}.`, {
      param: 'lineItems.data[0].priceData.currency',
    })
  }
  const preferred = (asset: Asset) => (asset.chainId === setting.preferredChainId ? 0 : 1)
  return found.toSorted((a, b) => preferred(a) - preferred(b))
}

/** What is due in an asset at 8 decimals, and the rates that say so; null where the price is in this very coin. */
export type Due = { asset: Asset; amount: bigint; quote: LockedQuote | null }

/** What is due in each asset of the price's own coin: exactly the price, or `amount_scale` where a smallest unit is too coarse. */
export function exactDues(assets: readonly Asset[], amount: bigint, param: string): Due[] {
  return assets.map(asset => {
    assertPayable(amount, asset.symbol, asset.decimals, param)
    return { asset, amount, quote: null }
  })
}

/**
 * What is due for a price in a state currency, rounded up to each asset's smallest step, at rates by `rateKey`. Assets without a
 * rate are left out, and all where the price's own currency has none. Throws `amount_too_large`.
 */
export function quotedDues(
  assets: readonly Asset[],
  amount: bigint,
  currency: Fiat,
  rates: ReadonlyMap<Currency, Rate>,
): Due[] {
  const from = rates.get(currency)
  if (from === undefined) return []
  return assets.flatMap(asset => {
    const to = rates.get(rateKey(asset.currency))
    if (to === undefined) return []
    const due = dueFor(amount, from, to, asset.decimals, 'lineItems')
    return { asset, amount: due, quote: lockedQuote(from, to) }
  })
}

/** The rows of a session for what is due in each asset, in that order. */
export function payableRows(
  dues: readonly Due[],
  policyOf: (asset: Asset) => Policy,
  newId: () => string,
): PayableAsset[] {
  // In the order of the assets: it is by their ids that they are read again.
  const ids = dues.map(newId).sort()
  return dues.map((due, index) => ({
    ...due,
    id: ids[index] ?? '',
    amountRaw: toRaw(due.amount, due.asset.decimals),
    policy: policyOf(due.asset),
  }))
}
