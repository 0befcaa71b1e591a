import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Asset, Chain } from './asset.ts'
import type { ChainConfig } from './chainConfig.ts'
import { assetHealth, chainHealth, type Health } from './chainHealth.ts'
import { invariant } from './errors.ts'
import { bytesToUuid } from './uuid.ts'

/** The chain as every GET answers it and every event carries it. */
export function chainView({ chain, assets }: ChainConfig, health: Health) {
  const { isTestnet, isEIP1559Supported, hasMonitoring, forkOf, isPublic } = chain
  return {
    ...chainSlimView(chain),
    assets: assets.map(asset => assetView(asset, health)),
    isTestnet,
    isEIP1559Supported,
    hasMonitoring,
    forkOf,
    isPublic,
    health: chainHealth(health, chain.id),
  }
}

/** The asset as every GET answers it: with what is wrong with it, or that nothing is. */
export function assetView(asset: Asset, health: Health) {
  const { id, name, chainId, address, currency, symbol, decimals, coingeckoId } = asset
  const problem = assetHealth(health, id)
  return {
    id,
    name,
    chainId,
    address,
    currency,
    symbol,
    decimals,
    coingeckoId,
    superToken: null,
    isEIP5827Supported: false,
    health: problem === null ? { status: 'ok', reason: null, since: null } : { status: 'off', ...problem },
  }
}

/** A chain as it stands inside an asset. */
export function chainSlimView(chain: Chain) {
  return {
    id: chain.id,
    name: chain.name,
    icon: chain.icon,
    currency: chain.currency,
    blockExplorerTransactionUrl: chain.blockExplorerTransactionUrl,
    blockExplorerName: chain.blockExplorerName,
    type: chain.type,
    isBeta: chain.isBeta,
  }
}

/** An asset as sessions and transactions show it, with its chain, which is one of `chains`. */
export function sessionAssetView(asset: Asset, chains: ReadonlyMap<number, Chain>) {
  const chain = chains.get(asset.chainId)
  invariant(chain, 'the chain of every asset is known')
  return {
    id: asset.id,
    name: asset.name,
    address: asset.address,
    chainId: asset.chainId,
    currency: asset.currency,
    symbol: asset.symbol,
    decimals: asset.decimals,
    coingeckoId: asset.coingeckoId,
    isPublic: asset.isPublic,
    superToken: null,
    chain: chainSlimView(chain),
  }
}

/** What events about a chain are counted under for one organization: a version 8 UUID, as their other objects have. */
export function chainEventId(organizationId: string, chainId: number): string {
  return bytesToUuid(sha256(utf8ToBytes(`bitstream:chain:${organizationId}:${chainId}`)).slice(0, 16), 8)
}
