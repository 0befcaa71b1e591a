import type { Asset, Chain } from './asset.ts'
import type { DepositFactory } from './depositAddress.ts'
import type { Band } from './finality.ts'
import type { Feeds } from './rate.ts'

/** A node that a chain is read from. */
export type Provider = {
  /** What it is called in logs and on the dashboard; tells nothing of its URL. */
  name: string
  /** May hold a secret: never in logs, errors or answers. */
  rpcUrl: string
  /** Where it tells of new blocks by itself, so that they are read at once; null to find them by asking alone. */
  wsUrl: string | null
  /** Whether the operator runs it: its word needs no second. */
  isOwn: boolean
}

/** A chain as this deployment serves it: its assets, the factory of its deposit addresses and the nodes that it is read from. */
export type ChainConfig = {
  chain: Chain
  assets: Asset[]
  deposit: DepositFactory
  /** At least one, the preferred first. */
  providers: readonly [Provider, ...Provider[]]
  /** Nodes that anybody may use, which wallets of payers are told of; never one that the chain is read from. */
  publicRpcUrls: readonly string[]
  /** How many providers must have the same block before a payment in it is final, unless one of them is the operator's own. */
  quorum: number
  /** When payments are final, by their worth in ascending order; the last is for all the others. */
  finality: readonly [...Band[], Band]
  /** How often the nodes are asked for their head. */
  pollMs: number
  /** The time from block to block; without a new one for ten times as long the chain stands still. Null where blocks come on demand. */
  blockTimeMs: number | null
  /** A contract whose transfers are those of the native coin, or null: what it logs is never money of its own. */
  coinAlias: `0x${string}` | null
  /** A contract on it that names sanctioned addresses, or null: what it names is no withdrawal address. */
  sanctionsOracle: `0x${string}` | null
  /** Where rates are read on it, or null. */
  feeds: Feeds | null
}

/** The chains of the deployment by chain id. */
export type Chains = ReadonlyMap<number, ChainConfig>
