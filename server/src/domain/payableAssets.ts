import type { Asset } from './asset.ts'
import type { Chains } from './chainConfig.ts'
import { type Crypto, type Currency, dollarsOf, type Fiat, isFiat, isSameCoin } from './currency.ts'
import { AppError } from './errors.ts'
import type { Policy } from './finality.ts'
import { assertPayable, toRaw } from './money.ts'
import { dueFor, lockedQuote, lockedRates, valueIn } from './quote.ts'
import { type Rate, rateKey } from './rate.ts'
import type { LockedQuote, PayableAsset, PaymentSetting } from './session.ts'

/** The coins that an organization takes for prices in state currencies, null for all, and the one that it likes best. */
export type Taste = { allowedCurrencies: readonly Crypto[] | null; preferredCurrency: Crypto | null }

/**
 * The assets of `chains` that a price in `currency` may be paid in, the preferred chain's first and among a chain's the preferred
 * coin: a coin's own assets; for a state currency those of every coin that the organization takes.
 */
export function payableAssets(
  currency: Currency,
  setting: PaymentSetting,
  chains: Chains,
  { allowedCurrencies: taken, preferredCurrency }: Taste,
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
  const rank = (asset: Asset) =>
    (asset.chainId === setting.preferredChainId ? 0 : 2) +
    (preferredCurrency !== null && isSameCoin(asset.currency, preferredCurrency) ? 0 : 1)
  return found.toSorted((a, b) => rank(a) - rank(b))
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

/** What is due in the assets of a session when it asks for another amount: at the rates that it was made with. */
export function lockedDues(rows: readonly PayableAsset[], amount: bigint, param: string): Due[] {
  return rows.map(({ asset, quote }) => {
    if (quote === null) {
      assertPayable(amount, asset.symbol, asset.decimals, param)
      return { asset, amount, quote }
    }
    const { from, to } = lockedRates(quote)
    return { asset, amount: dueFor(amount, from, to, asset.decimals, param), quote }
  })
}

/** What `amount` of `currency` is worth in US dollars at 8 decimals, by a rate for one unit; null where none is known. */
export function valueUsdOf(currency: Currency, amount: bigint, rate: Pick<Rate, 'usd'> | undefined): bigint | null {
  return dollarsOf(currency, amount) ?? (rate === undefined ? null : valueIn(rate, amount))
}

/** The rows of a session for what is due in each asset, in that order; `earlier` rows of the same assets keep their ids. */
export function payableRows(
  dues: readonly Due[],
  policyOf: (asset: Asset) => Policy,
  newId: () => string,
  earlier: readonly PayableAsset[] = [],
): PayableAsset[] {
  // In the order of the assets: it is by their ids that they are read again.
  const ids = dues.map(newId).sort()
  return dues.map((due, index) => ({
    ...due,
    id: earlier.find(({ asset }) => asset.id === due.asset.id)?.id ?? ids[index] ?? '',
    amountRaw: toRaw(due.amount, due.asset.decimals),
    policy: policyOf(due.asset),
  }))
}
