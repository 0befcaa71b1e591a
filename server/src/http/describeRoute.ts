import { z } from '@hono/zod-openapi'
import type { App, Route } from './router.ts'

/** What all paths of the API begin with. */
export const API_BASE = '/api/v1'

/** The names in a path, as in `{id}`. */
export const PATH_NAMES = /\{(\w+)\}/g

/** Puts an operation into the OpenAPI document, with all that it may answer. */
export function describeRoute(app: App, item: Route, errorSchema: z.ZodType): void {
  const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
  const failure = (description: string) => ({ description, content: json(errorSchema) })
  const names = [...item.path.matchAll(PATH_NAMES)].map(([, name = '']) => name)
  app.openAPIRegistry.registerPath({
    method: item.method,
    path: API_BASE + item.path,
    operationId: item.operationId,
    summary: item.summary,
    tags: [item.tag],
    security: [
      { apiKey: item.scope === null ? [] : [item.scope] },
      ...(item.publishable ? [{ publishableKey: [] }] : []),
    ],
    request: {
      ...(names.length > 0 && { params: paramsSchema(item, names) }),
      ...(item.query !== undefined && { query: item.query as z.ZodObject }),
      ...(item.body !== undefined && {
        body: {
          required: !isOptional(item.body),
          content: item.bodyKind === 'multipart' ? { 'multipart/form-data': { schema: item.body } } : json(item.body),
        },
      }),
    },
    responses: {
      200: { description: 'Done.', content: 'file' in item.response ? files(item.response.file) : json(item.response) },
      400: failure('The request is not valid: `code` and `param` say what to change.'),
      401: failure('The API key is missing or not valid.'),
      403: failure('The API key may not do this.'),
      ...((names.length > 0 || item.mayBeAbsent) && { 404: failure('There is no such object.') }),
      ...(item.method !== 'get' && {
        409: failure('The state of the object, or a request under way, does not allow this.'),
      }),
      ...(item.body !== undefined && {
        413: failure('The body is too large.'),
        415: failure('The body is of another media type than this.'),
      }),
      429: failure('Too many requests: wait for `Retry-After` seconds.'),
      503: failure('What this needs cannot be reached now: wait for `Retry-After` seconds.'),
    },
  })
}

function paramsSchema({ idKind, choices }: Route, names: readonly string[]) {
  const meta = (name: string) => {
    if (choices?.[name] !== undefined) return { enum: [...choices[name]] }
    return idKind === 'number' ? ({ type: 'integer' } as const) : { format: 'uuid' }
  }
  return z.object(Object.fromEntries(names.map(name => [name, z.string().openapi(meta(name))])))
}

function files(types: readonly string[]) {
  return Object.fromEntries(types.map(type => [type, { schema: z.string().openapi({ format: 'binary' }) }]))
}

/** Whether a request of this body may have none. */
export function isOptional(body: z.ZodType): boolean {
  return body.safeParse(undefined).success
}
