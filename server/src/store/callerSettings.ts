import type { Crypto } from '../domain/currency.ts'
import type { AskedWait } from '../domain/finality.ts'
import type { AllowedChain, WithdrawalAddress } from '../domain/session.ts'

/** The settings of an organization that a session is made with. */
export type CallerSettings = {
  organizationId: string
  organizationName: string
  organizationStatus: 'pending' | 'active' | 'suspended'
  settingsVersion: bigint
  /** How much less than asked completes a session, in basis points. */
  toleranceBps: number
  /** Where it waits for more than the server does. */
  confirmations: AskedWait[]
  /** The coins that it takes; null for all. */
  allowedCurrencies: Crypto[] | null
  /** The chains that a session offers unless it says so itself; null for all with a withdrawal address. */
  allowedChains: AllowedChain[] | null
  preferredChainId: number | null
  preferredCurrency: Crypto | null
  /** The surcharge that payers bear, in parts per million; null for none. */
  feePpm: number | null
  withdrawalAddresses: WithdrawalAddress[]
}

/** The same as the doors `find_api_key` and `find_sign_in` answer it. */
export type FoundSettings = {
  organization_id: string
  organization_name: string
  organization_status: CallerSettings['organizationStatus']
  settings_version: bigint
  tolerance_bps: number
  allowed_currencies: Crypto[] | null
  allowed_chains: AllowedChain[] | null
  preferred_chain_id: bigint | null
  preferred_currency: Crypto | null
  fee_ppm: number | null
  confirmations: AskedWait[]
  withdrawal_addresses: WithdrawalAddress[]
}

/** The settings of a row that was found. */
export function settingsOf(row: FoundSettings): CallerSettings {
  return {
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    organizationStatus: row.organization_status,
    settingsVersion: row.settings_version,
    toleranceBps: row.tolerance_bps,
    confirmations: row.confirmations,
    allowedCurrencies: row.allowed_currencies,
    allowedChains: row.allowed_chains,
    preferredChainId: row.preferred_chain_id === null ? null : Number.parseInt(`${row.preferred_chain_id}`, 10),
    preferredCurrency: row.preferred_currency,
    feePpm: row.fee_ppm,
    withdrawalAddresses: row.withdrawal_addresses,
  }
}
