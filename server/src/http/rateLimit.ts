import { AppError } from '../domain/errors.ts'

/** Lets a request through, or throws `rate_limited` with the seconds to wait; `key` says whose it is. */
export type RateLimiter = { take: (key: string, nowMs: number) => void }

/** Lets everything through. */
export const NO_LIMIT: RateLimiter = { take: () => undefined }

const BUCKETS_MAX = 20_000

/** A token bucket per organization in this process: `perS` requests a second, a burst of one second; null for no limit. */
export function createRateLimiter(perS: number | null): RateLimiter {
  if (perS === null) return NO_LIMIT
  return createBuckets({ perS, burst: perS, message: `More than ${perS} requests a second` })
}

/** A token bucket for each key, in this process: `burst` at once, and `perS` a second after that. The longest unused are forgotten. */
export function createBuckets({ perS, burst, message }: { perS: number; burst: number; message: string }): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take: (key, nowMs) => {
      const bucket = buckets.get(key) ?? { tokens: burst, at: nowMs }
      const tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.at) / 1000) * perS)
      if (tokens < 1) {
        const retryAfterS = Math.max(1, Math.ceil((1 - tokens) / perS))
        throw new AppError('rate_limited', `${message}: wait ${retryAfterS} s.`, { retryAfterS })
      }
      buckets.delete(key)
      buckets.set(key, { tokens: tokens - 1, at: nowMs })
      const [oldest] = buckets.keys()
      if (buckets.size > BUCKETS_MAX && oldest !== undefined) buckets.delete(oldest)
    },
  }
}
