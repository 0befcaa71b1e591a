import { recordHealth } from '../actions/chainHealth.ts'
import type { Context } from '../context.ts'
import { type Finding, isNews } from '../domain/chainHealth.ts'

/** Records what was found of the chain where it is news. */
export async function tell(ctx: Context, chainId: number, findings: readonly Finding[]): Promise<void> {
  const health = ctx.health.now()
  const news = findings.filter(finding => isNews(finding, chainId, health))
  if (news.length > 0) await recordHealth(ctx, chainId, news)
}

/** A finding about the chain itself. */
export function wrong(reason: Extract<Finding, { assetId: null }>['reason'], isWrong: boolean): Finding {
  return { assetId: null, reason, isWrong }
}

/** That an asset’s logs tell of money that is not there. */
export function unreliable(assetId: string): Finding {
  return { assetId, reason: 'asset_unreliable', isWrong: true }
}
