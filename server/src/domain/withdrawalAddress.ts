import type { Chains } from './chainConfig.ts'
import { AppError } from './errors.ts'
import type { Hex } from './hex.ts'

/** A wallet of an organization that money on `chainId` may be swept to; one of a chain's is its default. */
export type SavedAddress = {
  id: string
  createdAt: Date
  updatedAt: Date
  name: string
  chainId: number
  address: Hex
  isDefault: boolean
  /** When a signature last proved that the wallet is the organization's; null where none did since it was changed. */
  provedAt: Date | null
}

/** A withdrawal address as every GET answers it and every event carries it. */
export function withdrawalAddressView(saved: SavedAddress) {
  const { id, name, address, chainId, isDefault, provedAt, createdAt, updatedAt } = saved
  return { id, name, address, chainId, isDefault, provedAt, createdAt, updatedAt }
}

/** A withdrawal address as its organization shows it. */
export function minimalAddressView({ id, name, address, chainId, isDefault }: SavedAddress) {
  return { id, name, address, chainId, isDefault }
}

/** How the addresses begin that networks keep for their own contracts, the zero address included. */
const PRECOMPILES = `0x${'00'.repeat(18)}`

/** What people write who mean no wallet: one digit forty times, and the words that are burned to. */
const NOBODY = /^0x(?:([0-9a-f])\1{39}|dead0{8}[0-9a-f]{28}|(?:dead){10})$/

/** Throws `address_forbidden`, naming `param`, where nobody gets the money: a token, a factory, a part of a network, or a deposit address. */
export function assertWallet(address: Hex, chains: Chains, isDeposit: boolean, param: string): void {
  const isOurs = [...chains.values()].some(
    ({ assets, deposit, coinAlias }) =>
      deposit.factory === address || coinAlias === address || assets.some(asset => asset.address === address),
  )
  const isNobodys = NOBODY.test(address)
  if (!isOurs && !isDeposit && !isNobodys && !address.startsWith(PRECOMPILES)) return
  const what = isDeposit ? 'a deposit address' : isNobodys ? 'nobody’s' : 'a token or a part of the network'
  throw new AppError('address_forbidden', `${address} is ${what}: name a wallet that you hold the key to.`, { param })
}

/** Throws `network_unsupported`, naming `param`, for a chain that this deployment does not serve. */
export function assertServed(chainId: number, chains: Chains, param: string): void {
  if (chains.has(chainId)) return
  const message = `Chain ${chainId} is not served here; these are: ${[...chains.keys()].join(', ')}.`
  throw new AppError('network_unsupported', message, { param })
}
