import { previewInvoice } from '../actions/previewInvoice.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { invoicePaper } from './invoicePaper.ts'
import { changesOf, writtenInvoice } from './newInvoice.ts'
import { renderInvoicePage } from './pages/invoicePage.ts'
import { createPayerPages } from './payerPages.ts'
import { missing } from './router.ts'

/** The page of an invoice and its paper while it is being written, as payers would get them. */
export function accountInvoiceRoutes(ctx: Context): AccountRoute[] {
  const pages = createPayerPages(ctx)
  return [
    accountRoute({
      method: 'post',
      path: '/invoice-preview',
      who: 'person',
      body: writtenInvoice,
      handle: async ({ c, body: { draftId, customerId, ...body }, person: { caller } }) => {
        const previewed = await previewInvoice(ctx, caller, { ...changesOf(body), draftId, customerId })
        if (previewed === null) throw missing()
        const { invoice, brand, logo } = previewed
        if (invoice.items.length === 0) return { page: null, paper: null }
        const now = ctx.clock.now()
        const nowhere = { ...pages.assets, payPath: '#', pdfPath: '#', receiptPath: null, isTroubled: false }
        const page = renderInvoicePage(pages.frame(c, null), invoice, { ...nowhere, now, brand })
        const paper = invoicePaper(invoice, { brand, logo: null }, ctx.config.publicUrl ?? '')
        const { pageText: _, issuedAt: __, headline, issuer, ...rest } = paper
        const link = headline.link?.text ?? null
        const shown = { ...rest, headline: { ...headline, link }, issuer: { ...issuer, logo: logo && brand.logo } }
        return { page, paper: shown }
      },
    }),
  ]
}
