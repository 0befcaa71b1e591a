import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createApp } from '../../src/http/app.ts'
import { openApiDocument } from '../../src/http/docs.ts'
import type { App } from '../../src/http/router.ts'
import type { Document } from '../contract/document.ts'
import { type ApiCaller, openApiCaller } from '../harness/apiCaller.ts'
import { type MemberVisitor, openMember } from '../harness/memberVisitor.ts'
import { createTestContext, type TestContext } from '../harness/testContext.ts'
import { signInOf } from '../harness/visitor.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'

/** What is asked for before anybody is known, so that there is no token yet: the page it comes from is checked all the same. */
const BEFORE_SIGN_IN = [
  '/demo',
  '/forgot',
  '/invite',
  '/passkey',
  '/passkey/options',
  '/reset',
  '/setup',
  '/sign-in',
].map(path => `POST /api/account${path}`)

let t: TestContext
let app: App
let api: ApiCaller
let owner: MemberVisitor
/** Every change that the router knows and that a cookie could make. */
let changes: { method: string; path: string; title: string }[]

before(async () => {
  t = await createTestContext()
  app = createApp(t.ctx)
  api = await openApiCaller(t.ctx)
  owner = await openMember(t.ctx, api.caller.organizationId, 'owner')
  const { paths }: Document = JSON.parse(JSON.stringify(openApiDocument(app, '')))
  // What payers do takes neither a key nor a cookie.
  const isPayers = ({ method, path }: { method: string; path: string }) =>
    paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.security?.length === 0
  const routes = app.routes.filter(
    ({ method, path }) => /^\/api\/(v1|account)\//.test(path) && !['GET', 'HEAD', 'OPTIONS', 'ALL'].includes(method),
  )
  changes = routes
    .filter(route => !isPayers(route))
    .map(({ method, path }) => ({ method, path: path.replaceAll(/:\w+/g, ABSENT), title: `${method} ${path}` }))
})
after(() => t.close())

const ORIGIN = 'http://127.0.0.1:8080'

async function codeOf(method: string, path: string, headers: Record<string, string>): Promise<string> {
  const response = await app.request(ORIGIN + path, { method, headers, body: '{}' })
  return `${response.status} ${((await response.json()) as { code?: string }).code}`
}

test('C7.2, F182: no change is made by a request from elsewhere, whatever else it carries', async test => {
  const own = {
    cookie: owner.cookie,
    origin: ORIGIN,
    'x-csrf-token': signInOf(owner).csrfToken,
    'content-type': 'application/json',
  }
  const { origin, 'x-csrf-token': _token, ...tokenless } = own
  const foreign: Record<string, Record<string, string>> = {
    'another origin': { ...own, origin: 'https://evil.example' },
    'our host on another port': { ...own, origin: 'http://127.0.0.1:8081' },
    'no origin to name': { ...own, origin: 'null' },
    'another site': { ...own, 'sec-fetch-site': 'cross-site' },
    'another host of our site': { ...own, 'sec-fetch-site': 'same-site' },
    'JSON as a form can send it': { ...own, 'content-type': 'text/plain' },
    'a form': { ...own, 'content-type': 'application/x-www-form-urlencoded' },
    'neither origin nor site': { ...tokenless, 'x-csrf-token': own['x-csrf-token'] },
  }
  const withoutToken: Record<string, Record<string, string>> = {
    'no token': { ...tokenless, origin },
    'another token': { ...own, 'x-csrf-token': 'x'.repeat(43) },
    'a shorter token': { ...own, 'x-csrf-token': own['x-csrf-token'].slice(1) },
  }
  for (const { method, path, title } of changes) {
    const wrong = BEFORE_SIGN_IN.includes(title) ? foreign : { ...foreign, ...withoutToken }
    for (const [what, headers] of Object.entries(wrong)) {
      assert.equal(await codeOf(method, path, headers), '403 cross_site', `${title}: ${what}`)
    }
  }
  test.diagnostic(`${changes.length} changes`)
  assert.ok(changes.length > 80)
  for (const title of BEFORE_SIGN_IN) {
    const [method = '', path = ''] = title.split(' ')
    const answer = await codeOf(method, path, { origin, 'content-type': 'application/json' })
    assert.doesNotMatch(answer, /cross_site|route_unknown/, `${title} is asked for with a token: check it above`)
  }
})

test('C7.2: a key counts alone, whatever cookie is beside it', async () => {
  const reader = await openApiCaller(t.ctx, { of: api.caller, key: ['customers:read'] })
  const beside = (key: string) => ({
    authorization: `Bearer ${key}`,
    cookie: owner.cookie,
    'x-csrf-token': signInOf(owner).csrfToken,
    'content-type': 'application/json',
    origin: ORIGIN,
  })
  const path = '/api/v1/customers'
  assert.equal(await codeOf('POST', path, beside(reader.key)), '403 insufficient_permissions')
  assert.equal(await codeOf('POST', path, beside('nonsense')), '401 api_key_invalid')
  // A server that is called from anywhere has no origin of ours and no token.
  const { cookie, authorization } = beside(api.key)
  const answer = await app.request(ORIGIN + path, {
    method: 'POST',
    headers: { cookie, authorization, origin: 'https://shop.example', 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'a@shop.example' }),
  })
  assert.equal(answer.status, 200)
})
