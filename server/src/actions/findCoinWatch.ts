import type { CoinWatch } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { findCoinAddresses, loadExpectedBalances } from '../store/expectedBalances.ts'
import { chainOf } from './findPostable.ts'

/**
 * The deposit addresses that are to be asked for the chain's coin, each with what of it lies there by the facts: those of open
 * sessions, of closed ones too if `closedToo`, and whichever of `named` are deposit addresses. None where the coin is not served.
 */
export async function findCoinWatch(
  ctx: Context,
  chainId: number,
  { named, closedToo }: { named: readonly Hex[]; closedToo: boolean },
): Promise<CoinWatch> {
  if (!chainOf(ctx, chainId).assets.some(({ address }) => address === NATIVE)) return new Map()
  const coin = assetId(chainId, NATIVE)
  const expected = await asWorker(ctx.db, async tx => {
    const watched = await findCoinAddresses(tx, chainId, { now: ctx.clock.now(), closedToo })
    const owned = await findDepositOwners(tx, named)
    const addresses = [...new Set([...watched, ...owned.keys()])]
    return await loadExpectedBalances(
      tx,
      addresses.map(address => ({ assetId: coin, address })),
    )
  })
  return new Map(expected.map(({ address, amountRaw }) => [address, amountRaw]))
}
