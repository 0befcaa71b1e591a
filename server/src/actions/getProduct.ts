import type { Context } from '../context.ts'
import type { CatalogProduct } from '../domain/catalogView.ts'
import type { Product } from '../domain/session.ts'
import { readInOrganization, type Tx } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { loadPrices } from '../store/prices.ts'
import { findProduct, listProducts as list, type ProductFilter } from '../store/products.ts'
import { checkCursor } from './checkCursor.ts'

/** The products with their default prices. */
export async function withDefaultPrices(tx: Tx, products: readonly Product[]): Promise<CatalogProduct[]> {
  const prices = await loadPrices(
    tx,
    products.flatMap(({ defaultPriceId }) => defaultPriceId ?? []),
  )
  return products.map(product => ({ product, defaultPrice: prices.get(product.defaultPriceId ?? '') ?? null }))
}

/** The organization's product `id`, or null for one that is absent, deleted or another's. */
export async function getProduct(ctx: Context, organizationId: string, id: string): Promise<CatalogProduct | null> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const product = await findProduct(tx, id)
    return product === null ? null : ((await withDefaultPrices(tx, [product]))[0] ?? null)
  })
}

/** A page of the organization's products, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listProducts(
  ctx: Context,
  organizationId: string,
  filter: ProductFilter,
  page: Slice,
): Promise<CatalogProduct[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'product', id => findProduct(tx, id))
    return await withDefaultPrices(tx, await list(tx, filter, page))
  })
}
