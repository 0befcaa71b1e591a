import { sql } from 'kysely'
import type { ApiKeyType } from '../domain/apiKey.ts'
import type { Crypto } from '../domain/currency.ts'
import type { WithdrawalAddress } from '../domain/session.ts'
import type { Database } from './database.ts'

/** An API key with its organization and the settings that a session is made with. */
export type ApiKeyRow = {
  expiresAt: Date | null
  revokedAt: Date | null
  caller: {
    organizationId: string
    organizationName: string
    settingsVersion: bigint
    /** How much less than asked completes a session, in basis points. */
    toleranceBps: number
    /** The coins that it takes; null for all. */
    allowedCurrencies: Crypto[] | null
    withdrawalAddresses: WithdrawalAddress[]
    key: { id: string; type: ApiKeyType; scopes: string[] }
  }
}

type Found = {
  id: string
  organization_id: string
  type: ApiKeyType
  scopes: string[]
  expires_at: Date | null
  revoked_at: Date | null
  organization_name: string
  settings_version: bigint
  tolerance_bps: number
  allowed_currencies: Crypto[] | null
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
    caller: {
      organizationId: row.organization_id,
      organizationName: row.organization_name,
      settingsVersion: row.settings_version,
      toleranceBps: row.tolerance_bps,
      allowedCurrencies: row.allowed_currencies,
      withdrawalAddresses: row.withdrawal_addresses,
      key: { id: row.id, type: row.type, scopes: row.scopes },
    },
  }
}
