import { z } from '@hono/zod-openapi'
import { errorSchema } from './objects.ts'
import type { App } from './router.ts'
import type { Tag } from './tags.ts'

/** Where payers' routes are, each below a session's id. */
export const PAYERS_API = '/api/v1/payment-pages/for-checkout-session'

/** Puts a payer's route into the OpenAPI document; `path` is below `PAYERS_API`, and `answer` JSON unless said otherwise. */
export function describePayerRoute(
  app: App,
  {
    method,
    path,
    operationId,
    summary,
    body = null,
    answer,
    type = 'application/json',
  }: {
    method: 'get' | 'post'
    path: string
    operationId: string
    summary: string
    body?: z.ZodType | null
    answer: z.ZodType
    type?: string
  },
): void {
  const failure = (description: string) => ({ description, content: { 'application/json': { schema: errorSchema } } })
  app.openAPIRegistry.registerPath({
    method,
    path: PAYERS_API + path,
    operationId,
    summary,
    tags: ['Payment page' satisfies Tag],
    security: [],
    request: {
      params: z.object({ id: z.string().openapi({ format: 'uuid' }) }),
      ...(body !== null && { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      200: { description: 'Done.', content: { [type]: { schema: answer } } },
      ...(body !== null && { 400: failure('The request is not valid: `code` and `param` say what to change.') }),
      404: failure('There is no such object.'),
      ...(method === 'post' && { 409: failure('The state of the session does not allow this.') }),
      ...(body !== null && {
        413: failure('The body is too large.'),
        415: failure('The body is of another media type than JSON.'),
      }),
      429: failure('Too many requests: wait for `Retry-After` seconds.'),
      503: failure('What this needs cannot be reached now: wait for `Retry-After` seconds.'),
    },
  })
}
