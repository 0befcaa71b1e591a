import type { Context } from '../context.ts'
import type { AccountSummary, Days } from '../domain/accountSummary.ts'
import type { Asset } from '../domain/asset.ts'
import { chainTrouble } from '../domain/chainTrouble.ts'
import { loadSummary } from '../store/accountSummary.ts'
import { learnAssets, loadHeads } from '../store/chains.ts'
import { readInOrganization } from '../store/database.ts'
import { chainName } from './chainOf.ts'

/** The organization's numbers of these days and what needs attention now, all as of one moment. */
export async function getAccountSummary(ctx: Context, organizationId: string, days: Days): Promise<AccountSummary> {
  const { heads, summary, assets } = await readInOrganization(ctx.db, organizationId, async tx => {
    const [heads, summary] = [await loadHeads(tx), await loadSummary(tx, days)]
    const assetIds = [...new Set(summary.volume.map(({ assetId }) => assetId))]
    const assetOf = await learnAssets(tx, ctx.known, assetIds)
    return { heads, summary, assets: assetIds.map(id => assetView(ctx, assetOf(id))) }
  })
  const [health, now] = [ctx.health.now(), ctx.clock.now()]
  const chains = [...ctx.chains.values()].flatMap(config => {
    const { id } = config.chain
    const known = { health, readTo: heads.get(id)?.time ?? null, nodes: ctx.nodes.get(id)?.providers() ?? [] }
    return chainTrouble(config, known, now) ?? []
  })
  return { ...summary, assets, attention: { ...summary.attention, chains } }
}

function assetView(ctx: Context, { id, symbol, decimals, chainId }: Asset): AccountSummary['assets'][number] {
  return { id, symbol, decimals, chainName: chainName(ctx, chainId) }
}
