import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { assertConfirmed, assertRefundReceiver, planRefund, type Refund } from '../domain/refund.ts'
import type { UnmatchedPayment } from '../domain/unmatchedPayment.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { appendEvents } from '../store/events.ts'
import { findSessionOfIntent } from '../store/paymentIntents.ts'
import { insertRefund, loadSessionRefunds } from '../store/refunds.ts'
import { findUnmatched } from '../store/unmatchedPayments.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'
import { answerWithRefund, refundEvent } from './refundEvent.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** A refund as asked for: of what was paid, or of one unmatched payment; amounts at 8 decimals. */
export type NewRefund = {
  of: { paymentIntentId: string } | { unmatchedPaymentId: string }
  assetId: string | undefined
  amount: bigint | undefined
  to: Hex
  confirmTo: Hex | undefined
  reason: string | null
}

/**
 * Prepares a refund that the merchant's own wallet is to sign. Concurrent refunds of one session never add up to more than it
 * received. Throws what the receiver is refused for, what `planRefund` throws, and `payment_resolved` for an unmatched payment that
 * was resolved in another way.
 */
export async function createRefund(
  ctx: Context,
  caller: Caller,
  asked: NewRefund,
  once: OnceKey | null,
): Promise<Answered> {
  // Of whatever organization: each sees only its own.
  const deposits = await asWorker(ctx.db, tx => findDepositOwners(tx, [asked.to]))
  return await writeOnce(ctx, caller, once, async tx => {
    assertRefundReceiver(asked.to, ctx.chains, deposits.has(asked.to))
    const refund = await prepare(tx, ctx, asked)
    await insertRefund(tx, refund)
    await appendEvents(tx, [refundEvent('refund.created', refund, ctx)])
    const { id: objectId, amountRaw, asset, to, sessionId } = refund
    const detail = { amountRaw, asset: asset.symbol, chainId: asset.chainId, to, checkoutSessionId: sessionId }
    await noteAudit(tx, ctx, caller, { action: 'refund.created', objectId, detail })
    return answerWithRefund(refund)
  })
}

async function prepare(
  tx: Tx,
  ctx: Context,
  { of, assetId, amount, to, confirmTo, reason }: NewRefund,
): Promise<Refund> {
  const transferId = 'unmatchedPaymentId' in of ? of.unmatchedPaymentId : null
  const sessionId =
    'paymentIntentId' in of
      ? await findSessionOfIntent(tx, of.paymentIntentId)
      : ((await findUnmatched(tx, of.unmatchedPaymentId))?.sessionId ?? null)
  if (sessionId === null) throw unknown(of)
  await lockSessions(tx, [sessionId])
  const [session] = await loadSessions(tx, [sessionId], ctx.known)
  const payment = transferId === null ? null : await findUnmatched(tx, transferId)
  if (session === undefined || (transferId !== null && payment === null)) throw unknown(of)
  const refunds = await loadSessionRefunds(tx, sessionId, ctx.known)
  if (payment !== null) assertOpen(payment, refunds)
  assertConfirmed(to, confirmTo, session)
  const planned = planRefund(session, refunds, { transferId, assetId, amount })
  if (!ctx.chains.has(planned.asset.chainId)) {
    const message = `Chain ${planned.asset.chainId} is not served here, so that a refund on it could not be followed.`
    throw new AppError('network_unsupported', message)
  }
  const now = ctx.clock.now()
  return {
    id: uuidv7(now, ctx.random(10)),
    organizationId: session.organizationId,
    createdAt: now,
    updatedAt: now,
    sessionId,
    paymentIntentId: session.intent.id,
    transferId,
    ...planned,
    to,
    reason,
    status: 'requires_signature',
    failure: null,
    txHash: null,
    payment: null,
  }
}

/** One that was given back in part by refunds can be given back further; one that a person resolved cannot. */
function assertOpen({ id, resolution }: UnmatchedPayment, refunds: readonly Refund[]): void {
  const isByRefund = refunds.some(({ transferId, status }) => transferId === id && status === 'succeeded')
  if (resolution === null || isByRefund) return
  throw new AppError('payment_resolved', `This payment is resolved as ${resolution} already.`, {
    param: 'unmatchedPaymentId',
  })
}

function unknown(of: NewRefund['of']): AppError {
  const [param, what] =
    'paymentIntentId' in of ? ['paymentIntentId', 'a payment intent'] : ['unmatchedPaymentId', 'an unmatched payment']
  return new AppError('parameter_invalid', `${param} must be the id of ${what} of yours.`, { param })
}
