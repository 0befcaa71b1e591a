import type { CreatePaymentLink, PaymentLink, Product } from '@bitstream/sdk'
import { digitsOf, requiredDigits, type Typed, textOf } from '../../data/typed.ts'
import type { Currency } from '../../ui/CurrencyField.tsx'
import { coinsOf } from './CoinFields.tsx'
import { customFieldsOf } from './CustomFields.tsx'

/** As many suggested amounts as the API takes. */
export const MOST_SUGGESTIONS = 20

/** What is paid at a link: an amount, one that payers choose, or a product at its default price. */
export type Terms = 'amount' | 'open' | 'product'

/** What is paid at `link`, or at a new one of the product `productId`. */
export function termsOf(link: PaymentLink | null, productId: string | null): Terms {
  if (link?.productId ?? productId) return 'product'
  return link !== null && link.amount === null ? 'open' : 'amount'
}

/** The name of the field of the suggestion at `index`, as the API calls it. */
export function suggestionAt(index: number): string {
  return `suggestedAmounts[${index}]`
}

/** Whether a link can ask for the default price of the product. */
export function isSellable({ isActive, defaultPrice }: Product): boolean {
  return isActive && defaultPrice?.isActive === true && defaultPrice.type === 'one_time'
}

/** The parameters of the link that was typed over `link`. What was emptied is null, which takes it away. */
export function typedLink(typed: Typed, link: PaymentLink | null): CreatePaymentLink {
  const isChecked = (name: string) => typed[name] !== undefined
  const isRedirect = typed.afterCompletion === 'redirect'
  return {
    type: typed.type as PaymentLink['type'],
    title: typed.title ?? '',
    description: textOf(typed.description),
    image: textOf(typed.image),
    tags: (typed.tags ?? '').split(',').flatMap(tag => textOf(tag) ?? []),
    ...priceOf(typed),
    ...coinsOf(typed),
    nameCollection: isChecked('nameCollection'),
    emailCollection: isChecked('emailCollection'),
    phoneNumberCollection: isChecked('phoneNumberCollection'),
    shippingAddressCollection: isChecked('shippingAddressCollection'),
    billingAddressCollection: isChecked('billingAddressCollection'),
    customFields: customFieldsOf(typed, link?.customFields?.fields ?? []),
    submitType: typed.submitType as PaymentLink['submitType'],
    allowPromotionCodes: isChecked('allowPromotionCodes'),
    afterCompletion: typed.afterCompletion as PaymentLink['afterCompletion'],
    afterCompletionRedirectUrl: isRedirect ? textOf(typed.afterCompletionRedirectUrl) : null,
    afterCompletionConfirmMsg: isRedirect ? null : textOf(typed.afterCompletionConfirmMsg),
  }
}

function priceOf(typed: Typed) {
  const { terms } = typed
  if (terms === 'product') {
    return { productId: typed.productId ?? null, amount: null, currency: null, suggestedAmounts: null }
  }
  const suggested = Array.from({ length: MOST_SUGGESTIONS }, (_, index) => suggestionAt(index)).flatMap(
    name => digitsOf(typed[name], name) ?? [],
  )
  return {
    productId: null,
    amount: terms === 'amount' ? requiredDigits(typed.amount, 'amount') : null,
    currency: typed.currency as Currency,
    suggestedAmounts: terms === 'open' && suggested.length > 0 ? suggested : null,
  }
}
