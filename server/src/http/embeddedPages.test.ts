// Which pages a merchant's site may show in a frame, by their headers; and that nothing that a request says is where it is sent.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Merchant, type MerchantWorld, openMerchantWorld } from '../../test/harness/merchantWorld.ts'
import { addLink } from '../../test/harness/paymentLinkFixtures.ts'
import { createApp } from './app.ts'
import { loadAssets } from './pages/assets.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import type { App } from './router.ts'

const SHOP = 'https://shop.example'
const OTHER = 'http://localhost:5173'
const STRANGER = 'https://evil.example'

let world: MerchantWorld
let merchant: Merchant
let stranger: Merchant
let app: App
/** Where a session, a link and an invoice that is open are, each `/payment/…`. */
let session: string
let link: string
let invoice: string
before(async () => {
  world = await openMerchantWorld()
  merchant = await world.newMerchant('shop')
  stranger = await world.newMerchant('evil')
  app = createApp(world.ctx)
  await merchant.api.ok('PUT', '/organization', { embedOrigins: [SHOP, OTHER] })
  await stranger.api.ok('PUT', '/organization', { embedOrigins: [STRANGER] })
  const { api, ids } = merchant
  session = `/payment/checkout-session/${ids['/checkout/sessions/{}']}`
  link = `/payment/payment-link/${ids['/payment-links/{}']}`
  invoice = `/payment/invoice/${ids['/invoices/{}']}`
  await api.ok('POST', `/invoices/${ids['/invoices/{}']}/finalize`)
})
after(() => world.close())

const form = (body: string, headers = {}) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
})

/** The headers of an answer but those that are its own, by their names in lower case. */
async function headersOf(path: string, init?: RequestInit): Promise<Record<string, string>> {
  const response = await app.request(path, init)
  const { 'request-id': _, refresh, 'retry-after': _retry, ...headers } = Object.fromEntries(response.headers)
  return headers
}

function exactHeaders(embedder: string | null): Record<string, string> {
  const scripts = Object.values(loadAssets()).filter(({ path }) => path.endsWith('.js'))
  const headers = pageHeaders({ mode: 'test', scriptIntegrities: scripts.map(({ integrity }) => integrity), embedder })
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

test('C7.1 D7: every page of a payment has its exact headers, and is shown on the sites that its merchant listed alone', async () => {
  const open = await addLink(merchant.api, { amount: undefined, suggestedAmounts: ['100000000'] })
  const pages: [what: string, path: string, init?: RequestInit][] = [
    ['session', session],
    ['link', link],
    ['invoice', invoice],
    ['form that was not taken', `${session}/discount`, form('code=')],
    ['amount that was not taken', `/payment/payment-link/${open.id}`, form('amount=x')],
    ['leaving', `/api/v1/payment-pages/for-checkout-session/${session.split('/').pop()}/cancel`, form('')],
  ]
  for (const [what, path, init] of pages) {
    for (const [embed, embedder] of [
      ['', null],
      [`?embed=${SHOP}`, SHOP],
      [`?embed=${encodeURIComponent(OTHER)}&lang=de`, OTHER],
      [`?embed=${STRANGER}`, null],
      [`?embed=${SHOP}/`, null],
      [`?embed=${SHOP.toUpperCase()}`, null],
      [`?embed=${SHOP}%20${STRANGER}`, null],
      [`?embed=${SHOP};script-src%20*`, null],
      ['?embed=*', null],
      ["?embed='self'", null],
      ['?embed=null', null],
      [`?embed=${STRANGER}&embed=${SHOP}`, null],
      [`?Embed=${SHOP}`, null],
    ] as const) {
      assert.deepEqual(await headersOf(`${path}${embed}`, init), exactHeaders(embedder), `${what} ${embed}`)
    }
  }
  const absent = session.replace(/[^/]+$/, '018f2e7c-1a7e-7571-8d26-0b1f6c8f9b11')
  assert.deepEqual(await headersOf(`${absent}?embed=${SHOP}`), exactHeaders(null))
})

test('a page in a frame keeps to it: its forms, links and redirects name the site again, and ways out lead to the top', async () => {
  const asked = `?embed=${encodeURIComponent(SHOP)}`
  const leadsTo = async (path: string, query: string) =>
    (await app.request(`${path}${query}`, form(''))).headers.get('location') ?? ''
  for (const path of [link, `${invoice}/pay`, `${session}/confirm`]) {
    const kept = await leadsTo(path, asked)
    assert.match(kept, /^\/payment\/checkout-session\/[0-9a-f-]{36}\?/)
    assert.ok(kept.endsWith(asked), kept)
    assert.match(await leadsTo(path, `?embed=${STRANGER}`), /^\/payment\/checkout-session\/[0-9a-f-]{36}$/)
  }
  for (const path of [session, link, invoice]) {
    const text = await (await app.request(`${path}${asked}`)).text()
    assert.match(text, new RegExp(`data-embedder="${SHOP}"`))
    assert.match(text, /<script type="module"[^>]* src="\/assets\/checkout-/)
    const own = [
      ...text.matchAll(/(?:href|action)="(\/payment\/(?:checkout-session|payment-link|invoice)\/[^"]*)"([^>]*)/g),
    ]
    assert.ok(own.length > 0, path)
    for (const [whole, href = '', more = ''] of own) {
      const isAlone = more.includes('target="_blank"')
      assert.equal(href.includes('embed=https%3A%2F%2Fshop.example'), !isAlone, whole)
    }
  }

  const urls = { successUrl: `${SHOP}/thanks`, cancelUrl: `${SHOP}/cart` }
  const lineItems = {
    data: [{ quantity: 1, priceData: { currency: 'usdc', unitAmount: '100', productData: { name: 'A' } } }],
  }
  const { id } = await merchant.api.ok('POST', '/checkout/sessions', { ...urls, lineItems })
  for (const [query, refresh, target] of [
    [asked, false, true],
    ['', true, false],
  ] as const) {
    const left = await app.request(`/api/v1/payment-pages/for-checkout-session/${id}/cancel${query}`, form(''))
    assert.equal(left.headers.has('refresh'), refresh, 'a frame does not leave by itself')
    assert.match(
      await left.text(),
      target ? /href="https:\/\/shop\.example[^>]*target="_top"/ : /shop\.example[^>]*"noreferrer">/,
    )
  }
})

const KEYS =
  'redirect redirect_uri redirectUrl url uri next return returnTo returnUrl return_url success successUrl cancelUrl continue goto target dest callback embed asset lang edit cx_session_id'.split(
    ' ',
  )

test('C6.2: F169: no route sends a browser to what a request says', async t => {
  const query = `?${KEYS.map(key => `${key}=${encodeURIComponent(`${STRANGER}/x`)}`).join('&')}`
  const headers = {
    authorization: `Bearer ${merchant.api.key}`,
    host: 'evil.example',
    origin: STRANGER,
    referer: `${STRANGER}/x`,
    'x-forwarded-host': 'evil.example',
    'x-original-url': `${STRANGER}/x`,
  }
  const order = ['GET', 'POST', 'PUT', 'DELETE']
  const routes = [...new Set(app.routes.filter(({ path }) => !path.includes('*')).map(r => `${r.method} ${r.path}`))]
    .map(route => route.split(' ') as [string, string])
    .filter(([method]) => order.includes(method))
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  let redirects = 0
  for (const [method, path] of routes) {
    for (const body of method === 'GET' ? [undefined] : [query.slice(1), '']) {
      const type = path.startsWith('/api/') ? 'application/json' : 'application/x-www-form-urlencoded'
      const response = await app.request(`${filled(path)}${query}`, {
        method,
        headers: { ...headers, accept: 'text/html', ...(body !== undefined && { 'content-type': type }) },
        ...(body !== undefined && { body }),
      })
      await response.body?.cancel()
      if (response.headers.has('location')) redirects++
      for (const name of ['location', 'refresh', 'link', 'content-location']) {
        assert.doesNotMatch(response.headers.get(name) ?? '', /evil/, `${method} ${path} ${name}`)
      }
    }
  }
  t.diagnostic(`${routes.length} routes, ${redirects} redirects`)
  assert.ok(routes.length > 150 && redirects >= 5, 'the routes were found, and some of them redirect')
})

/** The route's path with ids of the merchant's where it has any. */
function filled(path: string): string {
  if (path.startsWith('/payment/checkout-session/')) return path.replace('/payment/checkout-session/:id', session)
  if (path.startsWith('/payment/payment-link/')) return path.replace('/payment/payment-link/:id', link)
  if (path.startsWith('/payment/invoice/')) return path.replace('/payment/invoice/:id', invoice)
  const known =
    merchant.ids[
      path
        .replace(/^\/api\/v1/, '')
        .replace(/:\w+/, '{}')
        .replace(/\/[a-z-]+$/, '')
    ]
  return path
    .replace(/:color\{.*$/, '1f6feb.css')
    .replace(/:\w+(\{[^}]*\})?/, known ?? session.split('/').pop() ?? '')
    .replaceAll(/:\w+(\{[^}]*\})?/g, '018f2e7c-1a7e-7571-8d26-0b1f6c8f9b11')
}
