import { sendReceipt } from '../actions/sendReceipt.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { paymentReceiptSchema } from './paymentObjects.ts'
import { missing, type Route, route } from './router.ts'

/** The operation on receipts; their documents are pages. */
export function receiptRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'post',
      path: '/payment-intents/{paymentIntentId}/payment-receipts/send',
      operationId: 'sendPaymentReceipt',
      summary: 'Send the receipt of a payment to who paid',
      tag: 'Payment intents',
      scope: 'payment_intents:write',
      response: paymentReceiptSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const receipt = await sendReceipt(tx, ctx, id)
          if (receipt === null) throw missing()
          return { body: JSON.stringify(receipt) }
        }),
    }),
  ]
}
