import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { findAnswer, keepAnswer, tryLockKey } from '../store/idempotencyKeys.ts'
import type { Caller } from './caller.ts'

/** A POST's `Idempotency-Key` and the SHA-256 of what the request means. */
export type OnceKey = { key: string; requestHash: Uint8Array }

/** The answer to a POST: its JSON text, and whether it is one that was given before. */
export type Answered = { body: string; replayed: boolean }

/** `idempotency_key_in_use`, to be tried again in a second. */
export function keyInUse(): AppError {
  return new AppError(
    'idempotency_key_in_use',
    'A request with this Idempotency-Key is under way: send it again in a second.',
    { retryAfterS: 1 },
  )
}

/** The stored answer as a replay; throws `idempotency_key_reused` if the key was used for another request. */
export function replay(once: OnceKey, stored: { requestHash: Uint8Array; response: string }): Answered {
  if (!Buffer.from(once.requestHash).equals(stored.requestHash)) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key was used with other parameters: use a new key for a new request.',
    )
  }
  return { body: stored.response, replayed: true }
}

/**
 * Runs a POST's work in one transaction with its idempotency key: the claim, the work and the stored answer stand or fall
 * together, and a second request with the key gets the first one's answer. `run` returns the answer's JSON text and, where
 * it carries a secret, the text to keep instead. An error stores nothing.
 */
export async function writeOnce(
  ctx: Context,
  caller: Caller,
  once: OnceKey | null,
  run: (tx: Tx) => Promise<{ body: string; kept?: string }>,
): Promise<Answered> {
  const { organizationId } = caller
  return await inOrganization(ctx.db, organizationId, async tx => {
    if (once !== null) {
      if (!(await tryLockKey(tx, organizationId, once.key))) throw keyInUse()
      const stored = await findAnswer(tx, once.key)
      if (stored !== null) return replay(once, stored)
    }
    const { body, kept } = await run(tx)
    if (once !== null) {
      await keepAnswer(tx, { organizationId, ...once, createdAt: ctx.clock.now(), response: kept ?? body })
    }
    return { body, replayed: false }
  })
}

/** The answer that `once` was given before, or null: for work that failed before its transaction began. */
export async function findReplay(ctx: Context, caller: Caller, once: OnceKey | null): Promise<Answered | null> {
  if (once === null) return null
  const stored = await inOrganization(ctx.db, caller.organizationId, tx => findAnswer(tx, once.key))
  return stored === null ? null : replay(once, stored)
}
