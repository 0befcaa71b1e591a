import type { Context as HonoContext } from 'hono'
import type { PayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { PAYERS_API } from './describePayerRoute.ts'
import { countryOf } from './pages/countries.ts'
import type { RefusedForm } from './pages/pageForm.ts'
import { renderPaymentPage } from './pages/paymentPage.ts'
import type { PayerPages } from './payerPages.ts'
import { payerView } from './payerView.ts'

/** Where the pages of sessions are, each below this by its id. */
export const SESSION_PAGE = '/payment/checkout-session'

/** The answer with a session's page, with a form that was not taken if there is one. */
export type SessionPage = (
  c: HonoContext,
  seen: PayersSession,
  refused?: { form: RefusedForm; status: number; headers: Record<string, string> },
) => Response

/** The page of sessions, the same for whoever looks and for whoever sent a form. */
export function createSessionPage(ctx: Context, pages: PayerPages): SessionPage {
  return (c, seen, refused) => {
    const { id } = seen.found
    const frame = pages.frame(c, `${SESSION_PAGE}/${id}`, seen.embedOrigins)
    const edit = c.req.query('edit')
    const body = renderPaymentPage(frame, payerView(ctx, seen), {
      ...pages.assets,
      ...pages.wallets,
      selectedAddressId: c.req.query('asset') ?? null,
      apiPath: `${PAYERS_API}/${id}`,
      testWalletPath: ctx.testWallet === null ? null : `${SESSION_PAGE}/${id}/test-wallet`,
      edit: edit === 'amount' || edit === 'details' ? edit : null,
      form: refused?.form ?? null,
      country: countryOf(c.req.header('accept-language')),
    })
    return pages.answer(frame, body, refused)
  }
}
