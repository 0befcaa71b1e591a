import type { Context } from '../context.ts'
import type { AccountSummary, Days } from '../domain/accountSummary.ts'
import { chainTrouble } from '../domain/chainTrouble.ts'
import { loadReadTo, loadSummary } from '../store/accountSummary.ts'
import { readInOrganization } from '../store/database.ts'

/** The organization's numbers of these days and what needs attention now, all as of one moment. */
export async function getAccountSummary(ctx: Context, organizationId: string, days: Days): Promise<AccountSummary> {
  const { readTo, summary } = await readInOrganization(ctx.db, organizationId, async tx => {
    return { readTo: await loadReadTo(tx), summary: await loadSummary(tx, days) }
  })
  const [health, now] = [ctx.health.now(), ctx.clock.now()]
  const chains = [...ctx.chains.values()].flatMap(config => {
    const { id } = config.chain
    const known = { health, readTo: readTo.get(id) ?? null, nodes: ctx.nodes.get(id)?.providers() ?? [] }
    return chainTrouble(config, known, now) ?? []
  })
  const assets = [...new Set(summary.volume.map(({ assetId }) => assetId))].flatMap(id => {
    const asset = ctx.known.assets.get(id)
    const chain = asset && ctx.known.chains.get(asset.chainId)
    return asset === undefined || chain === undefined
      ? []
      : [{ id, symbol: asset.symbol, decimals: asset.decimals, chainName: chain.name }]
  })
  return { ...summary, assets, attention: { ...summary.attention, chains } }
}
