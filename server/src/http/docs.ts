import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import { createRequire } from 'node:module'
import { html, raw } from 'hono/html'
import type { Context } from '../context.ts'
import { ERROR_HELP } from '../domain/errorHelp.ts'
import { ERRORS, type ErrorCode } from '../domain/errors.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import { type App, addMethodNotAllowed } from './router.ts'
import { TAGS } from './tags.ts'

const swagger = createRequire(import.meta.url)
  .resolve('swagger-ui-dist/package.json')
  .replace(/package\.json$/, '')
const FILES = { 'swagger-ui-bundle.js': 'text/javascript', 'swagger-ui.css': 'text/css' } as const

const INIT = `window.ui = SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#ui', deepLinking: true })\n`

const STYLE = `
:root { color-scheme: light dark; --ground: #f5f6f8; --surface: #fff; --ink: #161a23; --muted: #5a6376; --line: #e4e7ed; --accent: #3448c5; --soft: #eef0fc }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1217; --surface: #181c23; --ink: #edf0f5; --muted: #a3adbe; --line: #2b313c; --accent: #93a4ff; --soft: #232a45 }
}
* { box-sizing: border-box }
html { text-size-adjust: 100%; -webkit-text-size-adjust: 100% }
body { margin: 0; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
main { max-inline-size: 52rem; margin-inline: auto }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2 }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.125rem }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere }
p { margin: 0 0 .75rem; max-inline-size: 42rem }
a { color: var(--accent); text-underline-offset: .15em }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em }
pre, article { border: 1px solid var(--line); border-radius: 12px; background: var(--surface) }
pre { margin: 0 0 .75rem; padding: .875rem 1rem; overflow-x: auto; line-height: 1.45 }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0; padding: 0; list-style: none }
nav a { display: inline-block; padding-block: .25rem }
article { margin: 0 0 .5rem; padding: .875rem 1rem; scroll-margin-block-start: 1rem }
article:target { border-color: var(--accent); background: var(--soft) }
article h3 a { color: inherit; text-decoration: none }
article h3 a:hover { text-decoration: underline }
article p { margin: .25rem 0 0 }
.type { color: var(--muted); font-size: .875rem }
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** The headers of a page of `mode`: `script` and `style` are sources, and nothing comes from elsewhere. */
function docsHeaders(mode: 'test' | 'live', script: string, style: string): Record<string, string> {
  const { 'Cache-Control': _, ...headers } = pageHeaders({ mode, scriptIntegrities: [], embedder: null })
  const policy = [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return { ...headers, 'Content-Security-Policy': policy.join('; ') }
}

/** The OpenAPI document, the reference that can be browsed, and the page of error codes. */
export function addDocs(app: App, ctx: Context): void {
  const { mode, publicUrl } = ctx.config
  const document = openApiDocument(app, publicUrl ?? '')
  // The reference draws itself with inline styles, so its policy must allow them.
  const referenceHeaders = docsHeaders(mode, "'self'", "'self' 'unsafe-inline'")
  const errorsHeaders = docsHeaders(mode, "'none'", `'sha256-${STYLE_HASH}'`)
  app.get('/api/v1/openapi.json', c => c.json(document))
  const reference = `${referencePage()}`
  app.get('/docs', () => new Response(reference, { headers: referenceHeaders }))
  app.get('/docs/init.js', () => new Response(INIT, { headers: { 'content-type': 'text/javascript; charset=utf-8' } }))
  for (const [name, type] of Object.entries(FILES)) {
    const body = readFileSync(swagger + name)
    app.get(
      `/docs/${name}`,
      () =>
        new Response(body, { headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'max-age=3600' } }),
    )
  }
  const errors = `${errorsPage()}`
  app.get('/docs/errors', () => new Response(errors, { headers: errorsHeaders }))
  for (const path of ['/api/v1/openapi.json', '/docs', '/docs/errors']) addMethodNotAllowed(app, ctx, path, ['GET'])
}

/** The API as OpenAPI 3.1, from the schemas that check requests. */
export function openApiDocument(app: App, url: string) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'A secret API key; or a restricted one, which needs the scope that an operation names.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'publishableKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'A publishable API key, which anybody may read in the source of a page.',
  })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Bitstream',
      version: '2023-01-11',
      description: 'Crypto payments that go straight to your own wallets.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: url === '' ? '/' : url }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  })
}

function referencePage() {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bitstream API reference</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>`
}

function errorsPage() {
  const byStatus = [...Map.groupBy(Object.keys(ERRORS) as ErrorCode[], code => ERRORS[code].status)].sort(
    ([left], [right]) => left - right,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bitstream error codes</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>Error codes</h1>
<p>Every error of the API has this form. <code>message</code> says what to do, <code>param</code> names the field, and
<code>docUrl</code> leads to the code on this page. A 400 lists everything wrong with the request in <code>errors</code>.
Decide by <code>code</code>: the words of a message may change.</p>
<pre tabindex="0"><code>${EXAMPLE}</code></pre>
<p>An answer with <code>Retry-After</code> may succeed later: send the same request again after that many seconds, with
the same <code>Idempotency-Key</code>. The <a href="/docs">API reference</a> lists all operations.</p>
<nav aria-label="Statuses"><ul>${byStatus.map(
    ([status]) => html`<li><a href="#status-${status}">${status} ${STATUS_CODES[status]}</a></li>`,
  )}</ul></nav>
${byStatus.map(
  ([status, codes]) => html`<section>
<h2 id="status-${status}">${status} ${STATUS_CODES[status]}</h2>
${codes.map(errorEntry)}
</section>`,
)}
</main>
</body>
</html>`
}

function errorEntry(code: ErrorCode) {
  return html`<article id="${code}">
<h3><a href="#${code}"><code>${code}</code></a></h3>
<p>${ERROR_HELP[code]}</p>
<p class="type"><code>${ERRORS[code].type}</code></p>
</article>
`
}

const EXAMPLE = `{
  "statusCode": 400,
  "error": "Bad Request",
  "message": "lineItems.data[0].quantity must be a whole number from 1 to 1000000.",
  "type": "invalid_request_error",
  "code": "quantity_invalid",
  "param": "lineItems.data[0].quantity",
  "requestId": "01938f2e-…",
  "docUrl": "https://pay.example.com/docs/errors#quantity_invalid",
  "errors": [ … ]
}`
