import { z } from '@hono/zod-openapi'
import { listSignIns, revokeOtherSignIns, revokeSignIn, switchOrganization } from '../actions/signIns.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { entered } from './accountState.ts'
import { missing } from './router.ts'
import { uuid } from './rules.ts'

/** Where a person is signed in, and for whom they work. */
export function accountSignInRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/sign-ins',
      who: 'unprotected',
      handle: async ({ person }) =>
        (await listSignIns(ctx, person)).map(({ id, createdAt, seenAt, address, userAgent }) => ({
          ...{ id, createdAt, seenAt, address, userAgent },
          isCurrent: id === person.signIn.id,
        })),
    }),
    accountRoute({
      method: 'delete',
      path: '/sign-ins',
      who: 'unprotected',
      handle: async ({ person, from }) => {
        await revokeOtherSignIns(ctx, person, from.address)
        return { success: true }
      },
    }),
    accountRoute({
      method: 'delete',
      path: '/sign-ins/{id}',
      who: 'unprotected',
      handle: async ({ person, id, from }) => {
        if (!(await revokeSignIn(ctx, person, id, from.address))) throw missing()
        return { success: true }
      },
    }),
    accountRoute({
      method: 'post',
      path: '/organization',
      who: 'unprotected',
      body: z.strictObject({ organizationId: uuid }),
      handle: async ({ c, person, body }) =>
        await entered(ctx, c, await switchOrganization(ctx, person, body.organizationId)),
    }),
  ]
}
