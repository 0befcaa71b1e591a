import type { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Person } from '../actions/authenticatePerson.ts'
import type { Context } from '../context.ts'
import type { From } from '../domain/signIn.ts'
import { isUuid } from '../domain/uuid.ts'
import { readJsonBody } from './body.ts'
import { errorReply, toReplyError } from './errorReply.ts'
import { incomingOf } from './headerLines.ts'
import { checkTexts } from './json.ts'
import { addressOf } from './payerLimits.ts'
import { assertSameSite, cookieHeader, personOf } from './personRequest.ts'
import { toAppError } from './problems.ts'
import { createRateLimiter, type RateLimiter } from './rateLimit.ts'
import { type App, addMethodNotAllowed, docsUrl, missing } from './router.ts'

/** One request of the dashboard as a handler sees it. */
export type AccountCall<B, W> = {
  c: HonoContext
  /** The id in the path, a UUID; empty where it names none. */
  id: string
  body: B
  from: From
  /** Who is signed in; null on what anybody may ask for. */
  person: W extends 'anybody' ? null : Person & { token: string }
}

/** What only people do, never a key: beside the public API, for our own pages. */
export type AccountRoute = {
  method: 'get' | 'post' | 'put' | 'delete'
  /** Below /api/account. */
  path: string
  /** `waiting`: also somebody whose second factor is still to come; `unprotected`: also an owner who has yet to add one. */
  who: Who
  body: z.ZodType | null
  handle: (call: AccountCall<never, never>) => Promise<object | Response>
}

type Who = 'anybody' | 'waiting' | 'unprotected' | 'person'

const BASE = '/api/account'
const USER_AGENT_MAX = 300

/** Checks a route's types where it is written. */
export function accountRoute<W extends Who, B extends z.ZodType>(definition: {
  method: AccountRoute['method']
  path: string
  who: W
  body?: B
  handle: (call: AccountCall<z.output<B>, W>) => Promise<object | Response>
}): AccountRoute {
  const { body = null, handle, ...rest } = definition
  return { ...rest, body, handle: handle as unknown as AccountRoute['handle'] }
}

/** Adds the routes, limited by person so that none keeps another from stopping a change, and a 405 for every other method of their paths. */
export function addAccountRoutes(app: App, ctx: Context, routes: readonly AccountRoute[]): void {
  const limiter = createRateLimiter(ctx.config.rateLimitPerS)
  const methods = new Map<string, string[]>()
  for (const item of routes) {
    const path = BASE + item.path.replace('{id}', ':id')
    app.on(item.method.toUpperCase(), path, c => serve(ctx, limiter, item, c))
    methods.set(path, [...(methods.get(path) ?? []), item.method.toUpperCase()])
  }
  for (const [path, allowed] of methods) addMethodNotAllowed(app, ctx, path, allowed)
}

/** An answer that sets the cookie to `token`, or with null removes it. */
export function withCookie(ctx: Context, answer: object, token: string | null): Response {
  return reply(answer, { 'set-cookie': cookieHeader(ctx, token) })
}

async function serve(ctx: Context, limiter: RateLimiter, item: AccountRoute, c: HonoContext): Promise<Response> {
  try {
    const person = await whoAsks(ctx, item, c)
    if (person !== null) limiter.take(person.signIn.userId, ctx.clock.now().getTime())
    checkTexts(c.req.queries())
    const body = item.body === null ? undefined : await bodyOf(item.body, c)
    const from: From = {
      address: addressOf(c, ctx.config.trustedProxies),
      userAgent: (c.req.header('user-agent') ?? '').slice(0, USER_AGENT_MAX),
    }
    const id = c.req.param('id')?.toLowerCase() ?? ''
    if (item.path.includes('{id}') && !isUuid(id)) throw missing()
    const answer = await item.handle({ c, id, body: body as never, from, person: person as never })
    return answer instanceof Response ? answer : reply(answer)
  } catch (error) {
    const requestId = c.get('requestId') as string
    return errorReply(toReplyError(ctx, error, requestId), requestId, docsUrl(ctx))
  }
}

async function whoAsks(ctx: Context, { who, method }: AccountRoute, c: HonoContext) {
  if (who !== 'anybody')
    return await personOf(ctx, c, { waitingToo: who === 'waiting', unprotectedToo: who !== 'person' })
  if (method !== 'get') assertSameSite(ctx, c)
  return null
}

async function bodyOf(schema: z.ZodType, c: HonoContext): Promise<unknown> {
  const result = schema.safeParse(await readJsonBody(c.req.raw, { incoming: incomingOf(c) }), { reportInput: true })
  if (!result.success) throw toAppError(result.error, schema)
  return result.data
}

function reply(answer: object, headers: Record<string, string> = {}): Response {
  const own = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  return new Response(JSON.stringify(answer), { headers: { ...own, ...headers } })
}
