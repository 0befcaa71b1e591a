import type { Asset, Chain } from './asset.ts'
import { sessionAssetView } from './chainView.ts'
import type { Hex } from './hex.ts'
import { fromRawFloor } from './money.ts'
import type { CheckoutSession, SessionTransfer } from './session.ts'

/** Money that came to a deposit address, or that left one or a wallet of the merchant; `amountRaw` in the asset's base units. */
export type Transaction = {
  id: string
  sessionId: string
  intentId: string
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
export function incoming(session: CheckoutSession, transfer: SessionTransfer): Transaction {
  const { id, firstSeenAt: at, asset, from, amountRaw, txHash } = transfer
  const of = { id, sessionId: session.id, intentId: session.intent.id }
  return { ...of, type: 'incoming', at, asset, from, to: session.deposit.address, amountRaw, txHash }
}

/** The transaction as payment intents and lists show it. */
export function transactionView(transaction: Transaction, chains: ReadonlyMap<number, Chain>) {
  const { type, at, asset, from, to, amountRaw, txHash } = transaction
  const explorer = chains.get(asset.chainId)?.blockExplorerTransactionUrl
  return {
    id: transaction.id,
    checkoutSessionId: transaction.sessionId,
    paymentIntentId: transaction.intentId,
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
