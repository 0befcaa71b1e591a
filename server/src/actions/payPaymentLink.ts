import type { Context } from '../context.ts'
import { type Crypto, isSameCoin } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import type { LinkOptions, PaymentLink } from '../domain/paymentLink.ts'
import { paymentLinkUrl } from '../domain/paymentLinkView.ts'
import type { NewSetting } from '../domain/paymentSetting.ts'
import { inOrganization } from '../store/database.ts'
import { findPaymentLink, keepActiveLink, organizationOfLink } from '../store/paymentLinks.ts'
import { loadSeller, type Seller } from '../store/sellers.ts'
import { type NewSession, withPlan } from './createCheckoutSession.ts'
import { writeSession } from './writeSession.ts'

/**
 * The id of a new session of the link, with the payer's choice at 8 decimals where the link has no amount. Null when there is no such
 * link, or it takes no payments now; throws `amount_out_of_range`, `amount_scale` and what `planSession` throws.
 */
export async function payPaymentLink(ctx: Context, id: string, unitAmount: bigint | null): Promise<string | null> {
  const organizationId = await organizationOfLink(ctx.db, id)
  if (organizationId === null) return null
  const read = () =>
    inOrganization(ctx.db, organizationId, async tx => ({
      seller: await loadSeller(tx),
      link: await findPaymentLink(tx, id),
    }))
  const { seller, link } = await read()
  if (link === null || !link.isActive) return null
  if (link.price.open !== null && unitAmount === null) {
    throw new AppError('amount_out_of_range', 'This link has no amount: choose one.', { param: 'unitAmount' })
  }
  const reload = async () => linkTaste((await read()).seller, link.options)
  const asked = sessionFor(link, link.price.open === null ? null : unitAmount, ctx.config.publicUrl)
  return await withPlan(ctx, linkTaste(seller, link.options), asked, { reload }, plan =>
    inOrganization(ctx.db, organizationId, async tx => {
      // Whoever deactivates the link, or has just paid it, waits for this session and then sees it.
      if (!(await keepActiveLink(tx, id))) return null
      return (await writeSession(tx, ctx, plan)).id
    }),
  )
}

/** The seller with the coins that the link may be paid in, among those that it takes. */
export function linkTaste<S extends Seller>(seller: S, { currencies, preferredCurrency }: LinkOptions): S {
  const { allowedCurrencies: taken } = seller
  const isTaken = (coin: Crypto) => taken === null || taken.some(each => isSameCoin(each, coin))
  return {
    ...seller,
    allowedCurrencies: currencies === null ? taken : currencies.filter(isTaken),
    preferredCurrency: preferredCurrency ?? seller.preferredCurrency,
  }
}

/** How a session of the link may be paid. */
export function linkSetting({ allowedChains }: LinkOptions): NewSetting {
  return {
    allowedChains: allowedChains?.map(({ chainId }) => ({ chainId })),
    preferredChainId: allowedChains?.find(({ isPreferred }) => isPreferred)?.chainId,
    allowSwap: false,
    allowFiatPayment: false,
  }
}

function sessionFor(link: PaymentLink, unitAmount: bigint | null, publicUrl: string | null): NewSession {
  const { id, price, options } = link
  const { nameCollection, emailCollection, phoneNumberCollection, submitType, allowPromotionCodes } = options
  const { shippingAddressCollection, billingAddressCollection, customFields } = options
  const { afterCompletion, afterCompletionRedirectUrl, afterCompletionConfirmMsg } = options
  const url = paymentLinkUrl(id, publicUrl)
  return {
    lines: [{ quantity: 1, price: { id: price.id } }],
    unitAmount,
    paymentLinkId: id,
    successUrl: afterCompletionRedirectUrl ?? url,
    cancelUrl: url,
    expiresAt: undefined,
    metadata: null,
    clientReferenceId: null,
    options: {
      ...{ submitType, nameCollection, emailCollection, phoneNumberCollection },
      ...{ shippingAddressCollection, billingAddressCollection, customFields, allowPromotionCodes },
      ...{ afterCompletion, afterCompletionConfirmMsg, defaultPromotionCode: null },
      ...{ customerCreation: 'if_required', customerUpdate: null, customerDetails: { address: {} } },
    },
    setting: linkSetting(options),
  }
}
