import type { Selectable } from 'kysely'
import type { Tx } from './database.ts'
import type { Passkeys } from './schema.ts'

/** A key pair whose private half stays with the person's device (Web Authentication, level 3). */
export type Passkey = {
  id: string
  userId: string
  createdAt: Date
  name: string
  credentialId: Uint8Array
  /** In COSE (RFC 9052). */
  publicKey: Uint8Array
  /** How often the authenticator says that it signed; 0 where it does not count. */
  counter: bigint
  transports: string[]
  lastUsedAt: Date | null
}

/** The person's passkeys, the oldest first; for a transaction that sees all. */
export async function listPasskeys(tx: Tx, userId: string): Promise<Passkey[]> {
  const rows = await tx.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('id').execute()
  return rows.map(fromRow)
}

/** The passkey with this credential id, locked, or null; for a transaction that sees all. */
export async function lockPasskey(tx: Tx, credentialId: Uint8Array): Promise<Passkey | null> {
  const row = await tx
    .selectFrom('passkeys')
    .selectAll()
    .where('credential_id', '=', Buffer.from(credentialId))
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** Adds a passkey; violates `passkeys_credential_id_key` when there is one with this credential id. */
export async function insertPasskey(tx: Tx, passkey: Passkey): Promise<void> {
  await tx
    .insertInto('passkeys')
    .values({
      id: passkey.id,
      user_id: passkey.userId,
      created_at: passkey.createdAt,
      name: passkey.name,
      credential_id: Buffer.from(passkey.credentialId),
      public_key: Buffer.from(passkey.publicKey),
      counter: passkey.counter,
      transports: passkey.transports,
      last_used_at: passkey.lastUsedAt,
    })
    .execute()
}

/** Notes a use of a passkey that `lockPasskey` locked. */
export async function savePasskeyUse(tx: Tx, { id, counter, lastUsedAt }: Passkey): Promise<void> {
  await tx.updateTable('passkeys').set({ counter, last_used_at: lastUsedAt }).where('id', '=', id).execute()
}

/** Deletes the person's passkey `id`; whether there was one. */
export async function removePasskey(tx: Tx, userId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('passkeys')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Deletes all passkeys of the person. */
export async function removePasskeys(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('passkeys').where('user_id', '=', userId).execute()
}

/** What an authenticator is asked to sign, once: for a new passkey of `userId`, or with null for one that exists. */
export type Challenge = { id: string; userId: string | null; challenge: string; expiresAt: Date }

/** Adds a challenge; a new passkey has one at a time. For a transaction that sees all. */
export async function insertChallenge(tx: Tx, { id, userId, challenge, expiresAt }: Challenge): Promise<void> {
  if (userId !== null) await tx.deleteFrom('passkey_challenges').where('user_id', '=', userId).execute()
  await tx.insertInto('passkey_challenges').values({ id, user_id: userId, challenge, expires_at: expiresAt }).execute()
}

/** Takes the challenge `id`, or the one for a new passkey of a person, once; null for one that was taken or has ended at `now`. */
export async function takeChallenge(
  tx: Tx,
  by: { id: string } | { userId: string },
  now: Date,
): Promise<string | null> {
  const query = tx.deleteFrom('passkey_challenges').returning(['challenge', 'expires_at'])
  const row = await ('id' in by
    ? query.where('id', '=', by.id).where('user_id', 'is', null)
    : query.where('user_id', '=', by.userId)
  ).executeTakeFirst()
  return row === undefined || row.expires_at <= now ? null : row.challenge
}

function fromRow(row: Selectable<Passkeys>): Passkey {
  return {
    id: row.id,
    userId: row.user_id,
    createdAt: row.created_at,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    lastUsedAt: row.last_used_at,
  }
}
