import { setTimeout as wait } from 'node:timers/promises'
import type { Chains } from '../domain/chainConfig.ts'
import type { Currency } from '../domain/currency.ts'
import { UpstreamError } from '../domain/errors.ts'
import { type HttpRates, rateKey, type Said } from '../domain/rate.ts'
import { chainlinkRates } from './chainlink.ts'
import type { ChainNode } from './chainNode.ts'
import { httpRates } from './httpRates.ts'

/** What somebody says, by `rateKey`. */
export type SaidOf = readonly (readonly [Currency, Omit<Said, 'source'>])[]

/** Somebody who says what currencies are worth; `ask` says nothing of those that it does not know. */
export type RateSource = {
  /** What quotes call it; tells nothing of its URL. */
  name: string
  ask(currencies: readonly Currency[], now: Date, signal: AbortSignal): Promise<SaidOf>
}

/** All of them. */
export type Rates = {
  /** What each source says of `currencies` (by `rateKey`) now; who fails, or takes longer than 3 seconds, says nothing. */
  ask(currencies: readonly Currency[], now: Date): Promise<ReadonlyMap<Currency, readonly Said[]>>
}

const TIMEOUT_MS = 3_000

/** The sources of a deployment: the feeds of each chain, and those that are asked over HTTP. */
export function rateSources(
  chains: Chains,
  nodes: ReadonlyMap<number, Pick<ChainNode, 'head' | 'call'>>,
  http: readonly HttpRates[],
): RateSource[] {
  const onChain = [...chains.values()].flatMap(({ chain, feeds }) => {
    const node = nodes.get(chain.id)
    return feeds === null || node === undefined ? [] : [chainlinkRates(`Chainlink on ${chain.name}`, feeds, node)]
  })
  const coinIds = coinIdsOf(chains)
  return [...onChain, ...http.map(each => httpRates(each, coinIds))]
}

/** What CoinGecko calls each coin, by `rateKey`; of several assets of a coin the first that has a name. */
export function coinIdsOf(chains: Chains): Readonly<Partial<Record<Currency, string>>> {
  const assets = [...chains.values()].flatMap(chain => chain.assets)
  const named = assets.flatMap(({ currency, coingeckoId }) =>
    coingeckoId === null ? [] : [[rateKey(currency), coingeckoId] as const],
  )
  return Object.fromEntries(named.reverse())
}

/** The sources together; `onFailure` hears of each that failed, by its name. */
export function openRates(
  sources: readonly RateSource[],
  options: { onFailure: (source: string, error: unknown) => void; timeoutMs?: number },
): Rates {
  const { onFailure, timeoutMs = TIMEOUT_MS } = options
  return {
    ask: async (currencies, now) => {
      const answers = await Promise.all(
        sources.map(async ({ name, ask }) => {
          try {
            const said = await inTime(timeoutMs, signal => ask(currencies, now, signal))
            return said.map(([currency, each]) => [currency, { source: name, ...each }] as const)
          } catch (error) {
            onFailure(name, error)
            return []
          }
        }),
      )
      const all = new Map<Currency, Said[]>()
      for (const [currency, said] of answers.flat()) all.set(currency, [...(all.get(currency) ?? []), said])
      return all
    },
  }
}

/** What `run` answers within `timeoutMs`, else an `UpstreamError`; `signal` fires when nobody waits any more. */
async function inTime<T>(timeoutMs: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController()
  const late = wait(timeoutMs, undefined, { signal: ended.signal }).then(() => {
    throw new UpstreamError('The source did not answer in time.', { retryable: true })
  })
  const answer = run(ended.signal)
  try {
    return await Promise.race([answer, late])
  } finally {
    ended.abort()
    await Promise.allSettled([late])
    answer.catch(() => undefined)
  }
}

const FOR_EVER_MS = Number.MAX_SAFE_INTEGER

/** A table of the test world, in US dollars at 36 decimals: it counts as two sources that agree. */
export function fixedRates(table: Readonly<Partial<Record<Currency, bigint>>>): Rates {
  return {
    ask: (currencies, now) => {
      const all = currencies.flatMap(currency => {
        const usd = table[rateKey(currency)]
        if (usd === undefined) return []
        const said = { source: 'test table', usd, at: now, maxAgeMs: FOR_EVER_MS }
        return [[currency, [said, said]] as const]
      })
      return Promise.resolve(new Map(all))
    },
  }
}
