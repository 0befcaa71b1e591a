import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { html } from 'hono/html'
import type { Context } from '../context.ts'
import { ERRORS } from '../domain/errors.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const swagger = createRequire(import.meta.url)
  .resolve('swagger-ui-dist/package.json')
  .replace(/package\.json$/, '')
const FILES = { 'swagger-ui-bundle.js': 'text/javascript', 'swagger-ui.css': 'text/css' } as const

const INIT = `window.ui = SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#ui', deepLinking: true })\n`

/** The reference draws itself with inline styles, so its policy is its own; no script but ours, and nothing from elsewhere. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}

/** The OpenAPI document, the reference that can be browsed, and the page of error codes. */
export function addDocs(app: App, ctx: Context): void {
  const document = openApiDocument(app, ctx.config.publicUrl ?? '')
  app.get('/api/v1/openapi.json', c => c.json(document))
  app.get('/docs', () => new Response(`${referencePage()}`, { headers: HEADERS }))
  app.get('/docs/init.js', () => new Response(INIT, { headers: { 'content-type': 'text/javascript; charset=utf-8' } }))
  for (const [name, type] of Object.entries(FILES)) {
    const body = readFileSync(swagger + name)
    app.get(
      `/docs/${name}`,
      () =>
        new Response(body, { headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'max-age=3600' } }),
    )
  }
  app.get('/docs/errors', () => new Response(`${errorsPage()}`, { headers: HEADERS }))
  for (const path of ['/api/v1/openapi.json', '/docs', '/docs/errors']) addMethodNotAllowed(app, ctx, path, ['GET'])
}

/** The API as OpenAPI 3.1, from the schemas that check requests. */
export function openApiDocument(app: App, url: string) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'A secret or restricted API key.',
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
  const rows = Object.entries(ERRORS).map(
    ([code, { status, type }]) =>
      html`<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td><code>${type}</code></td></tr>`,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bitstream error codes</title>
</head>
<body>
<main>
<h1>Error codes</h1>
<p>Every error says in its <code>message</code> what to do, and in <code>param</code> which field it is about.</p>
<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Type</th></tr></thead>
<tbody>${rows}</tbody>
</table>
</main>
</body>
</html>`
}
