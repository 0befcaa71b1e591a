import { cancelOwnerChange, listOwnerChanges } from '../actions/ownerChanges.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { missing } from './router.ts'

/** The changes of owners that do not count yet. */
export function accountOwnerRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/owner-changes',
      who: 'person',
      handle: async ({ person: { caller } }) => await listOwnerChanges(ctx, caller.organizationId),
    }),
    accountRoute({
      method: 'delete',
      path: '/owner-changes/{id}',
      who: 'person',
      handle: async ({ id, from: { address }, person: { caller } }) => {
        if (!(await cancelOwnerChange(ctx, { ...caller, address }, id))) throw missing()
        return { success: true }
      },
    }),
  ]
}
