import type { Selectable } from 'kysely'
import type { AddressChange, ShownAddress } from '../domain/addressChange.ts'
import type { Tx } from './database.ts'
import type { AddressChanges } from './schema.ts'

/** Adds a change that waits. */
export async function insertAddressChange(tx: Tx, change: AddressChange): Promise<void> {
  await tx
    .insertInto('address_changes')
    .values({
      id: change.id,
      organization_id: change.organizationId,
      created_at: change.createdAt,
      due_at: change.dueAt,
      kind: change.kind,
      requested_by: change.requestedBy,
      before: change.before === null ? null : JSON.stringify(change.before),
      after: change.after === null ? null : JSON.stringify(change.after),
      status: change.status,
      ended_at: change.endedAt,
    })
    .execute()
}

/** The organization's changes that wait, the first that is due first. */
export async function listWaitingChanges(tx: Tx, organizationId: string): Promise<AddressChange[]> {
  const rows = await tx
    .selectFrom('address_changes')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'waiting')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** Ends a change that waits; the caller holds the lock of the organization. */
export async function endAddressChange(
  tx: Tx,
  id: string,
  status: Exclude<AddressChange['status'], 'waiting'>,
  now: Date,
): Promise<void> {
  await tx.updateTable('address_changes').set({ status, ended_at: now }).where('id', '=', id).execute()
}

/** Up to `limit` organizations with changes that are due at `now`; for a transaction that sees all. */
export async function findDueOrganizations(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('address_changes')
    .select('organization_id')
    .distinct()
    .where('status', '=', 'waiting')
    .where('due_at', '<=', now)
    .limit(limit)
    .execute()
  return rows.map(row => row.organization_id)
}

function fromRow(row: Selectable<AddressChanges>): AddressChange {
  return {
    id: row.id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    dueAt: row.due_at,
    kind: row.kind as AddressChange['kind'],
    requestedBy: row.requested_by,
    before: row.before as ShownAddress | null,
    after: row.after as ShownAddress | null,
    status: row.status as AddressChange['status'],
    endedAt: row.ended_at,
  }
}
