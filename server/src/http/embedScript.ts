import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Context } from '../context.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const PATH = '/checkout.js'
const FILE = new URL('../../../web/checkout/embed.js', import.meta.url)

/**
 * Serves the script that merchants' sites open the payer's page with, byte for byte as it stands in the repository. Its address stays,
 * so it is asked for anew each time, and answered with 304 where the site has it; any site may load it.
 */
export function addEmbedScript(app: App, ctx: Context): void {
  const body = readFileSync(FILE, 'utf8')
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`
  const headers = {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'no-cache',
    ETag: etag,
    'X-Content-Type-Options': 'nosniff',
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  }
  app.get(PATH, c => {
    const known = c.req.header('if-none-match')?.split(',') ?? []
    const isKnown = known.some(tag => tag.trim().replace(/^W\//, '') === etag)
    return isKnown ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
  })
  addMethodNotAllowed(app, ctx, PATH, ['GET'])
}
