import type { CoinWatch } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { findCoinAddresses, findOpenAddresses, loadExpectedBalances } from '../store/expectedBalances.ts'
import { chainOf } from './chainOf.ts'

/**
 * The deposit addresses that blocks are read for, and those that are asked for coin, each with what lies there by the facts; at those
 * `inDoubt` coin may have come before that was not certain.
 */
export type Watched = { ours: ReadonlySet<Hex>; coins: CoinWatch; inDoubt: ReadonlySet<Hex> }

/**
 * What matters in the next blocks of the chain: the deposit addresses of open sessions, which may be paid on it by mistake too, and
 * whichever of `named` are deposit addresses. Asked for coin are those of them that take it and those of `namedForCoin`, those of closed
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
    const now = ctx.clock.now()
    const open = await findOpenAddresses(tx, chainId, now)
    const ours = new Set([...open.map(({ address }) => address), ...owned.keys()])
    const inDoubt = new Set(open.flatMap(({ address, isInDoubt }) => (isInDoubt ? address : [])))
    if (!hasCoin) return { ours, coins: new Map(), inDoubt }
    const watched = closedToo
      ? await findCoinAddresses(tx, chainId, now)
      : open.flatMap(({ address, takesCoin }) => (takesCoin ? address : []))
    const addresses = [...new Set([...watched, ...namedForCoin.filter(address => owned.has(address))])]
    const expected = await loadExpectedBalances(
      tx,
      addresses.map(address => ({ assetId: coin, address })),
    )
    return { ours, coins: new Map(expected.map(({ address, amountRaw }) => [address, amountRaw])), inDoubt }
  })
}
