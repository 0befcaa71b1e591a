import type { Crypto, Currency } from './currency.ts'
import { AppError } from './errors.ts'
import type { CustomField, Price, SessionOptions } from './session.ts'

/** A chain that a link may be paid on; at most one is preferred. */
export type LinkChain = { chainId: number; isPreferred: boolean }

/** What a link passes on to each session that it makes, and how it looks. */
export type LinkOptions = Pick<
  SessionOptions,
  | 'nameCollection'
  | 'emailCollection'
  | 'phoneNumberCollection'
  | 'shippingAddressCollection'
  | 'billingAddressCollection'
  | 'submitType'
  | 'allowPromotionCodes'
  | 'afterCompletionConfirmMsg'
> & {
  customFields: { fields: CustomField[] } | null
  afterCompletion: 'redirect' | 'hosted_confirmation'
  afterCompletionRedirectUrl: string | null
  /** The coins that it may be paid in, and the one that comes first; null for what the organization takes and likes. */
  currencies: Crypto[] | null
  preferredCurrency: Crypto | null
  suggestedCurrency: Currency | null
  /** Null for all chains of the organization. */
  allowedChains: LinkChain[] | null
  /** The product of the merchant's catalogue that it sells; null where it has a product of its own. */
  productId: string | null
}

/** A page that makes a session for everyone who pays there (`multiple`), or until one has paid (`one_time`). */
export type PaymentLink = {
  id: string
  organizationId: string
  createdAt: Date
  updatedAt: Date
  type: 'one_time' | 'multiple'
  price: Price
  title: string
  description: string | null
  image: string | null
  /** Our copy of the image; null while there is none. */
  imageFileId: string | null
  tags: string[]
  isActive: boolean
  options: LinkOptions
}

/** What a link asks for, as a request says it: an amount, the payer's choice, or a product of the catalogue. */
export type LinkTerms = {
  amount: bigint | null
  currency: Currency | null
  suggestedAmounts: bigint[] | null
  productId: string | null
}

/** The terms that a link has; those of a product of the catalogue are the product's. */
export function termsOfLink({ price, options }: Pick<PaymentLink, 'price' | 'options'>): LinkTerms {
  const { productId } = options
  if (productId !== null) return { amount: null, currency: null, suggestedAmounts: null, productId }
  return {
    amount: price.unitAmount,
    currency: price.currency,
    suggestedAmounts: price.open === null || price.open.suggestions.length === 0 ? null : price.open.suggestions,
    productId,
  }
}

/** The terms after `changes`. What was offered beside an open amount goes when there is an amount, and all with another product. */
export function changedTerms(
  before: LinkTerms,
  changes: { [K in keyof LinkTerms]?: LinkTerms[K] | undefined },
): LinkTerms {
  const { productId = before.productId, amount = before.amount } = changes
  if (productId !== null) {
    const { amount = null, currency = null, suggestedAmounts = null } = changes
    return { amount, currency, suggestedAmounts, productId }
  }
  const { suggestedAmounts = amount === null ? before.suggestedAmounts : null } = changes
  return { amount, currency: changes.currency ?? before.currency, suggestedAmounts, productId }
}

/** Throws where fields of a link contradict each other: two preferred chains, or a redirect to nowhere. */
export function checkLinkOptions({ allowedChains, afterCompletion, afterCompletionRedirectUrl }: LinkOptions): void {
  if ((allowedChains ?? []).filter(({ isPreferred }) => isPreferred).length > 1) {
    const message = 'allowedChains may have one preferred chain: say isPreferred false for the others.'
    throw new AppError('parameter_invalid', message, { param: 'allowedChains' })
  }
  if (afterCompletion === 'redirect' && afterCompletionRedirectUrl === null) {
    const param = 'afterCompletionRedirectUrl'
    const message = `${param} is required with afterCompletion redirect: say where payers go, or choose hosted_confirmation.`
    throw new AppError('parameter_missing', message, { param })
  }
}
