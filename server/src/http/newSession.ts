import { z } from '@hono/zod-openapi'
import type { NewSession } from '../actions/createCheckoutSession.ts'
import type { Mode } from '../domain/apiKey.ts'
import { canonicalJson } from '../domain/canonicalJson.ts'
import { parseHttpUrl } from '../domain/url.ts'
import { addressDetail, taxIds } from './address.ts'
import { lineItems, taxRateIds } from './cart.ts'
import { crypto, datetime, email, evmAddress, metadata, name, PARAM, refuse, rule, text, url, uuid } from './rules.ts'
import { customerUpdate, customFields } from './sessionFields.ts'

const customerData = z
  .strictObject({
    name: name.optional(),
    email: email.optional(),
    phone: text(50).optional(),
    organizationName: text(250).optional(),
    address: addressDetail.optional(),
    taxIds: taxIds.optional(),
  })
  .openapi('CreateCheckoutSessionCustomer')

/** A share of 0.01 to 99.99 percent, in steps of a hundredth. */
const splitPercentage = rule(
  value => {
    if (
      typeof value === 'number' &&
      value > 0 &&
      value < 100 &&
      Math.round(value * 100) === Number((value * 100).toFixed(6))
    )
      return value
    throw refuse('payouts_invalid', `${PARAM} must be a number above 0 and below 100 with at most 2 decimals.`)
  },
  { type: 'number', minimum: 0, maximum: 100 },
)

/** A chain that may be paid on, with what is left out there and where its money goes. */
export const allowedChain = z
  .strictObject({
    chainId: z.int().positive(),
    blacklistCurrencies: z.array(crypto).max(20).optional(),
    withdrawalAddress: evmAddress.optional(),
    withdrawalAddresses: z
      .array(z.strictObject({ splitPercentage, address: evmAddress }).openapi('CheckoutSessionSplitWithdrawalAddress'))
      .min(2)
      .max(4)
      .optional(),
  })
  .refine(chain => chain.withdrawalAddress === undefined || chain.withdrawalAddresses === undefined, {
    message: `${PARAM}: give withdrawalAddress or withdrawalAddresses, not both.`,
  })
  .openapi('PaymentSettingChain')

/** The chains that a session or an invoice may be paid on, each once. */
export const allowedChains = z
  .array(allowedChain)
  .max(50)
  .superRefine((chains, context) => {
    if (chains.length === 0) {
      context.addIssue({
        code: 'custom',
        message: `${PARAM} must name at least one network, or be left out.`,
        params: { code: 'network_required' },
      })
    }
    const texts = new Map(chains.map(chain => [chain.chainId, canonicalJson(chain)]))
    if (chains.some(chain => texts.get(chain.chainId) !== canonicalJson(chain))) {
      context.addIssue({ code: 'custom', message: `${PARAM} names a network twice, with different settings.` })
    }
  })
  .transform(chains => [...new Map(chains.map(chain => [chain.chainId, chain])).values()])

const paymentSetting = z
  .strictObject({
    preferredChainId: z.int().positive().optional(),
    allowSwap: z.boolean().default(false),
    allowFiatPayment: z.boolean().default(false),
    allowedChains: allowedChains.optional(),
  })
  .openapi('CreateCheckoutSessionPaymentSetting')

function sessionBody(mode: Mode) {
  const redirect = url((value, param) => parseHttpUrl(value, param, { mode }))
  return z.strictObject({
    mode: z.enum(['payment', 'subscription']).default('payment'),
    clientReferenceId: text(200).nullish(),
    nameCollection: z.boolean().default(false),
    emailCollection: z.boolean().default(false),
    phoneNumberCollection: z.boolean().default(false),
    shippingAddressCollection: z.boolean().default(false),
    billingAddressCollection: z.boolean().default(false),
    expiresAt: datetime.optional(),
    customFields: customFields.nullish(),
    afterCompletion: z.enum(['redirect', 'hosted_confirmation']).nullish(),
    afterCompletionConfirmMsg: text(1000).nullish(),
    customerId: uuid.nullish(),
    metadata: metadata.nullish(),
    submitType: z.enum(['pay', 'book', 'donate']).default('pay'),
    customerCreation: z.enum(['if_required', 'always']).default('if_required'),
    customerUpdate: customerUpdate.nullish(),
    allowPromotionCodes: z.boolean().default(false),
    successUrl: redirect,
    cancelUrl: redirect.nullish(),
    customerData: customerData.optional(),
    lineItems,
    paymentSetting: paymentSetting.optional(),
    taxRateIds: taxRateIds.optional(),
    defaultPromotionCode: text(20, { min: 2 }).nullish(),
  })
}

/** The body of `POST /checkout/sessions` in `mode`, parsed to what the action takes. */
export function newSessionSchema(mode: Mode) {
  return sessionBody(mode).transform(toNewSession).openapi('CreateSession')
}

function toNewSession(body: z.output<ReturnType<typeof sessionBody>>, context: z.core.$RefinementCtx): NewSession {
  if (body.mode === 'subscription') {
    context.issues.push({
      code: 'custom',
      input: body.mode,
      path: ['mode'],
      message: `${PARAM}: subscriptions are not available yet; use payment.`,
      params: { code: 'not_yet_available' },
    })
  }
  const { address = {}, taxIds: numbers, ...customer } = body.customerData ?? {}
  return {
    lines: body.lineItems.data,
    taxRateIds: body.taxRateIds,
    customerId: body.customerId,
    successUrl: body.successUrl,
    cancelUrl: body.cancelUrl ?? null,
    expiresAt: body.expiresAt,
    metadata: body.metadata ?? null,
    clientReferenceId: body.clientReferenceId ?? null,
    options: {
      submitType: body.submitType,
      customerCreation: body.customerCreation,
      customerUpdate: body.customerUpdate ?? null,
      nameCollection: body.nameCollection,
      emailCollection: body.emailCollection,
      phoneNumberCollection: body.phoneNumberCollection,
      shippingAddressCollection: body.shippingAddressCollection,
      billingAddressCollection: body.billingAddressCollection,
      customFields: body.customFields ?? null,
      afterCompletion: body.afterCompletion ?? null,
      afterCompletionConfirmMsg: body.afterCompletionConfirmMsg ?? null,
      customerDetails: {
        ...customer,
        address,
        ...(numbers !== undefined && { taxIds: { object: 'list', data: numbers.data ?? [] } }),
      },
      allowPromotionCodes: body.allowPromotionCodes,
      defaultPromotionCode: body.defaultPromotionCode ?? null,
    },
    setting: {
      allowedChains: body.paymentSetting?.allowedChains,
      preferredChainId: body.paymentSetting?.preferredChainId,
      allowSwap: body.paymentSetting?.allowSwap ?? false,
      allowFiatPayment: body.paymentSetting?.allowFiatPayment ?? false,
    },
  }
}
