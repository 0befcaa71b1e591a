import type { z } from '@hono/zod-openapi'
import { previewInvoice } from '../actions/previewInvoice.ts'
import type { Context } from '../context.ts'
import { type AccountCall, type AccountRoute, accountRoute } from './accountRouter.ts'
import { invoicePaper } from './invoicePaper.ts'
import { changesOf, writtenInvoice } from './newInvoice.ts'
import { renderInvoicePage } from './pages/invoicePage.ts'
import { createPayerPages } from './payerPages.ts'
import { missing } from './router.ts'

/** The page of an invoice and its paper while it is being written, as payers would get them. */
export function accountInvoiceRoutes(ctx: Context): AccountRoute[] {
  const pages = createPayerPages(ctx)
  const preview = async ({ body, person: { caller } }: AccountCall<z.output<typeof writtenInvoice>, 'person'>) => {
    const { draftId, customerId, ...changes } = body
    const previewed = await previewInvoice(ctx, caller, { ...changesOf(changes), draftId, customerId })
    if (previewed === null) throw missing()
    return previewed
  }
  return [
    accountRoute({
      method: 'post',
      path: '/invoice-preview',
      who: 'person',
      body: writtenInvoice,
      handle: async call => {
        const { invoice, brand, logo } = await preview(call)
        if (invoice.items.length === 0) return { paper: null }
        const paper = invoicePaper(invoice, { brand, logo: null }, ctx.config.publicUrl ?? '')
        const { pageText: _, issuedAt: __, headline, issuer, ...rest } = paper
        const link = headline.link?.text ?? null
        const shown = { headline: { ...headline, link }, issuer: { ...issuer, logo: logo && brand.logo } }
        return { paper: { ...rest, ...shown } }
      },
    }),
    accountRoute({
      method: 'post',
      path: '/invoice-preview/page',
      who: 'person',
      body: writtenInvoice,
      handle: async call => {
        const { invoice, brand } = await preview(call)
        const nowhere = { ...pages.assets, payPath: '#', pdfPath: '#', receiptPath: null, isTroubled: false }
        const frame = pages.frame(call.c, null)
        return pages.answer(frame, renderInvoicePage(frame, invoice, { ...nowhere, now: ctx.clock.now(), brand }))
      },
    }),
  ]
}
