import { sql } from 'kysely'
import type { ApiKeyType } from '../domain/apiKey.ts'
import type { Crypto } from '../domain/currency.ts'
import type { AllowedChain, WithdrawalAddress } from '../domain/session.ts'
import type { Database } from './database.ts'

/** An API key with its organization and the settings that a session is made with. */
export type ApiKeyRow = {
  expiresAt: Date | null
  revokedAt: Date | null
  lastUsedAt: Date | null
  caller: {
    organizationId: string
    organizationName: string
    organizationStatus: 'pending' | 'active' | 'suspended'
    settingsVersion: bigint
    /** How much less than asked completes a session, in basis points. */
    toleranceBps: number
    /** The coins that it takes; null for all. */
    allowedCurrencies: Crypto[] | null
    /** The chains that a session offers unless it says so itself; null for all with a withdrawal address. */
    allowedChains: AllowedChain[] | null
    preferredChainId: number | null
    preferredCurrency: Crypto | null
    /** The surcharge that payers bear, in parts per million; null for none. */
    feePpm: number | null
    withdrawalAddresses: WithdrawalAddress[]
    /** The key, and the person who made it where one did. */
    key: { id: string; type: ApiKeyType; scopes: string[]; userId: string | null }
  }
}

type Found = {
  id: string
  organization_id: string
  type: ApiKeyType
  scopes: string[]
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
  user_id: string | null
  organization_name: string
  organization_status: 'pending' | 'active' | 'suspended'
  settings_version: bigint
  tolerance_bps: number
  allowed_currencies: Crypto[] | null
  allowed_chains: AllowedChain[] | null
  preferred_chain_id: bigint | null
  preferred_currency: Crypto | null
  fee_ppm: number | null
  withdrawal_addresses: WithdrawalAddress[]
}

/** The key whose SHA-256 is `hash`, or null; works before any organization is known. */
export async function findApiKey(db: Database, hash: Uint8Array): Promise<ApiKeyRow | null> {
  const { rows } = await sql<Found>`select * from find_api_key(${Buffer.from(hash)})`.execute(db.app)
  const row = rows[0]
  if (row === undefined) return null
  return {
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    caller: {
      organizationId: row.organization_id,
      organizationName: row.organization_name,
      organizationStatus: row.organization_status,
      settingsVersion: row.settings_version,
      toleranceBps: row.tolerance_bps,
      allowedCurrencies: row.allowed_currencies,
      allowedChains: row.allowed_chains,
      preferredChainId: row.preferred_chain_id === null ? null : Number.parseInt(`${row.preferred_chain_id}`, 10),
      preferredCurrency: row.preferred_currency,
      feePpm: row.fee_ppm,
      withdrawalAddresses: row.withdrawal_addresses,
      key: { id: row.id, type: row.type, scopes: row.scopes, userId: row.user_id },
    },
  }
}
