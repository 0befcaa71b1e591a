import { fileUrl } from './file.ts'
import { formatAmount } from './money.ts'
import type { Organization } from './organization.ts'
import { percentOf } from './priceView.ts'
import { minimalAddressView, type SavedAddress } from './withdrawalAddress.ts'

/** An organization as its owner sees it; `publicUrl` is where this deployment is reached. */
export function organizationView(
  organization: Organization,
  addresses: readonly SavedAddress[],
  publicUrl: string | null,
) {
  const { id, createdAt, updatedAt, status, ownerId, brandLogo, brandColor, referrerId, profile } = organization
  return {
    id,
    createdAt,
    updatedAt,
    ...profile,
    type: 'merchant',
    status,
    ownerId,
    addresses: addresses.map(minimalAddressView),
    brandLogo: brandLogo === null ? null : fileUrl(publicUrl, brandLogo),
    brandColor,
    featureAccessRequests: [],
    referralCode: null,
    referrerId,
  }
}

/** How an organization is paid; there is one setting for each, with its id. */
export function paymentSettingView({ id, createdAt, updatedAt, payment }: Organization) {
  const { feePpm, slippagePpm, fastCap, ...terms } = payment
  return {
    id,
    createdAt,
    updatedAt,
    paymentMethodTypes: ['wallet' as const],
    ...terms,
    feePercentage: percentOf(feePpm),
    slippagePercentage: percentOf(slippagePpm),
    fastCap: formatAmount(fastCap),
  }
}

/** How an organization numbers its invoices; there is one setting for each, with its id. */
export function invoiceSettingView({ id, createdAt, updatedAt, invoice }: Organization) {
  return { id, createdAt, updatedAt, ...invoice }
}
