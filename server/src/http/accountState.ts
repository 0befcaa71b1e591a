import type { Context as HonoContext } from 'hono'
import { authenticatePerson, endReplacedSignIn, type Person } from '../actions/authenticatePerson.ts'
import { getAccountState } from '../actions/getAccountState.ts'
import { needsSetup } from '../actions/setUpServer.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { lacksSecondFactor } from '../domain/signIn.ts'
import { withCookie } from './accountRouter.ts'
import { cookieToken, crossSiteToken } from './personRequest.ts'

/** The state of the dashboard for whoever holds the cookie `token`; who is signed out is told so without an error. */
export async function accountState(ctx: Context, token: string | null): Promise<object> {
  const { mode } = ctx.config
  const canDemo = mode === 'test' && ctx.testWallet !== null
  const person = token === null ? null : await signedIn(ctx, token)
  if (token === null || person === null) return { mode, canDemo, needsSetup: await needsSetup(ctx), signIn: null }
  const { stage, confirmedAt, isStrong } = person.signIn
  const { role } = person.caller.person ?? {}
  return {
    ...{ mode, canDemo, needsSetup: false },
    signIn: {
      ...(await getAccountState(ctx, person)),
      ...{ stage, confirmedAt, isStrong, csrfToken: crossSiteToken(token) },
      mustHaveSecondFactor: stage === 'whole' && lacksSecondFactor(mode, { role, isStrong }),
    },
  }
}

/** The answer of every step into the dashboard: the state, and the new cookie `token`, which replaces the one that came. */
export async function entered(ctx: Context, c: HonoContext, token: string): Promise<Response> {
  const before = cookieToken(ctx, c)
  if (before !== null) await endReplacedSignIn(ctx, before)
  return withCookie(ctx, await accountState(ctx, token), token)
}

/** Whoever holds the cookie `token`, be it that the second factor is still to come; null for nobody. */
export async function signedIn(ctx: Context, token: string): Promise<Person | null> {
  try {
    return await authenticatePerson(ctx, token, { waitingToo: true })
  } catch (error) {
    if (error instanceof AppError && error.code === 'signed_out') return null
    throw error
  }
}
