import type { Context } from '../context.ts'
import type { Currency } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import { agree, formatUsd, isCurrent, isOffPeg, ONE_USD, type Rate, rateKey } from '../domain/rate.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { asWorker } from '../store/database.ts'
import { insertRates } from '../store/rates.ts'

/** What this process knows of a currency: its newest rate, when its sources were last asked, and the asking that is under way. */
type Known = { rate: Rate | null; askedAt: number; asking: Promise<void> | null }

/** A rate of this age is asked for anew while it may still be used, so that hardly anybody waits. */
const REFRESH_MS = 30_000
/** Sources that did not agree are left alone for so long. */
const RETRY_MS = 5_000

const worlds = new WeakMap<Context, Map<Currency, Known>>()

/**
 * The rates of `currencies` that enough sources agree on, asked for at most 60 seconds ago, by `rateKey`; the others are left out.
 * Many callers share one asking. Each rate is stored before anybody gets it. Talks to the network: never inside a transaction.
 */
export async function currentRates(
  ctx: Context,
  currencies: readonly Currency[],
): Promise<ReadonlyMap<Currency, Rate>> {
  const keys = [...new Set(currencies.map(rateKey))]
  askFor(ctx, keys)
  const known = knownOf(ctx)
  await Promise.all(keys.map(key => (usable(ctx, key) === null ? known.get(key)?.asking : null)))
  const rates = keys.flatMap(key => usable(ctx, key) ?? [])
  return new Map(rates.map(rate => [rate.currency, rate]))
}

/** The rate of `currency` if one is known that may still be used; asks for a newer one where it is time, and waits for nothing. */
export function rateAtHand(ctx: Context, currency: Currency): Rate | null {
  const key = rateKey(currency)
  askFor(ctx, [key])
  return usable(ctx, key)
}

/** `rate_unavailable` for `currency`, to be tried again when sources are asked again. */
export function rateUnavailable(currency: Currency): AppError {
  const message = `No two sources agree on a rate for ${currency} now: try again in a few seconds, or price in a coin.`
  return new AppError('rate_unavailable', message, { retryAfterS: RETRY_MS / 1000 })
}

function knownOf(ctx: Context): Map<Currency, Known> {
  const known = worlds.get(ctx) ?? new Map()
  worlds.set(ctx, known)
  return known
}

function usable(ctx: Context, key: Currency): Rate | null {
  const now = ctx.clock.now()
  if (key === 'usd') return { currency: 'usd', usd: ONE_USD, sources: [], fetchedAt: now }
  const rate = knownOf(ctx).get(key)?.rate ?? null
  return rate !== null && isCurrent(rate, now) ? rate : null
}

/** Begins one asking for those of `keys` that are due for it. */
function askFor(ctx: Context, keys: readonly Currency[]): void {
  const now = ctx.clock.now().getTime()
  const known = knownOf(ctx)
  const due = keys.filter(key => {
    const entry = known.get(key)
    if (key === 'usd' || entry?.asking) return false
    const restMs = usable(ctx, key) === null ? RETRY_MS : REFRESH_MS
    return entry === undefined || Math.abs(now - entry.askedAt) >= restMs
  })
  if (due.length === 0) return
  const asking = ask(ctx, due)
    .catch(error => ctx.log.warn({ err: error }, 'rates were not stored'))
    .finally(() => {
      for (const key of due) known.set(key, { rate: known.get(key)?.rate ?? null, askedAt: now, asking: null })
    })
  for (const key of due) known.set(key, { rate: known.get(key)?.rate ?? null, askedAt: now, asking })
}

async function ask(ctx: Context, keys: readonly Currency[]): Promise<void> {
  const fetchedAt = ctx.clock.now()
  const said = await ctx.rates.ask(keys, fetchedAt)
  const now = ctx.clock.now()
  const rates = keys.flatMap((currency): Rate[] => {
    const agreed = agree(said.get(currency) ?? [], now)
    return agreed === null ? [] : [{ currency, ...agreed, fetchedAt }]
  })
  for (const { currency, usd } of rates.filter(isOffPeg)) {
    ctx.log.warn({ currency, usd: formatUsd(usd) }, 'a coin that is made to be a dollar is none')
  }
  const rows = rates.map(rate => ({ ...rate, id: uuidv7(fetchedAt, ctx.random(10)) }))
  if (rows.length > 0) await asWorker(ctx.db, tx => insertRates(tx, rows))
  const known = knownOf(ctx)
  for (const rate of rates) known.set(rate.currency, { rate, askedAt: fetchedAt.getTime(), asking: null })
}
