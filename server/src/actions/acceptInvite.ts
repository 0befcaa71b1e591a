import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { isOpen } from '../domain/invite.ts'
import { newUser, type User } from '../domain/user.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { asWorker, inOrganization } from '../store/database.ts'
import { findInviteByToken, saveInvite } from '../store/invites.ts'
import { lockOrganization, saveOrganization } from '../store/organizations.ts'
import { findUserId, insertMember, insertUser, listMembers } from '../store/users.ts'
import { hashToken } from './changeInvites.ts'
import { noteAudit } from './noteAudit.ts'
import { tellOfOwner } from './tellOfOwner.ts'

/**
 * Makes `person` a member of the organization that the invite with `token` is of, once, with the role that it names; whoever is known
 * by this e-mail address already stays as they are. Throws `invite_invalid`, the same for every reason, and with `asNew`
 * `sign_in_invalid` for whoever is known.
 */
export async function acceptInvite(
  ctx: Context,
  token: string,
  person: Pick<User, 'email' | 'firstName' | 'lastName'>,
  address: string | null = null,
  { asNew = false }: { asNew?: boolean } = {},
): Promise<{ organizationId: string; userId: string }> {
  const email = person.email.toLowerCase()
  const tokenHash = hashToken(token)
  const found = await asWorker(ctx.db, tx => findInviteByToken(tx, tokenHash))
  if (found === null) throw invalid()
  const { organizationId } = found
  return await inOrganization(ctx.db, organizationId, async tx => {
    const organization = await lockOrganization(tx, organizationId)
    const invite = await findInviteByToken(tx, tokenHash)
    const now = ctx.clock.now()
    if (invite === null || !isOpen(invite, now) || invite.email !== email) throw invalid()
    const known = await findUserId(tx, email)
    // Somebody else made them known since the invite was read: they have a password of their own, or will.
    if (asNew && known !== null) throw notTheirs()
    const userId = known ?? uuidv7(now, ctx.random(10))
    if (known === null) await insertUser(tx, newUser(userId, { ...person, email }, now))
    const members = await listMembers(tx, organizationId)
    if (members.every(({ id }) => id !== userId)) {
      await insertMember(tx, organizationId, { userId, role: invite.role }, now)
      if (invite.role === 'owner' && organization.ownerId === null) {
        await saveOrganization(tx, { ...organization, ownerId: userId, updatedAt: now })
      }
    }
    await saveInvite(tx, { ...invite, status: 'accepted', updatedAt: now }, null)
    const by = { organizationId, userId, keyId: null, address }
    const detail = { email, role: invite.role }
    if (invite.role === 'owner') {
      const told = { email, before: null, after: invite.role, askedBy: `${email}, with an invite`, dueAt: null }
      await tellOfOwner(tx, ctx, organizationId, told)
    }
    await noteAudit(tx, ctx, by, { action: 'member.joined', objectId: userId, detail })
    return { organizationId, userId }
  })
}

function invalid(): AppError {
  return new AppError('invite_invalid', 'This invite is not valid: ask for a new one.')
}

/** For a password that is not the one of the person who was asked. */
export function notTheirs(): AppError {
  return new AppError('sign_in_invalid', 'This is not the password that you sign in with.', { param: 'password' })
}
