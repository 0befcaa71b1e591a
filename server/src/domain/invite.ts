import type { Role } from './user.ts'

/** Somebody who is asked to work for an organization; open while it is `pending` and not past `expireAt`. */
export type Invite = {
  id: string
  organizationId: string
  createdAt: Date
  updatedAt: Date
  /** In lower case. */
  email: string
  role: Role
  status: 'pending' | 'accepted' | 'rejected'
  expireAt: Date
  /** The person who sent it last, by themselves or with a key that they made, where one is known. */
  sentBy: string | null
}

const OPEN_MS = 7 * 86_400_000

/** Until when an invite that is sent at `now` can be accepted: 7 days. */
export function inviteExpiry(now: Date): Date {
  return new Date(now.getTime() + OPEN_MS)
}

/** Whether it can be accepted at `now`. */
export function isOpen({ status, expireAt }: Invite, now: Date): boolean {
  return status === 'pending' && expireAt > now
}

/** Whether somebody of this role may send it; nobody who is no member any more. */
export function maySend({ role: asked }: Invite, role: Role | null): boolean {
  return role === 'owner' || (role === 'admin' && asked !== 'owner')
}

/** An invite as answers show it; `inviteUrl` only where its token was just made. */
export function inviteView({ id, email, role, organizationId, status, expireAt }: Invite, inviteUrl: string | null) {
  return { id, email, role, organizationId, inviteUrl, status, expireAt }
}
