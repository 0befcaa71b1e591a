import type { Context } from '../context.ts'
import { hashApiKey, lastFour, makeApiKey } from '../domain/apiKey.ts'
import { AppError } from '../domain/errors.ts'
import {
  apiKeyView,
  assertAhead,
  assertWithin,
  isInForce,
  type ManagedKey,
  type Rights,
  rolledKeyEnd,
} from '../domain/managedKey.ts'
import { scopesOf } from '../domain/signIn.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { countKeysInForce, findKey, insertKey, type KeyFilter, listKeys, saveKeyEnd } from '../store/apiKeys.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { lockOrganization } from '../store/organizations.ts'
import { listMembers } from '../store/users.ts'
import { assertConfirmed } from './assertOwner.ts'
import { forgetCallers } from './authenticate.ts'
import type { Caller } from './caller.ts'
import { checkCursor } from './checkCursor.ts'
import { noteAudit } from './noteAudit.ts'

const KEYS_MAX = 100

/** A key as asked for. */
export type NewKey = Pick<ManagedKey, 'name' | 'type' | 'scopes' | 'expiresAt'>

/** A page of the organization's keys, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listApiKeys(
  ctx: Context,
  organizationId: string,
  filter: KeyFilter,
  page: Slice,
): Promise<ManagedKey[]> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'key', id => findKey(tx, id))
    return await listKeys(tx, filter, page)
  })
}

/** The texts of an answer that shows a new key: the one to send, and the one to keep for replays, without it. */
export type KeyAnswer = { body: string; kept: string }

/** Creates a key; its answer is the only one that shows it. Throws `insufficient_permissions`, `confirmation_required` or `api_key_limit`. */
export async function createApiKey(tx: Tx, ctx: Context, caller: Caller, asked: NewKey): Promise<KeyAnswer> {
  assertAhead(asked.expiresAt, ctx.clock.now())
  assertConfirmed(ctx, caller)
  const own = await lockOwnRights(tx, ctx, caller)
  assertWithin(own, asked)
  if ((await countKeysInForce(tx, ctx.clock.now())) >= KEYS_MAX) {
    throw new AppError('api_key_limit', `An organization has at most ${KEYS_MAX} keys in force: revoke one first.`)
  }
  const { key, token } = await issueKey(tx, ctx, caller.organizationId, { ...asked, userId: own.userId })
  await noteAudit(tx, ctx, caller, { action: 'api_key.created', objectId: key.id, detail: toldOf(key) })
  return answerWithToken(ctx, key, token)
}

/**
 * Replaces the caller's key `id` by one with the same rights and the same end, which the answer shows; the old one works as long as
 * asked, or until its own end if that is sooner. Null if there is none. Throws `api_key_ended`, `insufficient_permissions`,
 * `confirmation_required` or `expires_at_out_of_range`.
 */
export async function rollApiKey(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
  asked: { overlapMs?: number | undefined; expiresAt?: Date | undefined },
): Promise<KeyAnswer | null> {
  const endsAt = rolledKeyEnd(asked, ctx.clock.now())
  assertConfirmed(ctx, caller)
  const own = await lockOwnRights(tx, ctx, caller)
  const before = await findKey(tx, id)
  if (before === null) return null
  if (!isInForce(before, ctx.clock.now())) {
    throw new AppError('api_key_ended', 'This key was revoked or has expired: create a new one.')
  }
  assertWithin(own, before)
  const { name, type, scopes, userId, expiresAt } = before
  if (expiresAt === null || endsAt < expiresAt) await saveKeyEnd(tx, { ...before, expiresAt: endsAt })
  const { key, token } = await issueKey(tx, ctx, caller.organizationId, { name, type, scopes, userId, expiresAt })
  const detail = { ...toldOf(key), oldEndsAt: endsAt }
  await noteAudit(tx, ctx, caller, { action: 'api_key.rolled', objectId: id, detail })
  return answerWithToken(ctx, key, token)
}

/**
 * Revokes the caller's key `id`, a person only one that may do no more than they; false if there is none. It ends within 5 seconds
 * everywhere.
 */
export async function revokeApiKey(ctx: Context, caller: Caller, id: string): Promise<boolean> {
  const { organizationId } = caller
  const isFound = await inOrganization(ctx.db, organizationId, async tx => {
    await lockOrganization(tx, organizationId)
    const key = await findKey(tx, id)
    if (key === null) return false
    if (caller.person !== null) assertWithin(await lockOwnRights(tx, ctx, caller), key)
    if (key.revokedAt !== null) return true
    await saveKeyEnd(tx, { ...key, revokedAt: ctx.clock.now() })
    await noteAudit(tx, ctx, caller, { action: 'api_key.revoked', objectId: id, detail: toldOf(key) })
    return true
  })
  forgetCallers(ctx, organizationId)
  return isFound
}

/** Makes a key of the organization, whose lock the caller holds; `token` is its text, which is shown once and not stored. */
export async function issueKey(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  asked: NewKey & { userId: string | null },
): Promise<{ key: ManagedKey; token: string }> {
  const createdAt = ctx.clock.now()
  const token = makeApiKey(asked.type, ctx.config.mode, ctx.random(32))
  const id = uuidv7(createdAt, ctx.random(10))
  const key = { ...asked, id, createdAt, lastFour: lastFour(token), lastUsedAt: null, revokedAt: null }
  await insertKey(tx, organizationId, key, hashApiKey(token))
  return { key, token }
}

/** What the caller may do as it is now, and who they are: a key that was revoked a moment ago, or somebody who was, makes no keys. */
async function lockOwnRights(
  tx: Tx,
  ctx: Context,
  { organizationId, key, person }: Caller,
): Promise<Rights & { userId: string | null }> {
  await lockOrganization(tx, organizationId)
  if (person !== null) {
    const member = (await listMembers(tx, organizationId)).find(({ id }) => id === person.userId)
    if (member === undefined) throw new AppError('signed_out', 'You no longer belong to this organization.')
    const scopes = [...scopesOf(member.role)]
    return { type: scopes.includes('*') ? 'secret' : 'restricted', scopes, expiresAt: null, userId: person.userId }
  }
  const own = await findKey(tx, key.id)
  if (own !== null && isInForce(own, ctx.clock.now())) return own
  throw new AppError('api_key_revoked', 'This API key was revoked: use the one that replaced it.')
}

/** What the audit log says of a key. */
function toldOf({ name, type, scopes, lastFour, expiresAt }: ManagedKey) {
  return { name, type, scopes, lastFour, expiresAt }
}

function answerWithToken({ config: { mode } }: Context, key: ManagedKey, token: string): KeyAnswer {
  return { body: JSON.stringify(apiKeyView(key, mode, token)), kept: JSON.stringify(apiKeyView(key, mode, null)) }
}
