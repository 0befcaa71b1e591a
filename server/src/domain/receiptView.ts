import type { ViewWorld } from './checkoutSessionView.ts'
import type { CheckoutSession } from './session.ts'

/** The receipt of a session's payment, null until it has succeeded; `uri` is a PDF for everybody who has it. */
export function receiptView({ organizationId, intent }: CheckoutSession, { payUrl }: Pick<ViewWorld, 'payUrl'>) {
  const { receipt, status } = intent
  if (receipt === null || status !== 'succeeded') return null
  const { id, createdAt, name, receiptNumber } = receipt
  return {
    ...{ id, createdAt, updatedAt: createdAt, organizationId, paymentIntentId: intent.id, name, receiptNumber },
    uri: `${payUrl}/payment/receipt/${id}/pdf`,
  }
}
