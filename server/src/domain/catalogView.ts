import { productView, publicPriceView } from './priceView.ts'
import type { Price, Product } from './session.ts'

/** A product with the price that it is offered at unless another is named. */
export type CatalogProduct = { product: Product; defaultPrice: Price | null }

/** A product as its merchant sees it. */
export function catalogProductView({ product, defaultPrice }: CatalogProduct) {
  return { ...productView(product), defaultPrice: defaultPrice === null ? null : publicPriceView(defaultPrice) }
}

/** A price as its merchant sees it. */
export function catalogPriceView(price: Price) {
  return { ...publicPriceView(price), nickname: price.nickname, isPublic: price.isPublic }
}
