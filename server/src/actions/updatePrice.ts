import type { Context } from '../context.ts'
import type { Price } from '../domain/session.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { inOrganization } from '../store/database.ts'
import { lockPrice, savePrice } from '../store/prices.ts'

/** What may change about a price: nothing that a payer is asked for. */
export type PriceChanges = Changes<Pick<Price, 'isActive' | 'metadata' | 'visibility' | 'nickname' | 'isPublic'>>

/** Changes the organization's price `id`; null if there is none. */
export async function updatePrice(
  ctx: Context,
  organizationId: string,
  id: string,
  changes: PriceChanges,
): Promise<Price | null> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const before = await lockPrice(tx, id)
    if (before === null) return null
    const after = withChanges<Price>(before, changes, ctx.clock.now())
    if (after !== before) await savePrice(tx, after)
    return after
  })
}
