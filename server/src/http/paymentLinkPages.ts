import type { Context as HonoContext } from 'hono'
import { getPayersLink } from '../actions/getPaymentLink.ts'
import { payPaymentLink } from '../actions/payPaymentLink.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { filePath } from '../domain/file.ts'
import { isUuid } from '../domain/uuid.ts'
import { readPageForm } from './body.ts'
import { amountProblem, chosenAmount } from './chosenAmount.ts'
import { hrefOf } from './pages/layout.ts'
import { type LinkProblem, renderPaymentLinkPage } from './pages/paymentLinkPage.ts'
import { createPayerLimits, networkOf } from './payerLimits.ts'
import { createPayerPages } from './payerPages.ts'
import { createBuckets } from './rateLimit.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const PATH = '/payment/payment-link'

/** The page of a payment link: public, known by its id alone. To look makes nothing; the form makes a session and leads there. */
export function addPaymentLinkPages(app: App, ctx: Context): void {
  const pages = createPayerPages(ctx)
  const limits = createPayerLimits(ctx)
  // Each payment makes a session that is watched for weeks.
  const sessions = createBuckets({ perS: 1 / 2, burst: 20, message: 'That were many payments' })

  const show = async (
    c: HonoContext,
    id: string,
    problem: LinkProblem | null = null,
    error: AppError | null = null,
  ) => {
    const found = isUuid(id) ? await getPayersLink(ctx, id) : null
    if (found === null) return pages.notFound(c)
    const { link, brand, embedOrigins, isPaid } = found
    const imagePath = link.imageFileId === null ? null : filePath(link.imageFileId)
    const frame = pages.frame(c, `${PATH}/${id}`, embedOrigins)
    const body = renderPaymentLinkPage(frame, link, {
      ...{ ...pages.assets, brand, isPaid, imagePath, problem },
      payPath: hrefOf(frame),
    })
    const retry = error?.retryAfterS == null ? {} : { 'retry-after': `${error.retryAfterS}` }
    const status =
      problem === null ? 200 : problem.kind !== 'trouble' ? 400 : error?.code === 'rate_limited' ? 429 : 503
    return pages.answer(frame, body, { status, headers: retry })
  }

  const embedOriginsOf = async (c: HonoContext, id: string) =>
    c.req.query('embed') === undefined ? [] : ((await getPayersLink(ctx, id))?.embedOrigins ?? [])

  app.use(`${PATH}/:id`, async (c, next) => {
    // Everybody may know a link: one limit for all who do would let one of them keep out the others.
    limits.look(c)
    await next()
  })
  app.get(`${PATH}/:id`, c => show(c, c.req.param('id').toLowerCase()))

  app.post(`${PATH}/:id`, async c => {
    const id = c.req.param('id').toLowerCase()
    // A form on another site would make sessions that nobody asked for: its visitor sees the page first.
    if (c.req.header('sec-fetch-site') === 'cross-site') return c.redirect(hrefOf(pages.frame(c, `${PATH}/${id}`)), 303)
    const form = await readPageForm(c.req.raw)
    const typed = form.get('amount') ?? ''
    const chosen = chosenAmount(form)
    if (chosen === 'wrong') return await show(c, id, { kind: 'amount', typed })
    try {
      sessions.take(networkOf(c, ctx.config.trustedProxies), ctx.clock.now().getTime())
      const sessionId = isUuid(id) ? await payPaymentLink(ctx, id, chosen) : null
      return sessionId === null
        ? await show(c, id)
        : c.redirect(hrefOf(pages.frame(c, `/payment/checkout-session/${sessionId}`, await embedOriginsOf(c, id))), 303)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const kind = amountProblem(error) ?? 'trouble'
      if (kind === 'trouble') ctx.log.warn({ err: error, paymentLinkId: id }, 'A payer could not begin to pay a link')
      return await show(c, id, { kind, typed }, error)
    }
  })
  addMethodNotAllowed(app, ctx, `${PATH}/:id`, ['GET', 'POST'])
}
