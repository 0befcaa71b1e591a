import { getCustomersInvoice, getLogo } from '../actions/getInvoice.ts'
import { getPayersReceipt } from '../actions/getReceipt.ts'
import { payInvoice } from '../actions/payInvoice.ts'
import type { Context } from '../context.ts'
import type { Paper } from '../documents/paper.ts'
import { renderPaper } from '../documents/renderPaper.ts'
import { AppError } from '../domain/errors.ts'
import { isUuid } from '../domain/uuid.ts'
import { invoicePaper } from './invoicePaper.ts'
import { loadAssets } from './pages/assets.ts'
import { renderInvoicePage } from './pages/invoicePage.ts'
import { renderNotFoundPage } from './pages/notFoundPage.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import { createPayerLimits } from './payerLimits.ts'
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
  const { script, style } = loadAssets()
  const headers = pageHeaders({ mode: ctx.config.mode, scriptIntegrity: script.integrity })
  const isTest = ctx.config.mode === 'test'
  const notFound = () => new Response(renderNotFoundPage({ styleUrl: style.path, isTest }), { status: 404, headers })
  const show = async (id: string, problem: AppError | null = null) => {
    const found = isUuid(id) ? await getCustomersInvoice(ctx, id) : null
    if (found === null) return notFound()
    const { invoice, brand, session } = found
    const receipt = invoice.status === 'paid' && !invoice.paidOutOfBand ? session?.intent.receipt : null
    const body = renderInvoicePage(invoice, {
      ...{ styleUrl: style.path, isTest, now: ctx.clock.now(), brand },
      payPath: `${INVOICE}/${id}/pay`,
      pdfPath: `${INVOICE}/${id}/pdf`,
      receiptPath: receipt == null ? null : `${RECEIPT}/${receipt.id}/pdf`,
      isTroubled: problem !== null,
    })
    const retry = problem?.retryAfterS == null ? {} : { 'retry-after': `${problem.retryAfterS}` }
    return new Response(body, { status: problem === null ? 200 : 503, headers: { ...headers, ...retry } })
  }

  const limits = createPayerLimits(ctx)
  for (const path of [`${INVOICE}/:id/*`, `${RECEIPT}/:id/*`]) {
    app.use(path, async (c, next) => {
      limits.request(c, (c.req.param('id') ?? '').toLowerCase())
      await next()
    })
  }

  app.get(`${INVOICE}/:id`, c => show(c.req.param('id').toLowerCase()))
  addMethodNotAllowed(app, ctx, `${INVOICE}/:id`, ['GET'])

  app.post(`${INVOICE}/:id/pay`, async c => {
    const id = c.req.param('id').toLowerCase()
    try {
      const sessionId = isUuid(id) ? await payInvoice(ctx, id) : null
      return sessionId === null ? notFound() : c.redirect(`/payment/checkout-session/${sessionId}`, 303)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // The page says what became of it.
      if (error.code === 'invoice_not_open') return c.redirect(`${INVOICE}/${id}`, 303)
      ctx.log.warn({ err: error, invoiceId: id }, 'A customer could not begin to pay an invoice')
      return await show(id, error)
    }
  })
  addMethodNotAllowed(app, ctx, `${INVOICE}/:id/pay`, ['POST'])

  app.get(`${INVOICE}/:id/pdf`, async c => {
    const id = c.req.param('id').toLowerCase()
    const { invoice, brand } = (isUuid(id) ? await getCustomersInvoice(ctx, id) : null) ?? {}
    if (invoice === undefined || brand === undefined || invoice.status === 'draft') return notFound()
    limits.print(id)
    const logo = await getLogo(ctx, invoice.organizationId)
    return await print(invoicePaper(invoice, { brand, logo }, ctx.config.publicUrl ?? ''))
  })
  addMethodNotAllowed(app, ctx, `${INVOICE}/:id/pdf`, ['GET'])

  app.get(`${RECEIPT}/:id/pdf`, async c => {
    const id = c.req.param('id').toLowerCase()
    const receipt = isUuid(id) ? await getPayersReceipt(ctx, id) : null
    if (receipt === null) return notFound()
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
