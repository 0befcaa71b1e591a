import { type Currency, isDollar } from './currency.ts'
import { formatDecimal } from './money.ts'

/** Decimals of a price in US dollars: enough to keep what any source says, digit for digit. */
export const USD_DECIMALS = 36

/** One US dollar at those decimals. */
export const ONE_USD = 10n ** 36n

/** What one source says: US dollars at 36 decimals for one whole unit, the time that this was so, and for how long it may be used. */
export type Said = { source: string; usd: bigint; at: Date; maxAgeMs: number }

/**
 * What one whole unit of a currency is worth in US dollars, at 36 decimals, by the names of the sources that agreed; `fetchedAt`
 * is when they were asked. The two names of Polygon's coin share a rate, that of `matic`.
 */
export type Rate = { currency: Currency; usd: bigint; sources: readonly string[]; fetchedAt: Date }

/** A Chainlink aggregator that tells a currency in US dollars; without news for its heartbeat and a tenth more it is stale. */
export type PriceFeed = { currency: Currency; address: `0x${string}`; heartbeatS: number }

/** The feeds of a chain, and on an L2 the one that tells whether its sequencer runs: to be up for at least `graceS`. */
export type Feeds = {
  sequencer: { address: `0x${string}`; graceS: number } | null
  prices: readonly PriceFeed[]
}

/**
 * A source that is asked over HTTP for JSON. `{id}` in `url`, `price` and `time` stands for the currency's name at the source,
 * `{ids}` in `url` for all that are asked for, with commas between: then one request does. `price` and `time` are paths of keys
 * with dots between; `time` leads to seconds since 1970 and may be null. `ids` null stands for the assets' `coingeckoId`.
 */
export type HttpRates = {
  name: string
  url: string
  price: string
  time: string | null
  ids: Readonly<Partial<Record<Currency, string>>> | null
}

const RATE_MAX_AGE_MS = 60_000
const NUMBER = /^(\d{1,30})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/

/** The currency that the rate of `currency` is kept under. */
export function rateKey(currency: Currency): Currency {
  return currency === 'pol' ? 'matic' : currency
}

/** A JSON number's own text as US dollars at 36 decimals; null unless it is above zero and exact at these decimals. */
export function parseUsd(text: string): bigint | null {
  const [, whole, fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  if (whole === undefined) return null
  const shift = BigInt(USD_DECIMALS - fraction.length) + BigInt(exponent.replace('+', ''))
  const digits = BigInt(whole + fraction)
  if (shift >= 0n) return digits === 0n ? null : digits * 10n ** shift
  const divisor = 10n ** -shift
  return digits === 0n || digits % divisor !== 0n ? null : digits / divisor
}

/** US dollars at 36 decimals as exact decimal text, such as `0.9998`. */
export function formatUsd(usd: bigint): string {
  return formatDecimal(usd, USD_DECIMALS)
}

/**
 * What the sources agree on, or null. Who is stale, or off the median of the others by more than 1 %, is dropped; at least two
 * must be left, and more than half of those that are not stale. The rate is the median of what is left, of two the middle between.
 */
export function agree(said: readonly Said[], now: Date): Pick<Rate, 'usd' | 'sources'> | null {
  const fresh = said.filter(({ at, maxAgeMs }) => Math.abs(now.getTime() - at.getTime()) <= maxAgeMs)
  const sorted = fresh.toSorted((left, right) => (left.usd < right.usd ? -1 : 1))
  const middle = sorted[(sorted.length - 1) >> 1]
  if (middle === undefined) return null
  const close = sorted.filter(({ usd }) => isWithinOnePercent(usd, middle.usd))
  if (close.length < 2 || close.length * 2 <= sorted.length) return null
  const lower = close[(close.length - 1) >> 1] ?? middle
  const upper = close[close.length >> 1] ?? middle
  return { usd: (lower.usd + upper.usd) / 2n, sources: [...new Set(close.map(({ source }) => source))].sort() }
}

function isWithinOnePercent(usd: bigint, middle: bigint): boolean {
  const distance = usd < middle ? middle - usd : usd - middle
  return distance * 100n <= middle
}

/** Whether a coin that is made to be worth a dollar is off by more than 1 %. */
export function isOffPeg({ currency, usd }: Rate): boolean {
  return isDollar(currency) && !isWithinOnePercent(usd, ONE_USD)
}

/** Whether the sources were asked at most 60 seconds ago, by a clock that may have been set back. */
export function isCurrent({ fetchedAt }: Rate, now: Date): boolean {
  return Math.abs(now.getTime() - fetchedAt.getTime()) <= RATE_MAX_AGE_MS
}
