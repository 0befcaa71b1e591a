import { type Selectable, sql } from 'kysely'
import type { ApiKeyType } from '../domain/apiKey.ts'
import type { ManagedKey } from '../domain/managedKey.ts'
import type { Role } from '../domain/user.ts'
import { type CallerSettings, type FoundSettings, settingsOf } from './callerSettings.ts'
import type { Database, Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
import type { ApiKeys } from './schema.ts'

/** Who calls: an organization's settings, and the key or the person in its name. */
export type CallerRow = CallerSettings & {
  /** The key, and the person who made it where one did; of a `person` at the dashboard, the sign-in. */
  key: { id: string; type: ApiKeyType | 'person'; scopes: readonly string[]; userId: string | null }
  /** The person at the dashboard; null for a key. */
  person: { userId: string; role: Role; confirmedAt: Date; isStrong: boolean } | null
}

/** An API key with its organization and the settings that a session is made with. */
export type ApiKeyRow = {
  expiresAt: Date | null
  revokedAt: Date | null
  lastUsedAt: Date | null
  caller: CallerRow
}

type Found = FoundSettings & {
  id: string
  type: ApiKeyType
  scopes: string[]
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
  user_id: string | null
}

/** The key whose SHA-256 is `hash`, or null; works before any organization is known. */
export async function findApiKey(db: Database, hash: Uint8Array): Promise<ApiKeyRow | null> {
  const { rows } = await sql<Found>`select * from find_api_key(${Buffer.from(hash)})`.execute(db.app)
  const row = rows[0]
  if (row === undefined) return null
  const key = { id: row.id, type: row.type, scopes: row.scopes, userId: row.user_id }
  return {
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    caller: { ...settingsOf(row), key, person: null },
  }
}

/** What a list of keys may be narrowed by. */
export type KeyFilter = { ids?: string[] | undefined; createdAt?: CreatedAtFilter }

/** A page of the caller's keys, newest first; revoked ones too. */
export async function listKeys(tx: Tx, filter: KeyFilter, page: Slice): Promise<ManagedKey[]> {
  let query = tx.selectFrom('api_keys').selectAll()
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  const rows = await query
    .where(createdWithin(filter.createdAt))
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(fromRow)
}

/** The caller's key `id`, or null. */
export async function findKey(tx: Tx, id: string): Promise<ManagedKey | null> {
  const row = await tx.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** The first key that the organization got, or null. */
export async function findFirstKey(tx: Tx, organizationId: string): Promise<ManagedKey | null> {
  const row = await tx
    .selectFrom('api_keys')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** How many of the caller's keys work at `now`. */
export async function countKeysInForce(tx: Tx, now: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('api_keys')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('revoked_at', 'is', null)
    .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Adds a key by the SHA-256 of its text; the caller holds the lock of the organization. */
export async function insertKey(tx: Tx, organizationId: string, key: ManagedKey, hash: Uint8Array): Promise<void> {
  await tx
    .insertInto('api_keys')
    .values({
      id: key.id,
      organization_id: organizationId,
      created_at: key.createdAt,
      name: key.name,
      type: key.type,
      scopes: key.scopes,
      hash: Buffer.from(hash),
      last_four: key.lastFour,
      user_id: key.userId,
      expires_at: key.expiresAt,
    })
    .execute()
}

/** Writes when a key ends, or that it was revoked; the caller holds the lock of the organization. */
export async function saveKeyEnd(tx: Tx, { id, expiresAt, revokedAt }: ManagedKey): Promise<void> {
  await tx.updateTable('api_keys').set({ expires_at: expiresAt, revoked_at: revokedAt }).where('id', '=', id).execute()
}

/** Notes that a key was used at `now`, unless that was noted after `noted`. */
export async function noteKeyUse(tx: Tx, id: string, now: Date, noted: Date): Promise<void> {
  await tx
    .updateTable('api_keys')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where(eb => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', noted)]))
    .execute()
}

function fromRow(row: Selectable<ApiKeys>): ManagedKey {
  return {
    id: row.id,
    createdAt: row.created_at,
    name: row.name,
    type: row.type as ApiKeyType,
    scopes: row.scopes,
    lastFour: row.last_four,
    userId: row.user_id,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
