import { type Asset, NATIVE } from './asset.ts'
import type { Hex } from './hex.ts'

/** What a wallet is to send; `value` is in base units of the native coin. */
export type TransferCall = { to: Hex; data: Hex; value: bigint }

/** Moves `amountRaw` base units of `asset` to `to`: the token's `transfer(address,uint256)` (ERC-20), or the coin itself without data. */
export function transferCall(asset: Pick<Asset, 'address'>, to: Hex, amountRaw: bigint): TransferCall {
  if (asset.address === NATIVE) return { to, data: '0x', value: amountRaw }
  const words = `${to.slice(2).padStart(64, '0')}${amountRaw.toString(16).padStart(64, '0')}`
  return { to: asset.address, data: `0xa9059cbb${words}`, value: 0n }
}
