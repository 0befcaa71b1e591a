import { z } from '@hono/zod-openapi'
import {
  getOrganization,
  type OrganizationWhole,
  updateBrand,
  updateInvoiceSetting,
  updateOrganization,
  updatePaymentSetting,
} from '../actions/updateOrganization.ts'
import type { Context } from '../context.ts'
import { parseAmount } from '../domain/money.ts'
import { EMBED_ORIGINS_MAX } from '../domain/organization.ts'
import { invoiceSettingView, organizationView, paymentSettingView } from '../domain/organizationView.ts'
import { parseHttpUrl, parseOrigin } from '../domain/url.ts'
import { addressDetail } from './address.ts'
import { file } from './files.ts'
import { successSchema } from './objects.ts'
import { invoiceSettingSchema, organizationSchema, paymentSettingSchema } from './organizationObjects.ts'
import { percentage } from './percentage.ts'
import { type Route, route } from './router.ts'
import { crypto, email, name, PARAM, refuse, rule, text, url } from './rules.ts'

/** A colour as `#rrggbb`. */
export const color = rule(
  value => {
    if (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase()
    throw refuse('parameter_invalid', `${PARAM} must be a colour such as #1f6feb.`)
  },
  { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
)

/** The merchant's sites that may show the payer's page in a frame; each is kept once. */
function embedOrigins(mode: Context['config']['mode']) {
  return z
    .array(url((given, param) => parseOrigin(given, param, { mode })))
    .max(EMBED_ORIGINS_MAX)
    .transform(origins => [...new Set(origins)])
}

function profile({ mode }: Context['config']) {
  const link = url((given, param) => parseHttpUrl(given, param, { mode })).nullish()
  return z
    .strictObject({
      name: name.optional(),
      kind: z.enum(['individual', 'business']).optional(),
      noOfEmployees: text(50).optional(),
      monthlyPaymentVolume: text(50).optional(),
      email: email.nullish(),
      supportEmail: email.nullish(),
      phone: text(50).nullish(),
      addressDetails: addressDetail.nullish(),
      supportUrl: link,
      termsUrl: link,
      privacyUrl: link,
      websiteUrl: link,
      embedOrigins: embedOrigins(mode).optional(),
      companyIdentificationNumber: text(100).nullish(),
      taxIdentificationNumber: text(100).nullish(),
    })
    .openapi('UpdateOrganization')
}

/** US dollars at 8 decimals, 0 too. */
const cap = rule(value => (value === 0 || value === '0' ? 0n : parseAmount(value, PARAM)), {
  type: 'string',
  pattern: '^(0|[1-9][0-9]{0,18})$',
})

const gasFee = z
  .boolean()
  .refine(value => !value, {
    message: `${PARAM}: a charge for gas is not available yet; leave it out.`,
    params: { code: 'not_yet_available' },
  })
  .openapi({ default: false })

const settingChain = z.strictObject({
  chainId: z.int().positive(),
  blacklistCurrencies: z.array(crypto).max(20).optional(),
})

const chains = z
  .array(settingChain)
  .min(1)
  .max(50)
  .refine(list => new Set(list.map(({ chainId }) => chainId)).size === list.length, {
    message: `${PARAM} names a network twice.`,
  })

const confirmations = z
  .array(
    z
      .strictObject({
        chainId: z.int().positive(),
        wait: z.union([z.int().min(1).max(10_000), z.literal('finalized')]),
      })
      .openapi('AskedConfirmations'),
  )
  .max(50)
  .refine(list => new Set(list.map(({ chainId }) => chainId)).size === list.length, {
    message: `${PARAM} names a network twice.`,
  })

/** The fields of a payment setting that the account of a partner's customer may be opened with. */
export const openingSetting = {
  preferredChainId: z.int().positive().nullish(),
  preferredCurrency: crypto.nullish(),
  allowSwap: z.boolean().optional().openapi({ default: false }),
  applyFee: z.boolean().optional().openapi({ default: false }),
  applyGasFee: gasFee.optional(),
  allowSplitPayments: z.boolean().optional(),
  slippagePercentage: percentage({ decimals: 2 }).optional().openapi({ default: 10 }),
}

const paymentSetting = z
  .strictObject({
    ...openingSetting,
    allowedChains: chains.nullish(),
    allowedCurrencies: z.array(crypto).min(1).max(20).nullish(),
    feePercentage: percentage({ decimals: 2 }).optional(),
    toleranceBps: z.int().min(0).max(1000).optional(),
    confirmations: confirmations.optional(),
    fastCap: cap.optional(),
    sweepPolicy: z.enum(['manual', 'now', 'worth', 'daily']).optional(),
    sweepWorth: z.int().min(1).max(10_000).optional(),
  })
  .openapi('UpdateOrganizationPaymentSetting')

const invoiceSetting = z
  .strictObject({
    numberingScheme: z.enum(['merchant_level', 'customer_level']).optional(),
    invoicePrefix: rule(
      value => {
        if (typeof value === 'string' && /^[A-Z0-9]{1,12}$/.test(value)) return value
        throw refuse('parameter_invalid', `${PARAM} must be 1 to 12 capital letters and digits.`)
      },
      { type: 'string', pattern: '^[A-Z0-9]{1,12}$' },
    ).optional(),
    nextInvoiceSequence: z.int().min(1).max(999_999_999).optional(),
    description: text(1000).nullish(),
    footer: text(1000).nullish(),
  })
  .openapi('UpdateInvoiceSetting')

const tag = 'Organization'
const read = { tag, scope: 'organization:read' } as const
const write = { tag, scope: 'organization:write' } as const

/** The operations on the caller's organization and its settings. */
export function organizationRoutes(ctx: Context): Route[] {
  return [...profileRoutes(ctx), ...brandRoutes(ctx), ...settingRoutes(ctx)]
}

function profileRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/organization',
      operationId: 'getOrganization',
      summary: 'Get your organization',
      response: organizationSchema,
      handle: async ({ caller }) => view(ctx, await getOrganization(ctx, caller.organizationId)),
    }),
    route({
      ...write,
      method: 'put',
      path: '/organization',
      operationId: 'updateOrganization',
      summary: 'Change what your organization says of itself',
      body: profile(ctx.config),
      response: organizationSchema,
      handle: async ({ caller, body }) => view(ctx, await updateOrganization(ctx, caller, body)),
    }),
  ]
}

function brandRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'put',
      path: '/organization/brand',
      operationId: 'updateBrand',
      summary: 'Change the logo and the colour that payers see',
      body: z.strictObject({ brandLogo: file.optional(), brandColor: color.optional() }).openapi('UpdateBrand'),
      bodyKind: 'multipart',
      response: organizationSchema,
      handle: async ({ caller, body: { brandLogo, brandColor } }) => {
        const logo = brandLogo === undefined ? {} : { logo: await brandLogo.bytes() }
        return view(ctx, await updateBrand(ctx, caller, { ...logo, color: brandColor }))
      },
    }),
    route({
      ...write,
      method: 'delete',
      path: '/organization/brand-logo',
      operationId: 'deleteBrandLogo',
      summary: 'Take the logo away',
      response: successSchema,
      handle: async ({ caller }) => {
        await updateBrand(ctx, caller, { logo: null })
        return { message: 'Payers no longer see a logo.', statusCode: 200 }
      },
    }),
  ]
}

function settingRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/organization/payment-setting',
      operationId: 'getPaymentSetting',
      summary: 'Get how you are paid',
      response: paymentSettingSchema,
      handle: async ({ caller }) =>
        paymentSettingView((await getOrganization(ctx, caller.organizationId)).organization),
    }),
    route({
      ...write,
      method: 'put',
      path: '/organization/payment-setting',
      operationId: 'updatePaymentSetting',
      summary: 'Change how you are paid; sessions that are open keep their terms',
      body: paymentSetting,
      response: paymentSettingSchema,
      handle: async ({ caller, body: { feePercentage: feePpm, slippagePercentage: slippagePpm, ...body } }) =>
        paymentSettingView(await updatePaymentSetting(ctx, caller, { ...body, feePpm, slippagePpm })),
    }),
    route({
      ...read,
      method: 'get',
      path: '/organization/invoice-setting',
      operationId: 'getInvoiceSetting',
      summary: 'Get how your invoices are numbered',
      response: invoiceSettingSchema,
      handle: async ({ caller }) =>
        invoiceSettingView((await getOrganization(ctx, caller.organizationId)).organization),
    }),
    route({
      ...write,
      method: 'put',
      path: '/organization/invoice-setting',
      operationId: 'updateInvoiceSetting',
      summary: 'Change how your invoices are numbered; the sequence moves forward only',
      body: invoiceSetting,
      response: invoiceSettingSchema,
      handle: async ({ caller, body }) => invoiceSettingView(await updateInvoiceSetting(ctx, caller, body)),
    }),
  ]
}

function view(ctx: Context, { organization, addresses }: OrganizationWhole) {
  return organizationView(organization, addresses, ctx.config.publicUrl)
}
