import { getReceived } from '../actions/getReceived.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'

/** What was paid at a link, by a customer or for a product, for their pages. */
export function receivedRoutes(ctx: Context): AccountRoute[] {
  return (['payment-links', 'customers', 'products'] as const).map(of =>
    accountRoute({
      method: 'get',
      path: `/${of}/{id}/received`,
      who: 'person',
      handle: async ({ id, person: { caller } }) => {
        const { totals, ...received } = await getReceived(ctx, caller.organizationId, { of, id })
        return { ...received, totals: totals.map(({ amount, ...total }) => ({ ...total, amount: `${amount}` })) }
      },
    }),
  )
}
