import type { ViewWorld } from './checkoutSessionView.ts'
import { AppError, invariant } from './errors.ts'
import type { CheckoutSession, SessionTransfer } from './session.ts'
import type { UnmatchedReason } from './settlement.ts'
import { incoming, transactionView } from './transaction.ts'

/** What became of an unmatched payment: it counts after all, was given back, or stays with the merchant. */
export const RESOLUTIONS = ['accepted', 'refunded', 'swept'] as const

export type Resolution = (typeof RESOLUTIONS)[number]

/** A live transfer that does not count for its session, or did not before a person accepted it; `id` is the transfer's. */
export type UnmatchedPayment = {
  id: string
  sessionId: string
  updatedAt: Date
  reason: UnmatchedReason
  /** Null while it is open. */
  resolution: Resolution | null
}

/** The payment as lists, answers and events show it. */
export function unmatchedPaymentView(payment: UnmatchedPayment, session: CheckoutSession, world: ViewWorld) {
  const transfer = transferOf(payment, session)
  return {
    id: payment.id,
    createdAt: transfer.firstSeenAt,
    updatedAt: payment.updatedAt,
    organizationId: session.organizationId,
    checkoutSessionId: session.id,
    transfer: transactionView(incoming(session, transfer), world.chains),
    reason: payment.reason,
    status: payment.resolution === null ? ('open' as const) : ('resolved' as const),
    resolution: payment.resolution,
  }
}

/**
 * Whether `resolution` is news about the payment: false where it has it already. Throws `payment_resolved` where it has another one
 * or `isBeingRefunded`, `payment_not_final` before its policy is met, and `payment_not_acceptable` where no row can count it.
 */
export function canResolve(
  payment: UnmatchedPayment,
  session: CheckoutSession,
  resolution: Resolution,
  isBeingRefunded: boolean,
): boolean {
  if (payment.resolution === resolution) return false
  if (payment.resolution !== null) {
    throw new AppError('payment_resolved', `This payment is resolved as ${payment.resolution} already.`)
  }
  if (isBeingRefunded) {
    throw new AppError('payment_resolved', 'A refund of this payment is under way: cancel it first, or wait for it.')
  }
  const { asset, postedAt } = transferOf(payment, session)
  if (resolution === 'accepted' && !session.assets.some(row => row.asset.id === asset.id)) {
    throw new AppError(
      'payment_not_acceptable',
      `The session cannot be paid in ${asset.symbol} on chain ${asset.chainId}: give it back, or keep it as swept.`,
      { param: 'resolution' },
    )
  }
  if (postedAt === null) {
    throw new AppError('payment_not_final', 'This payment is not final yet: wait until it has its confirmations.')
  }
  return true
}

function transferOf({ id }: UnmatchedPayment, session: CheckoutSession): SessionTransfer {
  const transfer = session.transfers.find(one => one.id === id)
  invariant(transfer, 'an unmatched payment is a transfer of its session')
  return transfer
}
