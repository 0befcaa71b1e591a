/**
 * What gas costs now, in base units of the native coin: `price` is what a transaction of this moment would pay, `usual` the median
 * of the last hour or so (null where nobody tells), `coinUsd` US dollars at 8 decimals for one whole coin (null where unknown).
 */
export type GasMarket = { fees: Fees; price: bigint; usual: bigint | null; coinUsd: bigint | null }

/** What a transaction offers for a unit of gas at most; `tip` is the part for the block's producer, null before EIP-1559. */
export type Fees = { cap: bigint; tip: bigint | null }

/** Gas that costs more than so many times the usual is at a spike, which passes. */
const SPIKE_TIMES = 10n
const COIN = 10n ** 18n

/** Whether sweeping waits for gas to cost what it usually does. */
export function isSpike({ price, usual }: GasMarket): boolean {
  return usual !== null && price > usual * SPIKE_TIMES
}

/** What `gas` costs in US dollars at 8 decimals at `price`, rounded up; null where the coin's worth is not known. */
export function gasCost(gas: bigint, price: bigint, coinUsd: bigint | null): bigint | null {
  return coinUsd === null ? null : (gas * price * coinUsd + COIN - 1n) / COIN
}

/** The most that a unit of gas may cost for a sweep: neither a spike, nor more than what it moves is worth; null where nothing limits it. */
export function feeCeiling(market: GasMarket, gas: bigint, valueUsd: bigint | null): bigint | null {
  const { usual, coinUsd } = market
  const bySpike = usual === null ? null : usual * SPIKE_TIMES
  const byValue = coinUsd === null || coinUsd === 0n || valueUsd === null ? null : (valueUsd * COIN) / (gas * coinUsd)
  if (bySpike === null || byValue === null) return bySpike ?? byValue
  return bySpike < byValue ? bySpike : byValue
}

/** What a new transaction offers, or null where that would be above `ceiling` at today's price: it waits. */
export function offer({ fees, price }: GasMarket, ceiling: bigint | null): Fees | null {
  if (ceiling === null || fees.cap <= ceiling) return fees
  return price > ceiling ? null : withCap(fees, ceiling)
}

/**
 * What replaces a transaction that is stuck with `old`: an eighth more of both, which every node takes for a replacement, or what a
 * new one would offer if that is more. Null where that is above `ceiling`: it waits.
 */
export function raise(old: Fees, { fees }: GasMarket, ceiling: bigint | null): Fees | null {
  const cap = plusEighth(old.cap)
  if (ceiling !== null && cap > ceiling) return null
  const wanted = larger(cap, fees.cap)
  return {
    cap: ceiling === null || wanted <= ceiling ? wanted : ceiling,
    tip: old.tip === null ? null : lesser(larger(plusEighth(old.tip), fees.tip ?? 0n), cap),
  }
}

function withCap({ tip }: Fees, cap: bigint): Fees {
  return { cap, tip: tip === null ? null : lesser(tip, cap) }
}

function plusEighth(value: bigint): bigint {
  return (value * 9n + 7n) / 8n
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}

function lesser(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
