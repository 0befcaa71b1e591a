import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { receiptView } from '../domain/receiptView.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { findSessionOfIntent } from '../store/paymentIntents.ts'
import { queueEmail } from './queueEmail.ts'
import { payersEmail, receiptMessage } from './receiptEmail.ts'

/**
 * Sends the receipt of payment intent `id` to who paid, and returns it. Null when `tx` sees no such intent; throws
 * `payment_not_final` until it has succeeded, and `recipient_missing` where no e-mail address is known.
 */
export async function sendReceipt(
  tx: Tx,
  ctx: Context,
  id: string,
): Promise<NonNullable<ReturnType<typeof receiptView>> | null> {
  const sessionId = await findSessionOfIntent(tx, id)
  const [session] = sessionId === null ? [] : await loadSessions(tx, [sessionId], ctx.known)
  if (session === undefined) return null
  const receipt = receiptView(session, { payUrl: ctx.config.publicUrl ?? '' })
  if (receipt === null) {
    throw new AppError('payment_not_final', 'This payment has not succeeded: there is a receipt when it is final.')
  }
  const recipient = payersEmail(session)
  if (recipient === null) {
    throw new AppError('recipient_missing', 'No e-mail address of the payer is known: ask for it at checkout.')
  }
  const organization = await findOrganization(tx, session.organizationId)
  await queueEmail(tx, ctx, receiptMessage(ctx, session, { organization, recipient }))
  return receipt
}
