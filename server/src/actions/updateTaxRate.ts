import type { Context } from '../context.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { inOrganization } from '../store/database.ts'
import { lockTaxRate, saveTaxRate } from '../store/taxRates.ts'

/** What may change about a tax rate; carts that were priced with it keep what they have. */
export type TaxRateChanges = Changes<Pick<TaxRate, 'name' | 'description' | 'country' | 'isActive' | 'metadata'>>

/** Changes the organization's tax rate `id`; null if there is none. */
export async function updateTaxRate(
  ctx: Context,
  organizationId: string,
  id: string,
  changes: TaxRateChanges,
): Promise<TaxRate | null> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const before = await lockTaxRate(tx, id)
    if (before === null) return null
    const after = withChanges<TaxRate>(before, changes, ctx.clock.now())
    if (after !== before) await saveTaxRate(tx, after)
    return after
  })
}
