import type { BlockHeader } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { loadDepositFacts } from '../store/depositFacts.ts'
import { findAgreedBlock, readHash } from '../store/readBlocks.ts'
import { nodeOf } from './lookUpTransaction.ts'

/**
 * How much coin ever arrived at addresses up to the block `header`, by what lies there and what was swept; those where less lies than
 * the facts say are `short`. Addresses of which the providers could not say for sure are left out.
 */
export type CoinCount = { chainId: number; header: BlockHeader; arrivedRaw: Map<Hex, bigint>; short: Hex[] }

/**
 * Counts the coin of `addresses` at the newest block that was read and is agreed. Null while there is none, or its state is gone;
 * throws `UpstreamError`. Not to be called in a transaction.
 */
export async function countCoin(ctx: Context, chainId: number, addresses: readonly Hex[]): Promise<CoinCount | null> {
  const coin = assetId(chainId, NATIVE)
  const start = await asWorker(ctx.db, async tx => {
    const header = await findAgreedBlock(tx, chainId)
    if (header === null) return null
    const holdings = addresses.map(address => ({ assetId: coin, address }))
    return { header, facts: await loadDepositFacts(tx, holdings, header.number - 1n) }
  })
  if (start === null) return null
  const { header, facts } = start
  const node = nodeOf(ctx, chainId)
  const wanted = addresses.map(address => ({ asset: NATIVE, address }))
  const balances = await node.balances(wanted, header)
  if (balances === null) return null
  const block = await node.block(header.hash)
  const { arrivals, missing } = await node.coinArrivals(
    [block],
    new Map(facts.map(({ address, heldRaw }) => [address, heldRaw])),
  )
  const vouched = new Map((arrivals.get(header.hash) ?? []).map(({ to, amountRaw }) => [to, amountRaw]))
  const count: CoinCount = { chainId, header, arrivedRaw: new Map(), short: [] }
  for (const [index, { address, heldRaw, arrivedRaw }] of facts.entries()) {
    const swept = block.coinSweeps.filter(({ from }) => from === address).reduce((sum, one) => sum + one.amountRaw, 0n)
    const arrived = (balances[index] ?? heldRaw) - heldRaw + swept
    if (arrived < 0n) {
      if (missing.includes(address)) count.short.push(address)
    } else if (arrived === (vouched.get(address) ?? 0n)) {
      // The balance is one node's word; what arrived has been vouched for.
      count.arrivedRaw.set(address, arrivedRaw + arrived)
    }
  }
  return count
}

/**
 * How much of the counted coin at `address` the facts do not tell of, as they are now; null where it was not counted, or the block was
 * lost since. The caller holds the chain's cursor.
 */
export async function missingCoin(
  tx: Tx,
  { chainId, header, arrivedRaw }: CoinCount,
  address: Hex,
): Promise<bigint | null> {
  const counted = arrivedRaw.get(address)
  if (counted === undefined || (await readHash(tx, chainId, header.number)) !== header.hash) return null
  const [facts] = await loadDepositFacts(tx, [{ assetId: assetId(chainId, NATIVE), address }], header.number)
  return facts === undefined ? null : counted - facts.arrivedRaw
}
