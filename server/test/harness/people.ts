import { hashPassword } from '../../src/actions/hashPassword.ts'
import type { Context } from '../../src/context.ts'
import type { Role } from '../../src/domain/user.ts'
import { addMember } from './teamFixtures.ts'

/** The password of everybody in tests, and its hash, which is costly to make. */
export const PASSWORD = 'nine lamps over the harbour'
let hash: Promise<string> | null = null

/** Gives the person a password: `PASSWORD`. */
export async function givePassword(ctx: Context, userId: string): Promise<void> {
  hash ??= hashPassword(PASSWORD)
  await ctx.db.owner.query(
    `insert into factors (user_id, password, totp_step) values ($1, $2, 0) on conflict (user_id) do update set password = $2`,
    [userId, await hash],
  )
}

/** A new member of the organization who signs in with `PASSWORD`; returns their id. */
export async function addPerson(ctx: Context, organizationId: string, email: string, role: Role): Promise<string> {
  const userId = await addMember(ctx, organizationId, email, role)
  await givePassword(ctx, userId)
  return userId
}
