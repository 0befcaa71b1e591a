import type { Context as HonoContext } from 'hono'
import { authenticate } from '../actions/authenticate.ts'
import type { Caller } from '../actions/caller.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { headerLines } from './headerLines.ts'
import { addressOf } from './payerLimits.ts'
import { cookieToken, personOf } from './personRequest.ts'

/** Who calls, and what reads them anew from the database. */
export type Called = { caller: Caller; reload: () => Promise<Caller> }

/**
 * Who calls the API: the holder of the key in `Authorization`, or without one whoever is at the dashboard. Throws what keys and
 * cookies are refused with.
 */
export async function whoCalls(ctx: Context, c: HonoContext): Promise<Called> {
  const address = addressOf(c, ctx.config.trustedProxies)
  if (headerLines(c, 'authorization').length === 0 && cookieToken(ctx, c) !== null) {
    const { caller } = await personOf(ctx, c)
    return { caller: { ...caller, address }, reload: async () => (await personOf(ctx, c, { fresh: true })).caller }
  }
  const token = bearerToken(c)
  const caller = await authenticate(ctx, token)
  return { caller: { ...caller, address }, reload: () => authenticate(ctx, token, { fresh: true }) }
}

function bearerToken(c: HonoContext): string {
  const [value, ...more] = headerLines(c, 'authorization')
  if (value === undefined) {
    throw new AppError('api_key_missing', 'Send your API key as a header: Authorization: Bearer sk_…')
  }
  const token = /^Bearer +(\S+)$/i.exec(value)?.[1]
  if (token === undefined || more.length > 0) {
    throw new AppError(
      'api_key_invalid',
      'The Authorization header must be one line: Bearer, a space and your API key.',
    )
  }
  return token
}
