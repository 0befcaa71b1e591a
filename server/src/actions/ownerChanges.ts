import type { Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import { OWNER_DELAY_MS, type OwnerChange } from '../domain/ownerChange.ts'
import type { Member } from '../domain/user.ts'
import { listWaitingChanges } from '../store/addressChanges.ts'
import { asWorker, inOrganization, type Tx } from '../store/database.ts'
import { lockOrganization } from '../store/organizations.ts'
import {
  findDueOwners,
  listOwnerChanges as listStored,
  removeOwnerChange,
  saveOwnerChange,
} from '../store/ownerChanges.ts'
import { listMembers } from '../store/users.ts'
import { endAsCanceled } from './addressChanges.ts'
import { assertOwnerRole } from './assertOwner.ts'
import { forgetSignIns } from './authenticatePerson.ts'
import type { Caller } from './caller.ts'
import { giveRole, lockTeam } from './giveRole.ts'
import { askedBy } from './mailOwners.ts'
import { noteAudit } from './noteAudit.ts'
import { tellOfOwner } from './tellOfOwner.ts'

/**
 * Lets the change of an owner wait for a day, and all owners be told; returns when it counts. Who asks for the same again waits no longer, and
 * no shorter. What the owner asked for of withdrawal addresses before is canceled. The caller holds the lock of the organization.
 */
export async function delayOwnerChange(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  member: Member,
  role: OwnerChange['role'],
): Promise<Date> {
  const { organizationId, person } = caller
  invariant(person !== null, 'in live mode no key unmakes an owner')
  // Else it would count before they are unmade.
  for (const change of await listWaitingChanges(tx, organizationId))
    if (change.requestedBy === member.id) await endAsCanceled(tx, ctx, caller, change)
  const waiting = (await listStored(tx, organizationId)).find(({ userId }) => userId === member.id)
  if (waiting?.role === role) return waiting.dueAt
  const dueAt = new Date(ctx.clock.now().getTime() + OWNER_DELAY_MS)
  await saveOwnerChange(tx, organizationId, { userId: member.id, role, dueAt, requestedBy: person.userId })
  const detail = { email: member.email, before: member.role, after: role, dueAt }
  await tellOfOwner(tx, ctx, organizationId, { ...detail, askedBy: await askedBy(tx, caller) })
  await noteAudit(tx, ctx, caller, { action: 'owner_change.requested', objectId: member.id, detail })
  return dueAt
}

/** The changes of the organization's owners that do not count yet, by the member's id; `requestedBy` null for somebody who has left. */
export async function listOwnerChanges(ctx: Context, organizationId: string) {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const members = await listMembers(tx, organizationId)
    const people = new Map(members.map(({ id, email }) => [id, { id, email }]))
    return (await listStored(tx, organizationId)).map(({ userId, role, dueAt, requestedBy }) => {
      const email = people.get(userId)?.email ?? ''
      return { id: userId, email, role, dueAt, requestedBy: people.get(requestedBy) ?? null }
    })
  })
}

/**
 * Lets the owner `userId` stay one; false where nothing else waits for them. Any owner may do so, and needs no more than to be signed in.
 * Throws `insufficient_permissions` for others.
 */
export async function cancelOwnerChange(ctx: Context, caller: Caller, userId: string): Promise<boolean> {
  const { organizationId } = caller
  assertOwnerRole(caller, 'Changes of owners are canceled by owners only.')
  return await inOrganization(ctx.db, organizationId, async tx => {
    const { members } = await lockTeam(tx, organizationId)
    const change = (await listStored(tx, organizationId)).find(each => each.userId === userId)
    if (change === undefined) return false
    await removeOwnerChange(tx, organizationId, userId)
    const detail = { email: members.find(({ id }) => id === userId)?.email, after: change.role }
    await noteAudit(tx, ctx, caller, { action: 'owner_change.canceled', objectId: userId, detail })
    return true
  })
}

/**
 * Unmakes the owners who are due, of up to `limit` organizations, each in a transaction of its own; those stay whom somebody wanted to go
 * who is no owner any more. Returns how many organizations it looked at.
 */
export async function applyOwnerChanges(ctx: Context, limit: number): Promise<number> {
  const due = await asWorker(ctx.db, tx => findDueOwners(tx, ctx.clock.now(), limit))
  for (const organizationId of due)
    await inOrganization(ctx.db, organizationId, tx => applyDue(tx, ctx, organizationId))
  if (due.length > 0) forgetSignIns(ctx)
  return due.length
}

async function applyDue(tx: Tx, ctx: Context, organizationId: string): Promise<void> {
  await lockOrganization(tx, organizationId)
  for (const { userId, role, dueAt, requestedBy } of await listStored(tx, organizationId)) {
    if (dueAt > ctx.clock.now()) continue
    // As the change before left it.
    const team = await lockTeam(tx, organizationId)
    const member = team.members.find(({ id }) => id === userId)
    if (member === undefined) continue
    const isOwners = team.members.some(({ id, role: own }) => id === requestedBy && own === 'owner')
    const by = { organizationId, userId: null, keyId: null, address: null }
    if (isOwners) await giveRole(tx, ctx, by, { team, member, role })
    else await removeOwnerChange(tx, organizationId, userId)
    const detail = { email: member.email, before: member.role, after: role, requestedBy }
    const done = role === null ? 'member.removed' : 'member.role_changed'
    await noteAudit(tx, ctx, by, { action: isOwners ? done : 'owner_change.impossible', objectId: userId, detail })
  }
}
