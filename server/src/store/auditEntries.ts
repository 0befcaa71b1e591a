import { type Selectable, sql } from 'kysely'
import { type AuditEntry, type AuditHead, EMPTY_LOG } from '../domain/auditEntry.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'
import type { AuditEntries } from './schema.ts'

/** The end of the organization's audit log, which nobody else moves until the transaction ends. */
export async function lockAuditHead(tx: Tx, organizationId: string): Promise<AuditHead> {
  const { nth, hash } = await tx
    .insertInto('audit_heads')
    .values({ organization_id: organizationId, nth: EMPTY_LOG.nth, hash: hexBuffer(EMPTY_LOG.hash) })
    .onConflict(found => found.column('organization_id').doUpdateSet({ nth: sql`audit_heads.nth` }))
    .returning(['nth', 'hash'])
    .executeTakeFirstOrThrow()
  return { nth, hash: bufferHex(hash) }
}

/** Adds an entry, which follows the head that the caller has locked, and makes it the head. */
export async function appendAuditEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit_entries')
    .values({
      organization_id: entry.organizationId,
      nth: entry.nth,
      id: entry.id,
      created_at: entry.createdAt,
      user_id: entry.userId,
      key_id: entry.keyId,
      address: entry.address,
      action: entry.action,
      object_id: entry.objectId,
      detail: JSON.stringify(entry.detail),
      previous: hexBuffer(entry.previous),
      hash: hexBuffer(entry.hash),
    })
    .execute()
  await tx
    .updateTable('audit_heads')
    .set({ nth: entry.nth, hash: hexBuffer(entry.hash) })
    .where('organization_id', '=', entry.organizationId)
    .execute()
}

/** The end of the organization's audit log as it is stored. */
export async function findAuditHead(tx: Tx, organizationId: string): Promise<AuditHead> {
  const row = await tx
    .selectFrom('audit_heads')
    .select(['nth', 'hash'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row === undefined ? EMPTY_LOG : { nth: row.nth, hash: bufferHex(row.hash) }
}

/** Up to `limit` entries of the organization after the `nth`, the oldest first. */
export async function readAuditEntries(
  tx: Tx,
  organizationId: string,
  { nth, limit }: { nth: number; limit: number },
): Promise<AuditEntry[]> {
  const rows = await tx
    .selectFrom('audit_entries')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('nth', '>', nth)
    .orderBy('nth')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** An entry with the person and the key that it names, whether or not they still belong to the organization. */
export type ShownEntry = {
  entry: AuditEntry
  user: { id: string; email: string; firstName: string; lastName: string } | null
  key: { id: string; name: string; lastFour: string } | null
}

/** Up to `limit` entries of the organization before the one with the id `after`, the newest first; for a transaction that sees all. */
export async function listAuditEntries(
  tx: Tx,
  organizationId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<ShownEntry[]> {
  let query = tx
    .selectFrom('audit_entries as a')
    .leftJoin('users as u', 'u.id', 'a.user_id')
    .leftJoin('api_keys as k', 'k.id', 'a.key_id')
    .selectAll('a')
    .select(['u.email', 'u.first_name', 'u.last_name', 'k.name as key_name', 'k.last_four'])
    .where('a.organization_id', '=', organizationId)
  if (after !== null) {
    const own = { organization_id: organizationId, id: after }
    query = query.where('a.nth', '<', eb =>
      eb
        .selectFrom('audit_entries')
        .select('nth')
        .where(found => found.and(own)),
    )
  }
  const rows = await query.orderBy('a.nth', 'desc').limit(limit).execute()
  return rows.map(({ email, first_name, last_name, key_name, last_four, ...row }) => ({
    entry: fromRow(row),
    user:
      row.user_id === null
        ? null
        : { id: row.user_id, email: email ?? '', firstName: first_name ?? '', lastName: last_name ?? '' },
    key: row.key_id === null ? null : { id: row.key_id, name: key_name ?? '', lastFour: last_four ?? '' },
  }))
}

/** Whether the organization has an audit entry with this id. */
export async function hasAuditEntry(tx: Tx, organizationId: string, id: string): Promise<boolean> {
  const own = { organization_id: organizationId, id }
  const row = await tx
    .selectFrom('audit_entries')
    .select('nth')
    .where(eb => eb.and(own))
    .executeTakeFirst()
  return row !== undefined
}

/** Lets the worker note that somebody could not sign in with this e-mail address (lower case), whoever has it. */
export async function enqueueFailedSignIn(tx: Tx, failed: { email: string; address: string }): Promise<void> {
  await sql`select enqueue('noteFailedSignIn', ${JSON.stringify(failed)}::json)`.execute(tx)
}

/** The organizations that a person belongs to, always in one order; for a transaction that sees all. */
export async function listOrganizationIds(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('members')
    .select('organization_id')
    .where('user_id', '=', userId)
    .orderBy('organization_id')
    .execute()
  return rows.map(row => row.organization_id)
}

function fromRow(row: Selectable<AuditEntries>): AuditEntry {
  return {
    organizationId: row.organization_id,
    nth: row.nth,
    id: row.id,
    createdAt: row.created_at,
    userId: row.user_id,
    keyId: row.key_id,
    address: row.address,
    action: row.action as AuditEntry['action'],
    objectId: row.object_id,
    detail: row.detail as AuditEntry['detail'],
    previous: bufferHex(row.previous),
    hash: bufferHex(row.hash),
  }
}
