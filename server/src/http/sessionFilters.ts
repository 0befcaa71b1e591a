import { z } from '@hono/zod-openapi'
import { parseSessionSearch } from '../domain/sessionSearch.ts'
import { queryUuid } from './list.ts'
import { text } from './rules.ts'

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
  search: text(200)
    .transform(value => parseSessionSearch(value) ?? undefined)
    .optional()
    .openapi({
      type: 'string',
      maxLength: 200,
      description:
        'The id of a session or payment intent, a deposit address, the hash of a transaction, an amount such as `25.01` in whatever currency, or the e-mail address of the payer: all of it, in whatever case.',
    }),
}
