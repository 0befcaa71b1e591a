import type { ChainConfig } from './chainConfig.ts'
import { assetHealth, chainHealth, type Health, haltAfterMs } from './chainHealth.ts'

/** A chain that cannot be relied on as it should be, and why; what is not wrong is null or empty. */
export type ChainTrouble = {
  chainId: number
  name: string
  health: ReturnType<typeof chainHealth>
  /** The time of the last block that was read, where newer ones must be there. */
  readTo: Date | null
  coins: { symbol: string; reason: string; since: Date }[]
  /** The nodes that answer wrongly or not at all, or do not agree; known to the process alone that watches the chain. */
  nodes: { name: string; problem: string; since: Date }[]
}

/** What is known of a chain: its health, its last block that was read (null: none was), and its nodes. */
export type Known = {
  health: Health
  readTo: Date | null
  nodes: readonly { name: string; problem: string | null; since: Date | null }[]
}

/** A node may fail for so long before it is told of, and blocks come late by so much. */
const PATIENCE_MS = 120_000

/** What is wrong with the chain at `now`; null where nothing is. */
export function chainTrouble(
  { chain, assets, blockTimeMs }: ChainConfig,
  known: Known,
  now: Date,
): ChainTrouble | null {
  const health = chainHealth(known.health, chain.id)
  const isLong = (since: Date, ms: number) => now.getTime() - since.getTime() > ms
  const haltMs = haltAfterMs(blockTimeMs)
  // Where something else is wrong it is the reason, and told already.
  const isBehind =
    health.status === 'ok' &&
    haltMs !== null &&
    known.readTo !== null &&
    isLong(known.readTo, Math.max(haltMs, PATIENCE_MS))
  const coins = assets.flatMap(({ id, symbol }) => {
    const problem = assetHealth(known.health, id)
    return problem === null ? [] : [{ symbol, ...problem }]
  })
  const nodes = known.nodes.flatMap(({ name, problem, since }) =>
    problem !== null && since !== null && isLong(since, PATIENCE_MS) ? [{ name, problem, since }] : [],
  )
  if (health.status === 'ok' && !isBehind && coins.length + nodes.length === 0) return null
  return { chainId: chain.id, name: chain.name, health, readTo: isBehind ? known.readTo : null, coins, nodes }
}
