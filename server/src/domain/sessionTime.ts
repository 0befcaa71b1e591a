import { AppError } from './errors.ts'
import type { CheckoutSession } from './session.ts'

const GRACE_MS = 15 * 60_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Until when a payment is on time: 15 minutes past what the page shows. */
export function deadlineOf(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() + GRACE_MS)
}

/** Until when the session's address is looked at closely: 30 days past its deadline; later its balances are compared monthly. */
export function watchUntil({ deadline }: Pick<CheckoutSession, 'deadline'>): Date {
  return new Date(deadline.getTime() + 30 * DAY_MS)
}

/** The hour after `now`, or what was asked for if it lies 5 minutes to 30 days ahead; else `expires_at_out_of_range`. */
export function resolveExpiry(asked: Date | undefined, now: Date): Date {
  if (asked === undefined) return new Date(now.getTime() + 60 * MINUTE_MS)
  const ahead = asked.getTime() - now.getTime()
  if (ahead < 5 * MINUTE_MS || ahead > 30 * DAY_MS) {
    const from = new Date(now.getTime() + 5 * MINUTE_MS).toISOString()
    const to = new Date(now.getTime() + 30 * DAY_MS).toISOString()
    throw new AppError('expires_at_out_of_range', `expiresAt must lie between ${from} and ${to}.`, {
      param: 'expiresAt',
    })
  }
  return asked
}
