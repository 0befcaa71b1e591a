import type { Context } from '../context.ts'
import { asWorker } from '../store/database.ts'
import { loadNewestSessions } from '../store/listCheckoutSessions.ts'

/** The id of the newest session of each of these organizations that has one, by the organization's id. */
export async function findNewestSessions(
  ctx: Context,
  organizationIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return await asWorker(ctx.db, tx => loadNewestSessions(tx, organizationIds))
}
