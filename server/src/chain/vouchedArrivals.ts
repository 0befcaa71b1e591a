import { NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block, ChainNode, CoinArrivals, CoinWatch } from './chainNode.ts'
import { coinArrivals } from './coinArrivals.ts'
import type { Providers } from './providers.ts'

/** What is asked: see `WatchedChain.coinArrivals`. */
type Asked = { chainId: number; blocks: readonly Block[]; watch: CoinWatch; inDoubt: ReadonlySet<Hex> }

/**
 * What arrived in coin as far as `vouched` tells it, the node that enough providers vouch for: where one of them `told` that anything
 * moved, and where that was in doubt. An address that they do not agree on holds up no other.
 */
export async function vouchedArrivals(
  told: CoinArrivals,
  vouched: ChainNode,
  providers: Providers,
  { chainId, blocks, watch, inDoubt }: Asked,
): Promise<CoinArrivals> {
  const arrived = [...told.arrivals.values()].flat().map(({ to }) => to)
  const moved = [...new Set([...arrived, ...told.missing, ...told.inDoubt, ...inDoubt])].filter(address =>
    watch.has(address),
  )
  if (moved.length === 0) return told
  const ask = async (addresses: readonly Hex[]): Promise<CoinArrivals | null> => {
    try {
      const wanted = new Map([...watch].filter(([address]) => addresses.includes(address)))
      return await coinArrivals(vouched, chainId, blocks, wanted)
    } catch (error) {
      if (error instanceof UpstreamError) return null
      throw error
    }
  }
  const all = await ask(moved)
  if (all !== null) return all
  // What is not recorded now is still on the address with the next block.
  const agreed = await agreedOn(providers, moved, blocks)
  const found = agreed.length < moved.length ? await ask(agreed) : null
  const isLeft = (address: Hex) => found === null || !agreed.includes(address)
  return {
    arrivals: found?.arrivals ?? new Map(),
    missing: found?.missing ?? [],
    inDoubt: [
      ...(found?.inDoubt ?? []),
      ...moved.filter(address => isLeft(address) && !told.missing.includes(address)),
    ],
  }
}

/** Those of the addresses of whose coin, after the newest of `blocks`, no provider tells another amount than others. */
async function agreedOn(providers: Providers, addresses: readonly Hex[], blocks: readonly Block[]): Promise<Hex[]> {
  const newest = blocks.at(-1)
  if (newest === undefined) return []
  const wanted = addresses.map(address => ({ asset: NATIVE, address }))
  const told = [...(await providers.survey(one => one.node.balances(wanted, newest.header))).values()]
  return addresses.filter((_, index) => new Set(told.flatMap(balances => balances?.[index] ?? [])).size <= 1)
}
