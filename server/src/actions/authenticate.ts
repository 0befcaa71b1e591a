import type { Context } from '../context.ts'
import { hashApiKey, parseApiKey } from '../domain/apiKey.ts'
import { AppError } from '../domain/errors.ts'
import { bytesToHex } from '../domain/hex.ts'
import { type ApiKeyRow, findApiKey, noteKeyUse } from '../store/apiKeys.ts'
import { inOrganization } from '../store/database.ts'
import type { Caller } from './caller.ts'

const CACHE_MS = 5_000
const CACHE_MAX = 10_000
const NOTE_USE_MS = 60_000

const caches = new WeakMap<Context, Map<string, { row: ApiKeyRow; readAt: number }>>()

function cacheOf(ctx: Context): Map<string, { row: ApiKeyRow; readAt: number }> {
  const cache = caches.get(ctx) ?? new Map()
  caches.set(ctx, cache)
  return cache
}

/** Makes this process read the keys and settings of an organization anew, since it has just changed them; others do within 5 seconds. */
export function forgetCallers(ctx: Context, organizationId: string): void {
  const cache = cacheOf(ctx)
  for (const [key, { row }] of cache) if (row.caller.organizationId === organizationId) cache.delete(key)
}

/**
 * Who holds the API key `token`. A key that was never issued is refused without asking the database; a revoked one stops
 * working within 5 seconds. `fresh` reads past the cache.
 */
export async function authenticate(ctx: Context, token: string, options: { fresh?: boolean } = {}): Promise<Caller> {
  const parsed = parseApiKey(token)
  if (parsed === null)
    throw new AppError('api_key_invalid', 'This API key is not valid: check that it was copied whole.')
  if (parsed.mode !== ctx.config.mode) {
    throw new AppError(
      'api_key_mode',
      `This is a ${parsed.mode} key, and this server runs in ${ctx.config.mode} mode: use a ${ctx.config.mode} key.`,
    )
  }
  const hash = hashApiKey(token)
  const cacheKey = bytesToHex(hash)
  const now = ctx.clock.now().getTime()
  const cache = cacheOf(ctx)
  const cached = cache.get(cacheKey)
  let row: ApiKeyRow | null
  if (cached !== undefined && options.fresh !== true && Math.abs(now - cached.readAt) < CACHE_MS) row = cached.row
  else {
    row = await findApiKey(ctx.db, hash)
    if (cache.size >= CACHE_MAX) cache.clear()
    if (row === null) cache.delete(cacheKey)
    else cache.set(cacheKey, { row, readAt: now })
  }
  if (row === null)
    throw new AppError('api_key_invalid', 'There is no such API key: check that it is one of this server.')
  if (row.revokedAt !== null && row.revokedAt.getTime() <= now) {
    throw new AppError('api_key_revoked', 'This API key was revoked: use the one that replaced it.')
  }
  if (row.expiresAt !== null && row.expiresAt.getTime() <= now) {
    throw new AppError('api_key_invalid', 'This API key has expired: create a new one.')
  }
  noteUse(ctx, row, now)
  return row.caller
}

/** Notes once a minute that the key is used; nobody waits for it, and a failure is told in the log alone. */
function noteUse(ctx: Context, row: ApiKeyRow, now: number): void {
  if (row.lastUsedAt !== null && Math.abs(now - row.lastUsedAt.getTime()) < NOTE_USE_MS) return
  const usedAt = new Date(now)
  row.lastUsedAt = usedAt
  const { organizationId, key } = row.caller
  inOrganization(ctx.db, organizationId, tx => noteKeyUse(tx, key.id, usedAt, new Date(now - NOTE_USE_MS))).catch(
    error => ctx.log.warn({ err: error }, 'the use of an API key could not be noted'),
  )
}
