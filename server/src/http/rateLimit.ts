import { AppError } from '../domain/errors.ts'

/** Lets an organization through, or throws `rate_limited` with the seconds to wait. */
export type RateLimiter = { take: (organizationId: string, nowMs: number) => void }

/** A token bucket per organization in this process: `perS` requests a second, a burst of one second; null for no limit. */
export function createRateLimiter(perS: number | null): RateLimiter {
  if (perS === null) return { take: () => undefined }
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take: (organizationId, nowMs) => {
      const bucket = buckets.get(organizationId) ?? { tokens: perS, at: nowMs }
      const tokens = Math.min(perS, bucket.tokens + (Math.max(0, nowMs - bucket.at) / 1000) * perS)
      if (tokens < 1) {
        const retryAfterS = Math.max(1, Math.ceil((1 - tokens) / perS))
        throw new AppError('rate_limited', `More than ${perS} requests a second: wait ${retryAfterS} s.`, {
          retryAfterS,
        })
      }
      buckets.set(organizationId, { tokens: tokens - 1, at: nowMs })
    },
  }
}
