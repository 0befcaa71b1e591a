import { createHash } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { newRecoveryCode, plainRecoveryCode } from '../domain/recoveryCode.ts'
import type { From } from '../domain/signIn.ts'
import { createSecretBox } from '../secretBox.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { lockFactors, replaceRecoveryCodes, saveFactors, takeRecoveryCode } from '../store/factors.ts'
import { findOrganization } from '../store/organizations.ts'
import { findUserEmail } from '../store/users.ts'
import { assertConfirmed } from './assertOwner.ts'
import { forgetSignIns, type Person } from './authenticatePerson.ts'
import { countGuess, ofOne } from './countGuesses.ts'
import { noteOwnAudit } from './noteAudit.ts'
import { afterFactorAdded, afterFactorRemoved, hasSecondFactor } from './signInStrength.ts'
import { tellFactorChange } from './tellPerson.ts'

const SECRET_BYTES = 20
const STEP_S = 30
const RECOVERY_CODES = 10
const RECOVERY_BYTES = 10

/** A new secret for an authenticator app, in base32, and the URI that apps scan. */
export type NewTotp = { secret: string; uri: string }

/** Makes a secret, which counts once its first code was given; one that waited so is forgotten. Throws `totp_exists`. */
export async function beginTotp(ctx: Context, { signIn, caller }: Person): Promise<NewTotp> {
  assertConfirmed(ctx, caller)
  const secret = new Secret({ buffer: Uint8Array.from(ctx.random(SECRET_BYTES)).buffer })
  return await asWorker(ctx.db, async tx => {
    const factors = await lockFactors(tx, signIn.userId)
    if (factors.totpSince !== null) {
      throw new AppError('totp_exists', 'You have an authenticator app already: remove it first.')
    }
    const totpSecret = boxOf(ctx).seal(secret.base32)
    await saveFactors(tx, signIn.userId, { ...factors, totpSecret, totpStep: 0n })
    const label = (await findUserEmail(tx, signIn.userId)) ?? ''
    const { profile } = await findOrganization(tx, signIn.organizationId)
    return {
      secret: secret.base32,
      uri: totpOf(secret.base32, { label, issuer: `${profile.name} (Bitstream)` }).toString(),
    }
  })
}

/** Takes the first code of a new secret, from which on codes are asked for; returns recovery codes. Throws `code_invalid`. */
export async function confirmTotp(ctx: Context, person: Person, code: string, from: From): Promise<string[]> {
  assertConfirmed(ctx, person.caller)
  const { userId } = person.signIn
  const codes = await countGuess(ctx, [ofOne(`code of ${userId}`)], () =>
    asWorker(ctx.db, async tx => {
      const factors = await lockFactors(tx, userId)
      if (factors.totpSince !== null) return null
      const step = stepOf(ctx, factors, code)
      if (step === null) return null
      await saveFactors(tx, userId, { ...factors, totpSince: ctx.clock.now(), totpStep: step })
      const made = await makeRecoveryCodes(tx, ctx, userId)
      await afterFactorAdded(tx, ctx, person)
      await tellFactorChange(tx, ctx, { userId, address: from.address }, 'totp_added')
      await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'totp.added' })
      return made
    }),
  )
  forgetSignIns(ctx)
  if (codes === null) throw codeInvalid()
  return codes
}

/** Removes the authenticator app, and the recovery codes where there is no other second factor. Throws `confirmation_required`. */
export async function removeTotp(ctx: Context, { signIn, caller }: Person, from: From): Promise<void> {
  assertConfirmed(ctx, caller)
  const { userId } = signIn
  await asWorker(ctx.db, async tx => {
    const factors = await lockFactors(tx, userId)
    if (factors.totpSince === null) return
    await saveFactors(tx, userId, { ...factors, totpSecret: null, totpSince: null })
    await afterFactorRemoved(tx, userId)
    await tellFactorChange(tx, ctx, { userId, address: from.address }, 'totp_removed')
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'totp.removed' })
  })
  forgetSignIns(ctx)
}

/**
 * Makes the person's recovery codes anew; the ones before count no more. Throws `confirmation_required`, and `second_factor_missing` where
 * there is none that they could stand for.
 */
export async function renewRecoveryCodes(ctx: Context, { signIn, caller }: Person, from: From): Promise<string[]> {
  assertConfirmed(ctx, caller)
  const { userId } = signIn
  return await asWorker(ctx.db, async tx => {
    if (!hasSecondFactor(await lockFactors(tx, userId))) {
      throw new AppError('second_factor_missing', 'Add an authenticator app or a passkey first: codes stand for these.')
    }
    const codes = await makeRecoveryCodes(tx, ctx, userId)
    await tellFactorChange(tx, ctx, { userId, address: from.address }, 'recovery_codes')
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'recovery_codes.made' })
    return codes
  })
}

/**
 * Takes a code of the person's app, of this half minute or the one before or after, or a recovery code; each counts once. Returns which it
 * was; null for what is neither.
 */
export async function takeCode(
  tx: Tx,
  ctx: Context,
  userId: string,
  code: string,
): Promise<'totp' | 'recovery' | null> {
  const factors = await lockFactors(tx, userId)
  const step = factors.totpSince === null ? null : stepOf(ctx, factors, code)
  if (step !== null) {
    await saveFactors(tx, userId, { ...factors, totpStep: step })
    return 'totp'
  }
  return (await takeRecoveryCode(tx, userId, hashRecoveryCode(code))) ? 'recovery' : null
}

/** For a code that is wrong, or was used before. */
export function codeInvalid(): AppError {
  return new AppError('code_invalid', 'This code is wrong or was used before: give the next one.', { param: 'code' })
}

/** The half minute, counted from 1970, whose code this is, if that is later than the last one taken (RFC 6238, 5.2). */
function stepOf(
  ctx: Context,
  { totpSecret, totpStep }: { totpSecret: Uint8Array | null; totpStep: bigint },
  code: string,
): bigint | null {
  const token = code.replaceAll(/\s/g, '')
  if (totpSecret === null || !/^\d{6}$/.test(token)) return null
  const timestamp = ctx.clock.now().getTime()
  const delta = totpOf(boxOf(ctx).open(totpSecret)).validate({ token, timestamp, window: 1 })
  if (delta === null) return null
  const step = BigInt(Math.floor(timestamp / (STEP_S * 1000)) + delta)
  return step > totpStep ? step : null
}

/** Six digits of SHA-1 every 30 seconds: what all apps can do. */
function totpOf(base32: string, names: { label?: string; issuer?: string } = {}): TOTP {
  return new TOTP({ ...names, secret: Secret.fromBase32(base32), algorithm: 'SHA1', digits: 6, period: STEP_S })
}

async function makeRecoveryCodes(tx: Tx, ctx: Context, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(ctx.random(RECOVERY_BYTES)))
  await replaceRecoveryCodes(tx, userId, codes.map(hashRecoveryCode))
  return codes
}

function hashRecoveryCode(code: string): Uint8Array {
  return createHash('sha256').update(plainRecoveryCode(code)).digest()
}

function boxOf({ config }: Context) {
  return createSecretBox(config.secretKey, 'authenticator secret')
}
