import type { CoinWatch } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { findCoinAddresses, findOpenAddresses, loadExpectedBalances } from '../store/expectedBalances.ts'
import { chainOf } from './findPostable.ts'

/** The deposit addresses that blocks are read for, and those that are asked for coin, each with what lies there by the facts. */
export type Watched = { ours: ReadonlySet<Hex>; coins: CoinWatch }

/**
 * What matters in the next blocks of the chain: the deposit addresses of open sessions that may be paid on it, and whichever of
 * `named` are deposit addresses. Asked for coin are those of them that take it and those of `namedForCoin`, those of closed
 * sessions too if `closedToo`; none where the coin is not served.
 */
export async function findWatched(
  ctx: Context,
  chainId: number,
  terms: { named: readonly Hex[]; namedForCoin: readonly Hex[]; closedToo: boolean },
): Promise<Watched> {
  const { named, namedForCoin, closedToo } = terms
  const hasCoin = chainOf(ctx, chainId).assets.some(({ address }) => address === NATIVE)
  const coin = assetId(chainId, NATIVE)
  return await asWorker(ctx.db, async tx => {
    const owned = await findDepositOwners(tx, [...named, ...namedForCoin])
    const ours = new Set([...(await findOpenAddresses(tx, chainId)), ...owned.keys()])
    if (!hasCoin) return { ours, coins: new Map() }
    const watched = await findCoinAddresses(tx, chainId, { now: ctx.clock.now(), closedToo })
    const addresses = [...new Set([...watched, ...namedForCoin.filter(address => owned.has(address))])]
    const expected = await loadExpectedBalances(
      tx,
      addresses.map(address => ({ assetId: coin, address })),
    )
    return { ours, coins: new Map(expected.map(({ address, amountRaw }) => [address, amountRaw])) }
  })
}
