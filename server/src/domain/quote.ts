import type { Asset } from './asset.ts'
import { type Currency, FIAT_DECIMALS, isFiat, isSameCoin } from './currency.ts'
import { AppError, invariant } from './errors.ts'
import {
  AMOUNT_DECIMALS,
  AMOUNT_MAX,
  assertPayable,
  atMostMax,
  formatAmount,
  formatDecimal,
  smallestStep,
} from './money.ts'
import { formatUsd, ONE_USD, parseUsd, type Rate } from './rate.ts'
import type { LockedQuote } from './session.ts'

/**
 * What an amount of one currency is in another, for a time: `amountTo` pays `amountFrom`, both at 8 decimals. `rate` is decimal
 * text, units of `to` for one of `from`, for reading: the amounts are computed from the rates themselves.
 */
export type Quote = {
  id: string
  createdAt: Date
  expiresAt: Date
  from: Currency
  to: Currency
  amountFrom: bigint
  amountTo: bigint
  rate: string
  sources: string[]
}

/** The pair of a quote, with one of its amounts at 8 decimals. */
export type NewQuote = { from: Currency; to: Currency } & ({ amountFrom: bigint } | { amountTo: bigint })

const QUOTE_MS = 60_000
const SHOWN_DECIMALS = 18

/**
 * What pays `amount` (8 decimals) of `from` in `to`, at 8 decimals and rounded up to what `decimals` can hold: never less than
 * the rates say, and less than one step more. Throws `amount_too_large`, naming `param`.
 */
export function dueFor(
  amount: bigint,
  from: Pick<Rate, 'usd'>,
  to: Pick<Rate, 'usd'>,
  decimals: number,
  param: string,
): bigint {
  const step = smallestStep(decimals)
  return atMostMax(divideUp(amount * from.usd, to.usd * step) * step, param)
}

/** The most of `from` that `amount` of `to` pays, both at 8 decimals, in steps of `decimals`: rounded down, possibly zero. */
export function paidBy(amount: bigint, from: Rate, to: Rate, decimals: number): bigint {
  const step = smallestStep(decimals)
  return ((amount * to.usd) / (from.usd * step)) * step
}

/** What `amount` at 8 decimals is worth in US dollars at 8 decimals, rounded up; null beyond what such an amount can be. */
export function valueIn({ usd }: Pick<Rate, 'usd'>, amount: bigint): bigint | null {
  const value = divideUp(amount * usd, ONE_USD)
  return value > AMOUNT_MAX ? null : value
}

/** What is stored with an amount that was computed from these rates. */
export function lockedQuote(from: Rate, to: Rate): LockedQuote {
  const at = new Date(Math.min(from.fetchedAt.getTime(), to.fetchedAt.getTime()))
  return {
    fromUsd: formatUsd(from.usd),
    toUsd: formatUsd(to.usd),
    sources: sourcesOf(from, to),
    at: at.toISOString(),
  }
}

/** The two rates that an amount was locked with. */
export function lockedRates({ fromUsd, toUsd }: LockedQuote): { from: Pick<Rate, 'usd'>; to: Pick<Rate, 'usd'> } {
  const from = parseUsd(fromUsd)
  const to = parseUsd(toUsd)
  invariant(from !== null && to !== null, 'a locked quote is exact decimal text')
  return { from: { usd: from }, to: { usd: to } }
}

/**
 * The quote for `asked` at these rates, good for a minute. The amount that is asked for is refused (`amount_scale`) unless its
 * currency can represent it; the other is rounded in favour of whoever is paid in `to`.
 */
export function planQuote(
  asked: NewQuote,
  { from, to }: { from: Rate; to: Rate },
  assets: readonly Asset[],
  { id, now }: { id: string; now: Date },
): Quote {
  const decimalsFrom = currencyDecimals(asked.from, assets)
  const decimalsTo = currencyDecimals(asked.to, assets)
  return {
    id,
    createdAt: now,
    expiresAt: new Date(now.getTime() + QUOTE_MS),
    from: asked.from,
    to: asked.to,
    ...amountsOf(asked, { from, to }, decimalsFrom, decimalsTo),
    rate: formatDecimal((from.usd * 10n ** BigInt(SHOWN_DECIMALS)) / to.usd, SHOWN_DECIMALS),
    sources: sourcesOf(from, to),
  }
}

function amountsOf(asked: NewQuote, { from, to }: { from: Rate; to: Rate }, decimalsFrom: number, decimalsTo: number) {
  if ('amountFrom' in asked) {
    const { amountFrom } = asked
    assertPayable(amountFrom, asked.from, decimalsFrom, 'amountFrom')
    return { amountFrom, amountTo: dueFor(amountFrom, from, to, decimalsTo, 'amountFrom') }
  }
  const { amountTo } = asked
  assertPayable(amountTo, asked.to, decimalsTo, 'amountTo')
  const amountFrom = atMostMax(paidBy(amountTo, from, to, decimalsFrom), 'amountTo')
  if (amountFrom > 0n) return { amountFrom, amountTo }
  const message = `amountTo is worth less than ${formatDecimal(smallestStep(decimalsFrom), AMOUNT_DECIMALS)} ${asked.from}.`
  throw new AppError('amount_too_small', message, { param: 'amountTo' })
}

/** Decimals of the smallest amount of `currency` that can be paid in every one of its `assets`, 8 at most. */
function currencyDecimals(currency: Currency, assets: readonly Asset[]): number {
  if (isFiat(currency)) return FIAT_DECIMALS[currency]
  const own = assets.filter(asset => isSameCoin(asset.currency, currency)).map(({ decimals }) => decimals)
  return Math.min(AMOUNT_DECIMALS, ...own)
}

/** The quote as the API answers it. */
export function quoteView(quote: Quote) {
  return { ...quote, amountFrom: formatAmount(quote.amountFrom), amountTo: formatAmount(quote.amountTo) }
}

function sourcesOf(from: Rate, to: Rate): string[] {
  return [...new Set([...from.sources, ...to.sources])].sort()
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}
