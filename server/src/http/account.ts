import { endSignIn } from '../actions/authenticatePerson.ts'
import { startDemoSignIn } from '../actions/getAccountState.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type AccountRoute, accountRoute, withCookie } from './accountRouter.ts'
import { accountState, entered } from './accountState.ts'
import { cookieToken } from './personRequest.ts'

/** Who is at the dashboard, the way in for visitors of a test world, and the way out. */
export function accountRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/state',
      who: 'anybody',
      handle: async ({ c }) => await accountState(ctx, cookieToken(ctx, c)),
    }),
    accountRoute({
      method: 'post',
      path: '/demo',
      who: 'anybody',
      handle: async ({ c, from }) => {
        const token = await startDemoSignIn(ctx, from)
        if (token === null) throw new AppError('resource_missing', 'There is no demo account on this server: sign in.')
        return await entered(ctx, c, token)
      },
    }),
    accountRoute({
      method: 'post',
      path: '/sign-out',
      who: 'waiting',
      handle: async ({ from, person: { signIn } }) => {
        await endSignIn(ctx, signIn, from)
        return withCookie(ctx, await accountState(ctx, null), null)
      },
    }),
  ]
}
