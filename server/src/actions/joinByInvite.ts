import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { isOpen } from '../domain/invite.ts'
import type { From } from '../domain/signIn.ts'
import type { Role } from '../domain/user.ts'
import { asWorker } from '../store/database.ts'
import { findPerson, lockFactors, saveFactors } from '../store/factors.ts'
import { findInviteByToken } from '../store/invites.ts'
import { findWorkplace } from '../store/memberships.ts'
import { findOrganization } from '../store/organizations.ts'
import { acceptInvite, notTheirs } from './acceptInvite.ts'
import { addSignIn, type Person } from './authenticatePerson.ts'
import { hashToken } from './changeInvites.ts'
import { countGuess, ofNetwork, ofOne } from './countGuesses.ts'
import { assertNewPassword, checkPassword, hashPassword } from './hashPassword.ts'
import { hasSecondFactor } from './signInStrength.ts'
import { switchOrganization } from './signIns.ts'

/** What an invite asks for; `isKnown` where whoever is asked can sign in here already. */
export type ShownInvite = { email: string; organizationName: string; role: Role; isKnown: boolean }

/** What somebody gives who accepts an invite: a new password and names, or the password that they have. */
export type Joining = { token: string; password: string | null; firstName: string; lastName: string }

/** The open invite that the link with `token` is of. Throws `invite_invalid`. */
export async function readInvite(ctx: Context, token: string): Promise<ShownInvite> {
  return await asWorker(ctx.db, async tx => {
    const invite = await findInviteByToken(tx, hashToken(token))
    if (invite === null || !isOpen(invite, ctx.clock.now())) {
      throw new AppError('invite_invalid', 'This invite is not valid: ask for a new one.')
    }
    const { profile } = await findOrganization(tx, invite.organizationId)
    const { email, role } = invite
    return { email, role, organizationName: profile.name, isKnown: (await findPerson(tx, email)) !== null }
  })
}

/**
 * Accepts an invite, once; returns the token of a new cookie. Whoever is signed in as the person asked goes on working for the new
 * organization; everybody else is signed in: with the password that they have, or as a new person with one that they choose. Who then
 * has to give a second factor has not joined yet: they accept it once they are signed in. Throws `invite_invalid`, `password_weak`,
 * `sign_in_invalid` or `rate_limited`.
 */
export async function joinByInvite(ctx: Context, joining: Joining, person: Person | null, from: From): Promise<string> {
  const { token, firstName, lastName, password } = joining
  const { email, organizationName, isKnown } = await readInvite(ctx, token)
  const known = isKnown ? await asWorker(ctx.db, tx => findPerson(tx, email)) : null
  if (person !== null && known?.id === person.signIn.userId) {
    const { organizationId } = await acceptInvite(ctx, token, { email, firstName, lastName }, from.address)
    return await switchOrganization(ctx, person, organizationId)
  }
  if (password === null) throw new AppError('parameter_missing', 'password is required.', { param: 'password' })
  if (known !== null) return await joinAsKnown(ctx, { email, token, password }, from)
  await assertNewPassword(password, [email, firstName, lastName, organizationName])
  const hash = await hashPassword(password)
  const newPerson = { email, firstName, lastName }
  const { organizationId, userId } = await acceptInvite(ctx, token, newPerson, from.address, { asNew: true })
  return await asWorker(ctx.db, async tx => {
    const factors = await lockFactors(tx, userId)
    // They have set one by e-mail, at the same moment.
    if (factors.password !== null) throw notTheirs()
    await saveFactors(tx, userId, { ...factors, password: hash })
    return await addSignIn(tx, ctx, { userId, organizationId, stage: 'whole', isStrong: false }, from)
  })
}

async function joinAsKnown(
  ctx: Context,
  { email, token, password }: { email: string; token: string; password: string },
  from: From,
): Promise<string> {
  const person = await countGuess(ctx, [ofOne(`password of ${email}`), ofNetwork(from)], async () => {
    const found = await asWorker(ctx.db, tx => findPerson(tx, email))
    const { isRight } = await checkPassword(found?.factors.password ?? null, password)
    return isRight && found?.status === 'active' ? found : null
  })
  if (person === null) throw notTheirs()
  // A password alone lets nobody in who has a second factor: once that is given they come back, signed in. Who belongs nowhere cannot.
  const home = hasSecondFactor(person.factors) ? await asWorker(ctx.db, tx => findWorkplace(tx, person.id)) : null
  const newcomer = { email, firstName: '', lastName: '' }
  const organizationId = home ?? (await acceptInvite(ctx, token, newcomer, from.address)).organizationId
  return await asWorker(ctx.db, async tx => {
    const factors = await lockFactors(tx, person.id)
    if (factors.password !== person.factors.password) throw notTheirs()
    const stage = hasSecondFactor(factors) ? 'waiting' : 'whole'
    return await addSignIn(tx, ctx, { userId: person.id, organizationId, stage, isStrong: false }, from)
  })
}
