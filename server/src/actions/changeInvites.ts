import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { AuditBy } from '../domain/auditEntry.ts'
import { AppError } from '../domain/errors.ts'
import { type Invite, inviteExpiry, inviteView, isOpen, maySend } from '../domain/invite.ts'
import type { Organization } from '../domain/organization.ts'
import type { Member, Role } from '../domain/user.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { countEmailsSince } from '../store/emails.ts'
import { insertInvite, listInvites as listStored, removeInvite, saveInvite } from '../store/invites.ts'
import { lockOrganization } from '../store/organizations.ts'
import { listMembers } from '../store/users.ts'
import { assertOwner } from './assertOwner.ts'
import type { Caller } from './caller.ts'
import { sendInviteEmail } from './inviteEmail.ts'
import { noteAudit } from './noteAudit.ts'

const DAY_MS = 86_400_000
const INVITES_PER_DAY = 100
const MADE = 'owners are made'

/** The texts of an answer that shows an invite's link: the one to send, and the one to keep for replays, without it. */
export type InviteAnswer = { body: string; kept: string }

/** The organization's invites, newest first. */
export async function listInvites(ctx: Context, organizationId: string): Promise<Invite[]> {
  return await inOrganization(ctx.db, organizationId, tx => listStored(tx, organizationId))
}

/** SHA-256 of an invite's token, all of it that is stored. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/**
 * Asks `email` (lower case) to join, by e-mail too, and answers with the link. Throws `member_exists`, `invite_exists`, `invite_limit`,
 * and what `assertOwner` throws for an owner.
 */
export async function createInvite(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  { email, role }: { email: string; role: Role },
): Promise<InviteAnswer> {
  const { organizationId } = caller
  if (role === 'owner') assertOwner(ctx, caller, MADE)
  const organization = await lockOrganization(tx, organizationId)
  const members = await listMembers(tx, organizationId)
  if (members.some(member => member.email === email)) {
    throw new AppError('member_exists', `${email} belongs to the organization already.`, { param: 'email' })
  }
  const now = ctx.clock.now()
  const earlier = (await listStored(tx, organizationId)).find(
    invite => invite.email === email && invite.status === 'pending',
  )
  if (earlier !== undefined) {
    if (isOpen(earlier, now)) {
      const message = `${email} has an open invite: send that one again, or delete it.`
      throw new AppError('invite_exists', message, { param: 'email' })
    }
    await removeInvite(tx, earlier.id, now)
  }
  const id = uuidv7(now, ctx.random(10))
  const invite: Invite = {
    ...{ id, organizationId, createdAt: now, updatedAt: now, email, role },
    status: 'pending',
    expireAt: inviteExpiry(now),
    sentBy: caller.key.userId,
  }
  const answer = await send(tx, ctx, invite, organization, tokenHash => insertInvite(tx, invite, tokenHash))
  await noteAudit(tx, ctx, caller, { action: 'invite.created', objectId: id, detail: { email, role } })
  return answer
}

/** Sends the caller's invite `id` again with a new link, for 7 more days; the old link ends. Null if there is none. */
export async function resendInvite(tx: Tx, ctx: Context, caller: Caller, id: string): Promise<InviteAnswer | null> {
  const { organizationId } = caller
  const organization = await lockOrganization(tx, organizationId)
  const before = (await listStored(tx, organizationId)).find(each => each.id === id)
  if (before === undefined) return null
  if (before.role === 'owner') assertOwner(ctx, caller, MADE)
  if (before.status !== 'pending') {
    throw new AppError('invite_closed', `This invite is ${before.status}: create a new one.`)
  }
  const now = ctx.clock.now()
  const invite = { ...before, updatedAt: now, expireAt: inviteExpiry(now), sentBy: caller.key.userId }
  const answer = await send(tx, ctx, invite, organization, tokenHash => saveInvite(tx, invite, tokenHash))
  const detail = { email: invite.email, role: invite.role }
  await noteAudit(tx, ctx, caller, { action: 'invite.resent', objectId: id, detail })
  return answer
}

/** Withdraws the caller's invite `id`, so that its link ends; false if there is none. */
export async function deleteInvite(ctx: Context, caller: Caller, id: string): Promise<boolean> {
  const { organizationId } = caller
  return await inOrganization(ctx.db, organizationId, async tx => {
    await lockOrganization(tx, organizationId)
    const invite = (await listStored(tx, organizationId)).find(each => each.id === id)
    if (invite === undefined) return false
    await withdraw(tx, ctx, caller, invite)
    return true
  })
}

/** Withdraws the open invites of `member` that nobody of `role` may send; the caller holds the lock of the organization. */
export async function endInvitesOf(
  tx: Tx,
  ctx: Context,
  by: Caller | AuditBy,
  { member, role }: { member: Member; role: Role | null },
): Promise<void> {
  for (const invite of await listStored(tx, by.organizationId)) {
    const isTheirs = invite.sentBy === member.id && isOpen(invite, ctx.clock.now())
    if (isTheirs && !maySend(invite, role)) await withdraw(tx, ctx, by, invite)
  }
}

async function withdraw(tx: Tx, ctx: Context, by: Caller | AuditBy, { id, email, role }: Invite): Promise<void> {
  await removeInvite(tx, id, ctx.clock.now())
  await noteAudit(tx, ctx, by, { action: 'invite.deleted', objectId: id, detail: { email, role } })
}

async function send(
  tx: Tx,
  ctx: Context,
  invite: Invite,
  organization: Organization,
  save: (tokenHash: Uint8Array) => Promise<void>,
): Promise<InviteAnswer> {
  const since = new Date(ctx.clock.now().getTime() - DAY_MS)
  if ((await countEmailsSince(tx, invite.organizationId, 'invite', since)) >= INVITES_PER_DAY) {
    throw new AppError('invite_limit', `An organization sends at most ${INVITES_PER_DAY} invites a day.`)
  }
  const token = Buffer.from(ctx.random(32)).toString('base64url')
  const inviteUrl = `${ctx.config.publicUrl ?? ''}/invite/${token}`
  await save(hashToken(token))
  await sendInviteEmail(tx, ctx, invite, { organization, inviteUrl })
  return { body: JSON.stringify(inviteView(invite, inviteUrl)), kept: JSON.stringify(inviteView(invite, null)) }
}
