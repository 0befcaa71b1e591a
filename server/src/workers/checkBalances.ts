import { type BalanceClaim, findPosting } from '../actions/findPosting.ts'
import { assertLead, type Lead, type WatchedChain } from '../actions/leadChain.ts'
import type { Context } from '../context.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Marks } from '../domain/finality.ts'
import { tell, unreliable } from './tellHealth.ts'

type Header = Awaited<ReturnType<WatchedChain['head']>>
type Transfer = Awaited<ReturnType<WatchedChain['block']>>['transfers'][number]

/**
 * Compares what is about to be posted with what the chain holds. A token that holds less than its logs say, by the word of as many
 * providers as must agree, is told as unreliable. Returns the assets that are not to be posted now;
 * throws `LeadLostError` where an old leader finds one.
 */
export async function checkBalances(
  ctx: Context,
  lead: Lead,
  node: WatchedChain,
  { marks, tip, found }: { marks: Marks; tip: Header; found: readonly Transfer[] },
): Promise<ReadonlySet<string>> {
  const { chainId } = lead
  const claims = await findPosting(ctx, chainId, marks, found)
  // Where the nodes keep the state of that block no more, the logs alone must do.
  const balances = claims.length === 0 ? null : await node.balances(claims, tip)
  const differing = claims.flatMap((claim, index) => {
    const balanceRaw = balances?.[index] ?? null
    return balanceRaw === null || balanceRaw === claim.amountRaw ? [] : { ...claim, balanceRaw }
  })
  for (const { assetId, address, amountRaw, balanceRaw } of differing) {
    const seen = { chainId, assetId, address, block: `${tip.number}`, balance: `${balanceRaw}`, facts: `${amountRaw}` }
    ctx.log.warn(seen, 'What lies at this address is not what its logs told')
  }
  const short = differing.filter(({ amountRaw, balanceRaw }) => balanceRaw < amountRaw)
  const vouched = await vouchedBalances(node, short, tip)
  const lying = short.filter(({ amountRaw }, index) => (vouched?.[index] ?? amountRaw) < amountRaw)
  if (lying.length > 0) await assertLead(ctx, lead)
  await tell(
    ctx,
    chainId,
    lying.map(({ assetId }) => unreliable(assetId)),
  )
  return new Set([
    ...ctx.health.now().assets.keys(),
    ...(vouched === null ? short : lying).map(({ assetId }) => assetId),
  ])
}

/** Null where enough providers cannot be asked now: then nobody is blamed, and what is in doubt waits. */
async function vouchedBalances(node: WatchedChain, wanted: readonly BalanceClaim[], tip: Header) {
  if (wanted.length === 0) return []
  try {
    return await node.vouchedBalances(wanted, tip)
  } catch (error) {
    if (error instanceof UpstreamError) return null
    throw error
  }
}
