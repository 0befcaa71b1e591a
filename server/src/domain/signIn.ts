import { RESOURCES, type Scope } from './scopes.ts'
import type { Role } from './user.ts'

/** A person at the dashboard, from the password to the end: a browser that holds the cookie. */
export type SignIn = {
  id: string
  userId: string
  /** Which of the person's organizations is worked for. */
  organizationId: string
  createdAt: Date
  /** To the minute. */
  seenAt: Date
  /** When a password, passkey or code was last given. */
  confirmedAt: Date
  /** `waiting` for the second factor: until then nothing else is allowed. */
  stage: 'waiting' | 'whole'
  /** Whether two factors were given, as a passkey alone is. */
  isStrong: boolean
  endedAt: Date | null
}

/** Where a person signed in from, as browsers can be told apart: the network address, and what the browser calls itself. */
export type From = { address: string; userAgent: string }

/** Whoever does nothing for so long is signed out (OWASP ASVS 7.3.1). */
export const IDLE_MS = 30 * 60_000
/** Everybody is signed out after so long (OWASP ASVS 7.3.2). */
export const WHOLE_MS = 12 * 3_600_000
/** How long a second factor is waited for. */
export const WAITING_MS = 10 * 60_000
/** How long what was given last counts for what may lose money. */
export const CONFIRMED_MS = 10 * 60_000

/** Whether the cookie still stands for the person at `now`. */
export function isSignedIn({ createdAt, seenAt, stage, endedAt }: SignIn, now: Date): boolean {
  const [ageMs, idleMs] = [now.getTime() - createdAt.getTime(), now.getTime() - seenAt.getTime()]
  return endedAt === null && idleMs < IDLE_MS && ageMs < (stage === 'waiting' ? WAITING_MS : WHOLE_MS)
}

/** Whether the person proved who they are a moment ago. */
export function isConfirmed({ confirmedAt }: Pick<SignIn, 'confirmedAt'>, now: Date): boolean {
  return now.getTime() - confirmedAt.getTime() < CONFIRMED_MS
}

/** Whether somebody has first to add a second factor: an owner where real money moves, who proved less than two. */
export function lacksSecondFactor(
  mode: 'test' | 'live',
  { role, isStrong }: { role: Role | undefined; isStrong: boolean },
): boolean {
  return mode === 'live' && role === 'owner' && !isStrong
}

const READ = RESOURCES.map((resource): Scope => `${resource}:read`)

const writing = (...resources: (typeof RESOURCES)[number][]) => [
  ...READ,
  ...resources.map((resource): Scope => `${resource}:write`),
]

const SCOPES: Readonly<Record<Role, readonly string[]>> = {
  owner: ['*'],
  admin: ['*'],
  developer: writing('checkout_sessions', 'payment_links', 'products', 'prices', 'customers', 'webhook_endpoints'),
  support: writing('checkout_sessions', 'payment_links', 'customers', 'invoices', 'refunds'),
  viewer: READ,
}

/** What a person of this role may do, as the scopes of a restricted key; what is for owners alone is not told by scopes. */
export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role]
}
