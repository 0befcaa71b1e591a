import { z } from '@hono/zod-openapi'
import { cancelAddressChange, listAddressChanges } from '../actions/addressChanges.ts'
import { checkAuditLog, listAuditLog } from '../actions/auditLog.ts'
import type { Caller } from '../actions/caller.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { listParameters, pageOf } from './list.ts'
import { toAppError } from './problems.ts'
import { missing } from './router.ts'

const { startingAfter, limit } = listParameters
const pageQuery = z.strictObject({ startingAfter, limit })

/** The audit log, and the changes of withdrawal addresses that do not count yet. */
export function accountAuditRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/audit',
      who: 'person',
      handle: async ({ c, person: { caller } }) => {
        assertMayAudit(caller)
        const query = pageQuery.safeParse(c.req.query(), { reportInput: true })
        if (!query.success) throw toAppError(query.error, pageQuery)
        return await listAuditLog(ctx, caller.organizationId, pageOf(query.data))
      },
    }),
    accountRoute({
      method: 'get',
      path: '/audit/check',
      who: 'person',
      handle: async ({ person: { caller } }) => {
        assertMayAudit(caller)
        return await checkAuditLog(ctx, caller.organizationId)
      },
    }),
    accountRoute({
      method: 'get',
      path: '/address-changes',
      who: 'person',
      handle: async ({ person: { caller } }) => await listAddressChanges(ctx, caller.organizationId),
    }),
    accountRoute({
      method: 'delete',
      path: '/address-changes/{id}',
      who: 'person',
      handle: async ({ id, from: { address }, person: { caller } }) => {
        if (!(await cancelAddressChange(ctx, { ...caller, address }, id))) throw missing()
        return { success: true }
      },
    }),
  ]
}

/** The log tells of everybody: those who may do everything read it. */
function assertMayAudit({ key, person }: Caller): void {
  if (key.scopes.includes('*')) return
  const message = `Your role here is ${person?.role}, which may not read the audit log: ask an owner or an admin.`
  throw new AppError('insufficient_permissions', message)
}
