// What a payer's page may run and load: the scripts of the repository, byte for byte, and nothing else, whatever gets into the markup,
// into a file, or into the browser beside it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { TestWallet } from '../../src/context.ts'
import { DASHBOARD_PATHS } from '../../src/http/dashboard.ts'
import { readQrCode } from '../e2e/qrCode.ts'
import { launchBrowser } from '../harness/browser.ts'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { openPayerSite, type PayerSite } from './payerSite.ts'

const WEB = new URL('../../../web/checkout/', import.meta.url)
const SESSION = '/payment/checkout-session'
const NOBODY = '00000000-0000-7000-8000-000000000000'
const EVIL = `0x${'e'.repeat(40)}`
/** Knows of no transaction: the explorer has its page for that. */
const testWallet = { transaction: () => Promise.resolve(null) } as Partial<TestWallet> as TestWallet

const [browser, site, live] = await Promise.all([
  launchBrowser(),
  openPayerSite({ testWallet }),
  openPayerSite({ testWallet, mode: 'live' }),
])
after(() => Promise.all([browser.close(), site.stop(), live.stop()]))

/** The scripts that pages for payers run, as they stand in the repository. */
const PAGE_SCRIPTS = ['checkout.js', 'wallet.js']
const integrities = PAGE_SCRIPTS.map(integrityOf)

function integrityOf(file: string): string {
  return `sha256-${createHash('sha256')
    .update(readFileSync(new URL(file, WEB)))
    .digest('base64')}`
}

const PAGE_POLICY = `default-src 'none'; script-src 'self' ${integrities.map(each => `'${each}'`).join(' ')}; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`

/** The headers of all pages but for policy, caching, and what live mode adds. */
const EVERY_PAGE = {
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), clipboard-write=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
const LIVE = { 'strict-transport-security': 'max-age=31536000' }

const CLASSES: Record<string, Record<string, string>> = {
  payer: { ...EVERY_PAGE, 'cache-control': 'no-store', 'content-security-policy': PAGE_POLICY },
  dashboard: {
    ...EVERY_PAGE,
    'cache-control': 'no-store',
    'content-security-policy': PAGE_POLICY.replace(/ 'sha256-[^']+'/g, ''),
    vary: 'Accept-Encoding',
  },
  inbox: {
    ...EVERY_PAGE,
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'self'; frame-ancestors 'none'",
  },
  reference: {
    ...EVERY_PAGE,
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  },
  errorCodes: {
    ...EVERY_PAGE,
    'content-security-policy':
      "default-src 'none'; script-src 'none'; style-src 'sha256-…'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  },
}

/** The class of the pages that a route answers with; null where it has none, as those of the API that are not listed. */
const ROUTES: Record<string, keyof typeof CLASSES | null> = {
  'GET /': 'dashboard',
  ...Object.fromEntries(DASHBOARD_PATHS.map(path => [`GET /${path}`, 'dashboard'])),
  'GET /assets/*': null,
  'GET /assets/checkout-*.css': null,
  'GET /assets/checkout-*.js': null,
  'GET /assets/inbox-*.css': null,
  'GET /assets/wallet-*.js': null,
  'GET /checkout.js': null,
  'GET /docs': 'reference',
  'GET /docs/errors': 'errorCodes',
  'GET /docs/init.js': null,
  'GET /docs/swagger-ui-bundle.js': null,
  'GET /docs/swagger-ui.css': null,
  'GET /files/:id': null,
  'GET /payment/checkout-session/:id': 'payer',
  'GET /payment/checkout-session/:id/amount': 'payer',
  'GET /payment/checkout-session/:id/confirm': 'payer',
  'GET /payment/checkout-session/:id/details': 'payer',
  'GET /payment/checkout-session/:id/discount': 'payer',
  'GET /payment/invoice/:id': 'payer',
  'GET /payment/invoice/:id/pdf': 'payer',
  'GET /payment/payment-link/:id': 'payer',
  'GET /payment/receipt/:id/pdf': 'payer',
  'GET /payment/theme/:color': null,
  'GET /test/inbox': 'inbox',
  'GET /test/inbox/:id': 'inbox',
  'GET /test/inbox/:id/files/:index': 'inbox',
  'GET /test/transactions/:hash': 'payer',
  'POST /api/v1/payment-pages/for-checkout-session/:id/cancel': 'payer',
  'POST /payment/checkout-session/:id/amount': 'payer',
  'POST /payment/checkout-session/:id/confirm': 'payer',
  'POST /payment/checkout-session/:id/details': 'payer',
  'POST /payment/checkout-session/:id/discount': 'payer',
  'POST /payment/checkout-session/:id/test-wallet': null,
  'POST /payment/invoice/:id/pay': 'payer',
  'POST /payment/payment-link/:id': 'payer',
}

/** What is put for `:id` on each kind of page. */
type Ids = { session: string; link: string; invoice: string }

async function fill({ api }: PayerSite): Promise<Ids> {
  const { id: session } = await newSession(api, { emailCollection: true, allowPromotionCodes: true })
  const customer = await api.ok('POST', '/customers', { email: 'ada@example.com' })
  const invoice = await api.ok('POST', '/invoices', { customerId: customer.id, lineItems: { data: [newLine()] } })
  const { id: link } = await addLink(api, { amount: undefined })
  return { session, link, invoice: `${invoice.id}` }
}

/** The route with the names of files without the hashes of their bytes, and of parameters without their patterns. */
function rowOf(method: string, path: string): string {
  const file = path.replace(/-[0-9a-f]{16}\./, '-*.')
  // The dashboard's files are named by whoever builds it.
  const named = file === path ? path.replace(/^\/assets\/.*/, '/assets/*') : file
  return `${method} ${named.replace(/:(\w+)\{.*\}/, ':$1')}`
}

/** The routes of the program, each once, as method and path. */
function routesOf({ app }: PayerSite): [string, string][] {
  const all = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
  return [...new Map(all.map(({ method, path }) => [rowOf(method, path), [method, path] as [string, string]])).values()]
}

const FORMS = ['', 'amount=twelve', 'email=nobody', 'code=NONE', 'suggestion=0']

/** Every page that a route answers with: of what there is, of what there is not, and of what is wrong. */
async function pagesOf({ url }: PayerSite, method: string, path: string, ids: Ids): Promise<Response[]> {
  const known = /payment-link/.test(path) ? ids.link : /invoice/.test(path) ? ids.invoice : ids.session
  const paths = [known, NOBODY, 'nothing', '%00'].map(id =>
    path.replace(/:\w+(\{.*\}$)?/, id).replace(/:\w+\{.*\}/, '0'),
  )
  const answers: Response[] = []
  const isApi = path.startsWith('/api/') && !path.includes('/payment-pages/')
  for (const each of new Set(isApi ? paths.slice(0, 1) : paths)) {
    for (const body of method === 'POST' && !isApi ? FORMS : [undefined]) {
      const headers = {
        accept: 'text/html',
        'accept-encoding': 'identity',
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      }
      const query = `?lang=xx&asset=${NOBODY}&embed=https://evil.example`
      answers.push(
        await fetch(`${url}${each}${query}`, {
          method,
          headers,
          redirect: 'manual',
          ...(body !== undefined && { body }),
        }),
      )
    }
  }
  // One of them is a stream without an end.
  await Promise.all(answers.map(answer => answer.body?.cancel()))
  return answers.filter(answer => answer.headers.get('content-type')?.startsWith('text/html'))
}

/** The headers of a page without those of the connection, of the one request, and of what the page is about. */
function headersOf(answer: Response): Record<string, string> {
  const own = [
    'date',
    'connection',
    'keep-alive',
    'content-length',
    'transfer-encoding',
    'request-id',
    'refresh',
    'retry-after',
  ]
  const policy = (answer.headers.get('content-security-policy') ?? '').replace(
    /style-src 'sha256-[\w+/]{43}='/,
    "style-src 'sha256-…'",
  )
  const all = { ...Object.fromEntries(answer.headers), 'content-security-policy': policy }
  return Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name)))
}

for (const [mode, world] of [
  ['test', site],
  ['live', live],
] as const) {
  test(`D7, C2.3: in ${mode} mode every page of every route has exactly its headers, also where something is missing or wrong`, async t => {
    const ids = await fill(world)
    let pages = 0
    const seen: Record<string, keyof typeof CLASSES | null> = {}
    for (const [method, path] of routesOf(world)) {
      const row = rowOf(method, path)
      const kind = ROUTES[row] ?? (path.startsWith('/api/') ? null : ROUTES[row])
      assert.notEqual(kind, undefined, `${row} has no row`)
      const answers = await pagesOf(world, method, path, ids)
      if (!path.startsWith('/api/') || answers.length > 0) seen[row] = answers.length === 0 ? null : (kind ?? null)
      for (const answer of answers) {
        const expected = { ...CLASSES[kind ?? ''], ...(mode === 'live' && LIVE) }
        assert.deepEqual(headersOf(answer), expected, `${answer.status} ${row}`)
        pages++
      }
    }
    assert.deepEqual(seen, ROUTES)
    t.diagnostic(`${Object.keys(seen).length} routes, ${pages} pages`)
  })
}

/** What the browser reports of a page before anything of it runs: each violation of its policy, as directive and what was blocked. */
async function openWatched(prepare: (page: Page) => Promise<unknown> = async () => undefined) {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const answered: string[] = []
  page.on('response', response => answered.push(response.url()))
  await page.addInitScript(`globalThis.reports = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI}) => {
      reports.push(effectiveDirective + ' ' + blockedURI)
    })`)
  await prepare(page)
  const reports = () => page.evaluate('globalThis.reports') as Promise<string[]>
  return { page, answered, reports, close: () => context.close() }
}

/** Puts `head` and `body` into each page that the server answers with, under the headers that it sent. */
function inject({ head = '', body = '' }: { head?: string; body?: string }) {
  return async (page: Page) => {
    await page.route('**/payment/checkout-session/*', async route => {
      const response = await route.fetch()
      const text = (await response.text()).replace('<head>', `<head>${head}`).replace('<main', `${body}<main`)
      await route.fulfill({ response, body: text })
    })
  }
}

const session = await newSession(site.api)
const paymentAddress = session.addresses[0]?.paymentAddress ?? assert.fail('an address')
const sessionUrl = `${site.url}${SESSION}/${session.id}`

test('C2.3: an inline script, a base, a script of another host and a javascript: link in the page: blocked 4 of 4, and reported', async () => {
  const head = `<base href="https://evil.example/"><script>globalThis.isHurt = 1</script><script src="https://evil.example/evil.js"></script>`
  const body = `<a id="trap" href="javascript:globalThis.isHurt = 1">Continue</a><img src="x" onerror="globalThis.isHurt = 1">`
  const { page, answered, reports, close } = await openWatched(inject({ head, body }))
  await page.goto(sessionUrl)
  const before = (await reports()).length
  await page.locator('#trap').click()
  await waitUntil('the link is reported', async () =>
    (await reports()).slice(before).includes('script-src-elem inline'),
  )
  assert.deepEqual([...new Set(await reports())].sort(), [
    'base-uri https://evil.example/',
    'script-src-attr inline',
    'script-src-elem https://evil.example/evil.js',
    'script-src-elem inline',
  ])
  assert.equal(await page.evaluate('globalThis.isHurt'), undefined)
  assert.equal(await page.evaluate('document.baseURI'), sessionUrl)
  assert.deepEqual([...new Set(answered.map(url => new URL(url).origin))], [site.url])
  assert.equal(await page.locator('#address').textContent(), paymentAddress)
  await close()
})

test('C2.2, C2.4: the scripts of the page are two files of the repository, which import nothing and are served as they stand', async () => {
  const { page, close } = await openWatched()
  await page.goto(sessionUrl)
  const scripts: { src: string; integrity: string; inline: string }[] = await page.evaluate(
    '[...document.scripts].map(({ src, integrity, text }) => ({ src, integrity, inline: text }))',
  )
  assert.deepEqual(
    scripts.map(({ integrity, inline }) => ({ integrity, inline })),
    integrities.map(integrity => ({ integrity, inline: '' })),
  )
  for (const [index, { src }] of scripts.entries()) {
    const served = await fetch(src)
    assert.deepEqual(await served.bytes(), new Uint8Array(readFileSync(new URL(PAGE_SCRIPTS[index] ?? '', WEB))))
  }
  const all = readdirSync(WEB).filter(name => name.endsWith('.js'))
  assert.deepEqual(all.sort(), [...PAGE_SCRIPTS, 'embed.js'].sort(), 'no script but those that are looked at')
  for (const name of all) {
    const source = readFileSync(new URL(name, WEB), 'utf8')
    assert.doesNotMatch(
      source,
      /\bimport\b\s*[\w{*'"(.]|\brequire\s*\(|\bimportScripts\b|\beval\s*\(|\bnew Function\b/,
      name,
    )
  }
  await close()
})

test('C2.4: a script with one byte more does not run, and the page is complete without it', async () => {
  const { page, close } = await openWatched(async page => {
    await page.route('**/assets/*.js', async route => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${await response.text()} ` })
    })
  })
  await page.goto(sessionUrl)
  assert.equal(await page.locator('#address').textContent(), paymentAddress)
  assert.match((await page.locator('#countdown').textContent()) ?? '', /until/, 'nothing counts down')
  await close()
})

/** What a dependency did in September 2025: it looks through everything that passes, and puts its own address in. */
const EVIL_DEPENDENCY = `
  const evil = '${EVIL}'
  const swap = text => String(text).replace(/0x[0-9a-f]{40}/g, evil)
  const wrap = (object, name, change) => {
    const own = object[name]
    object[name] = function (...args) { return change(own, this, args) }
  }
  wrap(globalThis, 'fetch', (own, self, args) => own.apply(self, args).then(answer => answer.text()).then(text => new Response(swap(text))))
  wrap(navigator.clipboard, 'writeText', (own, self, [text]) => own.call(self, swap(text)))
  wrap(Document.prototype, 'createElement', (own, self, args) => own.apply(self, args))
  const response = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'responseXML')
  Object.defineProperty(XMLHttpRequest.prototype, 'responseXML', { get() {
    const found = response.get.call(this)
    if (globalThis.swapsAnswers && found !== null) globalThis.swapIn(found)
    return found
  } })
  globalThis.swapIn = root => {
    for (const each of root.querySelectorAll('#address, #open-wallet')) {
      if (each.href) each.href = swap(each.href)
      else if (each.textContent !== evil) each.textContent = evil
    }
  }
`

/** Runs `evil` in the page and demands that it is told within a second, that nobody can pay, and that nothing wrong was copied. */
async function drill({ evil, act }: { evil: string; act: (page: Page) => Promise<void> }): Promise<void> {
  const { page, close } = await openWatched(page => page.addInitScript(`${EVIL_DEPENDENCY};${evil}`))
  // A second of the page's own time, however busy the machine is.
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.goto(sessionUrl)
  await page.evaluate("Clipboard.prototype.writeText.call(navigator.clipboard, 'before')")
  await act(page)
  await page.clock.runFor(1_000)
  await page.locator('#trouble', { hasText: 'Do not pay' }).waitFor()
  for (const part of ['#address', 'svg.qr', '#copy-address', '#open-wallet']) {
    assert.equal(await page.locator(part).isVisible(), false, part)
  }
  await page.evaluate("document.getElementById('copy-address').click()")
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'before')
  await close()
}

test('C2.4: an evil dependency that swaps the address on the page is told of within a second, and nobody can pay', async t => {
  const plain = await browser.newPage({ javaScriptEnabled: false })
  await plain.goto(sessionUrl)
  assert.equal(await plain.locator('#address').textContent(), paymentAddress, 'the server wrote the right one')
  assert.equal(await readQrCode(plain.locator('svg.qr')), paymentAddress, 'and the same into the code')
  await plain.close()
  await t.test('while the payer looks', () => drill({ evil: '', act: page => page.evaluate('swapIn(document)') }))
  const early = 'new MutationObserver(() => swapIn(document)).observe(document, { childList: true, subtree: true })'
  await t.test('before the page’s own script runs', () => drill({ evil: early, act: async () => undefined }))
  await t.test('in what the server answers later', () =>
    drill({
      evil: 'globalThis.swapsAnswers = true',
      act: async page => {
        // Another coin of the same address: the page asks the server.
        await page.evaluate("history.replaceState(null, '', '?lang=en')")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
      },
    }),
  )
  await t.test('in the wallet link alone', () =>
    drill({ evil: '', act: page => page.evaluate("document.getElementById('open-wallet').href = 'ethereum:0x1'") }),
  )
})

test('C2.4: a clipboard that something replaced gets nothing, and the true address is copied', async () => {
  const { page, close } = await openWatched(page => page.addInitScript(EVIL_DEPENDENCY))
  await page.goto(sessionUrl)
  await page.locator('#copy-address').click()
  await page.locator('#copy-address.copy-done').waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), paymentAddress)
  await close()
})
