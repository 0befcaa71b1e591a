import type { Context } from '../context.ts'
import type { CatalogProduct } from '../domain/catalogView.ts'
import { AppError } from '../domain/errors.ts'
import type { Product } from '../domain/session.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { findPrice, lockProductUse } from '../store/prices.ts'
import { findProduct, lockProduct, deleteProduct as markDeleted, saveProduct } from '../store/products.ts'
import { withDefaultPrices } from './getProduct.ts'

/** What may change about a product. */
export type ProductChanges = Changes<Omit<Product, 'id' | 'createdAt' | 'updatedAt' | 'imageFileIds'>>

/** Changes the organization's product `id`; null if there is none. Throws `parameter_invalid` for a default price of another product. */
export async function updateProduct(
  ctx: Context,
  organizationId: string,
  id: string,
  changes: ProductChanges,
): Promise<CatalogProduct | null> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const before = await lockProduct(tx, id)
    if (before === null) return null
    await checkDefaultPrice(tx, id, changes.defaultPriceId ?? null)
    const after = withChanges<Product>(before, changes, ctx.clock.now())
    if (after !== before) await saveProduct(tx, after)
    if (changes.images !== undefined) await enqueueImageFetches(tx, organizationId, changes.images)
    // Read anew: other images have other copies.
    const saved = (await findProduct(tx, id)) ?? after
    return (await withDefaultPrices(tx, [saved]))[0] ?? null
  })
}

async function checkDefaultPrice(tx: Tx, productId: string, priceId: string | null): Promise<void> {
  if (priceId === null || (await findPrice(tx, priceId))?.product.id === productId) return
  throw new AppError('parameter_invalid', 'defaultPriceId must be a price of this product.', {
    param: 'defaultPriceId',
  })
}

/**
 * Deletes the organization's product `id` with its prices; false if there is none. Throws `product_in_use` once a session, payment link
 * or invoice named one of its prices: what was sold stays readable, so such a product is deactivated instead.
 */
export async function deleteProduct(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    if ((await lockProduct(tx, id)) === null) return false
    if (await lockProductUse(tx, id)) {
      throw new AppError('product_in_use', 'A price of this product was used: deactivate the product instead.')
    }
    await markDeleted(tx, id, ctx.clock.now())
    return true
  })
}
