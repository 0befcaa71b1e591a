import { z } from '@hono/zod-openapi'
import type { NewPaymentLink } from '../actions/createPaymentLink.ts'
import type { PaymentLinkChanges } from '../actions/updatePaymentLink.ts'
import type { Mode } from '../domain/apiKey.ts'
import { parseHttpUrl } from '../domain/url.ts'
import { amount, crypto, currency, name, PARAM, text, url, uuid } from './rules.ts'
import { linkCustomFields } from './sessionFields.ts'

const allowedChains = z
  .array(z.strictObject({ chainId: z.int().positive(), isPreferred: z.boolean() }).openapi('PaymentLinkChain'))
  .min(1)
  .max(50)
  .refine(chains => new Set(chains.map(({ chainId }) => chainId)).size === chains.length, {
    message: `${PARAM} names a network twice.`,
  })

function fieldsOf(mode: Mode) {
  const link = url((value, param) => parseHttpUrl(value, param, { mode }))
  return {
    type: z.enum(['one_time', 'multiple']),
    amount: amount.nullish(),
    currency: currency.nullish(),
    currencies: z.array(crypto).min(1).max(20).nullish(),
    preferredCurrency: crypto.nullish(),
    title: name,
    description: text(1000).nullish(),
    image: link.nullish(),
    tags: z.array(text(50, { min: 1 })).max(20),
    nameCollection: z.boolean(),
    emailCollection: z.boolean(),
    phoneNumberCollection: z.boolean(),
    shippingAddressCollection: z.boolean(),
    billingAddressCollection: z.boolean(),
    customFields: linkCustomFields.nullish(),
    submitType: z.enum(['pay', 'book', 'donate']),
    afterCompletion: z.enum(['redirect', 'hosted_confirmation']),
    afterCompletionRedirectUrl: link.nullish(),
    afterCompletionConfirmMsg: text(1000).nullish(),
    suggestedCurrency: currency.nullish(),
    suggestedAmounts: z.array(amount).max(20).nullish(),
    productId: uuid.nullish(),
    allowPromotionCodes: z.boolean().optional(),
    allowedChains: allowedChains.nullish(),
  }
}

/** The body of `POST /payment-links` in `mode`. */
export function newLinkSchema(mode: Mode) {
  return z.strictObject(fieldsOf(mode)).openapi('CreatePaymentLink')
}

/** The body of `PUT /payment-links/{linkId}` in `mode`: what is left out stays. */
export function linkChangesSchema(mode: Mode) {
  return z.strictObject(fieldsOf(mode)).partial().openapi('UpdatePaymentLink')
}

/** The link that `body` asks for; without an amount its currency may be the one that it suggests. */
export function toNewLink(body: z.output<ReturnType<typeof newLinkSchema>>): NewPaymentLink {
  const { type, title, description = null, image = null, tags, productId = null, ...rest } = body
  const { amount = null, currency = null, suggestedAmounts = null, ...options } = rest
  const isOpen = amount === null && productId === null
  return {
    ...{ type, title, description, image, tags },
    options: {
      ...options,
      currencies: options.currencies ?? null,
      preferredCurrency: options.preferredCurrency ?? null,
      customFields: options.customFields ?? null,
      afterCompletionRedirectUrl: options.afterCompletionRedirectUrl ?? null,
      afterCompletionConfirmMsg: options.afterCompletionConfirmMsg ?? null,
      suggestedCurrency: options.suggestedCurrency ?? null,
      allowPromotionCodes: options.allowPromotionCodes ?? false,
      allowedChains: options.allowedChains ?? null,
    },
    terms: {
      amount,
      currency: currency ?? (isOpen ? (options.suggestedCurrency ?? null) : null),
      suggestedAmounts: noneOf(suggestedAmounts),
      productId,
    },
  }
}

/** The changes that `body` asks for. */
export function toLinkChanges(body: z.output<ReturnType<typeof linkChangesSchema>>): PaymentLinkChanges {
  const { type, title, description, image, tags, amount, currency, suggestedAmounts, productId, ...options } = body
  return {
    ...{ type, title, description, image, tags },
    options,
    terms: { amount, currency, suggestedAmounts: noneOf(suggestedAmounts), productId },
  }
}

/** An empty list of suggestions is none. */
function noneOf<T extends readonly bigint[] | null | undefined>(amounts: T): T | null {
  return amounts?.length === 0 ? null : amounts
}
