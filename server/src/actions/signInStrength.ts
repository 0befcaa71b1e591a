import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { SignIn } from '../domain/signIn.ts'
import type { Tx } from '../store/database.ts'
import { type Factors, findFactors, replaceRecoveryCodes } from '../store/factors.ts'
import { endSignIns, saveSignIn, weakenSignIns } from '../store/signIns.ts'
import { hashCookie, newCookie, type Person } from './authenticatePerson.ts'

/** Whether the person must give a second factor after the password. */
export function hasSecondFactor({ totpSince, passkeys }: Factors): boolean {
  return totpSince !== null || passkeys > 0
}

/** Makes a sign-in whole that is proved just now; its cookie is replaced by the one whose token this returns. Throws `signed_out`. */
export async function raiseSignIn(
  tx: Tx,
  ctx: Context,
  signIn: SignIn,
  { isStrong }: Pick<SignIn, 'isStrong'>,
): Promise<string> {
  const now = ctx.clock.now()
  const token = newCookie(ctx)
  const raised: SignIn = { ...signIn, stage: 'whole', seenAt: now, confirmedAt: now, isStrong }
  if (await saveSignIn(tx, raised, hashCookie(token))) return token
  throw signedOut()
}

/**
 * What follows from a new second factor: this sign-in has proved it, all others of the person end. Throws `signed_out` where it has ended
 * itself, which this process may not know yet: a second factor would outlast it.
 */
export async function afterFactorAdded(tx: Tx, ctx: Context, { signIn }: Person): Promise<void> {
  if (!(await saveSignIn(tx, { ...signIn, isStrong: true }))) throw signedOut()
  await endSignIns(tx, signIn.userId, ctx.clock.now(), signIn.id)
}

/** What follows from the end of a second factor: without any, nobody has proved two, and recovery codes stand for nothing. */
export async function afterFactorRemoved(tx: Tx, userId: string): Promise<void> {
  if (hasSecondFactor(await findFactors(tx, userId))) return
  await replaceRecoveryCodes(tx, userId, [])
  await weakenSignIns(tx, userId)
}

function signedOut(): AppError {
  return new AppError('signed_out', 'You are signed out: sign in again.')
}
