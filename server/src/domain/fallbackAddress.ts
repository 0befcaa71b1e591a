import { type DepositFactory, depositAddress, type Payout, SHARES_TOTAL } from './depositAddress.ts'
import type { Hex } from './hex.ts'

/** The rows of `payouts` that a sweep on the chain pays: the chain's own, or those for any chain (0) where it has none. */
export function payoutsOn(payouts: readonly Payout[], chainId: number): Payout[] {
  const own = payouts.filter(row => row.chainId === chainId)
  return own.length > 0 ? own : payouts.filter(row => row.chainId === 0)
}

/**
 * Where the shares of a session's receivers go on the chain when they refuse them, each with all that it may ever pay: an address of
 * the receiver's own. There are none where one receiver takes everything, whose share waits where it is.
 */
export function fallbackAddresses(
  by: DepositFactory,
  sessionId: string,
  payouts: readonly Payout[],
  chainId: number,
): Map<Hex, Payout[]> {
  const rows = payoutsOn(payouts, chainId)
  if (rows.length < 2) return new Map()
  return new Map(
    rows.map(({ receiver }) => {
      const own = [{ chainId, receiver, share: SHARES_TOTAL }]
      return [depositAddress(by, sessionId, own), own]
    }),
  )
}
