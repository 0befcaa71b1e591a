import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { From } from '../domain/signIn.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { asWorker, type Tx, violatedConstraint } from '../store/database.ts'
import { lockFactors } from '../store/factors.ts'
import { findWorkplace, listMemberships } from '../store/memberships.ts'
import {
  insertChallenge,
  insertPasskey,
  listPasskeys as listStored,
  lockPasskey,
  type Passkey,
  removePasskey,
  savePasskeyUse,
  takeChallenge,
} from '../store/passkeys.ts'
import { assertConfirmed } from './assertOwner.ts'
import { addSignIn, forgetSignIns, type Person } from './authenticatePerson.ts'
import { countGuess, forgetGuessesAt, ofPasskeys } from './countGuesses.ts'
import { noteOwnAudit } from './noteAudit.ts'
import { afterFactorAdded, afterFactorRemoved, raiseSignIn } from './signInStrength.ts'
import { tellFactorChange } from './tellPerson.ts'

const CHALLENGE_MS = 5 * 60_000
const PASSKEYS_MAX = 20
/** EdDSA, ES256 and RS256 (RFC 9053): what authenticators have today. */
const ALGORITHMS = [-8, -7, -257]

/** The answer of a device to the challenge `id`. */
export type PasskeyProof = { id: string; response: AuthenticationResponseJSON }

/** Asks for any passkey, once, for 5 minutes. Throws `rate_limited` for a network that asks without end. */
export async function askForPasskey(ctx: Context, from: From): Promise<{ id: string; options: object }> {
  await countGuess(ctx, [ofPasskeys(from)], () => Promise.resolve(null))
  const { rpID } = site(ctx)
  const options = await generateAuthenticationOptions({ rpID, userVerification: 'required', timeout: CHALLENGE_MS })
  return { id: await keepChallenge(ctx, options.challenge, null), options }
}

/** Signs in with a passkey alone, which is two factors: the device, and what it knows its holder by. Throws `passkey_invalid`. */
export async function signInWithPasskey(ctx: Context, proof: PasskeyProof, from: From): Promise<string> {
  const passkey = await checkPasskey(ctx, proof)
  const { userId } = passkey
  const token = await asWorker(ctx.db, async tx => {
    await notePasskeyUse(tx, passkey)
    const organizationId = await findWorkplace(tx, userId)
    if (organizationId === null) throw passkeyInvalid()
    const cookie = await addSignIn(tx, ctx, { userId, organizationId, stage: 'whole', isStrong: true }, from)
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'sign_in.started' })
    return cookie
  })
  await forgetGuessesAt(ctx, [ofPasskeys(from)])
  return token
}

/** Notes that the person proved once more who they are; returns the token of a new cookie. Throws `passkey_invalid`. */
export async function confirmWithPasskey(
  ctx: Context,
  { signIn }: Person,
  proof: PasskeyProof,
  from: From,
): Promise<string> {
  const passkey = await checkPasskey(ctx, proof)
  const { userId } = signIn
  if (passkey.userId !== userId) throw passkeyInvalid()
  const token = await asWorker(ctx.db, async tx => {
    await notePasskeyUse(tx, passkey)
    const cookie = await raiseSignIn(tx, ctx, signIn, { isStrong: true })
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'sign_in.confirmed' })
    return cookie
  })
  forgetSignIns(ctx)
  return token
}

/** The person's passkeys, the oldest first. */
export async function listPasskeys(ctx: Context, { signIn }: Person): Promise<Passkey[]> {
  return await asWorker(ctx.db, tx => listStored(tx, signIn.userId))
}

/** Asks a device to make a passkey for the person, within 5 minutes. Throws `confirmation_required` or `passkey_limit`. */
export async function askForNewPasskey(ctx: Context, { signIn, caller }: Person): Promise<{ options: object }> {
  assertConfirmed(ctx, caller)
  const { userId } = signIn
  const { user, passkeys } = await asWorker(ctx.db, async tx => {
    return { user: (await listMemberships(tx, userId)).user, passkeys: await listStored(tx, userId) }
  })
  if (passkeys.length >= PASSKEYS_MAX) {
    throw new AppError('passkey_limit', `You have ${PASSKEYS_MAX} passkeys: delete one that you no longer use.`)
  }
  const { rpID } = site(ctx)
  const options = await generateRegistrationOptions({
    ...{ rpName: 'Bitstream', rpID, timeout: CHALLENGE_MS },
    userName: user.email,
    userDisplayName: `${user.firstName} ${user.lastName}`.trim(),
    userID: Uint8Array.from(Buffer.from(userId)),
    excludeCredentials: passkeys.map(({ credentialId, transports }) => ({ id: base64url(credentialId), transports })),
    supportedAlgorithmIDs: ALGORITHMS,
    // Whoever signs in with a passkey alone does not say first who they are.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge(ctx, options.challenge, userId)
  return { options }
}

/** Keeps the passkey that a device has made. Throws `passkey_invalid` or `confirmation_required`. */
export async function addPasskey(
  ctx: Context,
  person: Person,
  { name, response }: { name: string; response: RegistrationResponseJSON },
  from: From,
): Promise<Passkey> {
  assertConfirmed(ctx, person.caller)
  const { userId } = person.signIn
  const now = ctx.clock.now()
  const challenge = await asWorker(ctx.db, tx => takeChallenge(tx, { userId }, now))
  const { registrationInfo } = await verifyRegistration(ctx, challenge, response)
  if (registrationInfo === undefined) throw passkeyInvalid()
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential
  const passkey: Passkey = {
    ...{ id: uuidv7(now, ctx.random(10)), userId, createdAt: now, name, publicKey, transports: transports.slice(0, 8) },
    ...{ credentialId: Buffer.from(id, 'base64url'), counter: BigInt(counter), lastUsedAt: null },
  }
  try {
    await asWorker(ctx.db, async tx => {
      await lockFactors(tx, userId)
      await insertPasskey(tx, passkey)
      await afterFactorAdded(tx, ctx, person)
      await tellFactorChange(tx, ctx, { userId, address: from.address }, 'passkey_added')
      await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'passkey.added', objectId: passkey.id })
    })
  } catch (error) {
    throw violatedConstraint(error) === 'passkeys_credential_id_key' ? passkeyInvalid() : error
  }
  forgetSignIns(ctx)
  return passkey
}

/** Deletes the person's passkey `id`; false if there is none. Throws `confirmation_required`. */
export async function deletePasskey(
  ctx: Context,
  { signIn, caller }: Person,
  id: string,
  from: From,
): Promise<boolean> {
  assertConfirmed(ctx, caller)
  const { userId } = signIn
  const isGone = await asWorker(ctx.db, async tx => {
    await lockFactors(tx, userId)
    if (!(await removePasskey(tx, userId, id))) return false
    await afterFactorRemoved(tx, userId)
    await tellFactorChange(tx, ctx, { userId, address: from.address }, 'passkey_removed')
    await noteOwnAudit(tx, ctx, { userId, address: from.address }, { action: 'passkey.removed', objectId: id })
    return true
  })
  forgetSignIns(ctx)
  return isGone
}

/** The passkey that signed the challenge, as it is after that. Its challenge counts no second time, whatever comes of it. */
async function checkPasskey(ctx: Context, { id, response }: PasskeyProof): Promise<Passkey> {
  const now = ctx.clock.now()
  const { challenge, passkey } = await asWorker(ctx.db, async tx => ({
    challenge: await takeChallenge(tx, { id }, now),
    passkey: await lockPasskey(tx, Buffer.from(response.id, 'base64url')),
  }))
  if (challenge === null || passkey === null) throw passkeyInvalid()
  const { origin, rpID } = site(ctx)
  const credential = {
    id: base64url(passkey.credentialId),
    publicKey: Uint8Array.from(passkey.publicKey),
    counter: Number(passkey.counter),
  }
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      ...{ response, credential, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpID },
      requireUserVerification: true,
    })
    if (verified) return { ...passkey, counter: BigInt(authenticationInfo.newCounter), lastUsedAt: now }
  } catch (cause) {
    throw passkeyInvalid(cause)
  }
  throw passkeyInvalid()
}

/** Of two uses of a passkey that counts, at once, the later one is refused: one of the two is a copy. */
async function notePasskeyUse(tx: Tx, passkey: Passkey): Promise<void> {
  const now = await lockPasskey(tx, passkey.credentialId)
  if (now === null || (passkey.counter > 0n && now.counter >= passkey.counter)) throw passkeyInvalid()
  await savePasskeyUse(tx, passkey)
}

async function verifyRegistration(
  ctx: Context,
  challenge: string | null,
  response: RegistrationResponseJSON,
): Promise<VerifiedRegistrationResponse> {
  if (challenge === null) throw passkeyInvalid()
  const { origin, rpID } = site(ctx)
  try {
    return await verifyRegistrationResponse({
      ...{ response, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpID },
      supportedAlgorithmIDs: ALGORITHMS,
      requireUserVerification: true,
    })
  } catch (cause) {
    throw passkeyInvalid(cause)
  }
}

async function keepChallenge(ctx: Context, challenge: string, userId: string | null): Promise<string> {
  const now = ctx.clock.now()
  const id = uuidv7(now, ctx.random(10))
  const expiresAt = new Date(now.getTime() + CHALLENGE_MS)
  await asWorker(ctx.db, tx => insertChallenge(tx, { id, userId, challenge, expiresAt }))
  return id
}

/** Where passkeys count: on the host of the dashboard, and on pages of its origin. */
function site({ config }: Context): { origin: string; rpID: string } {
  const { origin, hostname } = new URL(config.publicUrl ?? 'http://localhost')
  return { origin, rpID: hostname }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function passkeyInvalid(cause?: unknown): AppError {
  return new AppError('passkey_invalid', 'This passkey was not accepted: try again, or use another way.', { cause })
}
