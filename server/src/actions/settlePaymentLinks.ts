import type { Context } from '../context.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { endPaidLinks, openSessionsOfLinks } from '../store/paymentLinks.ts'
import { endSessions } from './expireCheckoutSession.ts'

/**
 * A link for one payment takes no more once one of its sessions is complete, and the others that are open are expired. It stays so
 * when a reorg takes the payment back: that session can still be paid.
 */
export async function settlePaymentLinks(tx: Tx, ctx: Context, changes: readonly Settled[], now: Date): Promise<void> {
  const paid = changes.flatMap(({ after }) =>
    after.status === 'complete' && after.paymentLinkId !== null ? after.paymentLinkId : [],
  )
  if (paid.length === 0) return
  const ended = await endPaidLinks(tx, [...new Set(paid)], now)
  if (ended.length > 0) await endSessions(tx, ctx, await openSessionsOfLinks(tx, ended))
}
