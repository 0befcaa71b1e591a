import { type Chain, NATIVE } from './asset.ts'
import type { ChainConfig } from './chainConfig.ts'

/** What a wallet is told of a network that it is to add (EIP-3085); without an RPC URL it cannot be added. */
export type WalletNetwork = {
  /** In hexadecimal. */
  readonly chainId: string
  readonly chainName: string
  readonly nativeCurrency: { readonly name: string; readonly symbol: string; readonly decimals: 18 }
  readonly rpcUrls: readonly string[]
  /** Left out where the explorer's own page is not known. */
  readonly blockExplorerUrls?: readonly string[]
}

/** The networks that wallets in the payer's browser are told of. */
export type WalletNetworks = {
  /** By chain id. */
  readonly networks: ReadonlyMap<number, WalletNetwork>
  /** What networks are called, by chain id: those of the deployment, and others that a wallet is often on. */
  readonly names: Readonly<Record<string, string>>
}

/** Where a wallet may be when it is on the wrong network, by chain id. */
const WIDELY_USED: Readonly<Record<string, string>> = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  56: 'BNB Smart Chain',
  100: 'Gnosis',
  137: 'Polygon',
  324: 'ZKsync Era',
  480: 'World Chain',
  8453: 'Base',
  42161: 'Arbitrum One',
  42220: 'Celo',
  43114: 'Avalanche',
  59144: 'Linea',
  80002: 'Polygon Amoy',
  84532: 'Base Sepolia',
  534352: 'Scroll',
  11155111: 'Sepolia',
}

/** The networks of the deployment's chains. */
export function walletNetworks(chains: Iterable<ChainConfig>): WalletNetworks {
  const all = [...chains]
  return {
    networks: new Map(all.map(config => [config.chain.id, walletNetwork(config)])),
    names: { ...WIDELY_USED, ...Object.fromEntries(all.map(({ chain }) => [chain.id, chain.name])) },
  }
}

function walletNetwork({ chain, assets, publicRpcUrls }: ChainConfig): WalletNetwork {
  const coin = assets.find(({ address }) => address === NATIVE)
  const symbol = coin?.symbol ?? chain.currency.toUpperCase()
  return {
    chainId: `0x${chain.id.toString(16)}`,
    chainName: chain.name,
    nativeCurrency: { name: coin?.name ?? symbol, symbol, decimals: 18 },
    rpcUrls: publicRpcUrls,
    ...explorer(chain),
  }
}

/** Wallets add the path of a transaction themselves, and refuse what is not https. */
function explorer({ blockExplorerTransactionUrl }: Chain): Pick<WalletNetwork, 'blockExplorerUrls'> {
  const home = /^(https:\/\/.+\/)tx\/$/.exec(blockExplorerTransactionUrl)?.[1]
  return home === undefined ? {} : { blockExplorerUrls: [home] }
}
