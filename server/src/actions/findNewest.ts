import type { Context } from '../context.ts'
import { asWorker } from '../store/database.ts'
import { loadNewest, type Newest } from '../store/newestRows.ts'

/** What is newest in each of these organizations of what is written too often to tell of itself. */
export async function findNewest(ctx: Context, organizationIds: readonly string[]): Promise<readonly Newest[]> {
  return await asWorker(ctx.db, tx => loadNewest(tx, organizationIds))
}
