import type { Context } from '../context.ts'
import { ADDRESS_DELAY_MS } from '../domain/addressChange.ts'
import { type AuditAction, changesOf } from '../domain/auditEntry.ts'
import { AppError } from '../domain/errors.ts'
import { type AskedWait, waitProblem } from '../domain/finality.ts'
import type { InvoiceTerms, Organization, OrganizationProfile, PaymentTerms } from '../domain/organization.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { assertServed, type SavedAddress } from '../domain/withdrawalAddress.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { findOrganization, lockOrganization, saveOrganization } from '../store/organizations.ts'
import { listAddresses } from '../store/withdrawalAddresses.ts'
import { assertOwner } from './assertOwner.ts'
import { forgetCallers } from './authenticate.ts'
import type { Caller } from './caller.ts'
import { chainOf } from './chainOf.ts'
import { encodeImage } from './encodeImage.ts'
import { noteAudit } from './noteAudit.ts'
import { storeImage } from './storeFile.ts'

/** An organization with its withdrawal addresses. */
export type OrganizationWhole = { organization: Organization; addresses: SavedAddress[] }

/** The organization with its withdrawal addresses. */
export async function getOrganization(ctx: Context, organizationId: string): Promise<OrganizationWhole> {
  return await inOrganization(ctx.db, organizationId, async tx => ({
    organization: await findOrganization(tx, organizationId),
    addresses: await listAddresses(tx, organizationId),
  }))
}

/** Changes what the organization says of itself. */
export async function updateOrganization(
  ctx: Context,
  caller: Caller,
  changes: Changes<OrganizationProfile>,
): Promise<OrganizationWhole> {
  return await update(ctx, caller, 'organization.updated', ({ profile }) => ({
    profile: { ...profile, ...given(changes) },
  }))
}

/** Changes how the organization looks to payers; `logo` is a file as it was uploaded, null takes it away. Throws as `encodeImage`. */
export async function updateBrand(
  ctx: Context,
  caller: Caller,
  { logo, color }: { logo?: Uint8Array | null; color?: string | undefined },
): Promise<OrganizationWhole> {
  const image = logo === undefined || logo === null ? logo : await encodeImage(logo, 'brandLogo', { isLogo: true })
  const of = { organizationId: caller.organizationId, kind: 'brand_logo', sourceUrl: null } as const
  return await update(ctx, caller, 'brand.updated', async (_before, tx) => ({
    ...(color !== undefined && { brandColor: color }),
    ...(image !== undefined && { brandLogo: image === null ? null : await storeImage(tx, ctx, of, image) }),
  }))
}

/**
 * Changes how the organization is paid: owners do, as `assertOwner` says. Throws `network_unsupported`,
 * `payout_not_configured` or `parameter_invalid`, the last also for what would lead payers to a wallet that is new.
 */
export async function updatePaymentSetting(
  ctx: Context,
  caller: Caller,
  changes: Changes<PaymentTerms>,
): Promise<Organization> {
  assertOwner(ctx, caller, 'how you are paid is changed')
  const { organization } = await update(ctx, caller, 'payment_setting.updated', async ({ payment }, tx) => {
    const after = { ...payment, ...given(changes) }
    const wallets = await listAddresses(tx, caller.organizationId)
    checkPayment(ctx, after, wallets)
    checkConfirmations(ctx, changes.confirmations ?? [])
    assertKnownChains(ctx, given(changes), wallets)
    return { payment: after }
  })
  return organization
}

/**
 * The first wallet of a chain counts at once, beside others. In live mode payers are led to such chains alone after the day that every other
 * change of where money goes takes; where no chain has had its wallet for so long, no money is led away.
 */
function assertKnownChains(
  { config, clock }: Context,
  { allowedChains = null, preferredChainId = null }: Partial<PaymentTerms>,
  wallets: readonly SavedAddress[],
): void {
  const since = clock.now().getTime() - ADDRESS_DELAY_MS
  const known = new Set(wallets.filter(({ createdAt }) => createdAt.getTime() <= since).map(({ chainId }) => chainId))
  if (config.mode === 'test' || known.size === 0) return
  const refuse = (param: string) => {
    const message =
      'A chain whose first wallet was added today is not the only or the preferred one yet: wait for a day.'
    return new AppError('parameter_invalid', message, { param })
  }
  if (preferredChainId !== null && !known.has(preferredChainId)) throw refuse('preferredChainId')
  if (allowedChains !== null && !allowedChains.some(({ chainId }) => known.has(chainId))) throw refuse('allowedChains')
}

/** Changes how the organization numbers its invoices; the sequence moves forward only. */
export async function updateInvoiceSetting(
  ctx: Context,
  caller: Caller,
  changes: Changes<InvoiceTerms>,
): Promise<Organization> {
  const { organization } = await update(ctx, caller, 'invoice_setting.updated', ({ invoice }) => {
    const after = { ...invoice, ...given(changes) }
    if (after.nextInvoiceSequence < invoice.nextInvoiceSequence) {
      const message = `nextInvoiceSequence must be at least ${invoice.nextInvoiceSequence}: earlier numbers may be given out already.`
      throw new AppError('parameter_invalid', message, { param: 'nextInvoiceSequence' })
    }
    return { invoice: after }
  })
  return organization
}

async function update(
  ctx: Context,
  caller: Caller,
  action: AuditAction,
  change: (before: Organization, tx: Tx) => Changes<Organization> | Promise<Changes<Organization>>,
): Promise<OrganizationWhole> {
  const { organizationId } = caller
  const whole = await inOrganization(ctx.db, organizationId, async tx => {
    const before = await lockOrganization(tx, organizationId)
    const organization = withChanges(before, await change(before, tx), ctx.clock.now())
    if (organization !== before) {
      await saveOrganization(tx, organization)
      const detail = changesOf(flat(before), flat(organization))
      await noteAudit(tx, ctx, caller, { action, objectId: organizationId, detail })
    }
    return { organization, addresses: await listAddresses(tx, organizationId) }
  })
  forgetCallers(ctx, organizationId)
  return whole
}

/** All settings side by side. */
function flat({ profile, payment, invoice, ...own }: Organization): object {
  return { ...own, ...profile, ...payment, ...invoice }
}

/** The changes that were asked for, without those left out. */
export function given<T extends object>(changes: Changes<T>): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** A merchant waits for as much as the server does, or more. */
function checkConfirmations(ctx: Context, asked: readonly AskedWait[]): void {
  for (const [index, { chainId, wait }] of asked.entries()) {
    const param = `confirmations[${index}]`
    assertServed(chainId, ctx.chains, `${param}.chainId`)
    const { chain, finality } = chainOf(ctx, chainId)
    const problem = waitProblem(finality, wait)
    if (problem === null) continue
    throw new AppError('parameter_invalid', `The wait on ${chain.name} ${problem}`, { param: `${param}.wait` })
  }
}

/** What is set must be payable: chains that are served and have a wallet, and preferences among what is allowed. */
export function checkPayment(
  { chains }: Pick<Context, 'chains'>,
  { allowedChains, allowedCurrencies, preferredChainId, preferredCurrency }: PaymentTerms,
  wallets: readonly Pick<SavedAddress, 'chainId'>[],
): void {
  for (const [index, { chainId }] of (allowedChains ?? []).entries()) {
    const param = `allowedChains[${index}].chainId`
    assertServed(chainId, chains, param)
    if (!wallets.some(wallet => wallet.chainId === chainId)) {
      const message = `No withdrawal address is saved for chain ${chainId}: add one first.`
      throw new AppError('payout_not_configured', message, { param })
    }
  }
  if (preferredChainId !== null) {
    assertServed(preferredChainId, chains, 'preferredChainId')
    if (allowedChains !== null && !allowedChains.some(({ chainId }) => chainId === preferredChainId)) {
      const message = `preferredChainId ${preferredChainId} is not among the allowed chains.`
      throw new AppError('parameter_invalid', message, { param: 'preferredChainId' })
    }
  }
  if (preferredCurrency !== null && allowedCurrencies !== null && !allowedCurrencies.includes(preferredCurrency)) {
    const message = `preferredCurrency ${preferredCurrency} is not among the allowed currencies.`
    throw new AppError('parameter_invalid', message, { param: 'preferredCurrency' })
  }
}
