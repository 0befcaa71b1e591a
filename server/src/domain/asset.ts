import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Crypto } from './currency.ts'
import type { Hex } from './hex.ts'
import { bytesToUuid } from './uuid.ts'

/** The address that stands for a chain's native coin, which has no contract: the zero address. */
export const NATIVE: Hex = '0x0000000000000000000000000000000000000000'

/** A network that money arrives on. Data, from the deployment's table of chains. */
export type Chain = {
  /** EIP-155 chain id. */
  id: number
  name: string
  /** Path or URL of its picture. */
  icon: string
  /** The native coin. */
  currency: Crypto
  /** Prefix that makes a link when a transaction hash is added. */
  blockExplorerTransactionUrl: string
  blockExplorerName: string
  type: 'evm'
  isBeta: boolean
  isTestnet: boolean
  isEIP1559Supported: boolean
  hasMonitoring: boolean
  /** The chain that this one is a local copy of, or null. */
  forkOf: number | null
  /** Whether callers see it in lists. */
  isPublic: boolean
  /** Blocks, the payment's own included, after which a payment is beyond doubt; what payers see where a tag of the nodes decides. */
  confirmations: number
}

/** Something payable: a token or the native coin, on one chain. The same coin on two chains is two assets. */
export type Asset = {
  /** `assetId(chainId, address)`. */
  id: string
  chainId: number
  /** The token's contract; `NATIVE` for the native coin. */
  address: Hex
  currency: Crypto
  symbol: string
  name: string
  /** Decimals of the base unit, fixed for ever. */
  decimals: number
  /** Its name at CoinGecko, or null where no rate is known. */
  coingeckoId: string | null
  /** Whether callers see it in lists. */
  isPublic: boolean
}

/** The id of an asset, the same in every deployment: a version 8 UUID of SHA-256 over chain and address (RFC 9562, B.2). */
export function assetId(chainId: number, address: Hex): string {
  const digest = sha256(utf8ToBytes(`bitstream:asset:${chainId}:${address.toLowerCase()}`))
  return bytesToUuid(digest.slice(0, 16), 8)
}
