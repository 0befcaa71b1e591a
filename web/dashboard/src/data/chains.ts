import type { Chain } from '@bitstream/sdk'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { bitstream } from './bitstream.ts'

/** All networks that the server has, with their coins. */
export const chainsQuery = queryOptions({
  queryKey: ['chain', 'list'],
  queryFn: async () => (await bitstream.chains.list()).data,
})

/** The wallets that money may be swept to, newest first. */
export const addressesQuery = queryOptions({
  queryKey: ['withdrawal_address', 'list'],
  queryFn: () => bitstream.organization.withdrawalAddresses.list(),
})

/** The networks that the organization can be paid on: those where it has a wallet. The page waits for them. */
export function usePayableChains(): readonly Chain[] {
  const { data: chains } = useSuspenseQuery(chainsQuery)
  const { data: addresses } = useSuspenseQuery(addressesQuery)
  return chains.filter(({ id }) => addresses.some(({ chainId }) => chainId === id))
}
