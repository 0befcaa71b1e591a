import type { WatchedChain } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { AppError, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { learnAssets } from '../store/chains.ts'
import { inOrganization } from '../store/database.ts'
import { loadHoldings } from '../store/holdings.ts'

/** What lies at a deposit address by the ledger and on chain, in base units; null where the token did not say. */
export type Compared = { address: Hex; asset: Asset; ledgerRaw: bigint; onChainRaw: bigint | null }

/** The ledger beside the chain after one block: `looked` of `of` addresses and assets, and each of them that differs. */
export type BalanceProof = {
  block: { number: bigint; hash: Hex; time: Date }
  looked: number
  of: number
  sums: { asset: Asset; ledgerRaw: bigint; onChainRaw: bigint }[]
  differences: Compared[]
}

/** So many balances are asked for at most, those of addresses that hold something first. */
const BALANCES_MAX = 2_000

/**
 * Compares what the ledger of the organization says lies at its deposit addresses on a chain with what the chain says, after the last
 * block that was read; null where nothing was ever paid there. Throws `network_unsupported`, and `chain_unavailable` where the nodes do
 * not tell now.
 */
export async function proveBalances(
  ctx: Context,
  organizationId: string,
  chainId: number,
): Promise<BalanceProof | null> {
  const node = ctx.nodes.get(chainId)
  if (node === undefined) {
    throw new AppError('network_unsupported', `Chain ${chainId} is not served here.`, { param: 'chainId' })
  }
  const found = await inOrganization(ctx.db, organizationId, async tx => {
    const found = await loadHoldings(tx, chainId, BALANCES_MAX)
    if (found === null) return null
    const { holdings, ...rest } = found
    const assetIds = holdings.map(({ assetId }) => assetId)
    const assetOf = await learnAssets(tx, ctx.known, assetIds)
    return { ...rest, held: holdings.map(({ assetId, ...holding }) => ({ ...holding, asset: assetOf(assetId) })) }
  })
  if (found === null) return null
  const onChain = await askChain(node, found)
  const compared = found.held.map(({ address, asset, heldRaw }, index): Compared => {
    return { address, asset, ledgerRaw: heldRaw, onChainRaw: onChain[index] ?? null }
  })
  const sums = [...Map.groupBy(compared, ({ asset }) => asset)].map(([asset, rows]) => ({
    asset,
    ledgerRaw: rows.reduce((sum, { ledgerRaw }) => sum + ledgerRaw, 0n),
    onChainRaw: rows.reduce((sum, { onChainRaw }) => sum + (onChainRaw ?? 0n), 0n),
  }))
  const differences = compared.filter(({ ledgerRaw, onChainRaw }) => ledgerRaw !== onChainRaw)
  return { block: found.block, looked: compared.length, of: found.count, sums, differences }
}

/** What lies at these addresses on chain after the block, in their order. */
async function askChain(
  node: WatchedChain,
  { block, held }: { block: BalanceProof['block']; held: readonly Pick<Compared, 'address' | 'asset'>[] },
): Promise<readonly (bigint | null)[]> {
  const wanted = held.map(({ address, asset }) => ({ asset: asset.address, address }))
  try {
    const balances = await node.balances(wanted, await node.header(block.hash))
    if (balances !== null) return balances
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    throw new AppError('chain_unavailable', 'The network does not answer now: try again soon.', { cause: error })
  }
  throw new AppError(
    'chain_unavailable',
    `The network’s nodes no longer keep what lay there at block ${block.number}: try again once the server has read on.`,
  )
}
