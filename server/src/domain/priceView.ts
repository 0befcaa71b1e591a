import { formatAmount } from './money.ts'
import type { LineItem, Price, Product } from './session.ts'
import type { LineTax } from './taxRate.ts'

/** A product as every GET answers it; `publicImages` are its images as our own origin serves them. */
export function productView(product: Product) {
  return {
    id: product.id,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    name: product.name,
    description: product.description,
    isActive: product.isActive,
    images: product.images,
    publicImages: product.imageFileIds.map(id => `/files/${id}`),
    unitLabel: product.unitLabel,
    url: product.url,
    defaultPriceId: product.defaultPriceId,
    metadata: product.metadata,
    visibility: product.visibility,
  }
}

/** A price as lines and products show it: without the merchant's nickname. */
export function publicPriceView(price: Price) {
  const { open } = price
  return {
    id: price.id,
    createdAt: price.createdAt,
    updatedAt: price.updatedAt,
    billingScheme: 'per_unit',
    currency: price.currency,
    productId: price.product.id,
    interval: price.interval,
    intervalCount: price.intervalCount,
    isActive: price.isActive,
    usageType: null,
    type: price.type,
    unitAmount: price.unitAmount === null ? null : formatAmount(price.unitAmount),
    unitAmountDecimal: null,
    customUnitMax: open?.max?.toString() ?? null,
    customUnitMin: open?.min?.toString() ?? null,
    customPreset: open?.preset?.toString() ?? null,
    customUnitAmountSuggestions: open === null || open.suggestions.length === 0 ? null : open.suggestions.map(String),
    product: productView(price.product),
    metadata: price.metadata,
    visibility: price.visibility,
  }
}

/** A line of a cart with its exact sums. */
export function lineItemView(item: LineItem) {
  return {
    description: item.description,
    quantity: item.quantity,
    periodStart: item.periodStart,
    periodEnd: item.periodEnd,
    price: publicPriceView(item.price),
    taxRates: item.taxes.map(lineTaxView),
    amountTotal: formatAmount(item.amountTotal),
    amountSubtotal: formatAmount(item.amountSubtotal),
    amountTax: formatAmount(item.amountTax),
    currency: item.price.currency,
  }
}

/** A tax of a line as it was when the line was priced, with its amount. */
export function lineTaxView({ ratePpm, ...tax }: LineTax) {
  return { ...tax, percentage: percentOf(ratePpm), isDefault: false }
}

/** Parts per million as the percentage that the API speaks: 190000 is 19. */
export function percentOf(ppm: number): number {
  return ppm / 10_000
}
