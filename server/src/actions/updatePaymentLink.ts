import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import {
  changedTerms,
  checkLinkOptions,
  type LinkOptions,
  type LinkTerms,
  type PaymentLink,
  termsOfLink,
} from '../domain/paymentLink.ts'
import type { Price } from '../domain/session.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import {
  findPaymentLink,
  lockPaymentLink,
  deletePaymentLink as markDeleted,
  savePaymentLink,
} from '../store/paymentLinks.ts'
import { lockProduct, saveProduct } from '../store/products.ts'
import type { Caller } from './caller.ts'
import { checkLinkPayable, fetchLinkImage, makeLinkPrice, productLooks } from './linkPrice.ts'

/** What may change about a link; prices never change, so that other terms make a new one. */
export type PaymentLinkChanges = Changes<
  Pick<PaymentLink, 'type' | 'title' | 'description' | 'image' | 'tags' | 'isActive'>
> & {
  options?: Changes<Omit<LinkOptions, 'productId'>>
  terms?: Changes<LinkTerms>
}

/** Changes the organization's link `id`; sessions that it has made stay as they are. Null if there is none; throws as `createPaymentLink`. */
export async function updatePaymentLink(
  ctx: Context,
  caller: Caller,
  id: string,
  changes: PaymentLinkChanges,
): Promise<PaymentLink | null> {
  return await inOrganization(ctx.db, caller.organizationId, async tx => {
    const before = await lockPaymentLink(tx, id)
    if (before === null) return null
    const { options: asked = {}, terms: askedTerms = {}, ...looks } = changes
    const terms = changedTerms(termsOfLink(before), askedTerms)
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
    const options = { ...before.options, ...given, productId: terms.productId }
    const now = ctx.clock.now()
    const changed = withChanges<PaymentLink>(before, { ...looks, options }, now)
    const price = await priceAfter(tx, ctx, before, changed, terms)
    // What was possible when it was said may not be so today: that keeps nobody from deactivating a link.
    if (changed.options !== before.options || price.id !== before.price.id) {
      checkLinkOptions(options)
      checkLinkPayable(ctx, caller, options, price)
    }
    const after = withChanges<PaymentLink>(changed, { price }, now)
    if (after === before) return before
    await savePaymentLink(tx, after)
    await fetchLinkImage(tx, after)
    return await findPaymentLink(tx, id)
  })
}

/** Deletes the organization's link `id`: nobody can open it any more, and sessions that it has made stay. False if there is none. */
export async function deletePaymentLink(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  return await inOrganization(ctx.db, organizationId, tx => markDeleted(tx, id, ctx.clock.now()))
}

/** The price that the link has after a change, its own product following how the link looks. */
async function priceAfter(
  tx: Tx,
  ctx: Context,
  before: PaymentLink,
  after: PaymentLink,
  terms: LinkTerms,
): Promise<Price> {
  const { organizationId } = before
  const own = before.options.productId === null ? await lockProduct(tx, before.price.product.id) : null
  const looked = own === null ? null : withChanges(own, productLooks(after), after.updatedAt)
  if (looked !== null && looked !== own) await saveProduct(tx, looked)
  if (isDeepStrictEqual(terms, termsOfLink(before))) return { ...before.price, ...(looked && { product: looked }) }
  return await makeLinkPrice(tx, ctx, { organizationId, own: looked, looks: after, terms })
}
