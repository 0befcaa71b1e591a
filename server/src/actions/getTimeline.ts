import type { Context } from '../context.ts'
import type { Moment } from '../domain/timeline.ts'
import { readInOrganization } from '../store/database.ts'
import { loadTimeline } from '../store/timeline.ts'

/** What happened to the organization's session `id`, the oldest first; null where there is no such session. */
export async function getTimeline(ctx: Context, organizationId: string, id: string): Promise<Moment[] | null> {
  const moments = await readInOrganization(ctx.db, organizationId, tx => loadTimeline(tx, id))
  return moments.some(({ what }) => what === 'session.created') ? moments : null
}
