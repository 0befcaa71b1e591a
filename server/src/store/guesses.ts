import { sql } from 'kysely'
import type { Guesses } from '../domain/guesses.ts'
import type { Tx } from './database.ts'

/** How often `subject` (32 bytes) was guessed at, locked; one that is new counts from `now`. For a transaction that sees all. */
export async function lockGuesses(tx: Tx, subject: Uint8Array, now: Date): Promise<Guesses> {
  await tx
    .insertInto('guesses')
    .values({ subject: Buffer.from(subject), count: 0, guessed_at: now, free_at: now })
    .onConflict(conflict => conflict.column('subject').doNothing())
    .execute()
  const row = await tx
    .selectFrom('guesses')
    .selectAll()
    .where('subject', '=', Buffer.from(subject))
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { count: row.count, guessedAt: row.guessed_at, freeAt: row.free_at }
}

/** Writes what `lockGuesses` locked. */
export async function saveGuesses(tx: Tx, subject: Uint8Array, guesses: Guesses): Promise<void> {
  const { count, guessedAt, freeAt } = guesses
  await tx
    .updateTable('guesses')
    .set({ count, guessed_at: guessedAt, free_at: freeAt })
    .where('subject', '=', Buffer.from(subject))
    .execute()
}

/** Forgets the guesses at these subjects; for a transaction that sees all. */
export async function forgetGuesses(tx: Tx, subjects: readonly Uint8Array[]): Promise<void> {
  if (subjects.length === 0) return
  await tx
    .deleteFrom('guesses')
    .where(
      'subject',
      'in',
      subjects.map(each => Buffer.from(each)),
    )
    .execute()
}

/** Takes one guess back that turned out to be none. */
export async function takeGuessBack(tx: Tx, subject: Uint8Array, now: Date): Promise<void> {
  await tx
    .updateTable('guesses')
    .set({ count: sql<number>`greatest(count - 1, 0)`, free_at: now })
    .where('subject', '=', Buffer.from(subject))
    .execute()
}
