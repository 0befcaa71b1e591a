/** What can be wrong with a chain, the gravest first. */
export const CHAIN_REASONS = [
  'wrong_chain',
  'halted_deep_reorg',
  'factory_missing',
  'probe_failed',
  'finality_unknown',
  'providers_missing',
  'halted',
  'quorum_missing',
  'finality_stalled',
] as const

export type ChainReason = (typeof CHAIN_REASONS)[number]

/** What can be wrong with an asset: it is not credited and takes no new sessions. */
export const ASSET_REASONS = ['asset_unreliable', 'coin_missing', 'decimals_changed'] as const

export type AssetReason = (typeof ASSET_REASONS)[number]

/** `degraded`: payments take longer, or wait; `off`: the chain takes no new sessions. */
export type ChainStatus = 'ok' | 'degraded' | 'off'

const DEGRADED: ReadonlySet<ChainReason> = new Set(['halted', 'quorum_missing', 'finality_stalled'])

/** Something that is wrong, and since when. */
export type Problem<Reason> = { reason: Reason; since: Date }

/** How far a chain can be relied on now: the gravest of what is wrong with it, since that began. */
export type ChainHealth =
  | { status: 'ok'; reason: null; since: null }
  | { status: 'degraded' | 'off'; reason: ChainReason; since: Date }

/** What is wrong now, by chain id and by asset id; nothing with those that are absent. */
export type Health = {
  chains: ReadonlyMap<number, readonly Problem<ChainReason>[]>
  assets: ReadonlyMap<string, readonly Problem<AssetReason>[]>
}

/** A deployment with which nothing is wrong. */
export const ALL_WELL: Health = { chains: new Map(), assets: new Map() }

/** The gravest of what is wrong with the chain. */
export function chainHealth(health: Health, chainId: number): ChainHealth {
  const problems = health.chains.get(chainId) ?? []
  for (const reason of CHAIN_REASONS) {
    const found = problems.find(problem => problem.reason === reason)
    if (found !== undefined) return { status: DEGRADED.has(reason) ? 'degraded' : 'off', reason, since: found.since }
  }
  return { status: 'ok', reason: null, since: null }
}

/** What has been wrong with the asset for longest, or null. */
export function assetHealth(health: Health, assetId: string): Problem<AssetReason> | null {
  const [first, ...others] = health.assets.get(assetId) ?? []
  return others.reduce((oldest, other) => (oldest && other.since < oldest.since ? other : oldest), first) ?? null
}

/** Whether this is wrong with the chain, be it the gravest or not. */
export function hasProblem({ chains }: Health, chainId: number, reason: ChainReason): boolean {
  return chains.get(chainId)?.some(problem => problem.reason === reason) ?? false
}

/** Something that was looked for in a chain (`assetId` null) or one of its assets: whether it is wrong now. */
export type Finding =
  | { assetId: null; reason: ChainReason; isWrong: boolean }
  | { assetId: string; reason: AssetReason; isWrong: boolean }

/** Whether `finding` changes what is known of the chain. */
export function isNews(finding: Finding, chainId: number, { chains, assets }: Health): boolean {
  const known: readonly Problem<string>[] | undefined =
    finding.assetId === null ? chains.get(chainId) : assets.get(finding.assetId)
  return finding.isWrong !== (known ?? []).some(({ reason }) => reason === finding.reason)
}

/** How a chain is doing in the words of its payers: `slow` still confirms, `halted` makes no blocks, `unstable` is not to be paid on. */
export type PayersHealth = 'ok' | 'slow' | 'halted' | 'unstable'

/** What a payer is told of a chain. */
export function payersHealth({ status, reason }: ChainHealth): PayersHealth {
  if (status === 'off') return 'unstable'
  if (status === 'ok') return 'ok'
  return reason === 'halted' ? 'halted' : 'slow'
}

/** So many block times without a block, and the chain stands still. */
const HALT_BLOCKS = 10

/** For how long no block may come before the chain stands still, in ms; null where blocks come on demand. */
export function haltAfterMs(blockTimeMs: number | null): number | null {
  return blockTimeMs === null ? null : HALT_BLOCKS * blockTimeMs
}

const FAST_BLOCK_MS = 3_000
const STALL_FAST_MS = 5 * 60_000
const STALL_SLOW_MS = 25 * 60_000

/** For how long `finalized` may stand before finality has stalled, in ms: 5 minutes with blocks every 3 s or faster, else 25. */
export function stallAfterMs(blockTimeMs: number | null): number | null {
  if (blockTimeMs === null) return null
  return blockTimeMs <= FAST_BLOCK_MS ? STALL_FAST_MS : STALL_SLOW_MS
}

/**
 * What the passing of time tells of a chain that is read up to its node's head at `now`: whether it stands still, its last block
 * being of `blockTime` and seen at `seenAt` (null: before this process), and whether finality has not moved since `finalizedAt`
 * (null where it does not matter, or nobody tells).
 */
export function standstill(
  blockTimeMs: number | null,
  {
    now,
    blockTime,
    seenAt,
    finalizedAt,
  }: { now: Date; blockTime: Date; seenAt: Date | null; finalizedAt: Date | null },
): { halted: boolean; finality_stalled: boolean } {
  const haltMs = haltAfterMs(blockTimeMs)
  const stallMs = stallAfterMs(blockTimeMs)
  const last = Math.max(blockTime.getTime(), seenAt?.getTime() ?? 0)
  const halted = haltMs !== null && now.getTime() - last > haltMs
  const stalled = stallMs !== null && finalizedAt !== null && now.getTime() - finalizedAt.getTime() > stallMs
  // A chain that stands still finalises nothing either: that is told once.
  return { halted, finality_stalled: stalled && !halted }
}

/** For how long too few providers must answer before that is told, and enough of them before it is taken back, in ms. */
const QUORUM_LOST_MS = 30_000
const QUORUM_BACK_MS = 60_000

/** Whether the quorum is told to be missing, and since when it has been found to be otherwise (null: it has not). */
export type QuorumTold = { isMissing: boolean; otherwiseSince: Date | null }

/** What to tell at `now`, when the quorum is found to be missing or not: a provider that comes and goes changes nothing. */
export function tellQuorum({ isMissing, otherwiseSince }: QuorumTold, isFoundMissing: boolean, now: Date): QuorumTold {
  if (isFoundMissing === isMissing) return { isMissing, otherwiseSince: null }
  const since = otherwiseSince ?? now
  const hasLasted = now.getTime() - since.getTime() >= (isFoundMissing ? QUORUM_LOST_MS : QUORUM_BACK_MS)
  return hasLasted ? { isMissing: isFoundMissing, otherwiseSince: null } : { isMissing, otherwiseSince: since }
}
