import type { ViewWorld } from './checkoutSessionView.ts'
import { formatAmount } from './money.ts'
import { receiptView } from './receiptView.ts'
import type { CheckoutSession } from './session.ts'
import { incoming, transactionView } from './transaction.ts'

/** The payment intent of a session as every GET answers it and every event carries it. */
export function paymentIntentView(session: CheckoutSession, world: Pick<ViewWorld, 'chains' | 'payUrl'>) {
  const { intent } = session
  return {
    id: intent.id,
    createdAt: intent.createdAt,
    updatedAt: intent.updatedAt,
    organizationId: session.organizationId,
    amount: formatAmount(session.amountTotal),
    amountReceived: intent.amountReceived?.toString() ?? null,
    currency: session.currency,
    status: intent.status,
    paymentMethodId: null,
    paymentMethod: null,
    description: null,
    paymentMethodTypes: ['wallet'],
    transferAccountAddress: null,
    transactions: session.transfers
      .filter(transfer => transfer.orphanedAt === null)
      .map(transfer => transactionView(incoming(session, transfer), world.chains)),
    paymentReceipt: receiptView(session, world),
    canceledAt: intent.canceledAt,
    cancellationReason: intent.canceledAt === null ? null : 'expired',
    stripe: null,
    isMarkRefunded: intent.markRefundedAt !== null,
    markRefundedAt: intent.markRefundedAt,
    markRefundedComment: intent.markRefundedComment,
    exceptions: session.exceptions,
  }
}
