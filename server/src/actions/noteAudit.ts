import type { Context } from '../context.ts'
import { type AuditBy, type AuditNote, nextEntry } from '../domain/auditEntry.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { appendAuditEntry, listOrganizationIds, lockAuditHead } from '../store/auditEntries.ts'
import type { Tx } from '../store/database.ts'
import type { Caller } from './caller.ts'

/** What was done; no object and no detail where they are left out. */
export type Noted = Pick<AuditNote, 'action'> & Partial<AuditNote>

/**
 * Writes to the organization's audit log who did what, in the transaction of the change. Until that ends others of the organization
 * wait here, so that it is best the last thing that a transaction does.
 */
export async function noteAudit(tx: Tx, ctx: Context, by: Caller | AuditBy, noted: Noted): Promise<void> {
  const { organizationId } = by
  const now = ctx.clock.now()
  const { action, objectId = null, detail = {} } = noted
  const who = 'key' in by ? callerBy(by) : by
  const head = await lockAuditHead(tx, organizationId)
  await appendAuditEntry(tx, nextEntry(head, who, { action, objectId, detail }, uuidv7(now, ctx.random(10)), now))
}

/** Writes what a person did to nothing but themselves to the log of each organization that they belong to; for a transaction that sees all. */
export async function noteOwnAudit(
  tx: Tx,
  ctx: Context,
  { userId, address }: { userId: string; address: string | null },
  noted: Noted,
): Promise<void> {
  for (const organizationId of await listOrganizationIds(tx, userId)) {
    await noteAudit(tx, ctx, { organizationId, userId, keyId: null, address }, noted)
  }
}

function callerBy({ organizationId, key, person, address }: Caller): AuditBy {
  return {
    organizationId,
    userId: person?.userId ?? null,
    keyId: person === null ? key.id : null,
    address: address ?? null,
  }
}
