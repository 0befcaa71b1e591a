import { z } from '@hono/zod-openapi'
import { setUpServer } from '../actions/setUpServer.ts'
import { signInWithPassword } from '../actions/signInWithPassword.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { entered } from './accountState.ts'
import { email, name, text } from './rules.ts'

/** An e-mail address as people are known by it. */
export const personEmail = email.transform(value => value.toLowerCase())

/** A secret as it was typed; the rules for new passwords are told in their own words. */
export const secret = z.string().max(1_000)

const setupBody = z.strictObject({
  token: secret,
  email: personEmail,
  password: secret,
  firstName: name,
  lastName: text(250),
  organizationName: name,
})

/** The ways in with a password: as the first owner, and as whoever is known. */
export function accountEntryRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'post',
      path: '/setup',
      who: 'anybody',
      body: setupBody,
      handle: async ({ c, body, from }) => await entered(ctx, c, await setUpServer(ctx, body, from)),
    }),
    accountRoute({
      method: 'post',
      path: '/sign-in',
      who: 'anybody',
      body: z.strictObject({ email: personEmail, password: secret }),
      handle: async ({ c, body, from }) => await entered(ctx, c, await signInWithPassword(ctx, body, from)),
    }),
  ]
}
