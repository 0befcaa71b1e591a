import { queryOptions } from '@tanstack/react-query'
import { ask } from './account.ts'

/** An account that pays for sweeps on a network; `daysLeft` is for how long it will do, null where that is not known. */
export type GasAccount = {
  chainId: number
  address: string
  balanceRaw: string
  daysLeft: number | null
  isLow: boolean
}

/** All accounts that pay for sweeps, as the networks themselves tell. */
export const gasQuery = queryOptions({
  queryKey: ['sweep', 'gas'],
  queryFn: async () => (await ask<{ data: GasAccount[] }>('GET', '/gas')).data,
})
