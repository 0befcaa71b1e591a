import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { bytesToHex } from '../domain/hex.ts'
import { type From, isSignedIn, lacksSecondFactor, type SignIn } from '../domain/signIn.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { type FoundSignIn, findSignIn, insertSignIn, noteSignInSeen, saveSignIn } from '../store/signIns.ts'
import type { Caller } from './caller.ts'
import { noteOwnAudit } from './noteAudit.ts'

const CACHE_MS = 5_000
const CACHE_MAX = 10_000
const NOTE_SEEN_MS = 60_000
const TOKEN_BYTES = 32

type Kept = { found: FoundSignIn; readAt: number }

const caches = new WeakMap<Context, Map<string, Kept>>()

function cacheOf(ctx: Context): Map<string, Kept> {
  const cache = caches.get(ctx) ?? new Map<string, Kept>()
  caches.set(ctx, cache)
  return cache
}

/** Makes this process read anew who is signed in, since it has just changed that; others do within 5 seconds. */
export function forgetSignIns(ctx: Context): void {
  cacheOf(ctx).clear()
}

/** SHA-256 of a cookie's token, 32 bytes: all of it that is stored. */
export function hashCookie(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** Who is let through whom most requests refuse, and how the cookie is read. */
export type AuthenticateOptions = { fresh?: boolean; waitingToo?: boolean; unprotectedToo?: boolean; unseen?: boolean }

/** A person at the dashboard as a request finds them. */
export type Person = { signIn: SignIn; caller: Caller }

/**
 * Who holds the cookie `token`; a change of their role or an end of the sign-in counts within 5 seconds. Throws `signed_out`, and
 * `second_factor_required` unless `waitingToo`, and `second_factor_missing` unless that or `unprotectedToo`; `fresh` reads past the cache,
 * and with `unseen` the person does not count as being there.
 */
export async function authenticatePerson(
  ctx: Context,
  token: string,
  { fresh = false, waitingToo = false, unprotectedToo = waitingToo, unseen = false }: AuthenticateOptions = {},
): Promise<Person> {
  const hash = hashCookie(token)
  const cacheKey = bytesToHex(hash)
  const now = ctx.clock.now()
  const cache = cacheOf(ctx)
  const kept = cache.get(cacheKey)
  const isKept = kept !== undefined && !fresh && Math.abs(now.getTime() - kept.readAt) < CACHE_MS
  const found = isKept ? kept.found : await findSignIn(ctx.db, hash)
  if (found === null || found.userStatus === 'suspended' || !isSignedIn(found.signIn, now)) {
    cache.delete(cacheKey)
    throw new AppError('signed_out', 'You are signed out: sign in again.')
  }
  if (!isKept) {
    if (cache.size >= CACHE_MAX) cache.clear()
    cache.set(cacheKey, { found, readAt: now.getTime() })
  }
  if (found.signIn.stage === 'waiting' && !waitingToo) {
    throw new AppError('second_factor_required', 'Give your second factor first.')
  }
  const role = found.caller.person?.role
  if (!unprotectedToo && lacksSecondFactor(ctx.config.mode, { role, isStrong: found.signIn.isStrong })) {
    const message =
      'Owners sign in with two factors where real money moves: add a passkey or an authenticator app first.'
    throw new AppError('second_factor_missing', message)
  }
  if (!unseen) await noteSeen(ctx, found, now)
  return { signIn: found.signIn, caller: found.caller }
}

/** A cookie's token, which is stored nowhere: 43 characters of base64url, of 256 random bits. */
export function newCookie(ctx: Context): string {
  return Buffer.from(ctx.random(TOKEN_BYTES)).toString('base64url')
}

/** Whose sign-in begins, after they proved who they are. */
export type Entering = Pick<SignIn, 'userId' | 'organizationId' | 'stage' | 'isStrong'>

/** Begins a sign-in; returns what the cookie carries. */
export async function startSignIn(ctx: Context, person: Entering, from: From): Promise<string> {
  return await asWorker(ctx.db, tx => addSignIn(tx, ctx, person, from))
}

/** The same in a transaction that sees all; that a second factor is waited for is noted. */
export async function addSignIn(tx: Tx, ctx: Context, person: Entering, from: From): Promise<string> {
  const now = ctx.clock.now()
  const token = newCookie(ctx)
  const moments = { createdAt: now, seenAt: now, confirmedAt: now, endedAt: null }
  await insertSignIn(tx, { id: uuidv7(now, ctx.random(10)), ...moments, ...person }, hashCookie(token), from)
  const { userId, stage } = person
  // Whoever knows the password and no more is seen as well.
  if (stage === 'waiting') await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'sign_in.waiting' })
  return token
}

/** Ends the sign-in of the cookie `token`, which another one replaces; nothing where it stands for nobody. */
export async function endReplacedSignIn(ctx: Context, token: string): Promise<void> {
  const found = await findSignIn(ctx.db, hashCookie(token))
  if (found !== null) await endSignIn(ctx, found.signIn)
}

/** Ends the sign-in; where the person does so themselves, `from` says where, and it is noted. */
export async function endSignIn(ctx: Context, signIn: SignIn, from: From | null = null): Promise<void> {
  const { id, userId } = signIn
  await asWorker(ctx.db, async tx => {
    await saveSignIn(tx, { ...signIn, endedAt: ctx.clock.now() })
    if (from === null) return
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'sign_in.ended', objectId: id })
  })
  forgetSignIns(ctx)
}

async function noteSeen(ctx: Context, found: FoundSignIn, now: Date): Promise<void> {
  if (Math.abs(now.getTime() - found.signIn.seenAt.getTime()) < NOTE_SEEN_MS) return
  found.signIn = { ...found.signIn, seenAt: now }
  await asWorker(ctx.db, tx => noteSignInSeen(tx, found.signIn.id, now))
}
