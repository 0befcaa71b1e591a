import type { Context } from '../context.ts'
import type { Delivery } from '../domain/delivery.ts'
import { AppError } from '../domain/errors.ts'
import { readInOrganization } from '../store/database.ts'
import { type DeliveryFilter, findDelivery, listDeliveries as list } from '../store/listDeliveries.ts'
import type { Slice } from '../store/lists.ts'
import { findEndpoint } from '../store/webhookEndpoints.ts'

/**
 * A page of the deliveries to the organization's endpoint `endpointId`, newest first; null where there is none. An `after` that
 * is not one of them is `cursor_invalid`.
 */
export async function listDeliveries(
  ctx: Context,
  organizationId: string,
  endpointId: string,
  filter: DeliveryFilter,
  page: Slice,
): Promise<Delivery[] | null> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    if ((await findEndpoint(tx, endpointId)) === null) return null
    if (page.after !== null && (await findDelivery(tx, endpointId, page.after)) === null) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a delivery to this endpoint.', {
        param: 'startingAfter',
      })
    }
    return await list(tx, endpointId, filter, page)
  })
}
