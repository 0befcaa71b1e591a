import type { Context } from '../context.ts'
import { inOrganization } from '../store/database.ts'
import { deleteEndpoint, lockEndpoint, saveEndpoint, type WebhookEndpoint } from '../store/webhookEndpoints.ts'
import { type NewWebhookEndpoint, refusingKnownUrl } from './createWebhookEndpoint.ts'

/** What to change about an endpoint; what is left out stays. */
export type WebhookEndpointChanges = Partial<NewWebhookEndpoint> & { isDisabled?: boolean }

/**
 * Changes the organization's endpoint `id`; null if there is none. One that is enabled again has a clean record. Throws
 * as `createWebhookEndpoint` for the URL.
 */
export async function updateWebhookEndpoint(
  ctx: Context,
  organizationId: string,
  id: string,
  changes: WebhookEndpointChanges,
): Promise<WebhookEndpoint | null> {
  if (changes.url !== undefined) await ctx.sender.resolveHost(changes.url, 'url')
  return await refusingKnownUrl(() =>
    inOrganization(ctx.db, organizationId, async tx => {
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
      return after
    }),
  )
}

/** Deletes the organization's endpoint `id`; false if there is none. Nothing more is sent to it. */
export async function deleteWebhookEndpoint(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  return await inOrganization(ctx.db, organizationId, tx => deleteEndpoint(tx, id, ctx.clock.now()))
}
