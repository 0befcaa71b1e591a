import { z } from '@hono/zod-openapi'
import { joinByInvite, readInvite } from '../actions/joinByInvite.ts'
import { askForReset, resetPassword } from '../actions/resetPassword.ts'
import type { Context } from '../context.ts'
import { personEmail, secret } from './accountEntry.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { entered, signedIn } from './accountState.ts'
import { cookieToken, personOf } from './personRequest.ts'
import { name, text } from './rules.ts'

/** The ways in by a link: who forgot the password, and who was asked to join. */
export function accountLinkRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'post',
      path: '/forgot',
      who: 'anybody',
      body: z.strictObject({ email: personEmail }),
      handle: async ({ body, from }) => {
        await askForReset(ctx, body.email, from)
        return { success: true }
      },
    }),
    accountRoute({
      method: 'post',
      path: '/reset',
      who: 'anybody',
      body: z.strictObject({ token: secret, password: secret }),
      handle: async ({ c, body, from }) => await entered(ctx, c, await resetPassword(ctx, body, from)),
    }),
    accountRoute({
      method: 'get',
      path: '/invite',
      who: 'anybody',
      handle: async ({ c }) => await readInvite(ctx, c.req.query('token') ?? ''),
    }),
    accountRoute({
      method: 'post',
      path: '/invite',
      who: 'anybody',
      body: z.strictObject({
        token: secret,
        password: secret.nullish(),
        firstName: name.optional(),
        lastName: text(250).optional(),
      }),
      handle: async ({ c, body, from }) => {
        const { token, password = null, firstName = '', lastName = '' } = body
        const cookie = cookieToken(ctx, c)
        const isThere = cookie !== null && (await signedIn(ctx, cookie))?.signIn.stage === 'whole'
        const person = isThere ? await personOf(ctx, c, { unprotectedToo: true }) : null
        return await entered(ctx, c, await joinByInvite(ctx, { token, password, firstName, lastName }, person, from))
      },
    }),
  ]
}
