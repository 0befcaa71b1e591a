import type { CoinPayment } from './chainNode.ts'
import { addressOf, fieldsOf, hashOf, quantityOf } from './rpcAnswer.ts'
import type { TokenTransfer } from './tokenTransfers.ts'

/**
 * Who may have been paid in coin: the recipients of `transactions`, whole as a node tells them, that carry some, and those of
 * `aliased` transfers, which name the same coin by another name.
 */
export function coinPayments(transactions: readonly unknown[], aliased: readonly TokenTransfer[]): CoinPayment[] {
  const payments = transactions.flatMap(entry => {
    const transaction = fieldsOf(entry, 'transaction')
    const amountRaw = quantityOf(transaction.value, 'value')
    // A transaction without a recipient creates a contract.
    if (amountRaw === 0n || transaction.to === null || transaction.to === undefined) return []
    return {
      txHash: hashOf(transaction.hash, 'transaction hash'),
      from: addressOf(transaction.from, 'sender'),
      to: addressOf(transaction.to, 'recipient'),
      amountRaw,
    }
  })
  const keyOf = ({ txHash, to }: { txHash: string; to: string }) => `${txHash} ${to}`
  const listed = new Set(payments.map(keyOf))
  const others = aliased.filter(transfer => !listed.has(keyOf(transfer)))
  return [...payments, ...others.map(({ txHash, from, to, amountRaw }) => ({ txHash, from, to, amountRaw }))]
}
