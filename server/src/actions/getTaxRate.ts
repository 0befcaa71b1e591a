import type { Context } from '../context.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import { inOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { findTaxRate, listTaxRates as list, type TaxRateFilter } from '../store/taxRates.ts'
import { checkCursor } from './checkCursor.ts'

/** The organization's tax rate `id`, or null for one that is absent or another's. */
export async function getTaxRate(ctx: Context, organizationId: string, id: string): Promise<TaxRate | null> {
  return await inOrganization(ctx.db, organizationId, tx => findTaxRate(tx, id))
}

/** A page of the organization's tax rates, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listTaxRates(
  ctx: Context,
  organizationId: string,
  filter: TaxRateFilter,
  page: Slice,
): Promise<TaxRate[]> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'tax rate', id => findTaxRate(tx, id))
    return await list(tx, filter, page)
  })
}
