import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { type Balance, loadBalances } from '../store/balances.ts'
import { learnChains } from '../store/chains.ts'
import { inOrganization } from '../store/database.ts'

/** The organization's balances by the ledger, with their assets. */
export async function listBalances(ctx: Context, organizationId: string): Promise<(Balance & { asset: Asset })[]> {
  const balances = await inOrganization(ctx.db, organizationId, async tx => {
    const found = await loadBalances(tx)
    if (found.some(({ assetId }) => !ctx.known.assets.has(assetId))) await learnChains(tx, ctx.known)
    return found
  })
  return balances.flatMap(balance => {
    const asset = ctx.known.assets.get(balance.assetId)
    return asset === undefined ? [] : { ...balance, asset }
  })
}
