import type { Context } from '../../src/context.ts'
import { newUser, type Role } from '../../src/domain/user.ts'
import { uuidv7 } from '../../src/domain/uuid.ts'
import { inOrganization } from '../../src/store/database.ts'
import { insertMember, insertUser } from '../../src/store/users.ts'

/** A new person with this e-mail address who works for the organization; its `owner_id` too where it is the first owner. Returns their id. */
export async function addMember(ctx: Context, organizationId: string, email: string, role: Role): Promise<string> {
  const now = ctx.clock.now()
  const userId = uuidv7(now, ctx.random(10))
  await inOrganization(ctx.db, organizationId, async tx => {
    await insertUser(tx, newUser(userId, { email, firstName: 'Ada', lastName: 'L' }, now))
    await insertMember(tx, organizationId, { userId, role }, now)
  })
  if (role === 'owner') {
    await ctx.db.owner.query('update organizations set owner_id = $2 where id = $1 and owner_id is null', [
      organizationId,
      userId,
    ])
  }
  return userId
}
