import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { type Balance, loadBalances } from '../store/balances.ts'
import { learnAssets } from '../store/chains.ts'
import { inOrganization } from '../store/database.ts'

/** The organization's balances by the ledger, with their assets. */
export async function listBalances(ctx: Context, organizationId: string): Promise<(Balance & { asset: Asset })[]> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const balances = await loadBalances(tx)
    const assetIds = balances.map(({ assetId }) => assetId)
    const assetOf = await learnAssets(tx, ctx.known, assetIds)
    return balances.map(balance => ({ ...balance, asset: assetOf(balance.assetId) }))
  })
}
