// What the payer's page may cost: bytes, requests, hosts, and nothing that moves under the payer's finger.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { renderPaymentPage } from '../../src/http/pages/paymentPage.ts'
import type { PaymentPage } from '../../src/http/pages/paymentPageView.ts'
import { createPayerPages } from '../../src/http/payerPages.ts'
import { launchBrowser } from '../harness/browser.ts'
import { SAMPLE_STATES } from '../harness/samplePaymentPage.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { openPayerSite, type PayerSite } from './payerSite.ts'

const SCRIPTS_MAX = 2
const SCRIPT_BYTES_MAX = 25_000
const STYLE_BYTES_MAX = 15_000
/** The page, a style sheet, two scripts, the stream; the page once more only where something has changed meanwhile. */
const REQUESTS_MAX = 5
const VIEWPORTS = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
]

const browser = await launchBrowser()
let site: PayerSite
/** What `/sample` shows, and those who listen there. */
let shown: PaymentPage = SAMPLE_STATES.open
const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()

before(async () => {
  site = await openPayerSite({
    extend: (app, ctx) => {
      const pages = createPayerPages(ctx)
      app.get('/sample', c => {
        const options = { selectedAddressId: null, apiPath: '/sample', testWalletPath: '/sample/test-wallet' }
        const frame = pages.frame(c, '/sample')
        return pages.answer(frame, renderPaymentPage(frame, shown, { ...pages.assets, ...pages.wallets, ...options }))
      })
      app.get('/sample/events', () => {
        const body = new ReadableStream<Uint8Array>({
          start: controller => void streams.add(controller),
        })
        return new Response(body, { headers: { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' } })
      })
    },
  })
})
after(async () => {
  await browser.close()
  await site.stop()
})

/** The bytes that a browser gets for what is at `path`. */
async function bytesOf(path: string): Promise<number> {
  const answer = await site.app.request(path, { headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(answer.status, 200, path)
  return (await answer.arrayBuffer()).byteLength
}

async function sum(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(bytesOf))
  return sizes.reduce((total, size) => total + size, 0)
}

test('the scripts of a page are two at most and 25 KB together, its style sheet 15 KB, as they are sent', async () => {
  const { id } = await newSession(site.api)
  const look = new FormData()
  look.set('brandColor', '#7a3cff')
  assert.equal((await site.api.send('PUT', '/organization/brand', look)).status, 200)
  const page = await (await site.app.request(`/payment/checkout-session/${id}`)).text()
  const scripts = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path = '']) => path)
  const styles = [...page.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, path = '']) => path)
  assert.equal(page.match(/<script/g)?.length, scripts.length, 'none is inline')
  assert.ok(scripts.length > 0 && scripts.length <= SCRIPTS_MAX, `${scripts}`)
  assert.equal(styles.length, 1, `${styles}`)
  const [scriptBytes, styleBytes] = [await sum(scripts), await sum(styles)]
  assert.ok(scriptBytes <= SCRIPT_BYTES_MAX, `${scriptBytes} bytes of script`)
  assert.ok(styleBytes <= STYLE_BYTES_MAX, `${styleBytes} bytes of style`)
})

const FIRST_EVENT = `new Promise(resolve => {
  new EventSource(document.body.dataset.events).addEventListener('message', () => resolve())
})`

test('a first view asks its own host alone, seldom, and for no fonts', async () => {
  const { id } = await newSession(site.api)
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked: { url: string; type: string }[] = []
  page.on('request', request => asked.push({ url: request.url(), type: request.resourceType() }))
  const listening = page.waitForResponse(/\/events$/)
  await page.goto(`${site.url}/payment/checkout-session/${id}`, { waitUntil: 'load' })
  await listening
  // A stream of the test's own, opened later: what the page's had to say at first was heard by then.
  await page.evaluate(FIRST_EVENT)
  const own = asked.findLastIndex(({ url }) => url.endsWith('/events'))
  asked.splice(own, 1)
  await context.close()
  const foreign = asked.filter(({ url }) => !url.startsWith('data:') && new URL(url).origin !== site.url)
  assert.deepEqual(foreign, [])
  assert.ok(asked.filter(({ url }) => !url.startsWith('data:')).length <= REQUESTS_MAX, JSON.stringify(asked))
  assert.deepEqual(
    asked.filter(({ type }) => type === 'font'),
    [],
  )
})

/** Whatever moved on the page by itself, in thousandths as such shifts are told. A countdown that loses its hour is a twentieth of one. */
const WATCH_SHIFTS = `globalThis.shifts = []
new PerformanceObserver(list => {
  for (const { value, sources } of list.getEntries())
    if (value >= 0.0005) shifts.push(value.toFixed(3) + ' ' + sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join(' '))
}).observe({ type: 'layout-shift', buffered: true })`

/** Two frames later, what moved has been told. */
const SHIFTS = `new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shifts), 50))))`

async function shiftsOf(page: Page): Promise<string[]> {
  return (await page.evaluate(SHIFTS)) as string[]
}

/** The same a block later. */
function aBlockLater(view: PaymentPage): PaymentPage {
  const addresses = view.addresses.map(row => {
    const { required, best } = row.confirmations
    return { ...row, confirmations: { required, best: best === 0 ? 0 : Math.min(required, best + 1) } }
  })
  return { ...view, addresses, serverTime: new Date(Date.parse(view.serverTime) + 2_000).toISOString() }
}

test('nothing moves by itself: not as the page loads, nor as the script starts, nor with news', async () => {
  const moved: Record<string, string[]> = {}
  for (const viewport of VIEWPORTS) {
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.clock.setFixedTime(new Date())
    await page.addInitScript(WATCH_SHIFTS)
    for (const [name, view] of Object.entries(SAMPLE_STATES)) {
      shown = view
      streams.clear()
      await page.goto(`${site.url}/sample`)
      await waitUntil('the page listens', () => streams.size > 0)
      await shiftsOf(page)
      shown = aBlockLater(view)
      const news = page.waitForResponse(answer => answer.request().resourceType() === 'xhr')
      for (const stream of streams) stream.enqueue(Buffer.from('data: {}\n\n'))
      await news
      const shifts = await shiftsOf(page)
      if (shifts.length > 0) moved[`${name} at ${viewport.width}`] = shifts
    }
    await context.close()
  }
  assert.deepEqual(moved, {})
})
