import { type ApiKeyType, apiKeyPrefix, type Mode } from './apiKey.ts'
import { AppError } from './errors.ts'

/** An API key as its organization manages it, without its text. */
export type ManagedKey = {
  id: string
  createdAt: Date
  name: string
  type: ApiKeyType
  /** What a restricted key may do; empty for the others. */
  scopes: string[]
  lastFour: string
  /** Who made it, where a person did. */
  userId: string | null
  /** To the minute. */
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
}

/** What a key is allowed, and until when. */
export type Rights = Pick<ManagedKey, 'type' | 'scopes' | 'expiresAt'>

/** A key as answers show it; `token` only where it was just made. */
export function apiKeyView(key: ManagedKey, mode: Mode, token: string | null) {
  const { id, createdAt, userId: createdBy, name, type, scopes, lastFour, lastUsedAt, expiresAt, revokedAt } = key
  const prefix = apiKeyPrefix(type, mode)
  return { id, createdAt, createdBy, name, type, scopes, prefix, lastFour, lastUsedAt, expiresAt, revokedAt, token }
}

/** Whether a key works at `now`. */
export function isInForce({ revokedAt, expiresAt }: Pick<ManagedKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now)
}

/** Throws `insufficient_permissions` where a key with rights `asked` could do more, or for longer, than one with rights `own`. */
export function assertWithin(own: Rights, asked: Rights): void {
  const lacking = lackingRight(own, asked)
  if (lacking !== null) {
    throw new AppError(
      'insufficient_permissions',
      `No key may do more than who makes, replaces or revokes it: you lack ${lacking}.`,
    )
  }
  if (own.expiresAt !== null && (asked.expiresAt === null || asked.expiresAt > own.expiresAt)) {
    const until = own.expiresAt.toISOString()
    const message = `This key ends at ${until} and cannot make one that lives longer: give expiresAt, or use another key.`
    throw new AppError('insufficient_permissions', message)
  }
}

/**
 * Throws `insufficient_permissions` for a key that does not have every right: with it nobody becomes a member or gets another role,
 * since people may do more than some scopes.
 */
export function assertMayAdmit({ type, scopes }: { type: string; scopes: readonly string[] }): void {
  if (type === 'secret' || scopes.includes('*')) return
  const message = 'People may do more than this restricted key: invite them, and give roles, with a secret key.'
  throw new AppError('insufficient_permissions', message)
}

function lackingRight(own: Rights, asked: Rights): string | null {
  if (own.type === 'secret') return null
  if (asked.type === 'secret') return 'the rights of a secret key'
  if (own.scopes.includes('*')) return null
  const wanted = asked.type === 'publishable' ? ['checkout_sessions:write'] : asked.scopes
  return wanted.find(scope => !own.scopes.includes(scope)) ?? null
}

/** How long a key may work beside the one that replaces it: 7 days. */
export const OVERLAP_MAX_MS = 7 * 86_400_000

/** When a key that is rolled at `now` ends: after `overlapMs`, or at `expiresAt`. Throws `expires_at_out_of_range`. */
export function rolledKeyEnd(
  { overlapMs = 0, expiresAt }: { overlapMs?: number | undefined; expiresAt?: Date | undefined },
  now: Date,
): Date {
  const latest = new Date(now.getTime() + OVERLAP_MAX_MS)
  const end = expiresAt ?? new Date(now.getTime() + overlapMs)
  if (end >= now && end <= latest) return end
  const message = `expiresAt must lie between ${now.toISOString()} and ${latest.toISOString()}.`
  throw new AppError('expires_at_out_of_range', message, { param: 'expiresAt' })
}

/** Throws `expires_at_out_of_range` for a key that would never work. */
export function assertAhead(expiresAt: Date | null, now: Date): void {
  if (expiresAt === null || expiresAt > now) return
  throw new AppError('expires_at_out_of_range', 'expiresAt must lie ahead.', { param: 'expiresAt' })
}
