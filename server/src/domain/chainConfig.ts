import type { Asset, Chain } from './asset.ts'
import type { DepositFactory } from './depositAddress.ts'

/** A chain as this deployment serves it: its assets, the factory of its deposit addresses and the node that it is read from. */
export type ChainConfig = {
  chain: Chain
  assets: Asset[]
  deposit: DepositFactory
  /** May hold a provider's secret: never in logs, errors or answers. */
  rpcUrl: string
  /** Where the node tells of new blocks by itself, so that they are read at once; null to find them by asking alone. */
  wsUrl: string | null
  /** How often the node is asked for its head. */
  pollMs: number
}

/** The chains of the deployment by chain id. */
export type Chains = ReadonlyMap<number, ChainConfig>
