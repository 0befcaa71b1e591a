import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { From } from '../domain/signIn.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { findFactors } from '../store/factors.ts'
import { forgetSignIns, type Person } from './authenticatePerson.ts'
import { countGuess, ofNetwork, ofOne } from './countGuesses.ts'
import { checkPassword } from './hashPassword.ts'
import { noteOwnAudit } from './noteAudit.ts'
import { raiseSignIn } from './signInStrength.ts'
import { tellFactorChange } from './tellPerson.ts'
import { codeInvalid, takeCode } from './totp.ts'

/** Ends the waiting with a code; returns the token of a new cookie. Throws `code_invalid` or `rate_limited`. */
export async function giveCode(ctx: Context, { signIn }: Person, code: string, from: From): Promise<string> {
  const { userId } = signIn
  const token = await guessCode(ctx, userId, code, from, async tx => {
    const cookie = await raiseSignIn(tx, ctx, signIn, { isStrong: true })
    if (signIn.stage === 'waiting') {
      await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'sign_in.started' })
    }
    return cookie
  })
  forgetSignIns(ctx)
  if (token !== null) return token
  await noteWrongProof(ctx, userId, from)
  throw codeInvalid()
}

/**
 * Notes that the person proved once more who they are, with the password or a code; returns the token of a new cookie. Throws
 * `password_wrong`, `code_invalid` or `rate_limited`.
 */
export async function confirmPerson(
  ctx: Context,
  { signIn }: Person,
  proof: { password: string } | { code: string },
  from: From,
): Promise<string> {
  const { userId } = signIn
  const note = async (tx: Tx, isStrong: boolean) => {
    const cookie = await raiseSignIn(tx, ctx, signIn, { isStrong })
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'sign_in.confirmed' })
    return cookie
  }
  const token =
    'code' in proof
      ? await guessCode(ctx, userId, proof.code, from, tx => note(tx, true))
      : (await isPassword(ctx, userId, proof.password))
        ? await asWorker(ctx.db, tx => note(tx, signIn.isStrong))
        : null
  forgetSignIns(ctx)
  if (token !== null) return token
  await noteWrongProof(ctx, userId, from)
  throw 'code' in proof ? codeInvalid() : passwordWrong('password')
}

/** Whether this is the person's password, as one guess at it. Throws `rate_limited`. */
export async function isPassword(ctx: Context, userId: string, password: string): Promise<boolean> {
  const isRight = await countGuess(ctx, [ofOne(`password again of ${userId}`)], async () => {
    const { password: kept } = await asWorker(ctx.db, tx => findFactors(tx, userId))
    return (await checkPassword(kept, password)).isRight || null
  })
  return isRight === true
}

/** Notes that somebody who is signed in as this person, or is about to be, could not prove that they are. */
export async function noteWrongProof(ctx: Context, userId: string, { address }: From): Promise<void> {
  await asWorker(ctx.db, tx => noteOwnAudit(tx, ctx, { userId, address }, { action: 'sign_in.failed' }))
}

/** For a password that is not the person's. */
export function passwordWrong(param: string): AppError {
  return new AppError('password_wrong', 'This is not your password.', { param })
}

async function guessCode<T>(
  ctx: Context,
  userId: string,
  code: string,
  from: From,
  done: (tx: Tx) => Promise<T>,
): Promise<T | null> {
  return await countGuess(ctx, [ofOne(`code of ${userId}`), ofNetwork(from)], () =>
    asWorker(ctx.db, async tx => {
      const kind = await takeCode(tx, ctx, userId, code)
      if (kind === null) return null
      if (kind === 'recovery') {
        await tellFactorChange(tx, ctx, { userId, address: from.address }, 'recovery_code_used')
        await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'recovery_codes.used' })
      }
      return await done(tx)
    }),
  )
}
