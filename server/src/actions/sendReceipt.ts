import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { receiptView } from '../domain/receiptView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { insertEmail } from '../store/emails.ts'
import { findOrganization } from '../store/organizations.ts'
import { findSessionOfIntent } from '../store/paymentIntents.ts'
import { bodies } from './invoiceEmail.ts'

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
  const recipient = session.options.customerDetails.email ?? session.customer?.email
  if (recipient === undefined) {
    throw new AppError('recipient_missing', 'No e-mail address of the payer is known: ask for it at checkout.')
  }
  const { organizationId } = session
  const { profile } = await findOrganization(tx, organizationId)
  const now = ctx.clock.now()
  await insertEmail(tx, {
    id: uuidv7(now, ctx.random(10)),
    ...{ organizationId, createdAt: now, kind: 'receipt', recipient, cc: [], attachments: [] },
    replyTo: profile.supportEmail ?? profile.email,
    subject: `Receipt ${receipt.receiptNumber} from ${profile.name}`,
    ...bodies([`${profile.name} has your payment. Thank you.`], [{ text: 'Your receipt', url: receipt.uri }]),
  })
  return receipt
}
