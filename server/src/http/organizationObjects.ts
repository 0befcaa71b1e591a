import { z } from '@hono/zod-openapi'
import { CRYPTO } from '../domain/currency.ts'
import { EMBED_ORIGINS_MAX } from '../domain/organization.ts'
import { ROLES } from '../domain/user.ts'
import { amount, evmAddress, id, methods, time } from './answerFields.ts'

const address = z
  .object({
    line1: z.string(),
    line2: z.string(),
    city: z.string(),
    state: z.string(),
    postalCode: z.string(),
    country: z.string(),
  })
  .partial()
  .openapi('AddressDetail')

/** Whether an organization or a person may work here. */
export const standing = z.enum(['pending', 'active', 'suspended'])

/** What the members of an organization may do. */
export const role = z.enum(ROLES)

/** A wallet of the organization that money may be swept to. */
export const withdrawalAddressSchema = z
  .object({
    id,
    name: z.string(),
    address: evmAddress,
    chainId: z.int(),
    isDefault: z.boolean(),
    provedAt: time.nullable().openapi({
      description:
        'When a signature last proved at the dashboard that the wallet is yours; null where none did since it was changed.',
    }),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('WithdrawalAddress')

const minimalAddress = z
  .object({ id, name: z.string(), address: evmAddress, chainId: z.int(), isDefault: z.boolean() })
  .openapi('WithdrawalAddressMinimal')

/** A merchant on this server. */
export const organizationSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    name: z.string(),
    type: z.string(),
    status: standing,
    kind: z.enum(['individual', 'business']),
    ownerId: id.nullable(),
    noOfEmployees: z.string(),
    monthlyPaymentVolume: z.string(),
    addresses: z.array(minimalAddress),
    email: z.string().nullable(),
    supportEmail: z.string().nullable(),
    phone: z.string().nullable(),
    addressDetails: address.nullable(),
    brandLogo: z.string().nullable(),
    brandColor: z.string(),
    supportUrl: z.string().nullable(),
    termsUrl: z.string().nullable(),
    privacyUrl: z.string().nullable(),
    websiteUrl: z.string().nullable(),
    embedOrigins: z
      .array(z.string())
      .max(EMBED_ORIGINS_MAX)
      .openapi({ description: "The exact origins of your sites that may show the payer's page in a frame." }),
    featureAccessRequests: z.array(z.string()),
    companyIdentificationNumber: z.string().nullable(),
    taxIdentificationNumber: z.string().nullable(),
    referralCode: z.string().nullable(),
    referrerId: id.nullable(),
  })
  .openapi('Organization')

/** A chain that may be paid on, as the merchant wrote it. */
export const settingChain = z
  .object({
    chainId: z.int(),
    blacklistCurrencies: z.array(z.enum(CRYPTO)).optional(),
    withdrawalAddress: evmAddress.optional(),
    withdrawalAddresses: z
      .array(
        z
          .object({ splitPercentage: z.number().min(0).max(100), address: evmAddress })
          .openapi('CheckoutSessionSplitWithdrawalAddress'),
      )
      .min(2)
      .max(4)
      .optional(),
  })
  .openapi('PaymentSettingChain')

/** How an organization, or one invoice, is paid. */
export const paymentSettingSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    paymentMethodTypes: methods.min(1).max(1),
    allowedChains: z.array(settingChain).nullable().openapi({ description: 'Null: all with a withdrawal address.' }),
    allowedCurrencies: z.array(z.enum(CRYPTO)).nullable().openapi({ description: 'Null: all that the chains have.' }),
    preferredChainId: z.int().nullable(),
    preferredCurrency: z.enum(CRYPTO).nullable(),
    allowSwap: z.boolean().default(false),
    applyFee: z.boolean().default(false),
    feePercentage: z.number().min(0).max(100),
    applyGasFee: z.boolean().default(false),
    allowSplitPayments: z.boolean(),
    slippagePercentage: z.number().min(0).max(100).default(10),
    toleranceBps: z
      .int()
      .optional()
      .openapi({ description: 'How much less than asked completes a session, in basis points.' }),
    confirmations: z
      .array(
        z
          .object({ chainId: z.int(), wait: z.union([z.int(), z.literal('finalized')]) })
          .openapi('ConfirmationsSetting'),
      )
      .optional()
      .openapi({ description: 'Where you wait for more confirmations than the server does.' }),
    fastCap: amount
      .optional()
      .openapi({ description: 'How much is taken before finality, in US dollars at 8 decimals.' }),
    sweepPolicy: z.enum(['manual', 'now', 'worth', 'daily']).optional(),
    sweepWorth: z.int().optional().openapi({
      description: 'With the policy `worth`: swept once it is worth so many times the gas that it takes.',
    }),
  })
  .openapi('PaymentSetting')

/** How an organization numbers its invoices. */
export const invoiceSettingSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    numberingScheme: z.enum(['merchant_level', 'customer_level']).default('customer_level'),
    invoicePrefix: z.string(),
    nextInvoiceSequence: z.int(),
    description: z.string().nullable(),
    footer: z.string().nullable(),
  })
  .openapi('InvoiceSetting')

const flags = z.record(z.string(), z.boolean()).openapi('UserFlags')

/** A person who works for the organization. */
export const userSchema = z
  .object({
    id,
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    role,
    profilePicture: z.string().nullable(),
    phone: z.string().nullable(),
    position: z.string().nullable(),
    status: standing,
    createdAt: time,
    updatedAt: time,
    flags,
  })
  .openapi('User')

/** Somebody who is asked to work for the organization. */
export const userInviteSchema = z
  .object({
    id,
    email: z.string(),
    role,
    organizationId: id,
    inviteUrl: z
      .string()
      .nullable()
      .openapi({ description: 'Shown by the answers to create and resend only: whoever has it may join.' }),
    status: z.enum(['pending', 'accepted', 'rejected']),
    expireAt: time,
  })
  .openapi('UserInvite')

/** The person behind a key. */
export const authUserSchema = z
  .object({
    id,
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    address: z.string().nullable(),
    role: z.string(),
    accountType: z.enum(['email', 'wallet']),
    profilePicture: z.string().nullable(),
    flags,
    phone: z.string().nullable(),
    position: z.string().nullable(),
    status: standing,
    organization: z
      .object({
        id,
        name: z.string(),
        type: z.string(),
        status: standing,
        ownerId: id.nullable(),
        createdAt: time,
        updatedAt: time,
        paymentSetting: paymentSettingSchema,
        features: z.object({}),
        referralCode: z.string().nullable(),
      })
      .openapi('AuthOrganizationMinimal'),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('AuthUser')
