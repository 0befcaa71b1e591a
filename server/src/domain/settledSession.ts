import { assertMoves, type Cause } from './assertMoves.ts'
import { receiptOf } from './receipt.ts'
import type { CheckoutSession, SessionTransfer } from './session.ts'
import type { Settlement, UnmatchedReason } from './settlement.ts'

/** A session as it was, and as the facts have it now; both list the same transfers in the same order. */
export type Settled = { before: CheckoutSession; after: CheckoutSession }

/** What blocks that are recorded together brought on their chain, by the block that did. */
export type BlockNews = {
  chainId: number
  /** In which of the blocks a transfer became final, by its id. */
  postedIn: ReadonlyMap<string, bigint>
  /** The transfers that were lost before, and came back with one of the blocks. */
  revived: ReadonlySet<string>
}

/** The session's transfers as they were when only the blocks up to `number` were recorded. */
export function transfersAt(
  transfers: readonly SessionTransfer[],
  { chainId, postedIn, revived }: BlockNews,
  number: bigint,
): SessionTransfer[] {
  return transfers.flatMap(transfer => {
    const { id, asset, blockNumber, orphanedAt } = transfer
    if (asset.chainId !== chainId || orphanedAt !== null) return transfer
    if (blockNumber > number) return revived.has(id) ? { ...transfer, orphanedAt: transfer.firstSeenAt } : []
    return (postedIn.get(id) ?? number) > number ? { ...transfer, postedAt: null } : transfer
  })
}

/** The session with everything that follows from its facts by `now`; throws on a move that the tables do not know. */
export function settledSession(
  before: CheckoutSession,
  settlement: Settlement,
  now: Date,
  cause: Cause,
): CheckoutSession {
  const { status, intentStatus, exceptions, amountReceived, deadline, isClosed } = settlement
  const { intent } = before
  const payer = before.options.customerDetails.name ?? null
  assertMoves({ status: before.status, intentStatus: intent.status }, { status, intentStatus }, cause)
  const isMoved = status !== before.status || intentStatus !== intent.status || amountReceived !== intent.amountReceived
  const isSeen = isMoved || exceptions.join() !== before.exceptions.join()
  const reasons = new Map(settlement.unmatched.map(({ transferId, reason }) => [transferId, reason]))
  return {
    ...before,
    // Pages tell by it whether they show the session as it is.
    updatedAt: isSeen ? now : before.updatedAt,
    status,
    exceptions,
    deadline,
    isClosed,
    intent: {
      ...intent,
      updatedAt: isMoved ? now : intent.updatedAt,
      status: intentStatus,
      amountReceived,
      canceledAt: intentStatus === 'canceled' ? (intent.canceledAt ?? now) : null,
      receipt: intent.receipt ?? (intentStatus === 'succeeded' ? receiptOf(intent.id, payer, now) : null),
    },
    // A lost transfer keeps the reason that was told: should it come back, it is not told again.
    transfers: before.transfers.map(transfer =>
      transfer.orphanedAt === null ? { ...transfer, unmatchedReason: reasons.get(transfer.id) ?? null } : transfer,
    ),
  }
}

/** Whether it became complete, or a reorg took that back. */
export function isTurned({ before, after }: Settled): boolean {
  return (before.status === 'complete') !== (after.status === 'complete')
}

/** Whether anything that is stored of a session is another after than before. */
export function isDifferent(change: Settled): boolean {
  const { before, after } = change
  return (
    before.status !== after.status ||
    before.isClosed !== after.isClosed ||
    before.deadline.getTime() !== after.deadline.getTime() ||
    before.exceptions.join() !== after.exceptions.join() ||
    before.intent.status !== after.intent.status ||
    before.intent.amountReceived !== after.intent.amountReceived ||
    newReasons(change).length > 0
  )
}

/** Why each transfer is not counted, or null for one that is, where that is another after than before. */
export function newReasons({ before, after }: Settled): { transferId: string; reason: UnmatchedReason | null }[] {
  return after.transfers
    .filter((transfer, index) => transfer.unmatchedReason !== before.transfers[index]?.unmatchedReason)
    .map(transfer => ({ transferId: transfer.id, reason: transfer.unmatchedReason }))
}
