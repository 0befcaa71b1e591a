import type { OwnerChange } from '../domain/ownerChange.ts'
import type { Tx } from './database.ts'

/** Keeps what an owner is to be, in the place of what they were to be before; the caller holds the lock of the organization. */
export async function saveOwnerChange(tx: Tx, organizationId: string, change: OwnerChange): Promise<void> {
  const { userId, role, dueAt, requestedBy } = change
  await setChange(tx, organizationId, userId, { unmade_at: dueAt, unmade_to: role, unmade_by: requestedBy })
}

/** Lets an owner stay one; the caller holds the lock of the organization. */
export async function removeOwnerChange(tx: Tx, organizationId: string, userId: string): Promise<void> {
  await setChange(tx, organizationId, userId, { unmade_at: null, unmade_to: null, unmade_by: null })
}

/** The changes of an organization's owners that do not count yet, the first that is due first. */
export async function listOwnerChanges(tx: Tx, organizationId: string): Promise<OwnerChange[]> {
  const rows = await tx
    .selectFrom('members')
    .select(['user_id', 'unmade_at', 'unmade_to', 'unmade_by'])
    .where('organization_id', '=', organizationId)
    .where('unmade_at', 'is not', null)
    .orderBy('unmade_at')
    .orderBy('user_id')
    .$narrowType<{ unmade_at: Date; unmade_by: string }>()
    .execute()
  return rows.map(row => ({
    userId: row.user_id,
    role: row.unmade_to as OwnerChange['role'],
    dueAt: row.unmade_at,
    requestedBy: row.unmade_by,
  }))
}

/** Up to `limit` organizations with owners who are to be unmade by `now`; for a transaction that sees all. */
export async function findDueOwners(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('members')
    .select('organization_id')
    .distinct()
    .where('unmade_at', '<=', now)
    .limit(limit)
    .execute()
  return rows.map(row => row.organization_id)
}

async function setChange(
  tx: Tx,
  organizationId: string,
  userId: string,
  columns: { unmade_at: Date | null; unmade_to: string | null; unmade_by: string | null },
): Promise<void> {
  await tx
    .updateTable('members')
    .set(columns)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute()
}
