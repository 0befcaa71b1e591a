import { cancelByPayer } from '../actions/cancelByPayer.ts'
import { getPayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { isUuid } from '../domain/uuid.ts'
import { allowPages } from './allowPages.ts'
import { readPageForm } from './body.ts'
import { describePayerRoute, PAYERS_API } from './describePayerRoute.ts'
import { errorReply, toReplyError } from './errorReply.ts'
import { successSchema } from './objects.ts'
import { hrefOf } from './pages/layout.ts'
import { renderLeavingPage } from './pages/leavingPage.ts'
import { remainingUnits } from './pages/paymentState.ts'
import { addPayerForms } from './payerForms.ts'
import { createPayerLimits } from './payerLimits.ts'
import { createPayerPages, type PayerPages } from './payerPages.ts'
import { addPayerRoutes } from './payerRoutes.ts'
import { payerView } from './payerView.ts'
import { type App, addMethodNotAllowed, docsUrl, missing } from './router.ts'
import { paymentPageSchema } from './sessionObjects.ts'
import { createSessionPage, SESSION_PAGE } from './sessionPage.ts'
import { addSessionStreams } from './sessionStreams.ts'
import { createSessionViewers } from './sessionViewers.ts'

const PAGE = SESSION_PAGE
const API = PAYERS_API

/** The payer's page and the routes it talks to: public, known by the session's id alone. Streams end when the process is `stopping`. */
export function addPaymentPages(app: App, ctx: Context, stopping: AbortSignal): void {
  const pages = createPayerPages(ctx)
  const viewers = createSessionViewers(ctx)
  const see = async (id: string) => (isUuid(id) ? await viewers.see(id) : null)
  const find = async (id: string) => (isUuid(id) ? await getPayersSession(ctx, id) : null)

  allowPages(app, `${API}/:id/*`)
  const limits = createPayerLimits(ctx)
  for (const path of [`${PAGE}/:id/*`, `${API}/:id/*`]) {
    app.use(path, async (c, next) => {
      const id = (c.req.param('id') ?? '').toLowerCase()
      const isLook = c.req.method === 'GET' || c.req.method === 'HEAD'
      if (isLook) limits.look(c)
      else limits.request(c, id)
      await next()
      if (!isLook) viewers.renew(id)
    })
  }
  addPayerRoutes(app, ctx, limits)
  const show = createSessionPage(ctx, pages)
  addPayerForms(app, ctx, { pages, limits, show })

  app.get(`${PAGE}/:id`, async c => {
    const seen = await see(c.req.param('id').toLowerCase())
    return seen === null ? pages.notFound(c) : show(c, seen)
  })
  addMethodNotAllowed(app, ctx, `${PAGE}/:id`, ['GET'])

  describePayerRoute(app, {
    method: 'get',
    path: '/{id}',
    operationId: 'getPaymentPage',
    summary: 'Get a checkout session as its payer sees it',
    answer: paymentPageSchema,
  })
  app.get(`${API}/:id`, async c => {
    const seen = await see(c.req.param('id').toLowerCase())
    if (seen === null) return errorReply(missing(), c.get('requestId'), docsUrl(ctx))
    return c.json(payerView(ctx, seen), 200, { 'cache-control': 'no-store' })
  })
  addMethodNotAllowed(app, ctx, `${API}/:id`, ['GET'])

  describePayerRoute(app, {
    method: 'post',
    path: '/{id}/cancel',
    operationId: 'cancelPaymentPage',
    summary: 'Tell the merchant that the payer left; the session can still be paid',
    answer: successSchema,
  })
  app.post(`${API}/:id/cancel`, async c => {
    const seen = await find(c.req.param('id').toLowerCase())
    const isPage = c.req.header('accept')?.includes('text/html') === true
    if (seen === null) return isPage ? pages.notFound(c) : errorReply(missing(), c.get('requestId'), docsUrl(ctx))
    await cancelByPayer(ctx, seen.found)
    if (!isPage)
      return c.json({
        message: 'The merchant was told. The session can still be paid until it expires.',
        statusCode: 200,
      })
    const frame = pages.frame(c, `${PAGE}/${seen.found.id}`, seen.embedOrigins)
    const { body, refresh } = renderLeavingPage(frame, payerView(ctx, seen))
    return pages.answer(frame, body, refresh === null ? {} : { headers: { refresh } })
  })
  addMethodNotAllowed(app, ctx, `${API}/:id/cancel`, ['POST'])

  addSessionStreams(app, ctx, viewers, stopping)
  addTestWallet(app, ctx, pages)
}

function addTestWallet(app: App, ctx: Context, pages: PayerPages): void {
  const wallet = ctx.testWallet
  if (wallet === null) return
  app.post(`${PAGE}/:id/test-wallet`, async c => {
    const id = c.req.param('id').toLowerCase()
    const seen = isUuid(id) ? await getPayersSession(ctx, id) : null
    const addressId = (await readPageForm(c.req.raw)).get('addressId')
    const row = seen?.found.assets.find(each => each.id === addressId) ?? seen?.found.assets[0]
    const ways = seen === null ? [] : payerView(ctx, seen).addresses
    const way = ways.find(each => each.id === row?.id)
    if (!seen || row === undefined || way === undefined) return errorReply(missing(), c.get('requestId'), docsUrl(ctx))
    // What came in another coin counts too.
    const amountRaw = remainingUnits(ways, way)
    try {
      if (amountRaw > 0n) await wallet.pay({ asset: row.asset, to: seen.found.deposit.address, amountRaw })
    } catch (error) {
      return errorReply(toReplyError(ctx, error, c.get('requestId')), c.get('requestId'), docsUrl(ctx))
    }
    return c.redirect(hrefOf(pages.frame(c, `${PAGE}/${id}`, seen.embedOrigins)), 303)
  })
  addMethodNotAllowed(app, ctx, `${PAGE}/:id/test-wallet`, ['POST'])
}
