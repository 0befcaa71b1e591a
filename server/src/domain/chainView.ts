import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Asset } from './asset.ts'
import type { ChainConfig } from './chainConfig.ts'
import { assetHealth, chainHealth, type Health } from './chainHealth.ts'
import { chainSlimView } from './checkoutSessionView.ts'
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

/** What events about a chain are counted under for one organization: a version 8 UUID, as their other objects have. */
export function chainEventId(organizationId: string, chainId: number): string {
  return bytesToUuid(sha256(utf8ToBytes(`bitstream:chain:${organizationId}:${chainId}`)).slice(0, 16), 8)
}
