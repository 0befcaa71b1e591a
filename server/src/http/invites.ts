import { z } from '@hono/zod-openapi'
import { createInvite, deleteInvite, listInvites, resendInvite } from '../actions/changeInvites.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { inviteView } from '../domain/invite.ts'
import { assertMayAdmit } from '../domain/managedKey.ts'
import { successSchema } from './objects.ts'
import { role, userInviteSchema } from './organizationObjects.ts'
import { missing, type Route, route } from './router.ts'
import { email } from './rules.ts'

const tag = 'Team'
const read = { tag, scope: 'organization:read' } as const
const write = { tag, scope: 'organization:write' } as const

/** The operations on invites. */
export function inviteRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...inviteRoute(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/invites',
      operationId: 'listInvites',
      summary: 'List invites, newest first',
      response: z.array(userInviteSchema),
      handle: async ({ caller }) =>
        (await listInvites(ctx, caller.organizationId)).map(invite => inviteView(invite, null)),
    }),
    route({
      ...write,
      method: 'post',
      path: '/invites',
      operationId: 'createInvite',
      summary: 'Ask somebody by e-mail to join; only this answer shows the link',
      body: z.strictObject({ email, role }).openapi('InviteUser'),
      response: userInviteSchema,
      handle: async ({ caller, body, once }) => {
        assertMayAdmit(caller.key)
        const asked = { email: body.email.toLowerCase(), role: body.role }
        return await writeOnce(ctx, caller, once, tx => createInvite(tx, ctx, caller, asked))
      },
    }),
  ]
}

function inviteRoute(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'delete',
      path: '/invites/{id}',
      operationId: 'deleteInvite',
      summary: 'Withdraw an invite; its link ends',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await deleteInvite(ctx, caller, id))) throw missing()
        return { message: 'The invite is withdrawn.', statusCode: 200 }
      },
    }),
    route({
      ...write,
      method: 'post',
      path: '/invites/{id}/resend',
      operationId: 'resendInvite',
      summary: 'Send an invite again with a new link, for 7 more days; the old link ends',
      response: userInviteSchema,
      handle: async ({ caller, id, once }) => {
        assertMayAdmit(caller.key)
        return await writeOnce(ctx, caller, once, async tx => {
          const answer = await resendInvite(tx, ctx, caller, id)
          if (answer === null) throw missing()
          return answer
        })
      },
    }),
  ]
}
