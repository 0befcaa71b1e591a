import type { Member, Role } from './user.ts'

/** How long an owner whom another owner unmakes stays one in live mode: all owners are told, and each of them can cancel it. */
export const OWNER_DELAY_MS = 24 * 3_600_000

/** Another role, or with null none, for an owner; it counts when it is due. */
export type OwnerChange = {
  userId: string
  role: Exclude<Role, 'owner'> | null
  dueAt: Date
  /** The owner who asked for it. */
  requestedBy: string
}

/** Whether `role` waits for an owner, as another owner asks for it: whoever takes over one of them must not be alone at once. */
export function isDelayed(
  mode: 'test' | 'live',
  member: Member,
  role: Role | null,
  byUserId: string | null,
): role is OwnerChange['role'] {
  return mode === 'live' && member.role === 'owner' && role !== 'owner' && member.id !== byUserId
}
