import { sql } from 'kysely'
import type { Role } from '../domain/user.ts'
import type { Tx } from './database.ts'

/** A person with the organizations that they belong to, the oldest membership first; for a transaction that sees all. */
export async function listMemberships(tx: Tx, userId: string) {
  const user = await tx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow()
  const rows = await tx
    .selectFrom('members as m')
    .innerJoin('organizations as o', 'o.id', 'm.organization_id')
    .select(['o.id', 'o.name', 'm.role'])
    .where('m.user_id', '=', userId)
    .orderBy('m.created_at')
    .orderBy('o.id')
    .execute()
  const { id, email, first_name: firstName, last_name: lastName } = user
  return {
    user: { id, email, firstName, lastName },
    memberships: rows.map(row => ({ ...row, role: row.role as Role })),
  }
}

/** The owner of the oldest organization, or null where there is none yet; for a transaction that sees all. */
export async function findFirstOwner(tx: Tx): Promise<{ userId: string; organizationId: string } | null> {
  const row = await tx
    .selectFrom('members')
    .select(['user_id', 'organization_id'])
    .where('role', '=', 'owner')
    .orderBy('organization_id')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { userId: row.user_id, organizationId: row.organization_id }
}

/** The organization that the person last worked for, else the one they joined first; null without any. For a transaction that sees all. */
export async function findWorkplace(tx: Tx, userId: string): Promise<string | null> {
  const { rows } = await sql<{ organization_id: string }>`
    select m.organization_id from members m where m.user_id = ${userId}
    order by (select max(s.id::text) from sign_ins s where s.user_id = m.user_id and s.works_for = m.organization_id) desc nulls last,
      m.created_at, m.organization_id
    limit 1`.execute(tx)
  return rows[0]?.organization_id ?? null
}
