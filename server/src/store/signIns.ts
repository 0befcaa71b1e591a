import { type Selectable, sql } from 'kysely'
import { type From, type SignIn, scopesOf } from '../domain/signIn.ts'
import type { Role, User } from '../domain/user.ts'
import type { CallerRow } from './apiKeys.ts'
import { type FoundSettings, settingsOf } from './callerSettings.ts'
import type { Database, Tx } from './database.ts'
import type { SignIns } from './schema.ts'

/** Somebody who holds a cookie: the sign-in, and who it lets call. */
export type FoundSignIn = { signIn: SignIn; userStatus: User['status']; caller: CallerRow }

type Found = FoundSettings & {
  id: string
  user_id: string
  role: Role
  user_status: User['status']
  created_at: Date
  seen_at: Date
  confirmed_at: Date
  stage: SignIn['stage']
  is_strong: boolean
  ended_at: Date | null
}

/** The sign-in whose cookie has the SHA-256 `hash`, in an organization that the person still belongs to; works before any is known. */
export async function findSignIn(db: Database, hash: Uint8Array): Promise<FoundSignIn | null> {
  const { rows } = await sql<Found>`select * from find_sign_in(${Buffer.from(hash)})`.execute(db.app)
  const row = rows[0]
  if (row === undefined) return null
  const { id, user_id: userId, role, confirmed_at: confirmedAt, is_strong: isStrong } = row
  return {
    signIn: fromRow({ ...row, works_for: row.organization_id }),
    userStatus: row.user_status,
    caller: {
      ...settingsOf(row),
      key: { id, type: 'person', scopes: scopesOf(role), userId },
      person: { userId, role, confirmedAt, isStrong },
    },
  }
}

/** Adds a sign-in; for a transaction that sees all. */
export async function insertSignIn(tx: Tx, signIn: SignIn, tokenHash: Uint8Array, from: From): Promise<void> {
  await tx
    .insertInto('sign_ins')
    .values({
      id: signIn.id,
      user_id: signIn.userId,
      works_for: signIn.organizationId,
      token_hash: Buffer.from(tokenHash),
      created_at: signIn.createdAt,
      seen_at: signIn.seenAt,
      confirmed_at: signIn.confirmedAt,
      stage: signIn.stage,
      is_strong: signIn.isStrong,
      address: from.address,
      user_agent: from.userAgent,
      ended_at: signIn.endedAt,
    })
    .execute()
}

/**
 * Writes what can change about a sign-in that nobody has ended, its cookie's hash where it gets a new one; whether there is one. For a
 * transaction that sees all.
 */
export async function saveSignIn(tx: Tx, signIn: SignIn, tokenHash: Uint8Array | null = null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sign_ins')
    .set({
      works_for: signIn.organizationId,
      seen_at: signIn.seenAt,
      confirmed_at: signIn.confirmedAt,
      stage: signIn.stage,
      is_strong: signIn.isStrong,
      ended_at: signIn.endedAt,
      ...(tokenHash !== null && { token_hash: Buffer.from(tokenHash) }),
    })
    .where('id', '=', signIn.id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Notes that the person was there at `now`; for a transaction that sees all. */
export async function noteSignInSeen(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('sign_ins').set({ seen_at: now }).where('id', '=', id).where('seen_at', '<', now).execute()
}

/** A sign-in with where it came from. */
export type PlacedSignIn = SignIn & From

/** The person's sign-ins that nobody ended and that were seen after `since`, newest first; for a transaction that sees all. */
export async function listSignIns(tx: Tx, userId: string, since: Date): Promise<PlacedSignIn[]> {
  const rows = await tx
    .selectFrom('sign_ins')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('seen_at', '>', since)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(row => ({ ...fromRow(row), address: row.address, userAgent: row.user_agent }))
}

/** Ends the person's sign-ins at `now`, all but `keptId`; for a transaction that sees all. */
export async function endSignIns(tx: Tx, userId: string, now: Date, keptId: string | null): Promise<void> {
  await tx
    .updateTable('sign_ins')
    .set({ ended_at: now })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('id', 'is distinct from', keptId)
    .execute()
}

/** Lets no sign-in of the person count as one with two factors any more; for a transaction that sees all. */
export async function weakenSignIns(tx: Tx, userId: string): Promise<void> {
  await tx.updateTable('sign_ins').set({ is_strong: false }).where('user_id', '=', userId).execute()
}

/** Whether whoever has this e-mail address (lower case) was ever signed in whole from this network address; for a transaction that sees all. */
export async function wasSignedInFrom(tx: Tx, email: string, address: string): Promise<boolean> {
  const row = await tx
    .selectFrom('sign_ins as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .select('s.id')
    .where('u.email', '=', email)
    .where('s.address', '=', address)
    .where('s.stage', '=', 'whole')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function fromRow(row: Omit<Selectable<SignIns>, 'token_hash' | 'address' | 'user_agent'>): SignIn {
  return {
    id: row.id,
    userId: row.user_id,
    organizationId: row.works_for,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    confirmedAt: row.confirmed_at,
    stage: row.stage as SignIn['stage'],
    isStrong: row.is_strong,
    endedAt: row.ended_at,
  }
}
