import { type Selectable, sql } from 'kysely'
import type { Member, Role, User } from '../domain/user.ts'
import type { Tx } from './database.ts'
import type { Users } from './schema.ts'

/** The members of an organization, the oldest first. */
export async function listMembers(tx: Tx, organizationId: string): Promise<Member[]> {
  const rows = await tx
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .selectAll('u')
    .select('m.role')
    .where('m.organization_id', '=', organizationId)
    .orderBy('m.created_at')
    .orderBy('u.id')
    .execute()
  return rows.map(row => ({ ...fromRow(row), role: row.role as Role }))
}

/** The id of the person with this e-mail address (lower case), in whatever organization; null when there is none. */
export async function findUserId(tx: Tx, email: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`select find_user(${email}) as id`.execute(tx)
  return rows[0]?.id ?? null
}

/** The e-mail address of a person whom the transaction sees, or null. */
export async function findUserEmail(tx: Tx, id: string): Promise<string | null> {
  const row = await tx.selectFrom('users').select('email').where('id', '=', id).executeTakeFirst()
  return row?.email ?? null
}

/** Adds a person; violates `users_email` when there is one with this e-mail address. */
export async function insertUser(tx: Tx, user: User): Promise<void> {
  await tx
    .insertInto('users')
    .values({
      id: user.id,
      created_at: user.createdAt,
      updated_at: user.updatedAt,
      email: user.email,
      first_name: user.firstName,
      last_name: user.lastName,
      profile_picture: user.profilePicture,
      phone: user.phone,
      position: user.position,
      status: user.status,
      flags: JSON.stringify(user.flags),
    })
    .execute()
}

/** Makes a person a member; the caller holds the lock of the organization. */
export async function insertMember(
  tx: Tx,
  organizationId: string,
  member: { userId: string; role: Role },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('members')
    .values({
      organization_id: organizationId,
      user_id: member.userId,
      role: member.role,
      created_at: now,
      updated_at: now,
    })
    .execute()
}

/** Gives a member another role, and forgets what they were to be; the caller holds the lock of the organization. */
export async function saveRole(tx: Tx, organizationId: string, userId: string, role: Role, now: Date): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role, updated_at: now, unmade_at: null, unmade_to: null, unmade_by: null })
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute()
}

/** Ends a membership; the caller holds the lock of the organization. */
export async function removeMember(tx: Tx, organizationId: string, userId: string): Promise<void> {
  await tx.deleteFrom('members').where('organization_id', '=', organizationId).where('user_id', '=', userId).execute()
}

function fromRow(row: Selectable<Users>): User {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    profilePicture: row.profile_picture,
    phone: row.phone,
    position: row.position,
    status: row.status as User['status'],
    flags: row.flags as Record<string, boolean>,
  }
}
