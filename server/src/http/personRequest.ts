import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import { getCookie } from 'hono/cookie'
import { type AuthenticateOptions, authenticatePerson, type Person } from '../actions/authenticatePerson.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'

const SAFE = new Set(['GET', 'HEAD'])
const TOKEN = /^[\w-]{43}$/
/** What a page that nobody is at says of itself when it reads anew. */
const UNATTENDED = 'x-unattended'
const TOKEN_MEANING = 'cross-site request token'

/**
 * The name of the dashboard's cookie. Only over HTTPS a browser keeps one whose name promises that no other host can have set it
 * (RFC 6265bis, 4.1.3.2); the test world has none.
 */
export function cookieName({ config }: Context): string {
  return config.publicUrl?.startsWith('https:') ? '__Host-bitstream' : 'bitstream'
}

/** What sets the cookie to `token`, or without one removes it; it ends with the browser. */
export function cookieHeader(ctx: Context, token: string | null): string {
  const name = cookieName(ctx)
  const secure = name.startsWith('__Host-') ? '; Secure' : ''
  return `${name}=${token ?? ''}; Path=/; HttpOnly; SameSite=Lax${secure}${token === null ? '; Max-Age=0' : ''}`
}

/** What the cookie carries, or null. */
export function cookieToken(ctx: Context, c: HonoContext): string | null {
  const token = getCookie(c, cookieName(ctx))
  return token !== undefined && TOKEN.test(token) ? token : null
}

/** What each change must carry in `X-CSRF-Token`: only a page that read it with the cookie knows it. */
export function crossSiteToken(cookie: string): string {
  return createHmac('sha256', cookie).update(TOKEN_MEANING).digest('base64url')
}

/**
 * Who is at the dashboard that the request comes from. Throws `signed_out` and `second_factor_required` as `authenticatePerson`, and
 * `cross_site` for a change that is not from our own pages or lacks their token. A page that reads by itself, `X-Unattended`, keeps
 * nobody signed in.
 */
export async function personOf(
  ctx: Context,
  c: HonoContext,
  options: AuthenticateOptions = {},
): Promise<Person & { token: string }> {
  const isChange = !SAFE.has(c.req.method)
  if (isChange) assertSameSite(ctx, c)
  const token = cookieToken(ctx, c)
  if (token === null) throw new AppError('signed_out', 'You are signed out: sign in again.')
  if (isChange) assertToken(token, c.req.header('x-csrf-token') ?? '')
  const unseen = !isChange && c.req.header(UNATTENDED) !== undefined
  return { ...(await authenticatePerson(ctx, token, { unseen, ...options })), token }
}

/** Throws `cross_site` for a request that a browser does not make for our own pages, as when signing in. */
export function assertSameSite({ config }: Context, c: HonoContext): void {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const isOurs = origin === undefined || origin === new URL(config.publicUrl ?? c.req.url).origin
  const isJson = /^(application\/json|multipart\/form-data)\b/i.test(c.req.header('content-type') ?? 'application/json')
  if ((site === undefined || site === 'same-origin') && isOurs && isJson && (site ?? origin) !== undefined) return
  throw new AppError('cross_site', 'Changes are made on the pages of the dashboard only: open it and try there.')
}

function assertToken(cookie: string, given: string): void {
  const [wanted, told] = [Buffer.from(crossSiteToken(cookie)), Buffer.from(given)]
  if (wanted.length === told.length && timingSafeEqual(wanted, told)) return
  throw new AppError('cross_site', 'This change lacks the token of the page that it should come from: reload the page.')
}
