import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { ERROR_HELP } from '../domain/errorHelp.ts'
import { ERRORS } from '../domain/errors.ts'
import { createApp } from './app.ts'

let world: TestContext
let get: (path: string) => Promise<Response>

before(async () => {
  world = await createTestContext()
  const app = createApp(world.ctx)
  get = async path => await app.request(path)
})
after(() => world.close())

test('the page of error codes has a place for each code, with its help', async () => {
  const page = await (await get('/docs/errors')).text()
  const escaped = (text: string) => text.replaceAll('"', '&quot;').replaceAll("'", '&#39;')
  for (const [code, help] of Object.entries(ERROR_HELP)) {
    assert.ok(page.includes(`<article id="${code}">`), code)
    assert.ok(page.includes(`<p>${escaped(help)}</p>`), code)
  }
  assert.equal(page.match(/<article /g)?.length, Object.keys(ERRORS).length)
})

test('the docUrl of an error leads to its place on that page', async () => {
  const reply = await get('/api/v1/nowhere')
  assert.equal(reply.status, 404)
  const { docUrl, code } = (await reply.json()) as { docUrl: string; code: string }
  assert.equal(docUrl, `${world.ctx.config.publicUrl}/docs/errors#${code}`)
  const { pathname, hash } = new URL(docUrl)
  assert.ok((await (await get(pathname)).text()).includes(`id="${hash.slice(1)}"`))
})

test('its policy allows its own style, and no script or file at all', async () => {
  const reply = await get('/docs/errors')
  const page = await reply.text()
  const [style = '', ...more] = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(found => found[1])
  assert.deepEqual(more, [])
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = reply.headers.get('content-security-policy') ?? ''
  assert.ok(policy.includes(`style-src 'sha256-${hash}';`), policy)
  assert.ok(policy.startsWith("default-src 'none'; script-src 'none';"), policy)
  assert.deepEqual(page.match(/<(script|link|img|iframe)|style=| on\w+=|url\(|(href|src)="(?!#|\/docs")/g), null)
})

test('the reference loads its files from the server alone', async () => {
  const page = await (await get('/docs')).text()
  const files = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(found => found[1] ?? '')
  assert.equal(files.length, 3)
  for (const file of files) {
    assert.match(file, /^\/docs\//)
    assert.equal((await get(file)).status, 200, file)
  }
})

test('OpenAPI 3.1 names this server, and every operation has an id of its own', async () => {
  const document = (await (await get('/api/v1/openapi.json')).json()) as {
    openapi: string
    servers: { url: string }[]
    paths: Record<string, Record<string, { operationId: string }>>
  }
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(document.servers, [{ url: world.ctx.config.publicUrl }])
  const ids = Object.values(document.paths).flatMap(path => Object.values(path).map(each => each.operationId))
  assert.ok(ids.includes('createCheckoutSession'))
  assert.equal(new Set(ids).size, ids.length)
})
