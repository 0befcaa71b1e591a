import { z } from '@hono/zod-openapi'
import { CRYPTO } from '../domain/currency.ts'
import { parseSessionSearch } from '../domain/sessionSearch.ts'
import { queryNumber, queryUuid } from './list.ts'
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
  receivedCurrency: z.enum(CRYPTO).optional().openapi({
    description:
      'Sessions to which some of this coin came, whether it counts or not; one that nothing has come to is not among them.',
  }),
  receivedChainId: queryNumber.optional().openapi({
    type: 'integer',
    minimum: 1,
    description:
      'Sessions to which money came on this chain, in the same sense; with `receivedCurrency`, money of that coin.',
  }),
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
