import type { Context } from '../context.ts'
import { changesOf } from '../domain/auditEntry.ts'
import { inOrganization } from '../store/database.ts'
import {
  deleteEndpoint,
  findEndpoint,
  lockEndpoint,
  saveEndpoint,
  type WebhookEndpoint,
} from '../store/webhookEndpoints.ts'
import type { Caller } from './caller.ts'
import { type NewWebhookEndpoint, refusingKnownUrl } from './createWebhookEndpoint.ts'
import { noteAudit } from './noteAudit.ts'
import { webhookEndpointView } from './webhookEndpointView.ts'

/** What to change about an endpoint; what is left out stays. */
export type WebhookEndpointChanges = Partial<NewWebhookEndpoint> & { isDisabled?: boolean }

/**
 * Changes the caller's endpoint `id`; null if there is none. One that is enabled again has a clean record. Throws
 * as `createWebhookEndpoint` for the URL.
 */
export async function updateWebhookEndpoint(
  ctx: Context,
  caller: Caller,
  id: string,
  changes: WebhookEndpointChanges,
): Promise<WebhookEndpoint | null> {
  if (changes.url !== undefined) await ctx.sender.resolveHost(changes.url, 'url')
  return await refusingKnownUrl(() =>
    inOrganization(ctx.db, caller.organizationId, async tx => {
      const before = await lockEndpoint(tx, id)
      if (before === null) return null
      const isEnabledAgain = before.isDisabled && changes.isDisabled === false
      const after = {
        ...before,
        ...changes,
        updatedAt: ctx.clock.now(),
        ...(isEnabledAgain && { failingSince: null }),
      }
      await saveEndpoint(tx, after)
      const detail = changesOf(webhookEndpointView(before), webhookEndpointView(after))
      await noteAudit(tx, ctx, caller, { action: 'webhook_endpoint.updated', objectId: id, detail })
      return after
    }),
  )
}

/** Deletes the caller's endpoint `id`; false if there is none. Nothing more is sent to it. */
export async function deleteWebhookEndpoint(ctx: Context, caller: Caller, id: string): Promise<boolean> {
  return await inOrganization(ctx.db, caller.organizationId, async tx => {
    const before = await findEndpoint(tx, id)
    if (before === null || !(await deleteEndpoint(tx, id, ctx.clock.now()))) return false
    const detail = { before: webhookEndpointView(before) }
    await noteAudit(tx, ctx, caller, { action: 'webhook_endpoint.deleted', objectId: id, detail })
    return true
  })
}
