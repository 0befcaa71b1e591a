import type { Context } from '../context.ts'
import { catalogProductView } from '../domain/catalogView.ts'
import type { AskedTerms } from '../domain/priceTerms.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { insertProductAndPrice } from '../store/prices.ts'
import type { Caller } from './caller.ts'
import type { NewProduct } from './createCheckoutSession.ts'
import { newPrice, type PriceNotes, termsOf } from './newPrice.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

const PLAIN: PriceNotes = { nickname: null, metadata: null, isPublic: false, visibility: 20 }

/** Creates a product with its default price. Throws as `priceTerms`. */
export async function createProduct(
  ctx: Context,
  caller: Caller,
  asked: NewProduct & { isActive: boolean },
  defaultPriceData: AskedTerms,
  once: OnceKey | null,
): Promise<Answered> {
  return await writeOnce(ctx, caller, once, async tx => {
    const terms = termsOf(ctx, defaultPriceData, 'defaultPriceData.')
    const price = newPrice(ctx, terms, { ...PLAIN, visibility: asked.visibility }, asked)
    await insertProductAndPrice(tx, caller.organizationId, price)
    await enqueueImageFetches(tx, caller.organizationId, asked.images)
    return { body: JSON.stringify(catalogProductView({ product: price.product, defaultPrice: price })) }
  })
}
