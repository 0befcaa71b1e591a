import type { Context } from '../context.ts'
import type { AuditBy } from '../domain/auditEntry.ts'
import { AppError } from '../domain/errors.ts'
import type { Organization } from '../domain/organization.ts'
import type { Member, Role } from '../domain/user.ts'
import type { Tx } from '../store/database.ts'
import { lockOrganization, saveOrganization } from '../store/organizations.ts'
import { listMembers, removeMember, saveRole } from '../store/users.ts'
import type { Caller } from './caller.ts'
import { endInvitesOf } from './changeInvites.ts'

/** An organization with its members, the oldest first, which nobody else changes until the transaction ends. */
export type Team = { organization: Organization; members: Member[] }

/** The team of an organization. */
export async function lockTeam(tx: Tx, organizationId: string): Promise<Team> {
  return { organization: await lockOrganization(tx, organizationId), members: await listMembers(tx, organizationId) }
}

/** Who takes the place of `member` among the owners; null where that takes nobody. Throws `last_owner`. */
export function heirOf({ members }: Team, member: Member, role: Role | null): Member | null {
  if (member.role !== 'owner' || role === 'owner') return null
  const heir = members.find(other => other.role === 'owner' && other.id !== member.id)
  if (heir !== undefined) return heir
  throw new AppError('last_owner', `${member.email} is the only owner: make somebody else an owner first.`)
}

/**
 * Gives `member` another role, or with null ends the membership, and with it the open invites that they may send no more; answers the
 * member as they are then. Throws `last_owner`.
 */
export async function giveRole(
  tx: Tx,
  ctx: Context,
  by: Caller | AuditBy,
  { team, member, role }: { team: Team; member: Member; role: Role | null },
): Promise<Member> {
  const heir = heirOf(team, member, role)
  const { organization } = team
  const now = ctx.clock.now()
  if (role === null) await removeMember(tx, organization.id, member.id)
  else await saveRole(tx, organization.id, member.id, role, now)
  if (heir !== null && organization.ownerId === member.id) {
    await saveOrganization(tx, { ...organization, ownerId: heir.id, updatedAt: now })
  }
  await endInvitesOf(tx, ctx, by, { member, role })
  return role === null ? member : { ...member, role }
}
