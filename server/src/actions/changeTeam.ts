import type { Context } from '../context.ts'
import type { AuditAction } from '../domain/auditEntry.ts'
import { isDelayed } from '../domain/ownerChange.ts'
import { authUserView, type Member, type Role } from '../domain/user.ts'
import { inOrganization } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { listMembers } from '../store/users.ts'
import { assertOwner } from './assertOwner.ts'
import { forgetSignIns } from './authenticatePerson.ts'
import type { Caller } from './caller.ts'
import { giveRole, heirOf, lockTeam } from './giveRole.ts'
import { askedBy } from './mailOwners.ts'
import { noteAudit } from './noteAudit.ts'
import { delayOwnerChange } from './ownerChanges.ts'
import { tellOfOwner } from './tellOfOwner.ts'

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

/** What became of what was asked for: it counts, or it waits until `dueAt`. */
export type Changed = { member: Member; dueAt: Date | null }

/**
 * Gives the member `userId` of the caller's organization another role, where one is named, and answers the member as they are now; null if
 * there is none. In live mode an owner stays one for a day, unless it is they who ask. Throws `last_owner`, and what `assertOwner` throws
 * where an owner is made or unmade.
 */
export async function updateUserRole(
  ctx: Context,
  caller: Caller,
  userId: string,
  role: Role | undefined,
): Promise<Member | null> {
  if (role === undefined) return (await listUsers(ctx, caller.organizationId)).find(({ id }) => id === userId) ?? null
  return (await changeMember(ctx, caller, userId, role))?.member ?? null
}

/** Ends the membership of `userId`; null if there is none. Waits and throws as `updateUserRole`. */
export async function removeUser(ctx: Context, caller: Caller, userId: string): Promise<Changed | null> {
  return await changeMember(ctx, caller, userId, null)
}

async function changeMember(ctx: Context, caller: Caller, userId: string, role: Role | null): Promise<Changed | null> {
  const { organizationId } = caller
  const changed = await inOrganization(ctx.db, organizationId, async (tx): Promise<Changed | null> => {
    const team = await lockTeam(tx, organizationId)
    const member = team.members.find(({ id }) => id === userId)
    if (member === undefined) return null
    if (member.role === role) return { member, dueAt: null }
    const isOfOwners = member.role === 'owner' || role === 'owner'
    if (isOfOwners) assertOwner(ctx, caller, 'owners are made and unmade')
    heirOf(team, member, role)
    if (isDelayed(ctx.config.mode, member, role, caller.person?.userId ?? null)) {
      return { member, dueAt: await delayOwnerChange(tx, ctx, caller, member, role) }
    }
    const after = await giveRole(tx, ctx, caller, { team, member, role })
    const detail = { email: member.email, before: member.role, after: role }
    if (isOfOwners) {
      await tellOfOwner(tx, ctx, organizationId, { ...detail, askedBy: await askedBy(tx, caller), dueAt: null })
    }
    const action: AuditAction = role === null ? 'member.removed' : 'member.role_changed'
    await noteAudit(tx, ctx, caller, { action, objectId: userId, detail })
    return { member: after, dueAt: null }
  })
  forgetSignIns(ctx)
  return changed
}
