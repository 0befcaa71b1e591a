import { sql } from 'kysely'
import type { Storefront } from '../domain/session.ts'
import type { ApiKeyRow } from './apiKeys.ts'
import type { Tx } from './database.ts'

/** An organization with the settings that its sessions are made with: a caller without a key. */
export type Seller = Omit<ApiKeyRow['caller'], 'key'>

/** What the payer's pages know of the organization whose transaction this is. */
export async function loadStorefront(tx: Tx): Promise<Storefront> {
  const { name, brand_logo, brand_color, embed_origins, ...urls } = await tx
    .selectFrom('organizations')
    .select(['name', 'brand_logo', 'brand_color', 'embed_origins'])
    .select(['support_url as supportUrl', 'terms_url as termsUrl', 'privacy_url as privacyUrl'])
    .where('id', '=', sql<string>`current_organization()`)
    .executeTakeFirstOrThrow()
  const brand = { name, logo: brand_logo && `/files/${brand_logo}`, color: brand_color, ...urls }
  return { brand, embedOrigins: embed_origins }
}

type Row = Omit<Seller, 'settingsVersion'> & { settingsVersion: string }

/** The organization whose transaction this is. */
export async function loadSeller(tx: Tx): Promise<Seller> {
  const { rows } = await sql<{ seller: Row }>`
    select json_build_object('organizationId', o.id, 'organizationName', o.name, 'organizationStatus', o.status,
      'settingsVersion', o.settings_version::text, 'toleranceBps', o.tolerance_bps, 'confirmations', o.confirmations, 'allowedCurrencies', o.allowed_currencies,
      'allowedChains', o.allowed_chains, 'preferredChainId', o.preferred_chain_id, 'preferredCurrency', o.preferred_currency,
      'feePpm', case when o.apply_fee then o.fee_ppm end, 'withdrawalAddresses',
      (select coalesce(json_agg(json_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
         order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)) as seller
    from organizations o where o.id = current_organization()`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error('a transaction of an organization sees it')
  return { ...row.seller, settingsVersion: BigInt(row.seller.settingsVersion) }
}
