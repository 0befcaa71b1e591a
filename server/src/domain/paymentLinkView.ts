import { fileUrl } from './file.ts'
import { formatAmount } from './money.ts'
import type { PaymentLink } from './paymentLink.ts'

/** Where payers open a link. */
export function paymentLinkUrl(id: string, publicUrl: string | null): string {
  return `${publicUrl ?? ''}/payment/payment-link/${id}`
}

/** The link as every answer carries it: JSON-ready, amounts as digit strings. */
export function paymentLinkView(link: PaymentLink, publicUrl: string | null) {
  const { price, options, imageFileId } = link
  const { suggestions = [] } = price.open ?? {}
  return {
    ...{ id: link.id, createdAt: link.createdAt, updatedAt: link.updatedAt, organizationId: link.organizationId },
    url: paymentLinkUrl(link.id, publicUrl),
    type: link.type,
    amount: price.unitAmount === null ? null : formatAmount(price.unitAmount),
    currency: price.currency,
    currencies: options.currencies,
    preferredCurrency: options.preferredCurrency,
    title: link.title,
    description: link.description,
    image: link.image,
    publicImage: imageFileId === null ? null : fileUrl(publicUrl, imageFileId),
    tags: link.tags,
    isActive: link.isActive,
    nameCollection: options.nameCollection,
    emailCollection: options.emailCollection,
    phoneNumberCollection: options.phoneNumberCollection,
    shippingAddressCollection: options.shippingAddressCollection,
    billingAddressCollection: options.billingAddressCollection,
    customFields: options.customFields,
    submitType: options.submitType,
    afterCompletion: options.afterCompletion,
    afterCompletionRedirectUrl: options.afterCompletionRedirectUrl,
    afterCompletionConfirmMsg: options.afterCompletionConfirmMsg,
    suggestedCurrency: options.suggestedCurrency,
    suggestedAmounts: suggestions.length === 0 ? null : suggestions.map(formatAmount),
    productId: options.productId,
    allowedChains: options.allowedChains,
    interval: price.interval,
    intervalCount: price.intervalCount,
    priceType: price.type,
    allowPromotionCodes: options.allowPromotionCodes,
  }
}
