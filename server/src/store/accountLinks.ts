import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** A link that counts once: `setup` makes the first owner, `reset` sets a new password, `rescue` also takes the second factors away. */
export type AccountLink = { kind: 'setup' | 'reset' | 'rescue'; userId: string | null; expiresAt: Date }

/** Adds a link, told by the SHA-256 of what it carries; for a transaction that sees all. */
export async function insertAccountLink(tx: Tx, tokenHash: Uint8Array, link: AccountLink): Promise<void> {
  await tx
    .insertInto('account_links')
    .values({ token_hash: Buffer.from(tokenHash), kind: link.kind, user_id: link.userId, expires_at: link.expiresAt })
    .execute()
}

/** The link, locked, if it still counts at `now`; for a transaction that sees all. */
export async function lockAccountLink(tx: Tx, tokenHash: Uint8Array, now: Date): Promise<AccountLink | null> {
  const row = await tx
    .selectFrom('account_links')
    .selectAll()
    .where('token_hash', '=', Buffer.from(tokenHash))
    .where('expires_at', '>', now)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return null
  return { kind: row.kind as AccountLink['kind'], userId: row.user_id, expiresAt: row.expires_at }
}

/** Ends the links that set the person's password; with null, those that make the first owner. */
export async function removeAccountLinks(tx: Tx, userId: string | null): Promise<void> {
  await tx.deleteFrom('account_links').where('user_id', 'is not distinct from', userId).execute()
}

/** Lets a link for a new password be sent to this e-mail address (lower case), if somebody has it, with this transaction. */
export async function enqueueReset(tx: Tx, email: string): Promise<void> {
  await sql`select enqueue('mailReset', ${JSON.stringify({ email })}::json)`.execute(tx)
}

/** Lets one transaction at a time make the first owner. */
export async function lockSetup(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('setup', 0))`.execute(tx)
}
