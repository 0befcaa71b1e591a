import type { Context } from '../context.ts'
import { ownerChangeEmail } from '../documents/emails/ownerChangeEmail.ts'
import type { Role } from '../domain/user.ts'
import type { Tx } from '../store/database.ts'
import type { Caller } from './caller.ts'
import type { Team } from './giveRole.ts'
import { mailOwners } from './mailOwners.ts'

/** What becomes of an owner, or of who becomes one: `role` null for no member any more, `dueAt` null where it counts. */
export type ToldOwner = {
  member: { email: string; role: Role | null }
  role: Role | null
  askedBy: string
  dueAt: Date | null
}

/** The e-mail address of whoever calls, as the team knows them. */
export function askedBy({ members }: Team, { person }: Caller): string {
  return members.find(({ id }) => id === person?.userId)?.email ?? 'somebody who has left'
}

/** Lets every owner be told, in live mode and with this transaction, who is made or unmade one; also whoever is none any more. */
export async function tellOfOwner(tx: Tx, ctx: Context, { organization }: Pick<Team, 'organization'>, told: ToldOwner) {
  if (ctx.config.mode === 'test') return
  const { member, role, askedBy: by, dueAt } = told
  const facts = { email: member.email, before: member.role, after: role, askedBy: by, dueAt }
  const url = `${ctx.config.publicUrl ?? ''}/settings/team`
  await mailOwners(tx, ctx, organization.id, 'owner_change', brand => ownerChangeEmail({ ...facts, url }, brand), [
    member.email,
  ])
}
