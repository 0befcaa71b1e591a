import type { Context } from '../context.ts'
import { chainStoppedEmail } from '../documents/emails/chainStoppedEmail.ts'
import { type Finding, type Health, isNews } from '../domain/chainHealth.ts'
import { chainEventId, chainView } from '../domain/chainView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { findOrganizationsOnChain, loadHealth, lockHealth, setProblem } from '../store/chainHealth.ts'
import { setGenesis } from '../store/chains.ts'
import { forgetFinalized } from '../store/cursors.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { endDoubts } from '../store/sweepFacts.ts'
import { chainOf } from './chainOf.ts'
import { docsUrlOf, tellMerchant } from './tellMerchant.ts'

/**
 * Records what was found of the chain and its assets in one transaction, logs what is news, and tells every organization with a
 * wallet there: `chain.degraded` after each change that leaves something wrong, `chain.recovered` when nothing is any more.
 */
export async function recordHealth(ctx: Context, chainId: number, findings: readonly Finding[]): Promise<void> {
  const news = await asWorker(ctx.db, async tx => {
    const health = await loadHealth(tx)
    if (!findings.some(finding => isNews(finding, chainId, health))) return []
    return await changeHealth(tx, ctx, chainId, findings)
  })
  await makeKnown(ctx, chainId, news)
}

/**
 * Takes back what only a person can judge: that the chain was reorganised deeper than it may be, so that its watcher accepts the
 * branch that its nodes have now, and that coins lie about balances or went from deposit addresses to strangers. The first block of the chain is what its nodes tell next.
 */
export async function resumeChain(ctx: Context, chainId: number): Promise<void> {
  const assets = chainOf(ctx, chainId).assets.map(({ id }) => id)
  const findings: Finding[] = [
    { assetId: null, reason: 'halted_deep_reorg', isWrong: false },
    ...assets.map(assetId => ({ assetId, reason: 'asset_unreliable', isWrong: false }) as const),
    ...assets.map(assetId => ({ assetId, reason: 'coin_missing', isWrong: false }) as const),
  ]
  const news = await asWorker(ctx.db, async tx => {
    // Nothing is taken for finalized until the watcher has seen it on the branch that it goes on with.
    await forgetFinalized(tx, chainId)
    await setGenesis(tx, chainId, null)
    await endDoubts(tx, chainId)
    return await changeHealth(tx, ctx, chainId, findings)
  })
  await makeKnown(ctx, chainId, news)
}

/** Stores those of `findings` that are news, with their events; returns them. */
async function changeHealth(
  tx: Tx,
  ctx: Context,
  chainId: number,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  await lockHealth(tx, chainId)
  const before = await loadHealth(tx)
  const news = findings.filter(finding => isNews(finding, chainId, before))
  if (news.length === 0) return []
  const now = ctx.clock.now()
  for (const finding of news) await setProblem(tx, chainId, finding, now)
  await tellMerchants(tx, ctx, chainId, await loadHealth(tx), now)
  if (news.some(({ reason, isWrong }) => reason === 'halted_deep_reorg' && isWrong))
    await mailStop(tx, ctx, chainId, now)
  return news
}

async function tellMerchants(tx: Tx, ctx: Context, chainId: number, health: Health, now: Date): Promise<void> {
  const config = chainOf(ctx, chainId)
  const isWrong = health.chains.has(chainId) || config.assets.some(({ id }) => health.assets.has(id))
  const data = chainView(config, health)
  const organizations = await findOrganizationsOnChain(tx, chainId)
  await appendEvents(
    tx,
    organizations.map(organizationId => ({
      id: uuidv7(now, ctx.random(10)),
      organizationId,
      createdAt: now,
      type: isWrong ? 'chain.degraded' : 'chain.recovered',
      object: 'chain',
      objectId: chainEventId(organizationId, chainId),
      data,
    })),
  )
}

async function mailStop(tx: Tx, ctx: Context, chainId: number, now: Date): Promise<void> {
  const facts = { network: chainOf(ctx, chainId).chain.name, stoppedAt: now, docsUrl: docsUrlOf(ctx) }
  for (const organizationId of await findOrganizationsOnChain(tx, chainId)) {
    await tellMerchant(tx, ctx, organizationId, 'chain_stopped', brand => chainStoppedEmail(facts, brand))
  }
}

async function makeKnown(ctx: Context, chainId: number, news: readonly Finding[]): Promise<void> {
  for (const { assetId, reason, isWrong } of news) {
    if (isWrong) ctx.log.error({ chainId, assetId, reason }, 'This chain or coin cannot be relied on now')
    else ctx.log.warn({ chainId, assetId, reason }, 'This is no longer wrong with a chain or coin')
  }
  if (news.length > 0) await ctx.health.refresh()
}
