import type { Asset, Chain } from './asset.ts'
import { sessionAssetView } from './chainView.ts'
import type { Hex } from './hex.ts'
import { fromRawFloor } from './money.ts'
import type { CheckoutSession, SessionTransfer } from './session.ts'

/** Money that came to a deposit address, or that left one or a wallet of the merchant; `amountRaw` in the asset's base units. */
export type Transaction = {
  type: 'incoming' | 'outgoing'
  at: Date
  asset: Asset
  /** Null where the chain does not say. */
  from: Hex | null
  to: Hex
  amountRaw: bigint
  txHash: Hex | null
}

/** A payment to the session's address. */
export function incoming({ deposit }: Pick<CheckoutSession, 'deposit'>, transfer: SessionTransfer): Transaction {
  const { firstSeenAt: at, asset, from, amountRaw, txHash } = transfer
  return { type: 'incoming', at, asset, from, to: deposit.address, amountRaw, txHash }
}

/** The transaction as payment intents and lists show it. */
export function transactionView(transaction: Transaction, chains: ReadonlyMap<number, Chain>) {
  const { type, at, asset, from, to, amountRaw, txHash } = transaction
  const explorer = chains.get(asset.chainId)?.blockExplorerTransactionUrl
  return {
    type,
    transactionRelayId: null,
    transactionHash: txHash,
    nonce: null,
    gasLimit: null,
    validUntil: null,
    fromAddress: from,
    toAddress: to,
    currency: asset.currency,
    createdAt: at,
    amount: fromRawFloor(amountRaw, asset.decimals).toString(),
    amountRaw: amountRaw.toString(),
    assetId: asset.id,
    asset: sessionAssetView(asset, chains),
    transactionUrl: txHash === null || explorer === undefined ? null : `${explorer}${txHash}`,
  }
}
