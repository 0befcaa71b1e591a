import { queryOptions } from '@tanstack/react-query'
import { ask } from './account.ts'

/** What a wallet is told of a network that it does not know (EIP-3085). */
export type WalletNetwork = { chainId: string; chainName: string; rpcUrls: readonly string[] }

/**
 * What pages about money know of a network beside what the API says; `wait` is the least that the server waits for, which with
 * `isByWorth` is more for larger payments.
 */
export type Network = {
  chainId: number
  network: WalletNetwork
  /** Null where blocks come on demand. */
  blockTimeMs: number | null
  wait: number | 'safe' | 'finalized'
  isByWorth: boolean
  mayBeFinalized: boolean
  /** Whether the server sends sweeps itself. */
  hasGasAccount: boolean
}

/** All networks that the server has. */
export const networksQuery = queryOptions({
  queryKey: ['chain', 'networks'],
  queryFn: () => ask<Network[]>('GET', '/networks'),
})
