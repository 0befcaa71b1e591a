import type { Crypto } from './currency.ts'
import type { AskedWait } from './finality.ts'
import type { Address, AllowedChain } from './session.ts'
import type { SweepPolicy } from './sweepPlan.ts'

/** The most sites of one organization that may show the payer's page in a frame. */
export const EMBED_ORIGINS_MAX = 20

/** How an organization is paid; percentages in parts per million. */
export type PaymentTerms = {
  /** The chains that sessions offer unless they say so themselves; null for all with a withdrawal address. */
  allowedChains: AllowedChain[] | null
  /** The coins that it takes; null for all. */
  allowedCurrencies: Crypto[] | null
  preferredChainId: number | null
  preferredCurrency: Crypto | null
  allowSwap: boolean
  applyFee: boolean
  /** The surcharge that payers bear while `applyFee` says so. */
  feePpm: number
  applyGasFee: boolean
  allowSplitPayments: boolean
  slippagePpm: number
  /** How much less than asked completes a session, in basis points. */
  toleranceBps: number
  /** Where it waits for more than the server does, each chain once. */
  confirmations: AskedWait[]
  /** How much it takes before finality, in US dollars at 8 decimals. */
  fastCap: bigint
  sweepPolicy: SweepPolicy
  /** With the policy `worth`: swept once it is worth so many times the gas that it takes. */
  sweepWorth: number
}

/** How an organization numbers its invoices, and the texts of those that have none of their own. */
export type InvoiceTerms = {
  numberingScheme: 'merchant_level' | 'customer_level'
  invoicePrefix: string
  nextInvoiceSequence: number
  description: string | null
  footer: string | null
}

/** What a merchant says of itself. */
export type OrganizationProfile = {
  name: string
  kind: 'individual' | 'business'
  noOfEmployees: string
  monthlyPaymentVolume: string
  email: string | null
  supportEmail: string | null
  phone: string | null
  addressDetails: Address | null
  supportUrl: string | null
  termsUrl: string | null
  privacyUrl: string | null
  websiteUrl: string | null
  /** Its sites that may show the payer's page in a frame, as exact origins; at most `EMBED_ORIGINS_MAX`. */
  embedOrigins: string[]
  companyIdentificationNumber: string | null
  taxIdentificationNumber: string | null
}

/** A merchant on this server with all its settings. */
export type Organization = {
  id: string
  createdAt: Date
  updatedAt: Date
  status: 'pending' | 'active' | 'suspended'
  ownerId: string | null
  /** The id of the picture. */
  brandLogo: string | null
  /** `#rrggbb` in lower case. */
  brandColor: string
  /** Whether it may open accounts for others. */
  isPartner: boolean
  /** Who opened this account for it. */
  referrerId: string | null
  profile: OrganizationProfile
  payment: PaymentTerms
  invoice: InvoiceTerms
}

/** A new organization that has set nothing but what it is called. */
export function newOrganization(id: string, name: string, now: Date): Organization {
  return {
    id,
    createdAt: now,
    updatedAt: now,
    status: 'active',
    ownerId: null,
    brandLogo: null,
    brandColor: '#1f6feb',
    isPartner: false,
    referrerId: null,
    profile: {
      name,
      kind: 'business',
      noOfEmployees: '',
      monthlyPaymentVolume: '',
      email: null,
      supportEmail: null,
      phone: null,
      addressDetails: null,
      supportUrl: null,
      termsUrl: null,
      privacyUrl: null,
      websiteUrl: null,
      embedOrigins: [],
      companyIdentificationNumber: null,
      taxIdentificationNumber: null,
    },
    payment: {
      allowedChains: null,
      allowedCurrencies: null,
      preferredChainId: null,
      preferredCurrency: null,
      allowSwap: false,
      applyFee: false,
      feePpm: 0,
      applyGasFee: false,
      allowSplitPayments: false,
      slippagePpm: 100_000,
      toleranceBps: 0,
      confirmations: [],
      fastCap: 5_000_00000000n,
      sweepPolicy: 'manual',
      sweepWorth: 20,
    },
    invoice: {
      numberingScheme: 'customer_level',
      invoicePrefix: 'INV',
      nextInvoiceSequence: 1,
      description: null,
      footer: null,
    },
  }
}
