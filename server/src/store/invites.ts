import type { Selectable } from 'kysely'
import type { Invite } from '../domain/invite.ts'
import type { Role } from '../domain/user.ts'
import type { Tx } from './database.ts'
import type { Invites } from './schema.ts'

function selectInvites(tx: Tx) {
  return tx.selectFrom('invites').selectAll().where('deleted_at', 'is', null)
}

/** The organization's invites, newest first. */
export async function listInvites(tx: Tx, organizationId: string): Promise<Invite[]> {
  const rows = await selectInvites(tx).where('organization_id', '=', organizationId).orderBy('id', 'desc').execute()
  return rows.map(fromRow)
}

/** The invite whose token has this SHA-256, or null; of whatever organization the transaction sees. */
export async function findInviteByToken(tx: Tx, tokenHash: Uint8Array): Promise<Invite | null> {
  const row = await selectInvites(tx).where('token_hash', '=', Buffer.from(tokenHash)).executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** Adds an invite; the caller holds the lock of the organization. */
export async function insertInvite(tx: Tx, invite: Invite, tokenHash: Uint8Array): Promise<void> {
  await tx
    .insertInto('invites')
    .values({
      organization_id: invite.organizationId,
      id: invite.id,
      created_at: invite.createdAt,
      email: invite.email,
      role: invite.role,
      token_hash: Buffer.from(tokenHash),
      ...changing(invite),
    })
    .execute()
}

/** Writes what can change about an invite, and the SHA-256 of its new token where it has one; locks as `insertInvite`. */
export async function saveInvite(tx: Tx, invite: Invite, tokenHash: Uint8Array | null): Promise<void> {
  await tx
    .updateTable('invites')
    .set({ ...changing(invite), ...(tokenHash !== null && { token_hash: Buffer.from(tokenHash) }) })
    .where('id', '=', invite.id)
    .execute()
}

/** Withdraws an invite; locks as `insertInvite`. */
export async function removeInvite(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('invites').set({ deleted_at: now }).where('id', '=', id).execute()
}

function changing({ updatedAt, status, expireAt, sentBy }: Invite) {
  return { updated_at: updatedAt, status, expire_at: expireAt, sent_by: sentBy }
}

function fromRow(row: Selectable<Invites>): Invite {
  return {
    id: row.id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    email: row.email,
    role: row.role as Role,
    status: row.status as Invite['status'],
    expireAt: row.expire_at,
    sentBy: row.sent_by,
  }
}
