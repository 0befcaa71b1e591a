// A merchant's site opens payments in a dialog: two real origins, the whole program, a real browser. The site's pages are what
// docs/embed.md tells merchants to paste.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import { launchBrowser } from '../harness/browser.ts'
import { startDevWorld } from '../harness/devWorld.ts'
import { LINK, type Link } from '../harness/paymentLinkFixtures.ts'
import { startReceiver } from '../harness/receiver.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { createMerchant, type Session } from './merchant.ts'

const DOCS = readFileSync(new URL('../../../docs/embed.md', import.meta.url), 'utf8')
const PLACEHOLDER = /https:\/\/pay\.example\/payment\/checkout-session\/[0-9a-f-]{36}/

const [world, browser, site] = await Promise.all([startDevWorld(), launchBrowser(), startReceiver()])
after(async () => {
  await Promise.all([browser.close(), site.stop(), world.stop()])
})

const { port } = new URL(site.url)
/** Two origins of one server: the merchant listed the first alone. */
const LISTED = `http://localhost:${port}`
const UNLISTED = `http://127.0.0.1:${port}`
const urls = { successUrl: `${LISTED}/thanks?order=7`, cancelUrl: `${LISTED}/cart` }
const merchant = createMerchant(world)
const shown = new Map<string, { body: string; headers?: Record<string, string> }>()
site.answerAll(({ path }) => {
  const page = shown.get(path.split('?')[0] ?? '') ?? { body: '<h1>Thanks</h1>' }
  const headers = { 'content-type': 'text/html', ...page.headers }
  return { headers, body: `<!doctype html><html lang="en"><title>Shop</title>${page.body}` }
})

/** The merchant's list, as the first example of the docs writes it, for the site of this test. */
async function listSite(): Promise<void> {
  const body = (/-d '(\{.*\})'/.exec(DOCS)?.[1] ?? '').replace('https://shop.example', LISTED)
  const changed = await merchant.request<{ embedOrigins: string[] }>('PUT', '/organization', JSON.parse(body))
  assert.deepEqual(changed.embedOrigins, [LISTED])
}
await listSite()

/** The example of the docs that has `mark` in it, leading to `session`. */
function example(mark: string, url: string): string {
  const [, code] = [...DOCS.matchAll(/```html\n(.*?)```/gs)].find(([, text]) => text?.includes(mark)) ?? []
  assert.ok(code !== undefined, `the docs have an example with ${mark}`)
  return code.replace(PLACEHOLDER, url).replace('https://pay.example', world.apiUrl)
}

/** Serves the shop at `/shop` with the link to `url`, under the strictest policy that the docs say will do. */
function serveShop(url: string, { more = '', policy = '' } = {}): void {
  const csp = `default-src 'none'; script-src ${world.apiUrl}; frame-src ${world.apiUrl}; style-src 'none'; require-trusted-types-for 'script'`
  const body = `<p>Shop</p>${'<br>'.repeat(200)}<button id="other">Other</button>${example('data-bitstream', url)}${more}`
  shown.set('/shop', { body, headers: { 'content-security-policy': policy === '' ? csp : policy } })
}

/** The frame in the dialog, as an expression. */
const FRAME = "document.querySelector('body > div').shadowRoot.querySelector('iframe')"

type Visit = { page: Page; context: BrowserContext; said: string[] }

/** Opens the shop at `origin` in a browser context of its own. */
async function visit(
  origin: string,
  act: (visit: Visit) => Promise<void>,
  { complaints = /favicon/, ...options }: { complaints?: RegExp; javaScriptEnabled?: boolean } = {},
): Promise<void> {
  const context = await browser.newContext(options)
  const said: string[] = []
  context.on('console', message => said.push(message.text()))
  context.on('weberror', error => said.push(error.error().message))
  try {
    const page = await context.newPage()
    await page.goto(`${origin}/shop`)
    await act({ page, context, said })
  } finally {
    await context.close()
  }
  assert.deepEqual(
    said.filter(text => !complaints.test(text)),
    [],
  )
}

/** Waits until an expression is true, where policies allow no `eval` of Playwright's own. */
function holds(where: Page | Frame, expression: string): Promise<boolean> {
  return waitUntil(expression, () => where.evaluate<boolean>(expression))
}

/** The payer's page in the dialog, once it is there. */
async function framed(page: Page): Promise<Frame> {
  await page.locator('dialog.ready').waitFor()
  const frame = page.frames().find(each => each.url().startsWith(world.apiUrl))
  assert.ok(frame)
  return frame
}

/** Opens the dialog from a script, noting what it calls in `globalThis.calls`. */
async function openNoting(page: Page, url: string): Promise<void> {
  await holds(page, 'globalThis.Bitstream !== undefined')
  await page.evaluate(
    `globalThis.calls = []; globalThis.payment = Bitstream.open(${JSON.stringify(url)}, {
      onComplete: told => calls.push(['complete', told]), onClose: told => calls.push(['close', told]) }); undefined`,
  )
}

let paid: Session

test('C7.1: on a listed site the link of the docs opens the payment in a dialog, and who paid there goes on at the top', async () => {
  const session = await merchant.createSession(urls)
  paid = session
  serveShop(session.url)
  await visit(LISTED, async ({ page, said }) => {
    await page.getByRole('link', { name: 'Pay' }).click()
    const frame = await framed(page)
    assert.equal(frame.url(), `${session.url}?embed=${encodeURIComponent(LISTED)}`)
    assert.equal(page.url(), `${LISTED}/shop`)
    const dialog = page.getByRole('dialog', { name: 'Pay Demo Shop' })
    assert.equal(await dialog.getByRole('button').getAttribute('aria-label'), 'Close the payment')
    assert.equal(await dialog.locator('iframe').getAttribute('allow'), 'clipboard-write')
    assert.equal(await frame.evaluate('document.featurePolicy.allowsFeature("clipboard-write")'), true)
    await frame.getByRole('button', { name: 'Pay with the test wallet' }).click()
    await frame.getByText('Payment complete').first().waitFor()
    assert.deepEqual(
      said.filter(text => !/favicon/.test(text)),
      [],
    )
    await page.waitForURL(`${LISTED}/thanks?order=7&cx_session_id=${session.id}`)
  })
})

test('with onComplete the site decides: it is called once, the dialog closes after the receipt, the site stays', async () => {
  serveShop(paid.url)
  await visit(LISTED, async ({ page }) => {
    await openNoting(page, paid.url)
    await holds(page, "calls.some(([what]) => what === 'close')")
    const successUrl = `${urls.successUrl}&cx_session_id=${paid.id}`
    assert.deepEqual(await page.evaluate('calls'), [
      ['complete', { sessionId: paid.id, successUrl }],
      ['close', { sessionId: paid.id, state: 'complete' }],
    ])
    assert.equal(page.url(), `${LISTED}/shop`)
    assert.equal(await page.locator('iframe').count(), 0)
  })
})

test('a session that shows a message instead stays open until the payer closes it', async () => {
  const session = await merchant.createSession({ ...urls, afterCompletion: 'hosted_confirmation' })
  serveShop(session.url)
  await visit(LISTED, async ({ page }) => {
    await openNoting(page, session.url)
    const frame = await framed(page)
    await frame.getByRole('button', { name: 'Pay with the test wallet' }).click()
    await holds(page, "calls.some(([what]) => what === 'complete')")
    assert.deepEqual(await page.evaluate('calls'), [['complete', { sessionId: session.id, successUrl: null }]])
    assert.equal(await frame.locator('#return').getAttribute('target'), '_top')
    await page.getByRole('button', { name: 'Close the payment' }).click()
    assert.equal(await page.evaluate('calls.length'), 2)
  })
})

test('F170: C7.1: on a site that is not listed the frame stays blank, whatever it asks for, and the link leads to the page', async () => {
  const session = await merchant.createSession(urls)
  const asked = [
    '',
    `?embed=${LISTED}`,
    `?embed=${UNLISTED}`,
    '?embed=*',
    `?embed=${LISTED}%20${UNLISTED}`,
    '?embed=null',
  ]
  const frames = asked.map((query, index) => `<iframe name="f${index}" src="${session.url}${query}"></iframe>`).join('')
  serveShop(session.url, { more: frames })
  const complaints = /frame-ancestors|X-Frame-Options|favicon|denied|refused to connect/i
  await visit(
    UNLISTED,
    async ({ page }) => {
      for (const [index, query] of asked.entries()) {
        const isBlank = () => page.frame(`f${index}`)?.url() === 'chrome-error://chromewebdata/'
        await waitUntil(`the frame with "${query}" is blank`, isBlank)
      }
      await page.getByRole('link', { name: 'Pay' }).click()
      await page.waitForURL(session.url)
      await page.locator('#address').waitFor()
    },
    { complaints },
  )
})

test('keys: Enter opens, the focus is in the dialog and stays there, Escape closes it from within the page and from around it', async () => {
  const session = await merchant.createSession(urls)
  serveShop(session.url)
  await visit(LISTED, async ({ page }) => {
    const link = page.getByRole('link', { name: 'Pay' })
    const isOpen = () => page.locator('dialog').count()
    const focused = () => page.evaluate('document.activeElement.localName')
    await holds(page, 'globalThis.Bitstream !== undefined')
    for (const where of ['frame', 'button']) {
      await link.focus()
      const scrolled = await page.evaluate('scrollY')
      await page.keyboard.press('Enter')
      const frame = await framed(page)
      await waitUntil('the page has the focus', () => frame.evaluate('document.hasFocus()'))
      assert.equal(await page.evaluate('getComputedStyle(document.documentElement).overflow'), 'hidden')
      if (where === 'button') {
        // Into the page, and out of it backwards.
        await page.keyboard.press('Tab')
        await page.keyboard.press('Shift+Tab')
        await waitUntil(
          'the button before the page has the focus',
          async () => (await page.locator('dialog button:focus').count()) === 1,
        )
      }
      await page.keyboard.press('Escape')
      await waitUntil('the dialog is closed', async () => (await isOpen()) === 0)
      assert.equal(await focused(), 'a', `after Escape in the ${where} the link has the focus again`)
      assert.equal(await page.evaluate('getComputedStyle(document.documentElement).overflow'), 'visible')
      assert.equal(await page.evaluate('scrollY'), scrolled)
    }
    await link.focus()
    await page.keyboard.press('Enter')
    await framed(page)
    for (let count = 0; count < 40; count++) {
      await page.keyboard.press('Tab')
      assert.notEqual(await focused(), 'button', 'what is behind the dialog is out of reach')
    }
    await page.locator('dialog button').click()
    assert.equal(await isOpen(), 0)
  })
})

test('to cancel in the page is to close the dialog, and the merchant is told', async () => {
  const session = await merchant.createSession(urls)
  serveShop(session.url)
  await visit(LISTED, async ({ page }) => {
    await openNoting(page, session.url)
    const frame = await framed(page)
    await frame.locator('form.cancel button').click()
    await waitUntil('the dialog is closed', async () => (await page.locator('dialog').count()) === 0)
    assert.deepEqual(await page.evaluate('calls'), [['close', { sessionId: session.id, state: 'open' }]])
    assert.equal(page.url(), `${LISTED}/shop`)
    type Events = { data: { type: string; data: { object: { id: string } } }[] }
    await waitUntil('the merchant is told', async () => {
      const { data } = await merchant.request<Events>('GET', '/events')
      return data.some(({ type, data: { object } }) => type === 'checkout_session.canceled' && object.id === session.id)
    })
  })
})

test('messages count from the page in the dialog alone: not from another site, the site itself, or another window of ours', async () => {
  const session = await merchant.createSession(urls)
  const lie = { bitstream: 1, type: 'complete', sessionId: session.id, successUrl: `${UNLISTED}/evil` }
  const lies = [lie, { ...lie, type: 'close' }, { ...lie, type: 'state', state: 'complete' }]
  const tell = (to: string) => lies.map(each => `${to}.postMessage(${JSON.stringify(each)}, '*')`).join(';')
  shown.set('/evil', { body: '<h1>Evil</h1>' })
  const more = `<iframe name="evil" src="${UNLISTED}/evil"></iframe>`
  const policy = `default-src 'none'; script-src ${world.apiUrl}; frame-src ${world.apiUrl} ${UNLISTED}`
  serveShop(session.url, { more, policy })
  await visit(
    LISTED,
    async ({ page, context }) => {
      await page.evaluate(
        "globalThis.heard = 0; addEventListener('message', ({ data }) => { heard += data.successUrl ? 1 : 0 })",
      )
      await openNoting(page, session.url)
      const frame = await framed(page)
      await page.frame('evil')?.evaluate(tell('parent'))
      await page.evaluate(tell('window'))
      // A file of ours without COOP: a window of the right origin that is not the dialog's.
      const opened = context.waitForEvent('page')
      await page.evaluate(`open('${world.apiUrl}/checkout.js'); undefined`)
      const window = await opened
      await window.waitForLoadState()
      assert.equal(await window.evaluate('location.origin'), world.apiUrl)
      await window.evaluate(tell('opener'))
      await holds(page, `heard === ${lies.length * 3}`)
      assert.deepEqual(await page.evaluate('calls'), [])
      assert.equal(await page.locator('dialog.ready').count(), 1)

      // And nobody speaks to the page.
      // All but the time that is left.
      const told = async () =>
        (await frame.locator('main').innerHTML()).replace(/(<time class="countdown"[^>]*>)[^<]*/, '$1')
      const before = await told()
      await frame.evaluate("globalThis.heard = 0; addEventListener('message', () => { heard++ })")
      await page.evaluate(tell(`${FRAME}.contentWindow`))
      await holds(frame, `heard === ${lies.length}`)
      assert.equal(await told(), before)
      await page.evaluate('payment.close()')
      assert.deepEqual(await page.evaluate('calls'), [['close', { sessionId: session.id, state: 'open' }]])
    },
    { complaints: /favicon|Content Security Policy|style/ },
  )
})

test('what is not the payer’s page may be in the frame and is not believed: the site leaves it for the page', async () => {
  const session = await merchant.createSession(urls)
  const lie = JSON.stringify({ bitstream: 1, type: 'close', close: 'Close', title: 'Paid' })
  shown.set('/evil', { body: `<script>parent.postMessage(${lie}, '*')</script>` })
  serveShop(session.url, {
    policy: `default-src 'none'; script-src ${world.apiUrl}; frame-src ${world.apiUrl} ${UNLISTED}`,
  })
  await visit(
    LISTED,
    async ({ page }) => {
      await openNoting(page, session.url)
      await (await framed(page)).waitForLoadState()
      await page.evaluate(`${FRAME}.src = '${UNLISTED}/evil'; undefined`)
      await page.waitForURL(session.url)
    },
    { complaints: /favicon|Content Security Policy|style/ },
  )
})

test('a payment link is opened and paid within one dialog; a site that is unlisted meanwhile is left for the page', async () => {
  const link = await merchant.request<Link>('POST', '/payment-links', LINK)
  serveShop(link.url)
  await visit(
    LISTED,
    async ({ page }) => {
      await openNoting(page, link.url)
      const frame = await framed(page)
      await frame.getByRole('button', { name: 'Pay 12.50 USDC' }).click()
      await frame.locator('#address').waitFor()
      assert.match(frame.url(), /\/payment\/checkout-session\/[0-9a-f-]+\?embed=/)
      await frame.getByRole('button', { name: 'Pay with the test wallet' }).click()
      await holds(page, "calls.some(([what]) => what === 'complete')")
      await page.evaluate('payment.close()')

      await openNoting(page, link.url)
      const next = await framed(page)
      await merchant.request('PUT', '/organization', { embedOrigins: [] })
      await next.getByRole('button', { name: 'Pay 12.50 USDC' }).click()
      await page.waitForURL(link.url)
      await page.getByRole('button', { name: 'Pay 12.50 USDC' }).waitFor()
    },
    { complaints: /favicon|frame-ancestors|X-Frame-Options/ },
  )
  await listSite()
})

test('a site that is in a frame itself opens no dialog: the whole window goes to the page', async () => {
  const session = await merchant.createSession(urls)
  serveShop(session.url)
  const shop = shown.get('/shop')
  assert.ok(shop)
  shown.set('/within', shop)
  shown.set('/shop', { body: `<iframe name="within" src="${LISTED}/within"></iframe>` })
  await visit(UNLISTED, async ({ page }) => {
    const frame = page.frame('within')
    assert.ok(frame)
    await holds(frame, 'globalThis.Bitstream !== undefined')
    await frame.getByRole('link', { name: 'Pay' }).click()
    await page.waitForURL(session.url)
  })
})

test('C7.1: without script the link is a link', async () => {
  serveShop(paid.url)
  await visit(
    LISTED,
    async ({ page }) => {
      await page.getByRole('link', { name: 'Pay' }).click()
      await page.waitForURL(paid.url)
      assert.match((await page.locator('#status').textContent()) ?? '', /Payment complete/)
    },
    { javaScriptEnabled: false },
  )
})

test('F169: what is added to the address of a page is ignored, and no script comes of it', async () => {
  const session = await merchant.createSession(urls)
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).host))
  const keys = ['redirect', 'url', 'next', 'return', 'returnUrl', 'successUrl', 'cancelUrl', 'embed', 'asset', 'lang']
  const query = keys.map(key => `${key}=https://evil.example/%3Cscript%3E`).join('&')
  await page.goto(`${session.url}?${query}#<script>globalThis.isHurt=1</script>`)
  await page.locator('#address').waitFor()
  assert.equal(await page.evaluate('globalThis.isHurt'), undefined)
  assert.doesNotMatch(await page.content(), /evil\.example/)
  assert.deepEqual([...new Set(asked)], [new URL(world.apiUrl).host])
  await page.close()
})
