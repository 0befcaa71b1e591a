import type { Context } from '../context.ts'
import type { Received, ReceivedOf } from '../domain/received.ts'
import { readInOrganization } from '../store/database.ts'
import { loadReceived } from '../store/received.ts'

/** What the paid sessions of the organization's link, customer or product `id` came to; nothing where it has no such object. */
export async function getReceived(
  ctx: Context,
  organizationId: string,
  { of, id }: { of: ReceivedOf; id: string },
): Promise<Received> {
  return await readInOrganization(ctx.db, organizationId, tx => loadReceived(tx, of, id))
}
