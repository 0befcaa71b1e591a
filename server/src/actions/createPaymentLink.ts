import type { Context } from '../context.ts'
import { checkLinkOptions, type LinkTerms, type PaymentLink } from '../domain/paymentLink.ts'
import { paymentLinkView } from '../domain/paymentLinkView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertPaymentLink } from '../store/paymentLinks.ts'
import type { Caller } from './caller.ts'
import { checkLinkPayable, fetchLinkImage, makeLinkPrice } from './linkPrice.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** A link as asked for. */
export type NewPaymentLink = Pick<PaymentLink, 'type' | 'title' | 'description' | 'image' | 'tags'> & {
  options: Omit<PaymentLink['options'], 'productId'>
  terms: LinkTerms
}

/**
 * Creates a link, with a product and a price of its own unless it sells a product of the catalogue. Throws `parameter_missing`,
 * `parameter_invalid` and what a session of it would be refused with.
 */
export async function createPaymentLink(
  ctx: Context,
  caller: Caller,
  asked: NewPaymentLink,
  once: OnceKey | null,
): Promise<Answered> {
  const { organizationId } = caller
  return await writeOnce(ctx, caller, once, async tx => {
    const { terms, ...looks } = asked
    const options = { ...asked.options, productId: terms.productId }
    checkLinkOptions(options)
    const price = await makeLinkPrice(tx, ctx, { organizationId, own: null, looks, terms })
    checkLinkPayable(ctx, caller, options, price)
    const now = ctx.clock.now()
    const link: PaymentLink = {
      ...{ id: uuidv7(now, ctx.random(10)), organizationId, createdAt: now, updatedAt: now },
      ...{ ...looks, options, price, isActive: true, imageFileId: null },
    }
    await insertPaymentLink(tx, link)
    await fetchLinkImage(tx, link)
    return { body: JSON.stringify(paymentLinkView(link, ctx.config.publicUrl)) }
  })
}
