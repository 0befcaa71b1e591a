/** How often something was guessed at, when last, and until when no further guess is looked at. */
export type Guesses = { count: number; guessedAt: Date; freeAt: Date }

/** How many guesses are free, and after how long without one all are forgotten. */
export type GuessLimit = { free: number; forgottenMs: number }

const FIRST_WAIT_MS = 10_000
const WAIT_MAX_MS = 15 * 60_000

/** What only one person knows: of 1,000 guesses in a minute 7 are looked at. */
export const OF_ONE: GuessLimit = { free: 5, forgottenMs: 24 * 3_600_000 }
/** From one network, where many people may work. */
export const OF_NETWORK: GuessLimit = { free: 30, forgottenMs: 3_600_000 }

/** With one guess more at `now`: after the free ones each waits twice as long, up to 15 minutes. Null while none is looked at. */
export function guessAgain(before: Guesses, { free, forgottenMs }: GuessLimit, now: Date): Guesses | null {
  if (before.freeAt > now) return null
  const isForgotten = now.getTime() - before.guessedAt.getTime() >= forgottenMs
  const count = isForgotten ? 1 : before.count + 1
  return { count, guessedAt: now, freeAt: new Date(now.getTime() + waitMs(count - free)) }
}

function waitMs(over: number): number {
  return over < 0 ? 0 : Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.min(over, 20))
}
