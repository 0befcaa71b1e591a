import type { CreatePaymentLink, PaymentLink, Product } from '@bitstream/sdk'
import { digitsOf, requiredDigits, type Typed, textOf } from '../../data/typed.ts'
import { suggestionNames } from '../../layout/SuggestionFields.tsx'
import type { Currency } from '../../ui/CurrencyField.tsx'
import { coinsOf } from './CoinFields.tsx'
import { customFieldsOf } from './CustomFields.tsx'

/** What payers can be asked for, by the field of the link that says so. */
export const ASKED = [
  ['emailCollection', 'E-mail address'],
  ['nameCollection', 'Name'],
  ['phoneNumberCollection', 'Phone number'],
  ['billingAddressCollection', 'Billing address'],
  ['shippingAddressCollection', 'Shipping address'],
  ['allowPromotionCodes', 'A promotion code, if they have one'],
] as const

/** The names of the fields of suggested amounts. */
export const SUGGESTIONS = suggestionNames('suggestedAmounts')

/** What is paid at a link: an amount, one that payers choose, or a product at its default price. */
export type Terms = 'amount' | 'open' | 'product'

/** What is paid at `link`, or at a new one of the product `productId`. */
export function termsOf(link: PaymentLink | null, productId: string | null): Terms {
  if (link?.productId ?? productId) return 'product'
  return link !== null && link.amount === null ? 'open' : 'amount'
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
  const suggested = SUGGESTIONS.flatMap(name => digitsOf(typed[name], name) ?? [])
  return {
    productId: null,
    amount: terms === 'amount' ? requiredDigits(typed.amount, 'amount') : null,
    currency: typed.currency as Currency,
    suggestedAmounts: terms === 'open' && suggested.length > 0 ? suggested : null,
  }
}
