import type { Context } from '../context.ts'
import type { AddressChange } from '../domain/addressChange.ts'
import type { SavedAddress } from '../domain/withdrawalAddress.ts'
import { endAddressChange, findDueOrganizations, listWaitingChanges } from '../store/addressChanges.ts'
import { asWorker, inOrganization, type Tx } from '../store/database.ts'
import { lockOrganization } from '../store/organizations.ts'
import { listMembers } from '../store/users.ts'
import { listAddresses } from '../store/withdrawalAddresses.ts'
import { assertOwnerRole } from './assertOwner.ts'
import { forgetCallers } from './authenticate.ts'
import { forgetSignIns } from './authenticatePerson.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'
import { type AddressMove, saveWithdrawalAddress } from './saveWithdrawalAddress.ts'

/** The organization's changes of withdrawal addresses that do not count yet, with who asked for each; null for somebody who has left. */
export async function listAddressChanges(ctx: Context, organizationId: string) {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const changes = await listWaitingChanges(tx, organizationId)
    const members = await listMembers(tx, organizationId)
    const people = new Map(members.map(({ id, email }) => [id, { id, email }]))
    return changes.map(({ id, kind, createdAt, dueAt, requestedBy, before, after }) => {
      return { id, kind, createdAt, dueAt, requestedBy: people.get(requestedBy) ?? null, before, after }
    })
  })
}

/**
 * Lets a change of a withdrawal address never count; false if none with this id waits. Any owner may do so, and needs no more than to be
 * signed in: stopping must be easier than changing. Throws `insufficient_permissions` for others.
 */
export async function cancelAddressChange(ctx: Context, caller: Caller, id: string): Promise<boolean> {
  const { organizationId } = caller
  assertOwnerRole(caller, 'Changes of withdrawal addresses are canceled by owners only.')
  return await inOrganization(ctx.db, organizationId, async tx => {
    await lockOrganization(tx, organizationId)
    const change = (await listWaitingChanges(tx, organizationId)).find(each => each.id === id)
    if (change === undefined) return false
    await endAsCanceled(tx, ctx, caller, change)
    return true
  })
}

/** Cancels a change that waits, in the name of an owner; the caller holds the lock of the organization. */
export async function endAsCanceled(tx: Tx, ctx: Context, caller: Caller, change: AddressChange): Promise<void> {
  const { id, kind, before, after } = change
  await endAddressChange(tx, id, 'canceled', ctx.clock.now())
  const detail = { kind, before, after }
  await noteAudit(tx, ctx, caller, {
    action: 'address_change.canceled',
    objectId: (after ?? before)?.id ?? null,
    detail,
  })
}

/**
 * Writes the changes of withdrawal addresses that are due, of up to `limit` organizations, each in a transaction of its own and in the
 * order that they were asked for; one that has become impossible, or was asked for by somebody who is no owner any more, changes nothing.
 * Returns how many organizations it looked at.
 */
export async function applyAddressChanges(ctx: Context, limit: number): Promise<number> {
  const due = await asWorker(ctx.db, tx => findDueOrganizations(tx, ctx.clock.now(), limit))
  for (const organizationId of due) {
    await inOrganization(ctx.db, organizationId, tx => applyDue(tx, ctx, organizationId))
    forgetCallers(ctx, organizationId)
  }
  if (due.length > 0) forgetSignIns(ctx)
  return due.length
}

async function applyDue(tx: Tx, ctx: Context, organizationId: string): Promise<void> {
  await lockOrganization(tx, organizationId)
  const now = ctx.clock.now()
  const members = await listMembers(tx, organizationId)
  for (const change of await listWaitingChanges(tx, organizationId)) {
    if (change.dueAt > now) continue
    const { id, kind, before, after, requestedBy } = change
    // Whoever finds a thief among the owners unmakes them, and has thereby undone what they asked for.
    const isOwners = members.some(member => member.id === requestedBy && member.role === 'owner')
    const move = isOwners ? planMove(change, await listAddresses(tx, organizationId), now) : null
    if (move !== null) await saveWithdrawalAddress(tx, ctx, organizationId, move)
    const status = move === null ? 'impossible' : 'applied'
    await endAddressChange(tx, id, status, now)
    const by = { organizationId, userId: null, keyId: null, address: null }
    const detail = { kind, before, after, requestedBy }
    await noteAudit(tx, ctx, by, {
      action: `address_change.${status}`,
      objectId: (after ?? before)?.id ?? null,
      detail,
    })
  }
}

/** What the change comes to with the addresses as they are now; null where that cannot be any more. */
function planMove({ kind, before, after }: AddressChange, all: readonly SavedAddress[], now: Date): AddressMove | null {
  const shown = after ?? before
  if (shown === null) return null
  const others = all.filter(({ id, chainId }) => id !== shown.id && chainId === shown.chainId)
  const found = all.find(({ id }) => id === shown.id) ?? null
  const isTaken = after !== null && others.some(({ address }) => address === after.address)
  if (isTaken || (kind !== 'create' && found === null)) return null
  if (kind === 'delete') return { before: found, after: null, others }
  if (found === null) {
    const saved = { ...shown, createdAt: now, updatedAt: now, isDefault: others.length === 0, provedAt: null }
    return { before: null, after: saved, others }
  }
  const changes = kind === 'make_default' ? { isDefault: true } : { address: shown.address }
  return { before: found, after: { ...found, ...changes }, others }
}
