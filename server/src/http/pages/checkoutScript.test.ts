// The payer's page in a browser, with its exact headers: what the script adds, and what stays true without it. The browser's clock
// is a day wrong and moved by hand, so that nothing here waits for real time.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../../../test/harness/browser.ts'
import {
  SAMPLE_ADDRESS,
  SAMPLE_FRAME,
  SAMPLE_STATES,
  SAMPLE_WALLETS,
  sampleAddress,
  sampleAsset,
  samplePaymentPage,
} from '../../../test/harness/samplePaymentPage.ts'
import { waitUntil } from '../../../test/harness/waitUntil.ts'
import { ASSET_HEADERS, loadAssets } from './assets.ts'
import { renderPaymentPage } from './paymentPage.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { pageHeaders } from './securityHeaders.ts'

const WRONG_DAY = '2026-02-24T03:00:00.000Z'
const WRONG_DAY_LATER = '2026-02-24T03:00:01.000Z'
const SHOP = '/shop/thanks'
const assets = loadAssets()

/** A server of one session, which a test changes as it likes. */
type Shop = {
  url: string
  view: PaymentPage
  head: string
  isDown: boolean
  hasEvents: boolean
  requests: string[]
  /** Sends an event to the page as soon as it listens. */
  tell(): Promise<void>
  stop(): void
}

async function startShop(view: PaymentPage = SAMPLE_STATES.open): Promise<Shop> {
  const streams = new Set<ServerResponse>()
  const server = createServer((request, response) => answer(shop, streams, request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const shop: Shop = {
    url: `http://127.0.0.1:${address.port}`,
    view,
    head: '',
    isDown: false,
    hasEvents: true,
    requests: [],
    tell: async () => {
      await waitUntil('the page listens', () => streams.size > 0)
      for (const stream of streams) stream.write('data: {"status":"open"}\n\n')
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return shop
}

function answer(shop: Shop, streams: Set<ServerResponse>, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', shop.url)
  shop.requests.push(`${request.method} ${request.url}`)
  const asset = [assets.script, assets.walletScript, assets.style].find(({ path }) => path === pathname)
  if (asset !== undefined) {
    response.writeHead(200, { ...ASSET_HEADERS, 'Content-Type': asset.contentType }).end(asset.body)
  } else if (shop.isDown) {
    response.destroy()
  } else if (pathname === '/api/events') {
    if (!shop.hasEvents) return void response.writeHead(503).end()
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n')
    streams.add(response)
    response.on('close', () => streams.delete(response))
  } else if (pathname === '/api/test-wallet') {
    shop.view = SAMPLE_STATES.seen
    response.writeHead(303, { Location: '/pay' }).end()
  } else if (pathname === '/pay') {
    const headers = pageHeaders({ mode: 'test', scriptIntegrities: [assets.script.integrity], embedder: null })
    response.writeHead(200, headers).end(pageOf(shop, searchParams.get('asset')))
  } else {
    response.writeHead(pathname === SHOP ? 200 : 404, { 'Content-Type': 'text/html' }).end('<h1>Shop</h1>')
  }
}

function pageOf(shop: Shop, selectedAddressId: string | null): string {
  const page = renderPaymentPage({ ...SAMPLE_FRAME, styleUrl: assets.style.path, path: '/pay' }, shop.view, {
    selectedAddressId,
    script: assets.script,
    ...SAMPLE_WALLETS,
    walletScript: assets.walletScript,
    apiPath: '/api',
    testWalletPath: '/api/test-wallet',
  })
  return page.replace('</head>', `${shop.head}</head>`)
}

const browser = await launchBrowser()
after(() => browser.close())

async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? ''
}

/** Opens the page of a new shop; afterwards the context is closed and the page must have made no complaint. */
async function visit(
  shop: Shop,
  act: (page: Page, context: BrowserContext) => Promise<void>,
  { javaScriptEnabled = true, complaints = /^$/ }: { javaScriptEnabled?: boolean; complaints?: RegExp } = {},
): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled, permissions: ['clipboard-read', 'clipboard-write'] })
  const said: string[] = []
  try {
    const page = await context.newPage()
    page.on('console', message => said.push(message.text()))
    page.on('pageerror', error => said.push(error.message))
    if (javaScriptEnabled) {
      await page.clock.install({ time: WRONG_DAY })
      await page.clock.pauseAt(WRONG_DAY_LATER)
    }
    await page.goto(`${shop.url}/pay`)
    await act(page, context)
  } finally {
    await context.close()
    shop.stop()
  }
  assert.deepEqual(
    said.filter(text => !complaints.test(text)),
    [],
  )
}

test('complete and payable without script', async () => {
  const asset = sampleAsset({ id: 'dai', symbol: 'DAI', decimals: 18 })
  const addresses = [sampleAddress(), sampleAddress({ id: 'dai', asset, amountRaw: '12500000000000000001' })]
  const shop = await startShop(samplePaymentPage({ addresses }))
  await visit(
    shop,
    async page => {
      assert.equal(await text(page, '#amount'), '12.50')
      assert.equal(await text(page, '#address'), SAMPLE_ADDRESS)
      assert.ok(await page.locator('svg.qr').isVisible())
      assert.equal(await page.locator('.copy').first().isVisible(), false, 'no button that does nothing')
      assert.match(await text(page, '#countdown'), /until 13:46 UTC/)
      await page.locator('#choice-chosen').click()
      await page.locator('#option-dai').click()
      assert.equal(await text(page, '#amount'), '12.500000000000000001')
      await page.locator('#pay-test-wallet').click()
      assert.match(await text(page, '#status'), /Payment seen/)
    },
    { javaScriptEnabled: false },
  )
})

test('loads its own files and nothing else, and counts down by the server’s clock', async () => {
  const shop = await startShop()
  await visit(shop, async page => {
    assert.equal(await text(page, '#countdown'), '1:00:00')
    await page.clock.runFor(4_000)
    assert.equal(await text(page, '#countdown'), '59:56')
    shop.view = { ...shop.view, serverTime: '2026-02-22T13:16:11.441Z' }
    await shop.tell()
    await waitUntil('the countdown follows the server', async () => {
      await page.clock.runFor(1_000)
      return /^29:/.test(await text(page, '#countdown'))
    })
    const loaded = shop.requests.filter(request => !request.startsWith('GET /pay'))
    const files = [assets.style, assets.script, assets.walletScript].map(({ path }) => `GET ${path}`)
    assert.deepEqual(loaded.sort(), ['GET /api/events', ...files].sort())
  })
})

test('an event takes the page from open to seen to paid and back to the shop', async () => {
  const shop = await startShop()
  await visit(
    shop,
    async page => {
      await page.locator('#token summary').click()
      await page.locator('#copy-address').focus()
      await page.evaluate('globalThis.isSamePage = true')
      shop.view = SAMPLE_STATES.seenInPart
      await shop.tell()
      await page.getByText('0.40 USDC left to pay').first().waitFor()
      assert.equal(await page.evaluate('document.activeElement.id'), 'copy-address', 'focus is kept')
      assert.equal(await page.evaluate("document.getElementById('token').open"), true, 'what was opened stays open')
      assert.equal(await text(page, '#live'), '0.40 USDC left to pay')
      assert.equal(await page.title(), '0.40 USDC left – Northwind Coffee')
      shop.view = { ...SAMPLE_STATES.complete, successUrl: `${shop.url}${SHOP}` }
      await shop.tell()
      await page.getByText('Payment complete').first().waitFor()
      assert.equal(await page.evaluate('globalThis.isSamePage'), true)
      assert.match(await text(page, '#returning'), /Returning to 127\.0\.0\.1:\d+ in 3 s/)
      await page.clock.runFor(3_000)
      await page.waitForURL(url => url.pathname === SHOP)
      assert.match(page.url(), /\?cx_session_id=6bce7b07-825f-454e-bea8-3a2bb04a570b$/)
    },
    { complaints: /favicon|404/ },
  )
})

test('a payer who stays is not sent away', async () => {
  const shop = await startShop(SAMPLE_STATES.complete)
  await visit(shop, async page => {
    await page.locator('#stay').click()
    await page.clock.runFor(20_000)
    assert.equal(new URL(page.url()).pathname, '/pay')
    assert.equal(await page.locator('#returning').count(), 0)
  })
})

test('without live events the page asks every five seconds', async () => {
  const shop = await startShop()
  shop.hasEvents = false
  await visit(
    shop,
    async page => {
      shop.view = SAMPLE_STATES.seen
      await page.clock.runFor(6_000)
      await page.getByText('5 of 12 confirmations').waitFor()
    },
    { complaints: /503/ },
  )
})

test('when the time is up the address is gone, even while the server cannot be reached', async () => {
  const shop = await startShop()
  await visit(
    shop,
    async page => {
      shop.isDown = true
      await page.clock.fastForward('02:00:00')
      await page.getByText('The time to pay is over. Do not pay.').first().waitFor()
      assert.equal(await page.locator('#address').isVisible(), false)
      assert.equal(await page.locator('svg.qr').isVisible(), false)
      assert.ok(await page.getByText('Do not pay: money sent now may not be credited.').isVisible())
    },
    { complaints: /ERR_|net::/ },
  )
})

test('a lost connection is told and forgotten when it is back', async () => {
  const shop = await startShop()
  shop.hasEvents = false
  await visit(
    shop,
    async page => {
      shop.isDown = true
      await waitUntil('the loss is told', async () => {
        await page.clock.runFor(5_000)
        return page.locator('#trouble').isVisible()
      })
      shop.isDown = false
      await waitUntil('it is forgotten', async () => {
        await page.clock.runFor(5_000)
        return page.locator('#trouble').isHidden()
      })
    },
    { complaints: /ERR_|net::|503/ },
  )
})

test('the clipboard gets the very bytes of amount and address', async () => {
  const shop = await startShop()
  await visit(shop, async page => {
    await page.locator('#copy-address').click()
    await waitUntil('the address is copied', async () => (await text(page, '#live')) === 'Address copied.')
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), SAMPLE_ADDRESS)
    await page.locator('#copy-amount').click()
    await waitUntil('the amount is copied', async () => (await text(page, '#live')) === 'Amount copied.')
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), '12.50')
  })
})

test('an address that something changes on the device is hidden within a second', async () => {
  const shop = await startShop()
  await visit(shop, async page => {
    await page.evaluate("document.getElementById('address').lastElementChild.textContent = 'dead'")
    await page.clock.runFor(1_000)
    assert.equal(await page.locator('#address').isVisible(), false)
    assert.match(await text(page, '#trouble'), /Do not pay/)
    shop.view = { ...shop.view, exceptions: ['wrong_token'] }
    await shop.tell()
    await page.getByText('A different coin arrived').waitFor()
    assert.match(await text(page, '#trouble'), /Do not pay/, 'and stays so')
    assert.equal(await page.locator('#address').isVisible(), false)
  })
})

test('another coin is chosen in place and kept in the address bar', async () => {
  const asset = sampleAsset({ id: 'dai', symbol: 'DAI', decimals: 18 })
  const addresses = [sampleAddress(), sampleAddress({ id: 'dai', asset, amountRaw: '12500000000000000000' })]
  const shop = await startShop(samplePaymentPage({ addresses }))
  await visit(shop, async page => {
    await page.evaluate('globalThis.isSamePage = true')
    await page.locator('#choice-chosen').click()
    await page.locator('#option-dai').click()
    await page.locator('#choice-chosen', { hasText: 'DAI' }).waitFor()
    assert.equal(await page.evaluate('globalThis.isSamePage'), true)
    assert.equal(page.url(), `${shop.url}/pay?asset=dai`)
    assert.equal(await page.evaluate('document.activeElement.id'), 'choice-chosen')
  })
})

test('the test wallet pays once, however often it is pressed', async () => {
  const shop = await startShop()
  await visit(shop, async page => {
    await page.locator('#pay-test-wallet').dblclick()
    await page.getByText('Payment seen, confirming').first().waitFor()
    assert.equal(shop.requests.filter(request => request === 'POST /api/test-wallet').length, 1)
  })
})

test('what is injected into the page does not run', async () => {
  const shop = await startShop()
  shop.head = `<base href="https://evil.example/"><script>globalThis.isHurt = 1</script><script src="${shop.url}/evil.js"></script><style>#address { display: none }</style>`
  await visit(
    shop,
    async page => {
      assert.equal(await page.evaluate('globalThis.isHurt'), undefined)
      assert.equal(await page.evaluate('document.baseURI'), `${shop.url}/pay`)
      assert.ok(await page.locator('#address').isVisible())
      await assert.rejects(page.evaluate("document.getElementById('page').innerHTML = '<b>x</b>'"), /TrustedHTML/)
      await assert.rejects(page.evaluate("document.createElement('script').text = '1'"), /TrustedScript/)
      await page.evaluate(
        "document.querySelector('.footer a').setAttribute('href', 'javascript:globalThis.isHurt = 1')",
      )
      await page.evaluate("document.querySelector('.footer a').removeAttribute('target')")
      await page.locator('.footer > a').click()
      assert.equal(await page.evaluate('globalThis.isHurt'), undefined)
    },
    { complaints: /Content Security Policy|Content-Security-Policy|TrustedScript|TrustedHTML|404|MIME/ },
  )
})
