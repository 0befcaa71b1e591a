import { getTimeline } from '../actions/getTimeline.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { missing } from './router.ts'

/** Every fact and event of a payment, for its page. */
export function timelineRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/payments/{id}/timeline',
      who: 'person',
      handle: async ({ id, person: { caller } }) => {
        const data = await getTimeline(ctx, caller.organizationId, id)
        if (data === null) throw missing()
        return { data }
      },
    }),
  ]
}
