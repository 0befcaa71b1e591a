import type { Context } from '../context.ts'
import { hashApiKey, lastFour, makeApiKey } from '../domain/apiKey.ts'
import { AppError } from '../domain/errors.ts'
import {
  apiKeyView,
  assertAhead,
  assertWithin,
  isInForce,
  type ManagedKey,
  rolledKeyEnd,
} from '../domain/managedKey.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { countKeysInForce, findKey, insertKey, type KeyFilter, listKeys, saveKeyEnd } from '../store/apiKeys.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { lockOrganization } from '../store/organizations.ts'
import { forgetCallers } from './authenticate.ts'
import type { Caller } from './caller.ts'
import { checkCursor } from './checkCursor.ts'

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

/** Creates a key; its answer is the only one that shows it. Throws `insufficient_permissions` or `api_key_limit`. */
export async function createApiKey(tx: Tx, ctx: Context, caller: Caller, asked: NewKey): Promise<KeyAnswer> {
  assertAhead(asked.expiresAt, ctx.clock.now())
  const own = await lockOwnKey(tx, ctx, caller)
  assertWithin(own, asked)
  if ((await countKeysInForce(tx, ctx.clock.now())) >= KEYS_MAX) {
    throw new AppError('api_key_limit', `An organization has at most ${KEYS_MAX} keys in force: revoke one first.`)
  }
  const { key, token } = await issueKey(tx, ctx, caller.organizationId, { ...asked, userId: own.userId })
  return answerWithToken(ctx, key, token)
}

/**
 * Replaces the caller's key `id` by one with the same rights and the same end, which the answer shows; the old one works as long as
 * asked, or until its own end if that is sooner. Null if there is none. Throws `api_key_ended`, `insufficient_permissions` or
 * `expires_at_out_of_range`.
 */
export async function rollApiKey(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
  asked: { overlapMs?: number | undefined; expiresAt?: Date | undefined },
): Promise<KeyAnswer | null> {
  const endsAt = rolledKeyEnd(asked, ctx.clock.now())
  const own = await lockOwnKey(tx, ctx, caller)
  const before = await findKey(tx, id)
  if (before === null) return null
  if (!isInForce(before, ctx.clock.now())) {
    throw new AppError('api_key_ended', 'This key was revoked or has expired: create a new one.')
  }
  assertWithin(own, before)
  const { name, type, scopes, userId, expiresAt } = before
  if (expiresAt === null || endsAt < expiresAt) await saveKeyEnd(tx, { ...before, expiresAt: endsAt })
  const { key, token } = await issueKey(tx, ctx, caller.organizationId, { name, type, scopes, userId, expiresAt })
  return answerWithToken(ctx, key, token)
}

/** Revokes the organization's key `id`, whichever it is; false if there is none. It ends within 5 seconds everywhere. */
export async function revokeApiKey(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  const isFound = await inOrganization(ctx.db, organizationId, async tx => {
    await lockOrganization(tx, organizationId)
    const key = await findKey(tx, id)
    if (key === null) return false
    if (key.revokedAt === null) await saveKeyEnd(tx, { ...key, revokedAt: ctx.clock.now() })
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

/** The key of the caller as it is now: one that was revoked a moment ago makes no others. */
async function lockOwnKey(tx: Tx, ctx: Context, { organizationId, key }: Caller): Promise<ManagedKey> {
  await lockOrganization(tx, organizationId)
  const own = await findKey(tx, key.id)
  if (own !== null && isInForce(own, ctx.clock.now())) return own
  throw new AppError('api_key_revoked', 'This API key was revoked: use the one that replaced it.')
}

function answerWithToken({ config: { mode } }: Context, key: ManagedKey, token: string): KeyAnswer {
  return { body: JSON.stringify(apiKeyView(key, mode, token)), kept: JSON.stringify(apiKeyView(key, mode, null)) }
}
