import type { Context } from '../context.ts'
import { type Currency, isCrypto, isSameCoin } from '../domain/currency.ts'
import { type AskedTerms, type PriceTerms, priceTerms } from '../domain/priceTerms.ts'
import type { Price, Product } from '../domain/session.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { NewProduct } from './createCheckoutSession.ts'

type World = Pick<Context, 'clock' | 'random' | 'chains'>

/** What a price carries beside its terms. */
export type PriceNotes = Pick<Price, 'nickname' | 'metadata' | 'isPublic' | 'visibility'>

/** The terms that a request means, as `priceTerms`, with the coins of the chains that are served. */
export function termsOf({ chains }: World, asked: AskedTerms, prefix = ''): PriceTerms {
  return priceTerms(
    asked,
    coinDecimals(
      [...chains.values()].flatMap(chain => chain.assets),
      asked.currency,
    ),
    prefix,
  )
}

function coinDecimals(assets: readonly { currency: Currency; decimals: number }[], currency: Currency): number[] {
  const isIt = (other: Currency) => isCrypto(other) && isCrypto(currency) && isSameCoin(other, currency)
  return assets.filter(asset => isIt(asset.currency)).map(asset => asset.decimals)
}

/** A price made now, of a product that exists or of one made with it, which then has it as its default. */
export function newPrice(
  ctx: World,
  terms: PriceTerms,
  notes: PriceNotes,
  of: Product | (NewProduct & { isActive: boolean }),
): Price {
  const now = ctx.clock.now()
  const made = { createdAt: now, updatedAt: now }
  const id = uuidv7(now, ctx.random(10))
  const product =
    'id' in of ? of : { ...of, ...made, id: uuidv7(now, ctx.random(10)), imageFileIds: [], defaultPriceId: id }
  return { id, ...made, product, ...terms, ...notes, isActive: true }
}
