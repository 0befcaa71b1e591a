import type { Context } from '../context.ts'
import type { AccountSummary, Days } from '../domain/accountSummary.ts'
import { loadSummary } from '../store/accountSummary.ts'
import { readInOrganization } from '../store/database.ts'

/** The organization's numbers of these days and what needs attention now, all as of one moment. */
export async function getAccountSummary(ctx: Context, organizationId: string, days: Days): Promise<AccountSummary> {
  return await readInOrganization(ctx.db, organizationId, tx => loadSummary(tx, days))
}
