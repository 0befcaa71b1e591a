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
  outcome: z.enum(['failed']).optional(),
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
        const { limit, startingAfter, outcome } = result.data
        const asked = { limit: limit + 1, after: startingAfter, failed: outcome === 'failed' }
        const found = await listApiRequests(ctx, caller.organizationId, asked)
        return { data: found.slice(0, limit), hasMore: found.length > limit }
      },
    }),
  ]
}
