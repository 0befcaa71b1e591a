import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { newOrganization } from '../domain/organization.ts'
import type { From } from '../domain/signIn.ts'
import { newUser } from '../domain/user.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { lockSetup, removeAccountLinks } from '../store/accountLinks.ts'
import { asWorker, violatedConstraint } from '../store/database.ts'
import { lockFactors, saveFactors } from '../store/factors.ts'
import { findFirstOwner } from '../store/memberships.ts'
import { insertOrganization } from '../store/organizations.ts'
import { findUserId, insertMember, insertUser } from '../store/users.ts'
import { linkInvalid, makeAccountLink, openAccountLink } from './accountLinks.ts'
import { addSignIn } from './authenticatePerson.ts'
import { assertNewPassword, hashPassword } from './hashPassword.ts'
import { noteAudit } from './noteAudit.ts'

/** Who becomes the first owner, and of what; `email` in lower case. */
export type FirstOwner = {
  token: string
  email: string
  password: string
  firstName: string
  lastName: string
  organizationName: string
}

/** The link that makes the first owner, for a day; null where there is one already. */
export async function makeSetupLink(ctx: Context): Promise<string | null> {
  return await asWorker(ctx.db, async tx => {
    if ((await findFirstOwner(tx)) !== null) return null
    return await makeAccountLink(tx, ctx, { kind: 'setup', userId: null })
  })
}

/**
 * The link for somebody who is locked out: with it the person with this e-mail address (lower case), or with null the first owner, sets a
 * new password and loses the second factors. As `makeSetupLink` where nobody owns anything yet; null where there is no such person.
 */
export async function makeOwnerLink(ctx: Context, email: string | null): Promise<string | null> {
  return await asWorker(ctx.db, async tx => {
    const owner = await findFirstOwner(tx)
    if (owner === null) return await makeAccountLink(tx, ctx, { kind: 'setup', userId: null })
    const userId = email === null ? owner.userId : await findUserId(tx, email)
    return userId === null ? null : await makeAccountLink(tx, ctx, { kind: 'rescue', userId })
  })
}

/** Whether nobody owns anything here yet. */
export async function needsSetup(ctx: Context): Promise<boolean> {
  return (await asWorker(ctx.db, findFirstOwner)) === null
}

/**
 * Makes the first organization and its owner, once, and signs them in; returns the cookie's token. Throws `link_invalid`, `password_weak` or
 * `email_in_use`.
 */
export async function setUpServer(ctx: Context, owner: FirstOwner, from: From): Promise<string> {
  const { email, firstName, lastName, organizationName } = owner
  // Before anything that costs time: anybody may ask.
  await asWorker(ctx.db, tx => openAccountLink(tx, ctx, owner.token))
  await assertNewPassword(owner.password, [email, firstName, lastName, organizationName])
  const password = await hashPassword(owner.password)
  try {
    return await asWorker(ctx.db, async tx => {
      await lockSetup(tx)
      const link = await openAccountLink(tx, ctx, owner.token)
      if (link.kind !== 'setup' || (await findFirstOwner(tx)) !== null) throw linkInvalid()
      await removeAccountLinks(tx, null)
      const now = ctx.clock.now()
      const newId = () => uuidv7(now, ctx.random(10))
      const [organizationId, userId] = [newId(), newId()]
      await insertOrganization(tx, { ...newOrganization(organizationId, organizationName, now), ownerId: userId })
      await insertUser(tx, newUser(userId, { email, firstName, lastName }, now))
      await insertMember(tx, organizationId, { userId, role: 'owner' }, now)
      await saveFactors(tx, userId, { ...(await lockFactors(tx, userId)), password })
      const token = await addSignIn(tx, ctx, { userId, organizationId, stage: 'whole', isStrong: false }, from)
      const by = { organizationId, userId, keyId: null, address: from.address }
      await noteAudit(tx, ctx, by, { action: 'organization.created', objectId: organizationId })
      return token
    })
  } catch (error) {
    if (violatedConstraint(error) !== 'users_email') throw error
    throw new AppError('email_in_use', 'Somebody with this e-mail address is known here already.', { param: 'email' })
  }
}
