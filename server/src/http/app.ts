import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { parseApiKey } from '../domain/apiKey.ts'
import { AppError } from '../domain/errors.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { accountRoutes } from './account.ts'
import { accountAuditRoutes } from './accountAudit.ts'
import { changeRoutes } from './accountChanges.ts'
import { accountEntryRoutes } from './accountEntry.ts'
import { accountFactorRoutes } from './accountFactors.ts'
import { accountInvoiceRoutes } from './accountInvoices.ts'
import { accountLinkRoutes } from './accountLinks.ts'
import { accountMoneyRoutes } from './accountMoney.ts'
import { accountOwnerRoutes } from './accountOwners.ts'
import { accountPasskeyRoutes } from './accountPasskeys.ts'
import { qrCodeRoutes } from './accountQrCode.ts'
import { receivedRoutes } from './accountReceived.ts'
import { apiRequestRoutes } from './accountRequests.ts'
import { addAccountRoutes } from './accountRouter.ts'
import { accountSignInRoutes } from './accountSignIns.ts'
import { summaryRoutes } from './accountSummary.ts'
import { timelineRoutes } from './accountTimeline.ts'
import { accountWalletRoutes } from './accountWallets.ts'
import { apiKeyRoutes } from './apiKeys.ts'
import { balanceRoutes } from './balances.ts'
import { chainRoutes } from './chains.ts'
import { checkoutSessionRoutes } from './checkoutSessions.ts'
import { compressPages } from './compressed.ts'
import { constantRoutes } from './constants.ts'
import { couponRoutes } from './coupons.ts'
import { customerRoutes } from './customers.ts'
import { addDashboard } from './dashboard.ts'
import { deliveryRoutes } from './deliveries.ts'
import { addDocs } from './docs.ts'
import { addEmbedScript } from './embedScript.ts'
import { errorReply, toReplyError } from './errorReply.ts'
import { eventRoutes } from './events.ts'
import { exportRoutes } from './exportSessions.ts'
import { addFiles, fileRoutes } from './files.ts'
import { inviteRoutes } from './invites.ts'
import { addInvoicePages } from './invoicePages.ts'
import { invoiceRoutes } from './invoices.ts'
import { errorSchema } from './objects.ts'
import { organizationRoutes } from './organization.ts'
import { partnerRoutes } from './partners.ts'
import { addPageAssets } from './payerPages.ts'
import { paymentIntentRoutes } from './paymentIntents.ts'
import { addPaymentLinkPages } from './paymentLinkPages.ts'
import { paymentLinkRoutes } from './paymentLinks.ts'
import { addPaymentPages } from './paymentPages.ts'
import { priceRoutes } from './prices.ts'
import { productRoutes } from './products.ts'
import { quoteRoutes } from './quotes.ts'
import { receiptRoutes } from './receipts.ts'
import { recoverRoutes } from './recover.ts'
import { refundRoutes } from './refunds.ts'
import type { RequestLog } from './requestLog.ts'
import { type App, addRoutes, docsUrl } from './router.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { sweepRoutes } from './sweeps.ts'
import { taxRateRoutes } from './taxRates.ts'
import { addTestExplorer } from './testExplorer.ts'
import { addTestInbox } from './testInbox.ts'
import { testRoutes } from './testRoutes.ts'
import { transactionRoutes } from './transactions.ts'
import { unmatchedPaymentRoutes } from './unmatchedPayments.ts'
import { userRoutes } from './users.ts'
import { webhookEndpointRoutes } from './webhookEndpoints.ts'
import { withdrawalAddressRoutes } from './withdrawalAddresses.ts'

const KEY_NAMES = new Set(['api_key', 'apikey', 'key', 'secret_key', 'secretkey', 'access_token', 'token'])

/**
 * The whole HTTP surface: the API, the payer's page, the dashboard and the documentation. Opens no port. Streams end when the process
 * is `stopping`; what is asked of the API is noted in `log`, where there is one.
 */
export function createApp(
  ctx: Context,
  stopping: AbortSignal = new AbortController().signal,
  log: RequestLog | null = null,
): App {
  const app: App = new OpenAPIHono()
  app.use(async (c, next) => {
    const requestId = uuidv7(ctx.clock.now(), ctx.random(10))
    c.set('requestId', requestId)
    const url = new URL(c.req.url)
    if (hasKey(url)) {
      const error = new AppError(
        'key_in_url',
        'Send the API key in the Authorization header only, and replace this one: URLs end up in logs.',
      )
      return errorReply(error, requestId, docsUrl(ctx))
    }
    await next()
    // Unlike `c.header`, this leaves the answer as it is: a new one would be read through a stream.
    c.res.headers.set('request-id', requestId)
    c.res.headers.set('x-content-type-options', 'nosniff')
  })
  addRoutes(
    app,
    ctx,
    [
      ...exportRoutes(ctx),
      ...checkoutSessionRoutes(ctx),
      ...recoverRoutes(ctx),
      ...unmatchedPaymentRoutes(ctx),
      ...refundRoutes(ctx),
      ...balanceRoutes(ctx),
      ...sweepRoutes(ctx),
      ...webhookEndpointRoutes(ctx),
      ...paymentIntentRoutes(ctx),
      ...transactionRoutes(ctx),
      ...subscriptionRoutes(),
      ...deliveryRoutes(ctx),
      ...eventRoutes(ctx),
      ...productRoutes(ctx),
      ...paymentLinkRoutes(ctx),
      ...priceRoutes(ctx),
      ...customerRoutes(ctx),
      ...couponRoutes(ctx),
      ...taxRateRoutes(ctx),
      ...invoiceRoutes(ctx),
      ...receiptRoutes(ctx),
      ...chainRoutes(ctx),
      ...quoteRoutes(ctx),
      ...constantRoutes(ctx),
      ...fileRoutes(ctx),
      ...organizationRoutes(ctx),
      ...withdrawalAddressRoutes(ctx),
      ...userRoutes(ctx),
      ...inviteRoutes(ctx),
      ...apiKeyRoutes(ctx),
      ...partnerRoutes(ctx),
      ...testRoutes(ctx),
    ],
    { errorSchema, log },
  )
  addAccountRoutes(app, ctx, [
    ...changeRoutes(ctx, stopping),
    ...timelineRoutes(ctx),
    ...receivedRoutes(ctx),
    ...qrCodeRoutes(ctx),
    ...summaryRoutes(ctx),
    ...accountInvoiceRoutes(ctx),
    ...apiRequestRoutes(ctx),
    ...accountRoutes(ctx),
    ...accountAuditRoutes(ctx),
    ...accountEntryRoutes(ctx),
    ...accountLinkRoutes(ctx),
    ...accountFactorRoutes(ctx),
    ...accountOwnerRoutes(ctx),
    ...accountPasskeyRoutes(ctx),
    ...accountSignInRoutes(ctx),
    ...accountWalletRoutes(ctx),
    ...accountMoneyRoutes(ctx),
  ])
  compressPages(app, '/payment/*')
  addPageAssets(app)
  addEmbedScript(app, ctx)
  addPaymentPages(app, ctx, stopping)
  addPaymentLinkPages(app, ctx)
  addInvoicePages(app, ctx)
  addFiles(app, ctx)
  addTestExplorer(app, ctx)
  addTestInbox(app, ctx)
  addDocs(app, ctx)
  addDashboard(app, ctx)
  app.notFound(c =>
    errorReply(
      new AppError('route_unknown', `There is no ${new URL(c.req.url).pathname.slice(0, 200)}: see /docs.`),
      c.get('requestId'),
      docsUrl(ctx),
    ),
  )
  app.onError((error, c) => errorReply(toReplyError(ctx, error, c.get('requestId')), c.get('requestId'), docsUrl(ctx)))
  return app
}

function hasKey(url: URL): boolean {
  if (/(sk|rk)_(test|live)_/.test(url.pathname)) return true
  for (const [name, value] of url.searchParams) {
    // Links that people get by e-mail carry a token, to the dashboard and never to the API.
    const isLink = name === 'token' && !url.pathname.startsWith('/api/v1/')
    if ((KEY_NAMES.has(name.toLowerCase()) && !isLink) || parseApiKey(value) !== null) return true
  }
  return false
}
