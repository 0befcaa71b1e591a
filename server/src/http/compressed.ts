import { gzipSync } from 'node:zlib'
import type { Context as HonoContext } from 'hono'
import type { App } from './router.ts'

/** Answers with a file that never changes while the process runs: compressed, once and as far as it goes, for browsers that take that. */
export function serveFile(body: string, headers: Readonly<Record<string, string>>): (c: HonoContext) => Response {
  const small = gzipSync(body, { level: 9 })
  return c => {
    const answer = takesGzip(c) ? { body: small, encoding: { 'Content-Encoding': 'gzip' } } : { body, encoding: {} }
    return new Response(answer.body, { headers: { ...headers, Vary: 'Accept-Encoding', ...answer.encoding } })
  }
}

/**
 * Compresses the pages below `path`, and the style sheets there, for browsers that take that. How long a compressed page is tells nothing (BREACH): its only secret
 * is the id in its address, and whoever could make a browser ask for it knows that already.
 */
export function compressPages(app: App, path: string): void {
  app.use(path, async (c, next) => {
    await next()
    const { status, headers } = c.res
    const isText = /^text\/(html|css)\b/.test(headers.get('content-type') ?? '')
    if (!isText || c.req.method === 'HEAD' || !takesGzip(c)) return
    // A tenth of a millisecond; further would take twice as long for two percent.
    const small = gzipSync(await c.res.arrayBuffer(), { level: 4 })
    c.res = new Response(small, { status, headers })
    c.res.headers.set('content-encoding', 'gzip')
  })
}

/** As `Accept-Encoding` of RFC 9110 says, unless it does so by a wildcard. */
function takesGzip(c: HonoContext): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(c.req.header('accept-encoding') ?? '')
}
