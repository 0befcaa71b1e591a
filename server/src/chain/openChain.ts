import type { ChainConfig } from '../domain/chainConfig.ts'
import type { WatchedChain } from './chainNode.ts'
import { evmChain } from './evm.ts'

const RPC_TIMEOUT_MS = 10_000

/** The chain as its providers tell it; connects to nothing until it is asked, and no more once `signal` aborts. */
export function openChain(config: ChainConfig, signal: AbortSignal): WatchedChain {
  const { chain, assets, providers } = config
  const { rpcUrl, wsUrl } = providers[0]
  const tokens = assets.map(asset => asset.address)
  return evmChain({ chainId: chain.id, rpcUrl, wsUrl, tokens, timeoutMs: RPC_TIMEOUT_MS, signal })
}
