import type { Context as HonoContext } from 'hono'
import { getCustomersInvoice, getLogo } from '../actions/getInvoice.ts'
import { getPayersReceipt } from '../actions/getReceipt.ts'
import { payInvoice } from '../actions/payInvoice.ts'
import type { Context } from '../context.ts'
import type { Paper } from '../documents/paper.ts'
import { renderPaper } from '../documents/renderPaper.ts'
import { AppError } from '../domain/errors.ts'
import { isUuid } from '../domain/uuid.ts'
import { invoicePaper } from './invoicePaper.ts'
import { renderInvoicePage } from './pages/invoicePage.ts'
import { hrefOf } from './pages/layout.ts'
import { createPayerLimits } from './payerLimits.ts'
import { createPayerPages } from './payerPages.ts'
import { receiptPaper } from './receiptPaper.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const INVOICE = '/payment/invoice'
const RECEIPT = '/payment/receipt'

/** A document is shown by itself: it loads nothing and is no part of another page. */
const DOCUMENT_HEADERS = {
  'Content-Type': 'application/pdf',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

/** The customer's pages of invoices, and invoices and receipts as PDF: public, known by the id alone. */
export function addInvoicePages(app: App, ctx: Context): void {
  const pages = createPayerPages(ctx)
  const show = async (c: HonoContext, id: string, problem: AppError | null = null) => {
    const found = isUuid(id) ? await getCustomersInvoice(ctx, id) : null
    if (found === null) return pages.notFound(c)
    const { invoice, brand, embedOrigins, session } = found
    const receipt = invoice.status === 'paid' && !invoice.paidOutOfBand ? session?.intent.receipt : null
    const frame = pages.frame(c, `${INVOICE}/${id}`, embedOrigins)
    const body = renderInvoicePage(frame, invoice, {
      ...{ ...pages.assets, now: ctx.clock.now(), brand },
      payPath: hrefOf({ ...frame, path: `${INVOICE}/${id}/pay` }),
      pdfPath: `${INVOICE}/${id}/pdf`,
      receiptPath: receipt == null ? null : `${RECEIPT}/${receipt.id}/pdf`,
      isTroubled: problem !== null,
    })
    const retry = problem?.retryAfterS == null ? {} : { 'retry-after': `${problem.retryAfterS}` }
    return pages.answer(frame, body, { status: problem === null ? 200 : 503, headers: retry })
  }

  const embedOriginsOf = async (c: HonoContext, id: string) =>
    c.req.query('embed') === undefined ? [] : ((await getCustomersInvoice(ctx, id))?.embedOrigins ?? [])

  const limits = createPayerLimits(ctx)
  for (const path of [`${INVOICE}/:id/*`, `${RECEIPT}/:id/*`]) {
    app.use(path, async (c, next) => {
      limits.request(c, (c.req.param('id') ?? '').toLowerCase())
      await next()
    })
  }

  app.get(`${INVOICE}/:id`, c => show(c, c.req.param('id').toLowerCase()))
  addMethodNotAllowed(app, ctx, `${INVOICE}/:id`, ['GET'])

  app.post(`${INVOICE}/:id/pay`, async c => {
    const id = c.req.param('id').toLowerCase()
    try {
      const sessionId = isUuid(id) ? await payInvoice(ctx, id) : null
      return sessionId === null
        ? pages.notFound(c)
        : c.redirect(hrefOf(pages.frame(c, `/payment/checkout-session/${sessionId}`, await embedOriginsOf(c, id))), 303)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // The page says what became of it.
      if (error.code === 'invoice_not_open') {
        return c.redirect(hrefOf(pages.frame(c, `${INVOICE}/${id}`, await embedOriginsOf(c, id))), 303)
      }
      ctx.log.warn({ err: error, invoiceId: id }, 'A customer could not begin to pay an invoice')
      return await show(c, id, error)
    }
  })
  addMethodNotAllowed(app, ctx, `${INVOICE}/:id/pay`, ['POST'])

  app.get(`${INVOICE}/:id/pdf`, async c => {
    const id = c.req.param('id').toLowerCase()
    const { invoice, brand } = (isUuid(id) ? await getCustomersInvoice(ctx, id) : null) ?? {}
    if (invoice === undefined || brand === undefined || invoice.status === 'draft') return pages.notFound(c)
    limits.print(id)
    const logo = await getLogo(ctx, invoice.organizationId)
    return await print(invoicePaper(invoice, { brand, logo }, ctx.config.publicUrl ?? ''))
  })
  addMethodNotAllowed(app, ctx, `${INVOICE}/:id/pdf`, ['GET'])

  app.get(`${RECEIPT}/:id/pdf`, async c => {
    const id = c.req.param('id').toLowerCase()
    const receipt = isUuid(id) ? await getPayersReceipt(ctx, id) : null
    if (receipt === null) return pages.notFound(c)
    limits.print(id)
    return await print(receiptPaper({ ...receipt, chains: ctx.known.chains }))
  })
  addMethodNotAllowed(app, ctx, `${RECEIPT}/:id/pdf`, ['GET'])
}

async function print(paper: Paper): Promise<Response> {
  const name = `${paper.title}-${paper.number}.pdf`
  const body = new Uint8Array(await renderPaper(paper))
  return new Response(body, { headers: { ...DOCUMENT_HEADERS, 'Content-Disposition': `inline; filename="${name}"` } })
}
