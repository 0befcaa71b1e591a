import { z } from '@hono/zod-openapi'
import { getAccountSummary } from '../actions/getAccountSummary.ts'
import type { Context } from '../context.ts'
import { countDays } from '../domain/accountSummary.ts'
import { AppError } from '../domain/errors.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { toAppError } from './problems.ts'

const DAYS_MAX = 366

const day = z.iso.date()
const query = z.strictObject({
  from: day,
  to: day,
  timeZone: z.string().max(64).refine(isTimeZone).default('UTC'),
})

function isTimeZone(name: string): boolean {
  try {
    // Names of places alone: an offset such as +05:30 is read the other way round by PostgreSQL.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** The numbers of the page Home. */
export function summaryRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/summary',
      who: 'person',
      handle: async ({ c, person: { caller } }) => {
        const result = query.safeParse(c.req.query(), { reportInput: true })
        if (!result.success) throw toAppError(result.error, query)
        const days = countDays(result.data)
        if (days < 1 || days > DAYS_MAX)
          throw new AppError('parameter_invalid', `Ask for 1 to ${DAYS_MAX} days.`, { param: 'to' })
        return await getAccountSummary(ctx, caller.organizationId, result.data)
      },
    }),
  ]
}
