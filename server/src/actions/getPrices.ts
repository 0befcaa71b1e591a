import type { Context } from '../context.ts'
import type { Currency } from '../domain/currency.ts'
import { formatUsd, rateKey } from '../domain/rate.ts'
import { currentRates, rateUnavailable } from './currentRates.ts'

/** A price in US dollars for one whole unit, as exact decimal text, and what CoinGecko calls the currency (null where unknown). */
export type CurrencyPrice = { currency: Currency; price: string; coingeckoId: string | null }

/** The price of `currency`, or of each coin that is served and has one now; throws `rate_unavailable` where there is none at all. */
export async function getPrices(ctx: Context, currency: Currency | null): Promise<CurrencyPrice[]> {
  const assets = [...ctx.chains.values()].flatMap(chain => chain.assets)
  const wanted = currency === null ? [...new Set(assets.map(asset => asset.currency))] : [currency]
  const rates = await currentRates(ctx, wanted)
  const prices = wanted.flatMap((each): CurrencyPrice[] => {
    const rate = rates.get(rateKey(each))
    if (rate === undefined) return []
    const named = assets.find(asset => asset.coingeckoId !== null && rateKey(asset.currency) === rateKey(each))
    return [{ currency: each, price: formatUsd(rate.usd), coingeckoId: named?.coingeckoId ?? null }]
  })
  if (prices.length === 0) throw rateUnavailable(wanted[0] ?? 'usd')
  return prices
}
