import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Caller } from '../actions/caller.ts'
import type { Answered, OnceKey } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { Scope } from '../domain/scopes.ts'
import type { Role } from '../domain/user.ts'
import { isUuid } from '../domain/uuid.ts'
import { allowPages } from './allowPages.ts'
import { readForm, readJsonBody } from './body.ts'
import { API_BASE, describeRoute, isOptional, PATH_NAMES } from './describeRoute.ts'
import { errorReply, toReplyError } from './errorReply.ts'
import { incomingOf } from './headerLines.ts'
import { checkTexts } from './json.ts'
import { onceKeyOf } from './onceKey.ts'
import { createPayerLimits, type PayerLimits } from './payerLimits.ts'
import { toAppError } from './problems.ts'
import { createRateLimiter, type RateLimiter } from './rateLimit.ts'
import type { RequestLog } from './requestLog.ts'
import type { Tag } from './tags.ts'
import { whoCalls } from './whoCalls.ts'

/** One request as a handler sees it: read, checked, and with its caller. */
export type Call<Q, B> = {
  ctx: Context
  caller: Caller
  /** The first id in the path, checked; empty where the path has none. */
  id: string
  /** All that the path names, by name, each checked. */
  params: Readonly<Record<string, string>>
  query: Q
  body: B
  once: OnceKey | null
  /** The media types that the caller prefers; empty where it does not say. */
  accept: string
  requestId: string
  /** The caller read anew from the database. */
  reload: () => Promise<Caller>
}

/** An operation of the API: its place in the OpenAPI document and what it does. */
export type Route<Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType> = {
  method: 'get' | 'post' | 'put' | 'delete'
  /** Below /api/v1, with OpenAPI's `{id}`. */
  path: string
  /** What the path names: UUIDs unless said otherwise. */
  idKind?: 'number'
  /** Values that a name in the path may have, in place of a UUID. */
  choices?: Readonly<Record<string, readonly string[]>>
  operationId: string
  summary: string
  tag: Tag
  scope: Scope | null
  /** Roles of people who may do this without the scope. */
  roles?: readonly Role[]
  /** Whether a publishable key, which anybody may read in a page's source, may do this. */
  publishable?: true
  query?: Q
  /** Where it takes undefined, a request may have no body. */
  body?: B
  /** `multipart`: the body is a form with files; fields are text, files are `File`s. JSON unless said otherwise. */
  bodyKind?: 'multipart'
  /** Whether there may be nothing to show, though the path names nothing. */
  mayBeAbsent?: true
  /** The shape of the answer; where it is a file, its media types. */
  response: z.ZodType | { file: readonly [string, ...string[]] }
  handle: (call: Call<z.output<Q>, z.output<B>>) => Promise<object | Answered | Response>
}

export type App = OpenAPIHono<{ Bindings: Partial<HttpBindings>; Variables: { requestId: string } }>

/** Checks a route's types where it is written. */
export function route<Q extends z.ZodType, B extends z.ZodType>(definition: Route<Q, B>): Route {
  return definition as unknown as Route
}

/**
 * Adds the operations to `app`, each described in its OpenAPI registry, and a 405 for every other method of their paths. What is asked
 * is noted in `log`, where there is one.
 */
export function addRoutes(
  app: App,
  ctx: Context,
  routes: readonly Route[],
  { errorSchema, log }: { errorSchema: z.ZodType; log: RequestLog | null },
): void {
  const limits = { merchants: createRateLimiter(ctx.config.rateLimitPerS), payers: createPayerLimits(ctx) }
  const methods = new Map<string, string[]>()
  for (const item of routes) {
    describeRoute(app, item, errorSchema)
    const path = API_BASE + item.path.replaceAll(PATH_NAMES, ':$1')
    if (item.publishable) allowPages(app, path)
    app.on(item.method.toUpperCase(), path, c => serve(ctx, { ...limits, log }, item, c))
    methods.set(path, [...(methods.get(path) ?? []), item.method.toUpperCase()])
  }
  for (const [path, allowed] of methods) addMethodNotAllowed(app, ctx, path, allowed)
}

/** Answers every method of `path` that has no handler with 405 and `Allow`. */
export function addMethodNotAllowed(app: App, ctx: Context, path: string, allowed: string[]): void {
  app.all(path, c => {
    const error = new AppError(
      'method_not_allowed',
      `${c.req.method} is not possible here; these are: ${allowed.join(', ')}.`,
    )
    const reply = errorReply(error, c.get('requestId'), docsUrl(ctx))
    reply.headers.set('allow', allowed.join(', '))
    return reply
  })
}

/** Where the error codes are explained; from configuration, never from what a request calls us. */
export function docsUrl(ctx: Context): string {
  return `${ctx.config.publicUrl ?? ''}/docs/errors`
}

type Limits = { merchants: RateLimiter; payers: PayerLimits }

type Desk = Limits & { log: RequestLog | null }

async function serve(ctx: Context, desk: Desk, item: Route, c: HonoContext): Promise<Response> {
  const requestId = c.get('requestId') as string
  const began = performance.now()
  let known: Caller | null = null
  const noted = (answer: Response, code: string | null = null) => {
    if (desk.log !== null && known !== null) note(ctx, desk.log, item, { known, requestId, began, answer, code })
    return answer
  }
  try {
    const { caller, reload } = await whoCalls(ctx, c)
    known = caller
    limit(ctx, desk, caller, c)
    authorize(caller, item)
    const params = pathParams(c, item)
    const id = Object.values(params)[0] ?? ''
    const query = item.query === undefined ? undefined : parse(item.query, queryOf(c))
    const body = await bodyOf(c, item)
    const once = item.method === 'post' ? await onceKeyOf(c, item, params, body) : null
    const accept = c.req.header('accept') ?? ''
    const answer = await item.handle({ ctx, caller, id, params, query, body, once, accept, requestId, reload })
    return noted(answer instanceof Response ? answer : reply(answer, requestId))
  } catch (error) {
    const problem = toReplyError(ctx, error, requestId)
    const refusal = errorReply(problem, requestId, docsUrl(ctx))
    if (problem.code === 'rate_limited' && ctx.config.rateLimitPerS !== null) {
      refusal.headers.set('ratelimit-limit', String(ctx.config.rateLimitPerS))
      refusal.headers.set('ratelimit-remaining', '0')
      refusal.headers.set('ratelimit-reset', String(problem.retryAfterS))
    }
    return noted(refusal, problem.code)
  }
}

type Served = { known: Caller; requestId: string; began: number; answer: Response; code: string | null }

/** Notes what a key asked, and what a person changed: what the pages of the dashboard read all the time is no news to anybody. */
function note(ctx: Context, log: RequestLog, { method, path }: Route, served: Served): void {
  const { known, requestId, began, answer, code } = served
  if (known.person !== null && method === 'get') return
  log.note({
    id: requestId,
    organizationId: known.organizationId,
    createdAt: ctx.clock.now(),
    method: method.toUpperCase(),
    route: API_BASE + path,
    status: answer.status,
    code,
    durationMs: Math.round(performance.now() - began),
    keyId: known.person === null ? known.key.id : null,
    userId: known.person?.userId ?? null,
  })
}

/** A publishable key is in everybody's hands: what is done with it uses up nothing that the merchant's server needs. */
function limit(ctx: Context, { merchants, payers }: Limits, { organizationId, key }: Caller, c: HonoContext): void {
  const isPublic = key.type === 'publishable'
  merchants.take(isPublic ? `pages of ${organizationId}` : organizationId, ctx.clock.now().getTime())
  if (isPublic) payers.ask(c)
}

function reply(answer: object | Answered, requestId: string): Response {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'request-id': requestId,
  }
  if (!('replayed' in answer)) return new Response(JSON.stringify(answer), { headers })
  const replayed = answer.replayed ? { 'idempotent-replayed': 'true' } : {}
  return new Response(answer.body, { headers: { ...headers, ...replayed } })
}

async function bodyOf(c: HonoContext, { body, bodyKind }: Route): Promise<unknown> {
  if (body === undefined || (hasNoBody(c) && isOptional(body))) return undefined
  const given = bodyKind === 'multipart' ? readForm(c.req.raw) : readJsonBody(c.req.raw, { incoming: incomingOf(c) })
  return parse(body, await given)
}

function hasNoBody(c: HonoContext): boolean {
  // Asked of a request with a port, the web stream of its body would be made, which costs more than all the rest.
  if (incomingOf(c) === undefined) return c.req.raw.body === null
  return (c.req.header('content-length') ?? '0') === '0' && c.req.header('transfer-encoding') === undefined
}

function authorize({ key: { type, scopes }, person }: Caller, { scope, roles, publishable }: Route): void {
  if (type === 'secret') return
  if (type === 'publishable') {
    if (publishable === true) return
    throw new AppError(
      'key_type',
      'A publishable key cannot do this: use a secret or restricted key, on your server only.',
    )
  }
  if (scope === null || scopes.includes(scope) || scopes.includes('*')) return
  if (person !== null && roles?.includes(person.role)) return
  const message =
    person === null
      ? `This restricted key lacks the scope ${scope}.`
      : `Your role here is ${person.role}, which may not do this: ask an owner or an admin.`
  throw new AppError('insufficient_permissions', message)
}

function pathParams(c: HonoContext, { path, idKind, choices }: Route): Record<string, string> {
  return Object.fromEntries(
    [...path.matchAll(PATH_NAMES)].map(([, name = '']) => {
      const given = c.req.param(name) ?? ''
      const value = choices?.[name] === undefined ? given.toLowerCase() : given
      const isGood =
        choices?.[name]?.includes(value) ?? (idKind === 'number' ? /^\d{1,15}$/.test(value) : isUuid(value))
      if (!isGood) throw missing()
      return [name, value]
    }),
  )
}

/** `resource_missing`: the same for what is absent and for what belongs to another organization. */
export function missing(): AppError {
  return new AppError('resource_missing', 'There is no such object, or it belongs to another organization.')
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value, { reportInput: true })
  if (!result.success) throw toAppError(result.error, schema)
  return result.data
}

function queryOf(c: HonoContext): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [key, values] of Object.entries(c.req.queries())) query[key.replace(/\[\]$/, '')] = values.join(',')
  checkTexts(query)
  return query
}
