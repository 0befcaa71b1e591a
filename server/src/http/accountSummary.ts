import { z } from '@hono/zod-openapi'
import { getAccountSummary } from '../actions/getAccountSummary.ts'
import { readGasMoney } from '../actions/readGasMoney.ts'
import type { Context } from '../context.ts'
import { countDays } from '../domain/accountSummary.ts'
import { AppError } from '../domain/errors.ts'
import type { GasMoney } from '../domain/gasMoney.ts'
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

/** However many look at Home, the nodes are asked so often. */
const GAS_FOR_MS = 60_000

/** The gas accounts of all chains whose nodes answer, as they were at most a minute ago. */
function gasReader(ctx: Context): () => Promise<GasMoney[]> {
  let read: { at: number; accounts: Promise<GasMoney[]> } | null = null
  const readOne = async (chainId: number) => {
    try {
      return (await readGasMoney(ctx, chainId)) ?? []
    } catch (error) {
      ctx.log.warn({ err: error, chainId }, 'The gas account could not be looked at')
      return []
    }
  }
  return () => {
    const now = ctx.clock.now().getTime()
    if (read === null || now - read.at >= GAS_FOR_MS)
      read = { at: now, accounts: Promise.all([...ctx.gas.keys()].map(readOne)).then(all => all.flat()) }
    return read.accounts
  }
}

/** The numbers of the page Home, and what it tells of the accounts that pay for sweeps. */
export function summaryRoutes(ctx: Context): AccountRoute[] {
  const gasAccounts = gasReader(ctx)
  return [
    accountRoute({
      method: 'get',
      path: '/gas',
      who: 'person',
      handle: async () => {
        const accounts = await gasAccounts()
        return {
          data: accounts.map(({ balanceRaw, daysLeft, ...account }) => ({
            ...account,
            balanceRaw: `${balanceRaw}`,
            daysLeft: daysLeft === null ? null : Number(daysLeft),
          })),
        }
      },
    }),
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
