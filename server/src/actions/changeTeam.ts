import type { Context } from '../context.ts'
import type { AuditAction } from '../domain/auditEntry.ts'
import { AppError } from '../domain/errors.ts'
import { authUserView, type Member, type Role } from '../domain/user.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { findOrganization, lockOrganization, saveOrganization } from '../store/organizations.ts'
import { listMembers, removeMember, saveRole } from '../store/users.ts'
import { assertOwner } from './assertOwner.ts'
import { forgetSignIns } from './authenticatePerson.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'

/** The members of the organization, the oldest first. */
export async function listUsers(ctx: Context, organizationId: string): Promise<Member[]> {
  return await inOrganization(ctx.db, organizationId, tx => listMembers(tx, organizationId))
}

/** The person who made the caller's key, else the organization's owner, as `GET /auth/me` shows them; null where there is neither. */
export async function getAuthUser(
  ctx: Context,
  { organizationId, key: { userId } }: Caller,
): Promise<ReturnType<typeof authUserView> | null> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const organization = await findOrganization(tx, organizationId)
    const members = await listMembers(tx, organizationId)
    const person = members.find(({ id }) => id === userId) ?? members.find(({ id }) => id === organization.ownerId)
    return person === undefined ? null : authUserView(person, organization)
  })
}

/**
 * Gives the member `userId` of the caller's organization another role, where one is named; null if there is none. Throws `last_owner`, and
 * what `assertOwner` throws where an owner is made or unmade.
 */
export async function updateUserRole(
  ctx: Context,
  caller: Caller,
  userId: string,
  role: Role | undefined,
): Promise<Member | null> {
  if (role === undefined) return (await listUsers(ctx, caller.organizationId)).find(({ id }) => id === userId) ?? null
  return await changeMember(ctx, caller, userId, role, async (tx, member) => {
    await saveRole(tx, caller.organizationId, userId, role, ctx.clock.now())
    return { ...member, role }
  })
}

/** Ends the membership of `userId`; null if there is none. Throws as `updateUserRole`. */
export async function removeUser(ctx: Context, caller: Caller, userId: string): Promise<Member | null> {
  return await changeMember(ctx, caller, userId, null, async (tx, member) => {
    await removeMember(tx, caller.organizationId, userId)
    return member
  })
}

async function changeMember(
  ctx: Context,
  caller: Caller,
  userId: string,
  role: Role | null,
  change: (tx: Tx, member: Member) => Promise<Member>,
): Promise<Member | null> {
  const { organizationId } = caller
  const changed = await inOrganization(ctx.db, organizationId, async tx => {
    const organization = await lockOrganization(tx, organizationId)
    const members = await listMembers(tx, organizationId)
    const member = members.find(({ id }) => id === userId)
    if (member === undefined) return null
    if (member.role === role) return member
    if (member.role === 'owner' || role === 'owner') assertOwner(ctx, caller, 'owners are made and unmade')
    const heir = members.find(other => other.role === 'owner' && other.id !== userId)
    if (member.role === 'owner' && heir === undefined) {
      throw new AppError('last_owner', `${member.email} is the only owner: make somebody else an owner first.`)
    }
    const changed = await change(tx, member)
    if (member.role === 'owner' && organization.ownerId === userId && heir !== undefined) {
      await saveOrganization(tx, { ...organization, ownerId: heir.id, updatedAt: ctx.clock.now() })
    }
    const action: AuditAction = role === null ? 'member.removed' : 'member.role_changed'
    const detail = { email: member.email, before: member.role, after: role }
    await noteAudit(tx, ctx, caller, { action, objectId: userId, detail })
    return changed
  })
  forgetSignIns(ctx)
  return changed
}
