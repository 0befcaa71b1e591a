import type { Context } from '../context.ts'
import { isCrypto, isSameCoin } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import { payableAssets } from '../domain/payableAssets.ts'
import type { LinkOptions, LinkTerms, PaymentLink } from '../domain/paymentLink.ts'
import { planSetting } from '../domain/paymentSetting.ts'
import type { Price, Product } from '../domain/session.ts'
import type { Tx } from '../store/database.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { findPrice, insertPrice, insertProductAndPrice } from '../store/prices.ts'
import { keepProduct, saveProduct } from '../store/products.ts'
import type { Seller } from '../store/sellers.ts'
import { newPrice, type PriceNotes, termsOf } from './newPrice.ts'
import { linkSetting, linkTaste } from './payPaymentLink.ts'

const NOTES: PriceNotes = { nickname: null, metadata: null, isPublic: false, visibility: 20 }

/** How a link looks, and so the product that it has of its own. */
type Looks = Pick<PaymentLink, 'title' | 'description' | 'image'>

/**
 * The price that a link of these terms has: the default one of the product that it sells, else a new one of its own product, which is
 * made unless `own` is it. Throws as `priceTerms`, naming the fields of a link.
 */
export async function makeLinkPrice(
  tx: Tx,
  ctx: Context,
  {
    organizationId,
    own,
    looks,
    terms,
  }: { organizationId: string; own: Product | null; looks: Looks; terms: LinkTerms },
): Promise<Price> {
  if (terms.productId !== null) return await soldPrice(tx, terms, terms.productId)
  const made = termsOfPrice(ctx, terms)
  if (own !== null) {
    const price = newPrice(ctx, made, NOTES, own)
    await insertPrice(tx, organizationId, price)
    await saveProduct(tx, { ...own, defaultPriceId: price.id, updatedAt: price.createdAt })
    return price
  }
  const product = { unitLabel: null, url: null, metadata: null, visibility: 10 as const, isActive: true }
  const price = newPrice(ctx, made, NOTES, { ...product, ...productLooks(looks) })
  await insertProductAndPrice(tx, organizationId, price)
  return price
}

/** What the product of a link is called and shows. */
export function productLooks({ title, description, image }: Looks): Pick<Product, 'name' | 'description' | 'images'> {
  return { name: title, description, images: image === null ? [] : [image] }
}

/** Asks for a copy of the link's image, in the transaction that names it. */
export async function fetchLinkImage(tx: Tx, { organizationId, image }: PaymentLink): Promise<void> {
  await enqueueImageFetches(tx, organizationId, image === null ? [] : [image])
}

async function soldPrice(tx: Tx, terms: LinkTerms, productId: string): Promise<Price> {
  const surplus = (['amount', 'currency', 'suggestedAmounts'] as const).find(field => terms[field] !== null)
  if (surplus !== undefined) {
    const message = `${surplus} is for links without productId, which sell a product at its default price: give one or the other.`
    throw new AppError('parameter_invalid', message, { param: surplus })
  }
  const param = 'productId'
  const product = await keepProduct(tx, productId)
  if (product === null)
    throw new AppError('parameter_invalid', `There is no product ${productId}: name one of yours.`, { param })
  const price = product.defaultPriceId === null ? null : await findPrice(tx, product.defaultPriceId)
  if (price === null || !price.isActive || !product.isActive) {
    const message = `Product ${productId} has no active default price: give it one, and activate both.`
    throw new AppError('parameter_invalid', message, { param })
  }
  if (price.type === 'one_time') return price
  throw new AppError('not_yet_available', 'Links to recurring and streaming prices are not available yet.', { param })
}

function termsOfPrice(ctx: Context, { amount, currency, suggestedAmounts }: LinkTerms) {
  if (currency === null) {
    const message = 'currency is required, with amount or without: say what the link is priced in, or name a productId.'
    throw new AppError('parameter_missing', message, { param: 'currency' })
  }
  if (amount !== null && suggestedAmounts !== null) {
    const message = 'suggestedAmounts is for links without amount, where the payer chooses: give one or the other.'
    throw new AppError('parameter_invalid', message, { param: 'suggestedAmounts' })
  }
  return inOwnFields(PRICE_FIELDS, () =>
    termsOf(ctx, { currency, type: 'one_time', unitAmount: amount, customUnitAmountSuggestions: suggestedAmounts }),
  )
}

/** Throws where sessions of the link could be paid in no coin, or on a chain without a wallet. */
export function checkLinkPayable(ctx: Context, seller: Seller, options: LinkOptions, { currency }: Price): void {
  const { currencies } = options
  if (isCrypto(currency) && currencies !== null && !currencies.some(coin => isSameCoin(coin, currency))) {
    const message = `currencies must have ${currency}: a price in a coin is paid in that coin.`
    throw new AppError('currency_unsupported', message, { param: 'currencies' })
  }
  const { mode } = ctx.config
  const terms = { ...seller, mode, chains: ctx.chains, wallets: seller.withdrawalAddresses }
  const field = currencies === null ? 'currency' : 'currencies'
  inOwnFields({ 'paymentSetting.': '', 'lineItems.data[0].priceData.currency': field }, () =>
    payableAssets(currency, planSetting(terms, linkSetting(options)), ctx.chains, linkTaste(seller, options)),
  )
}

const PRICE_FIELDS = { unitAmount: 'amount', customUnitAmountSuggestions: 'suggestedAmounts' }

/** What `run` returns; what it refuses names the fields of a link. */
function inOwnFields<T>(names: Readonly<Record<string, string>>, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof AppError) || error.param === null) throw error
    const own = (text: string) =>
      Object.entries(names).reduce((done, [theirs, ours]) => done.replaceAll(theirs, ours), text)
    throw new AppError(error.code, own(error.message), { param: own(error.param), cause: error })
  }
}
