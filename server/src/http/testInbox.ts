import { findInboxMail, listInbox } from '../actions/readInbox.ts'
import type { Context } from '../context.ts'
import { isUuid } from '../domain/uuid.ts'
import { ASSET_HEADERS, loadAssets } from './pages/assets.ts'
import { renderInbox, renderInboxMail, renderInboxMailNotFound } from './pages/inboxPage.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const PATH = '/test/inbox'
const SHOWN_MAX = 200

/** A file of a message is saved, never shown: it is what somebody wrote. */
const FILE_HEADERS = {
  'Content-Type': 'application/octet-stream',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
}

/** The inbox of the test world, where all e-mail ends; there is none where real money moves, or a server sends e-mail. */
export function addTestInbox(app: App, ctx: Context): void {
  if (ctx.testWallet === null) return
  const { script, style, inboxStyle } = loadAssets()
  const headers = inboxHeaders(
    pageHeaders({ mode: ctx.config.mode, scriptIntegrities: [script.integrity], embedder: null }),
  )
  const options = { styleUrl: style.path, inboxStyleUrl: inboxStyle.path, path: PATH }
  const find = async (id: string) => (isUuid(id) ? await findInboxMail(ctx, id) : null)
  const notFound = () => new Response(renderInboxMailNotFound(options), { status: 404, headers })

  app.get(inboxStyle.path, () => {
    return new Response(inboxStyle.body, { headers: { ...ASSET_HEADERS, 'Content-Type': inboxStyle.contentType } })
  })
  app.get(PATH, async () => new Response(renderInbox(await listInbox(ctx, SHOWN_MAX), options), { headers }))
  addMethodNotAllowed(app, ctx, PATH, ['GET'])

  app.get(`${PATH}/:id`, async c => {
    const mail = await find(c.req.param('id').toLowerCase())
    return mail === null ? notFound() : new Response(renderInboxMail(mail, options), { headers })
  })
  addMethodNotAllowed(app, ctx, `${PATH}/:id`, ['GET'])

  app.get(`${PATH}/:id/files/:index{\\d{1,3}}`, async c => {
    const mail = await find(c.req.param('id').toLowerCase())
    const file = mail?.attachments[Number(c.req.param('index'))]
    if (file === undefined) return notFound()
    const name = `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`
    return new Response(Buffer.from(file.content, 'base64'), {
      headers: { ...FILE_HEADERS, 'Content-Disposition': name },
    })
  })
}

/** A message styles itself, and its frame is held to the rules of the page around it: no script, and pictures of ours alone. */
function inboxHeaders(headers: Record<string, string>): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "form-action 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ]
  return { ...headers, 'Content-Security-Policy': policy.join('; ') }
}
