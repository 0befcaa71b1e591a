import { z } from '@hono/zod-openapi'
import { listApiRequests } from '../actions/apiRequests.ts'
import type { Context } from '../context.ts'
import { isUuid } from '../domain/uuid.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { toAppError } from './problems.ts'

const LIMIT_MAX = 200

const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_MAX),
  startingAfter: z.string().refine(isUuid).nullable().default(null),
  status: z
    .string()
    .regex(/^(succeeded|failed|[45]\d\d)$/)
    .transform(statusesOf)
    .nullable()
    .default(null),
  text: z.string().max(100).nullable().default(null),
})

/** What was asked of the API in the last 7 days. */
export function apiRequestRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/requests',
      who: 'person',
      handle: async ({ c, person: { caller } }) => {
        const result = listQuery.safeParse(c.req.query(), { reportInput: true })
        if (!result.success) throw toAppError(result.error, listQuery)
        const { limit, startingAfter, ...filter } = result.data
        const asked = { ...filter, limit: limit + 1, after: startingAfter }
        const found = await listApiRequests(ctx, caller.organizationId, asked)
        return { data: found.slice(0, limit), hasMore: found.length > limit }
      },
    }),
  ]
}

/** The statuses that a filter stands for: one of them, or all that are good or bad news. */
function statusesOf(status: string): { from: number; to: number } {
  if (status === 'succeeded') return { from: 100, to: 399 }
  return status === 'failed' ? { from: 400, to: 599 } : { from: Number(status), to: Number(status) }
}
