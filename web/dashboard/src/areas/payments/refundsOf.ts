import { queryOptions } from '@tanstack/react-query'
import { bitstream } from '../../data/bitstream.ts'

/** The refunds of a payment, newest first. */
export function refundsOf(paymentIntentId: string) {
  return queryOptions({
    queryKey: ['refund', 'of', paymentIntentId],
    queryFn: async () => await bitstream.refunds.list({ paymentIntentId }),
  })
}
