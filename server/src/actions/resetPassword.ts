import type { Context } from '../context.ts'
import { resetEmail } from '../documents/emails/accountEmail.ts'
import { invariant } from '../domain/errors.ts'
import type { From } from '../domain/signIn.ts'
import { enqueueReset, removeAccountLinks } from '../store/accountLinks.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { type Factors, findPerson, lockFactors, replaceRecoveryCodes, saveFactors } from '../store/factors.ts'
import { findWorkplace, listMemberships } from '../store/memberships.ts'
import { removePasskeys } from '../store/passkeys.ts'
import { endSignIns } from '../store/signIns.ts'
import { LINK_LAST_MS, linkInvalid, makeAccountLink, openAccountLink } from './accountLinks.ts'
import { addSignIn, forgetSignIns, type Person } from './authenticatePerson.ts'
import { countGuess, forgetGuessesAt, ofNetwork, ofOne } from './countGuesses.ts'
import { assertNewPassword, hashPassword } from './hashPassword.ts'
import { noteOwnAudit } from './noteAudit.ts'
import { isPassword, noteWrongProof, passwordWrong } from './secondFactor.ts'
import { hasSecondFactor } from './signInStrength.ts'
import { tellFactorChange, tellPerson } from './tellPerson.ts'

/**
 * Lets a link for a new password be sent to this e-mail address (lower case). Whether somebody has it is found out by the worker, so that
 * neither the answer nor its time tells. Throws `rate_limited`.
 */
export async function askForReset(ctx: Context, email: string, from: From): Promise<void> {
  await countGuess(ctx, [ofOne(`reset for ${email}`), ofNetwork(from)], async () => {
    await asWorker(ctx.db, tx => enqueueReset(tx, email))
    // Each counts: a mailbox is not to be filled.
    return null
  })
}

/** Sends the link that `askForReset` asked for, for an hour; nothing where nobody has this e-mail address. */
export async function mailReset(ctx: Context, email: string): Promise<void> {
  await asWorker(ctx.db, async tx => {
    const person = await findPerson(tx, email)
    if (person === null || person.status === 'suspended') return
    const url = await makeAccountLink(tx, ctx, { kind: 'reset', userId: person.id })
    const expiresAt = new Date(ctx.clock.now().getTime() + LINK_LAST_MS.reset)
    await tellPerson(tx, ctx, person.id, 'reset', brand => resetEmail({ url, expiresAt }, brand))
    await noteOwnAudit(tx, ctx, { userId: person.id, address: null }, { action: 'password.reset_asked' })
  })
}

/**
 * Sets a new password with the link that carries `token`, once: all other sign-ins and links of the person end, and one begins, which
 * waits where there is a second factor. Returns the cookie's token. Throws `link_invalid` or `password_weak`.
 */
export async function resetPassword(
  ctx: Context,
  { token, password }: { token: string; password: string },
  from: From,
): Promise<string> {
  const { email, known } = await asWorker(ctx.db, tx => readLink(tx, ctx, token))
  await assertNewPassword(password, known)
  const hash = await hashPassword(password)
  const cookie = await asWorker(ctx.db, async tx => {
    const { userId, kind } = await openAccountLink(tx, ctx, token)
    if (userId === null) throw linkInvalid()
    const organizationId = await findWorkplace(tx, userId)
    if (organizationId === null) throw linkInvalid()
    await removeAccountLinks(tx, userId)
    const before = await lockFactors(tx, userId)
    const factors = kind === 'rescue' ? await dropFactors(tx, userId, before) : before
    await saveFactors(tx, userId, { ...factors, password: hash })
    await endSignIns(tx, userId, ctx.clock.now(), null)
    const stage = hasSecondFactor(factors) ? 'waiting' : 'whole'
    const entered = await addSignIn(tx, ctx, { userId, organizationId, stage, isStrong: false }, from)
    const by = { userId, address: from.address }
    await tellFactorChange(tx, ctx, by, kind === 'rescue' ? 'rescued' : 'password')
    await noteOwnAudit(tx, ctx, by, { action: 'password.reset', detail: { kind } })
    return entered
  })
  forgetSignIns(ctx)
  // Whoever was kept out by others' guesses is let in.
  await forgetGuessesAt(ctx, [ofOne(`password of ${email}`), ofOne(`reset for ${email}`)])
  return cookie
}

/** Replaces the person's password; all their other sign-ins and links end. Throws `password_wrong`, `password_weak` or `rate_limited`. */
export async function changePassword(
  ctx: Context,
  { signIn }: Person,
  { old, next }: { old: string; next: string },
  from: From,
): Promise<void> {
  const { userId } = signIn
  const known = await asWorker(ctx.db, tx => knownOf(tx, userId))
  await assertNewPassword(next, known, 'new')
  if (!(await isPassword(ctx, userId, old))) {
    await noteWrongProof(ctx, userId, from)
    throw passwordWrong('old')
  }
  const password = await hashPassword(next)
  await asWorker(ctx.db, async tx => {
    await removeAccountLinks(tx, userId)
    await saveFactors(tx, userId, { ...(await lockFactors(tx, userId)), password })
    await endSignIns(tx, userId, ctx.clock.now(), signIn.id)
    const by = { userId, address: from.address }
    await tellFactorChange(tx, ctx, by, 'password')
    await noteOwnAudit(tx, ctx, by, { action: 'password.changed' })
  })
  forgetSignIns(ctx)
}

async function readLink(tx: Tx, ctx: Context, token: string): Promise<{ email: string; known: string[] }> {
  const { userId } = await openAccountLink(tx, ctx, token)
  if (userId === null) throw linkInvalid()
  const known = await knownOf(tx, userId)
  return { email: known[0] ?? '', known }
}

/** What anybody knows about a person, the e-mail address first. */
async function knownOf(tx: Tx, userId: string): Promise<string[]> {
  const { user, memberships } = await listMemberships(tx, userId)
  invariant(user.email !== '', 'a person has an e-mail address')
  return [user.email, user.firstName, user.lastName, ...memberships.map(({ name }) => name)]
}

async function dropFactors(tx: Tx, userId: string, factors: Factors): Promise<Factors> {
  await removePasskeys(tx, userId)
  await replaceRecoveryCodes(tx, userId, [])
  return { ...factors, totpSecret: null, totpSince: null, passkeys: 0 }
}
