import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type GuessLimit, guessAgain, OF_NETWORK, OF_ONE } from '../domain/guesses.ts'
import { networkOfAddress } from '../domain/ip.ts'
import type { From } from '../domain/signIn.ts'
import { asWorker } from '../store/database.ts'
import { forgetGuesses, lockGuesses, saveGuesses, takeGuessBack } from '../store/guesses.ts'

/** What is guessed at: by its SHA-256, and how often it may be. */
export type Subject = { hash: Uint8Array; limit: GuessLimit }

/** What only one person knows, by a text that tells it from everything else. */
export function ofOne(text: string): Subject {
  return { hash: createHash('sha256').update(text).digest(), limit: OF_ONE }
}

/** All that is guessed from one network. */
export function ofNetwork({ address }: From): Subject {
  return {
    hash: createHash('sha256')
      .update(`network ${networkOfAddress(address)}`)
      .digest(),
    limit: OF_NETWORK,
  }
}

/** Asking for passkeys from one network. */
export function ofPasskeys({ address }: From): Subject {
  const text = `passkeys from ${networkOfAddress(address)}`
  return { hash: createHash('sha256').update(text).digest(), limit: OF_NETWORK }
}

/**
 * What `look` answers, null being a wrong guess at all of `subjects`. A guess is counted before it is looked at, for all processes, so that
 * no more are looked at however many come at once; a right one makes those before it forgotten, but not those of a whole network. Throws
 * `rate_limited`.
 */
export async function countGuess<T>(
  ctx: Context,
  subjects: readonly Subject[],
  look: () => Promise<T | null>,
): Promise<T | null> {
  // All take their locks in one order.
  const sorted = [...subjects].sort((a, b) => Buffer.compare(a.hash, b.hash))
  const now = ctx.clock.now()
  await asWorker(ctx.db, async tx => {
    for (const { hash, limit } of sorted) {
      const before = await lockGuesses(tx, hash, now)
      const guesses = guessAgain(before, limit, now)
      if (guesses === null) throw tooMany(before.freeAt, now)
      await saveGuesses(tx, hash, guesses)
    }
  })
  const answer = await look()
  if (answer === null) return null
  await asWorker(ctx.db, async tx => {
    for (const { hash, limit } of sorted) {
      if (limit === OF_ONE) await forgetGuesses(tx, [hash])
      else await takeGuessBack(tx, hash, now)
    }
  })
  return answer
}

/** Forgets all guesses at these subjects. */
export async function forgetGuessesAt(ctx: Context, subjects: readonly Subject[]): Promise<void> {
  await asWorker(ctx.db, tx =>
    forgetGuesses(
      tx,
      subjects.map(({ hash }) => hash),
    ),
  )
}

function tooMany(freeAt: Date, now: Date): AppError {
  const retryAfterS = Math.ceil((freeAt.getTime() - now.getTime()) / 1000)
  return new AppError('rate_limited', `That were many tries: wait ${retryAfterS} s, then try again.`, { retryAfterS })
}
