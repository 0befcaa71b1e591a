import { authenticatePerson, endSignIn } from '../actions/authenticatePerson.ts'
import { getAccountState, startDemoSignIn } from '../actions/getAccountState.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type AccountRoute, accountRoute, withCookie } from './accountRouter.ts'
import { cookieToken, crossSiteToken } from './personRequest.ts'

/** Who is at the dashboard, the way in for visitors of a test world, and the way out. */
export function accountRoutes(ctx: Context): AccountRoute[] {
  const { mode } = ctx.config
  const canDemo = mode === 'test' && ctx.testWallet !== null

  /** The state of the dashboard for whoever holds the cookie `token`; who is signed out is told so without an error. */
  const stateOf = async (token: string | null) => {
    const person = token === null ? null : await signedIn(ctx, token)
    if (token === null || person === null) return { mode, canDemo, signIn: null }
    const { stage, confirmedAt, isStrong } = person.signIn
    const csrfToken = crossSiteToken(token)
    return {
      mode,
      canDemo,
      signIn: { ...(await getAccountState(ctx, person)), stage, confirmedAt, isStrong, csrfToken },
    }
  }

  return [
    accountRoute({
      method: 'get',
      path: '/state',
      who: 'anybody',
      handle: async ({ c }) => await stateOf(cookieToken(ctx, c)),
    }),
    accountRoute({
      method: 'post',
      path: '/demo',
      who: 'anybody',
      handle: async ({ from }) => {
        const token = await startDemoSignIn(ctx, from)
        if (token === null) throw new AppError('resource_missing', 'There is no demo account on this server: sign in.')
        return withCookie(ctx, await stateOf(token), token)
      },
    }),
    accountRoute({
      method: 'post',
      path: '/sign-out',
      who: 'waiting',
      handle: async ({ person: { signIn } }) => {
        await endSignIn(ctx, signIn)
        return withCookie(ctx, await stateOf(null), null)
      },
    }),
  ]
}

async function signedIn(ctx: Context, token: string) {
  try {
    return await authenticatePerson(ctx, token, { waitingToo: true })
  } catch (error) {
    if (error instanceof AppError && error.code === 'signed_out') return null
    throw error
  }
}
