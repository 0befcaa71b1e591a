import { z } from '@hono/zod-openapi'
import { queryUuid } from './list.ts'

/** What a list or an export of sessions may be narrowed by, beside the parameters of every list. */
export const sessionFilters = {
  paymentLinkId: queryUuid.optional(),
  subscriptionId: queryUuid.optional(),
  invoiceId: queryUuid.optional(),
  customerId: queryUuid.optional(),
  couponId: queryUuid.optional(),
  mode: z.enum(['payment', 'subscription']).optional(),
  paymentMethodTypes: z.enum(['superfluid', 'wallet', 'allowance_based_recurring', 'stripe', 'binance_pay']).optional(),
  status: z.enum(['open', 'complete', 'incomplete', 'expired']).optional(),
  paymentStatus: z.enum(['unpaid', 'paid']).optional(),
}
