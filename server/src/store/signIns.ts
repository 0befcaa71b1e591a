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

/** Writes what can change about a sign-in, its cookie's hash where it gets a new one; for a transaction that sees all. */
export async function saveSignIn(tx: Tx, signIn: SignIn, tokenHash: Uint8Array | null = null): Promise<void> {
  await tx
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
    .execute()
}

/** Notes that the person was there at `now`; for a transaction that sees all. */
export async function noteSignInSeen(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('sign_ins').set({ seen_at: now }).where('id', '=', id).where('seen_at', '<', now).execute()
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
