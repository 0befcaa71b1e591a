import { z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { cancelByPayer } from '../actions/cancelByPayer.ts'
import { getPayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { isUuid } from '../domain/uuid.ts'
import { allowPages } from './allowPages.ts'
import { describePayerRoute, PAYERS_API } from './describePayerRoute.ts'
import { errorReply, toReplyError } from './errorReply.ts'
import { successSchema } from './objects.ts'
import { hrefOf } from './pages/layout.ts'
import { renderLeavingPage } from './pages/leavingPage.ts'
import { renderPaymentPage } from './pages/paymentPage.ts'
import { remainingUnits } from './pages/paymentState.ts'
import { createPayerLimits } from './payerLimits.ts'
import { createPayerPages, type PayerPages } from './payerPages.ts'
import { addPayerRoutes } from './payerRoutes.ts'
import { payerView } from './payerView.ts'
import { type App, addMethodNotAllowed, docsUrl, missing } from './router.ts'
import { paymentPageSchema } from './sessionObjects.ts'

const PAGE = '/payment/checkout-session'
const API = PAYERS_API
const STREAMS_MAX = 2_000
const HEARTBEAT_MS = 20_000

/** The payer's page and the routes it talks to: public, known by the session's id alone. */
export function addPaymentPages(app: App, ctx: Context): void {
  const pages = createPayerPages(ctx)
  const find = async (id: string) => (isUuid(id) ? await getPayersSession(ctx, id) : null)

  allowPages(app, `${API}/:id/*`)
  const limits = createPayerLimits(ctx)
  for (const path of [`${PAGE}/:id/*`, `${API}/:id/*`]) {
    app.use(path, async (c, next) => {
      limits.request(c, (c.req.param('id') ?? '').toLowerCase())
      await next()
    })
  }
  addPayerRoutes(app, ctx, limits)

  app.get(`${PAGE}/:id`, async c => {
    const seen = await find(c.req.param('id').toLowerCase())
    if (seen === null) return pages.notFound(c)
    const { id } = seen.found
    const frame = pages.frame(c, `${PAGE}/${id}`, seen.embedOrigins)
    const body = renderPaymentPage(frame, payerView(ctx, seen), {
      ...pages.assets,
      selectedAddressId: c.req.query('asset') ?? null,
      apiPath: `${API}/${id}`,
      testWalletPath: ctx.testWallet === null ? null : hrefOf({ ...frame, path: `${PAGE}/${id}/test-wallet` }),
    })
    return pages.answer(frame, body)
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
    const seen = await find(c.req.param('id').toLowerCase())
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

  addEvents(app, ctx)
  addTestWallet(app, ctx, pages)
}

/** A stream of the session's states: the one now, then one after each change; the reader asks again for the rest. */
function addEvents(app: App, ctx: Context): void {
  let streams = 0
  describePayerRoute(app, {
    method: 'get',
    path: '/{id}/events',
    operationId: 'watchPaymentPage',
    summary: "A stream of a session's changes of status, as server-sent events",
    answer: z.string(),
    type: 'text/event-stream',
  })
  app.get(`${API}/:id/events`, async c => {
    const id = c.req.param('id').toLowerCase()
    const seen = isUuid(id) ? await getPayersSession(ctx, id) : null
    if (seen === null) return errorReply(missing(), c.get('requestId'), docsUrl(ctx))
    // The framework answers HEAD with what GET would: a stream that nobody reads is never ended.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    // The page polls where it gets no stream.
    if (streams >= STREAMS_MAX) return c.body(null, 503, { 'retry-after': '5' })
    c.header('cache-control', 'no-store')
    return streamSSE(c, async stream => {
      streams++
      let wake: () => void = () => undefined
      let changed = true
      const stop = ctx.live.subscribe(id, () => {
        changed = true
        wake()
      })
      stream.onAbort(() => wake())
      try {
        while (!stream.aborted) {
          if (changed) {
            changed = false
            const now = await getPayersSession(ctx, id)
            if (now === null) return
            await stream.writeSSE({ data: JSON.stringify(stateOf(now.found)) })
          } else {
            await stream.writeSSE({ event: 'ping', data: '' })
          }
          if (!changed && !stream.aborted) {
            await new Promise<void>(resolve => {
              const timer = setTimeout(resolve, HEARTBEAT_MS)
              wake = () => {
                clearTimeout(timer)
                resolve()
              }
            })
          }
        }
      } catch (error) {
        // Logged there; the framework would print it, and the page asks again by itself.
        toReplyError(ctx, error, c.get('requestId'))
      } finally {
        stop()
        streams--
      }
    })
  })
  addMethodNotAllowed(app, ctx, `${API}/:id/events`, ['GET'])
}

function stateOf(session: NonNullable<Awaited<ReturnType<typeof getPayersSession>>>['found']) {
  return {
    status: session.status,
    paymentStatus: session.status === 'complete' ? 'paid' : 'unpaid',
    intentStatus: session.intent.status,
    updatedAt: session.updatedAt,
  }
}

function addTestWallet(app: App, ctx: Context, pages: PayerPages): void {
  const wallet = ctx.testWallet
  if (wallet === null) return
  app.post(`${PAGE}/:id/test-wallet`, async c => {
    const id = c.req.param('id').toLowerCase()
    const seen = isUuid(id) ? await getPayersSession(ctx, id) : null
    const addressId = new URLSearchParams(await c.req.text()).get('addressId')
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
