import { type Selectable, sql } from 'kysely'
import type { Crypto } from '../domain/currency.ts'
import type { AskedWait } from '../domain/finality.ts'
import type { InvoiceTerms, Organization, OrganizationProfile, PaymentTerms } from '../domain/organization.ts'
import type { Address, AllowedChain } from '../domain/session.ts'
import type { SweepPolicy } from '../domain/sweepPlan.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
import type { Organizations } from './schema.ts'

/** The organization `id`, which the transaction sees. */
export async function findOrganization(tx: Tx, id: string): Promise<Organization> {
  return fromRow(await tx.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
}

/**
 * As `findOrganization`, and nobody else changes it until the transaction ends: neither it nor its team, its wallets and its keys,
 * whose rules are over several rows.
 */
export async function lockOrganization(tx: Tx, id: string): Promise<Organization> {
  const row = await tx
    .selectFrom('organizations')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return fromRow(row)
}

/** Lets the transaction of a caller see `organizationId`, and nothing else, from now on. */
export async function actFor(tx: Tx, organizationId: string): Promise<void> {
  await sql`select set_config('app.organization_id', ${organizationId}, true)`.execute(tx)
}

/** Which accounts of a partner are looked for; `emails` are of their owners, in lower case. */
export type AccountFilter = {
  ids?: string[] | undefined
  emails?: string[] | undefined
  createdAt?: CreatedAtFilter
}

/** The ids of a page of the accounts that `partnerId` opened, newest first; for a transaction that sees all. */
export async function findAccounts(
  tx: Tx,
  partnerId: string,
  { ids, emails, createdAt }: AccountFilter,
  page: Slice,
): Promise<string[]> {
  let query = tx.selectFrom('organizations').select('id').where('referrer_id', '=', partnerId)
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (ids !== undefined) query = query.where('id', 'in', ids)
  if (emails !== undefined) {
    query = query.where('owner_id', 'in', tx.selectFrom('users').select('id').where('email', 'in', emails))
  }
  const rows = await query
    .where(createdWithin(createdAt))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(({ id }) => id)
}

/** Adds an organization. */
export async function insertOrganization(tx: Tx, organization: Organization): Promise<void> {
  const { id, createdAt, referrerId } = organization
  await tx
    .insertInto('organizations')
    .values({ id, created_at: createdAt, referrer_id: referrerId, ...changing(organization) })
    .execute()
}

/** Writes what can change about an organization. */
export async function saveOrganization(tx: Tx, organization: Organization): Promise<void> {
  await tx.updateTable('organizations').set(changing(organization)).where('id', '=', organization.id).execute()
}

function changing({ updatedAt, ownerId, brandLogo, brandColor, profile, payment, invoice }: Organization) {
  return {
    updated_at: updatedAt,
    owner_id: ownerId,
    brand_logo: brandLogo,
    brand_color: brandColor,
    name: profile.name,
    kind: profile.kind,
    no_of_employees: profile.noOfEmployees,
    monthly_payment_volume: profile.monthlyPaymentVolume,
    email: profile.email,
    support_email: profile.supportEmail,
    phone: profile.phone,
    address: json(profile.addressDetails),
    support_url: profile.supportUrl,
    terms_url: profile.termsUrl,
    privacy_url: profile.privacyUrl,
    website_url: profile.websiteUrl,
    embed_origins: profile.embedOrigins,
    company_identification_number: profile.companyIdentificationNumber,
    tax_identification_number: profile.taxIdentificationNumber,
    allowed_chains: json(payment.allowedChains),
    allowed_currencies: payment.allowedCurrencies,
    preferred_chain_id: payment.preferredChainId === null ? null : BigInt(payment.preferredChainId),
    preferred_currency: payment.preferredCurrency,
    allow_swap: payment.allowSwap,
    apply_fee: payment.applyFee,
    fee_ppm: payment.feePpm,
    apply_gas_fee: payment.applyGasFee,
    allow_split_payments: payment.allowSplitPayments,
    slippage_ppm: payment.slippagePpm,
    tolerance_bps: payment.toleranceBps,
    confirmations: JSON.stringify(payment.confirmations),
    fast_cap: payment.fastCap,
    sweep_policy: payment.sweepPolicy,
    sweep_worth: payment.sweepWorth,
    numbering_scheme: invoice.numberingScheme,
    invoice_prefix: invoice.invoicePrefix,
    next_invoice_sequence: invoice.nextInvoiceSequence,
    invoice_description: invoice.description,
    invoice_footer: invoice.footer,
  }
}

/** An array would travel as one of PostgreSQL's, and not as JSON. */
function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

type Row = Selectable<Organizations>

function fromRow(row: Row): Organization {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    status: row.status as Organization['status'],
    ownerId: row.owner_id,
    brandLogo: row.brand_logo,
    brandColor: row.brand_color,
    isPartner: row.is_partner,
    referrerId: row.referrer_id,
    profile: profileOf(row),
    payment: paymentOf(row),
    invoice: {
      numberingScheme: row.numbering_scheme as InvoiceTerms['numberingScheme'],
      invoicePrefix: row.invoice_prefix,
      nextInvoiceSequence: row.next_invoice_sequence,
      description: row.invoice_description,
      footer: row.invoice_footer,
    },
  }
}

function profileOf(row: Row): OrganizationProfile {
  return {
    name: row.name,
    kind: row.kind as OrganizationProfile['kind'],
    noOfEmployees: row.no_of_employees,
    monthlyPaymentVolume: row.monthly_payment_volume,
    email: row.email,
    supportEmail: row.support_email,
    phone: row.phone,
    addressDetails: row.address as Address | null,
    supportUrl: row.support_url,
    termsUrl: row.terms_url,
    privacyUrl: row.privacy_url,
    websiteUrl: row.website_url,
    embedOrigins: row.embed_origins,
    companyIdentificationNumber: row.company_identification_number,
    taxIdentificationNumber: row.tax_identification_number,
  }
}

function paymentOf(row: Row): PaymentTerms {
  return {
    allowedChains: row.allowed_chains as AllowedChain[] | null,
    allowedCurrencies: row.allowed_currencies as Crypto[] | null,
    preferredChainId: row.preferred_chain_id === null ? null : Number.parseInt(`${row.preferred_chain_id}`, 10),
    preferredCurrency: row.preferred_currency as Crypto | null,
    allowSwap: row.allow_swap,
    applyFee: row.apply_fee,
    feePpm: row.fee_ppm,
    applyGasFee: row.apply_gas_fee,
    allowSplitPayments: row.allow_split_payments,
    slippagePpm: row.slippage_ppm,
    toleranceBps: row.tolerance_bps,
    confirmations: row.confirmations as AskedWait[],
    fastCap: row.fast_cap,
    sweepPolicy: row.sweep_policy as SweepPolicy,
    sweepWorth: row.sweep_worth,
  }
}
