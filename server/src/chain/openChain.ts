import type { ChainConfig } from '../domain/chainConfig.ts'
import type { WatchedChain } from './chainNode.ts'
import { evmNode } from './evmNode.ts'
import type { FollowOptions } from './followChain.ts'
import type { Known, Patience } from './providers.ts'
import { watchedChain } from './watchedChain.ts'

/** What ends every call, how long one may take, and, for tests, with what nodes are asked. */
export type OpenChainOptions = FollowOptions &
  Patience &
  Known & { signal?: AbortSignal; timeoutMs?: number; fetch?: typeof fetch }

const RPC_TIMEOUT_MS = 10_000

/** The chain as its providers tell it; connects to nothing until it is asked. */
export function openChain(config: ChainConfig, options: OpenChainOptions = {}): WatchedChain {
  const { chain, assets, deposit, coinAlias, quorum, blockTimeMs } = config
  const tokens = assets.map(asset => asset.address)
  const { timeoutMs = RPC_TIMEOUT_MS, ...rest } = options
  const nodes = config.providers.map(({ name, isOwn, wsUrl, rpcUrl }) => {
    const node = evmNode({ ...rest, chainId: chain.id, factory: deposit.factory, coinAlias, rpcUrl, tokens, timeoutMs })
    return { name, isOwn, wsUrl, node }
  })
  return watchedChain(nodes, { ...rest, chainId: chain.id, quorum, blockTimeMs })
}
