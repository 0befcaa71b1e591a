import type { Context } from '../context.ts'
import { catalogPriceView } from '../domain/catalogView.ts'
import { AppError } from '../domain/errors.ts'
import type { AskedTerms } from '../domain/priceTerms.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { insertPrice, insertProductAndPrice } from '../store/prices.ts'
import { keepProduct } from '../store/products.ts'
import type { Caller } from './caller.ts'
import type { NewProduct } from './createCheckoutSession.ts'
import { newPrice, type PriceNotes, termsOf } from './newPrice.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** A price as asked for, of a product that exists or one to make with it. */
export type NewPrice = { terms: AskedTerms; notes: PriceNotes; product: { id: string } | NewProduct }

/** Creates a price. A product that is made with it has it as its default. Throws as `priceTerms`. */
export async function createPrice(
  ctx: Context,
  caller: Caller,
  asked: NewPrice,
  once: OnceKey | null,
): Promise<Answered> {
  const { organizationId } = caller
  return await writeOnce(ctx, caller, once, async tx => {
    const terms = termsOf(ctx, asked.terms)
    if (!('id' in asked.product)) {
      const price = newPrice(ctx, terms, asked.notes, { ...asked.product, isActive: true })
      await insertProductAndPrice(tx, organizationId, price)
      await enqueueImageFetches(tx, organizationId, asked.product.images)
      return { body: JSON.stringify(catalogPriceView(price)) }
    }
    const product = await keepProduct(tx, asked.product.id)
    if (product === null) {
      const message = `There is no product ${asked.product.id}: name one of yours, or give productData.`
      throw new AppError('parameter_invalid', message, { param: 'productId' })
    }
    const price = newPrice(ctx, terms, asked.notes, product)
    await insertPrice(tx, organizationId, price)
    return { body: JSON.stringify(catalogPriceView(price)) }
  })
}
