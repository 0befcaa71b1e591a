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
      'The coin that came: sessions to which some of it came, also such that does not count. Nothing has come to a session that is not paid yet.',
  }),
  receivedChainId: queryNumber
    .optional()
    .openapi({
      type: 'integer',
      minimum: 1,
      description: 'The chain that money came on, in the same sense; with `receivedCurrency`, of that coin.',
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
