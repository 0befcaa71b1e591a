import { sql } from 'kysely'
import type { User } from '../domain/user.ts'
import type { Tx } from './database.ts'

/** What a person has to prove who they are with. */
export type Factors = {
  /** The hash of the password, as a PHC string. */
  password: string | null
  /** Sealed; it counts once `totpSince` is there. */
  totpSecret: Uint8Array | null
  totpSince: Date | null
  /** The last 30 seconds whose code was taken. */
  totpStep: bigint
  passkeys: number
}

/** Somebody who may sign in, with what they prove it with. */
export type FoundPerson = Pick<User, 'id' | 'email' | 'status'> & { factors: Factors }

/** Whoever has this e-mail address (lower case), or null; for a transaction that sees all. */
export async function findPerson(tx: Tx, email: string): Promise<FoundPerson | null> {
  const user = await tx
    .selectFrom('users')
    .select(['id', 'email', 'status'])
    .where('email', '=', email)
    .executeTakeFirst()
  if (user === undefined) return null
  return { ...user, status: user.status as User['status'], factors: await findFactors(tx, user.id) }
}

/** What the person has; for a transaction that sees all. */
export async function findFactors(tx: Tx, userId: string): Promise<Factors> {
  const { rows } = await sql<Row>`
    select f.password, f.totp_secret, f.totp_since, coalesce(f.totp_step, 0) as totp_step,
      (select count(*)::int from passkeys p where p.user_id = ${userId}) as passkeys
    from (select) one left join factors f on f.user_id = ${userId}`.execute(tx)
  return fromRow(rows[0])
}

/** As `findFactors`, and nobody else changes them until the transaction ends. */
export async function lockFactors(tx: Tx, userId: string): Promise<Factors> {
  await tx
    .insertInto('factors')
    .values({ user_id: userId, totp_step: 0n })
    .onConflict(conflict => conflict.column('user_id').doNothing())
    .execute()
  await tx.selectFrom('factors').select('user_id').where('user_id', '=', userId).forUpdate().execute()
  return await findFactors(tx, userId)
}

/** Writes what `lockFactors` locked, but for the passkeys. */
export async function saveFactors(tx: Tx, userId: string, factors: Factors): Promise<void> {
  const { password, totpSecret, totpSince, totpStep } = factors
  await tx
    .updateTable('factors')
    .set({
      password,
      totp_secret: totpSecret === null ? null : Buffer.from(totpSecret),
      totp_since: totpSince,
      totp_step: totpStep,
    })
    .where('user_id', '=', userId)
    .execute()
}

/** Replaces the person's recovery codes, told by their SHA-256. */
export async function replaceRecoveryCodes(tx: Tx, userId: string, hashes: readonly Uint8Array[]): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  if (hashes.length === 0) return
  const rows = hashes.map(hash => ({ user_id: userId, code_hash: Buffer.from(hash) }))
  await tx.insertInto('recovery_codes').values(rows).execute()
}

/** Takes the recovery code with this SHA-256, once; whether there was one. */
export async function takeRecoveryCode(tx: Tx, userId: string, hash: Uint8Array): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('recovery_codes')
    .where('user_id', '=', userId)
    .where('code_hash', '=', Buffer.from(hash))
    .executeTakeFirst()
  return numDeletedRows > 0n
}

type Row = {
  password: string | null
  totp_secret: Buffer | null
  totp_since: Date | null
  totp_step: bigint
  passkeys: number
}

function fromRow(row: Row | undefined): Factors {
  return {
    password: row?.password ?? null,
    totpSecret: row?.totp_secret ?? null,
    totpSince: row?.totp_since ?? null,
    totpStep: row?.totp_step ?? 0n,
    passkeys: row?.passkeys ?? 0,
  }
}
