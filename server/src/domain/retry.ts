const SECOND_MS = 1000
const MINUTE_S = 60
const HOUR_S = 3600
const JITTER = 0.1
const LONGEST_WAIT_S = 24 * HOUR_S
const DISABLE_AFTER_MS = 5 * 24 * HOUR_S * SECOND_MS

/** Seconds before each delivery attempt, counted from the one before it: ten attempts within 75 h 35 min 5 s. */
export const RETRY_DELAYS_S = [
  0,
  5,
  5 * MINUTE_S,
  30 * MINUTE_S,
  2 * HOUR_S,
  5 * HOUR_S,
  10 * HOUR_S,
  14 * HOUR_S,
  20 * HOUR_S,
  24 * HOUR_S,
] as const

/**
 * When to try again after attempt number `attempt` (1 is the first) failed at `now`, or null when that was the last.
 * `random01` in [0, 1) spreads the delay over ± 10 %; `retryAfterS`, what the receiver asked for, can only make it
 * longer, up to 24 h, and is ignored when it is no number of seconds.
 */
export function nextAttemptAt(
  attempt: number,
  now: Date,
  random01: number,
  retryAfterS: number | null = null,
): Date | null {
  const delayS = RETRY_DELAYS_S[attempt]
  if (delayS === undefined) return null
  const jitteredS = delayS * (1 + JITTER * (2 * random01 - 1))
  const askedS = retryAfterS !== null && retryAfterS > 0 ? Math.min(retryAfterS, LONGEST_WAIT_S) : 0
  return new Date(now.getTime() + Math.round(Math.max(jitteredS, askedS) * SECOND_MS))
}

/**
 * Seconds that a `Retry-After` header (RFC 9110, 10.2.3) asks for: a count, or a date minus `now`; null for anything
 * else.
 */
export function parseRetryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? ''
  if (/^[0-9]{1,15}$/.test(text)) return +text
  if (!/^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/.test(text)) return null
  const seconds = Math.ceil((Date.parse(text) - now.getTime()) / SECOND_MS)
  return seconds >= 0 ? seconds : null
}

/**
 * Whether an endpoint whose every attempt failed since `failingSince` (null: the last one worked) is to be disabled:
 * after 5 days.
 */
export function shouldDisable(failingSince: Date | null, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() >= DISABLE_AFTER_MS
}
