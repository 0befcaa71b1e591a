import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { inOrganization } from '../store/database.ts'
import { type EndpointFilter, findEndpoint, listEndpoints, type WebhookEndpoint } from '../store/webhookEndpoints.ts'

/** The organization's webhook endpoint `id`, or null for one that is absent, deleted or another's. */
export async function getWebhookEndpoint(
  ctx: Context,
  organizationId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  return await inOrganization(ctx.db, organizationId, tx => findEndpoint(tx, id))
}

/** A page of the organization's endpoints, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listWebhookEndpoints(
  ctx: Context,
  organizationId: string,
  filter: EndpointFilter,
  page: { limit: number; offset: number; after: string | null },
): Promise<WebhookEndpoint[]> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && (await findEndpoint(tx, page.after)) === null) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a webhook endpoint of yours.', {
        param: 'startingAfter',
      })
    }
    return await listEndpoints(tx, filter, page)
  })
}
