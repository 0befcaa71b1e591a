import type { Context } from '../context.ts'
import type { Price } from '../domain/session.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { findPrice, listPrices as list, type PriceFilter } from '../store/prices.ts'
import { checkCursor } from './checkCursor.ts'

/** The organization's price `id`, or null for one that is absent, of a deleted product or another's. */
export async function getPrice(ctx: Context, organizationId: string, id: string): Promise<Price | null> {
  return await readInOrganization(ctx.db, organizationId, tx => findPrice(tx, id))
}

/** A page of the organization's prices, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listPrices(
  ctx: Context,
  organizationId: string,
  filter: PriceFilter,
  page: Slice,
): Promise<Price[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'price', id => findPrice(tx, id))
    return await list(tx, filter, page)
  })
}
