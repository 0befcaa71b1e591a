// The payer's page in a browser, with its exact headers: what the script adds, and what stays true without it. The browser's clock
// is a day wrong and moved by hand, so that nothing here waits for real time.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../../../test/harness/browser.ts'
import {
  SAMPLE_ADDRESS,
  SAMPLE_ANSWERS,
  SAMPLE_DETAILS,
  SAMPLE_FRAME,
  SAMPLE_STATES,
  SAMPLE_WALLETS,
  sampleAddress,
  sampleAsset,
  samplePaymentPage,
} from '../../../test/harness/samplePaymentPage.ts'
import { waitUntil } from '../../../test/harness/waitUntil.ts'
import { ASSET_HEADERS, loadAssets } from './assets.ts'
import type { RefusedForm } from './pageForm.ts'
import { type PaymentPageOptions, renderPaymentPage } from './paymentPage.ts'
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
  /** What became of the next form: it is taken, or shown again. It is answered when `formHeld` is over. */
  form: RefusedForm | null
  formHeld: Promise<void>
  requests: string[]
  /** Sends an event with this state to the page as soon as it listens. */
  tell(state?: object): Promise<void>
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
    form: null,
    formHeld: Promise.resolve(),
    requests: [],
    tell: async (state = {}) => {
      await waitUntil('the page listens', () => streams.size > 0)
      for (const stream of streams) stream.write(`data: ${JSON.stringify({ status: 'open', ...state })}\n\n`)
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
  } else if (pathname.startsWith('/pay/')) {
    void shop.formHeld.then(() => {
      if (shop.form === null) response.writeHead(303, { Location: '/pay' }).end()
      else response.writeHead(400, HEADERS).end(pageOf(shop, null, { form: shop.form }))
    })
  } else if (pathname === '/pay') {
    const edit = searchParams.get('edit') === 'details' ? 'details' : null
    response.writeHead(200, HEADERS).end(pageOf(shop, searchParams.get('asset'), { edit }))
  } else {
    response.writeHead(pathname === SHOP ? 200 : 404, { 'Content-Type': 'text/html' }).end('<h1>Shop</h1>')
  }
}

const HEADERS = pageHeaders({ mode: 'test', scriptIntegrities: [assets.script.integrity], embedder: null })

function pageOf(
  shop: Shop,
  selectedAddressId: string | null,
  asked: Pick<PaymentPageOptions, 'edit' | 'form'>,
): string {
  const page = renderPaymentPage({ ...SAMPLE_FRAME, styleUrl: assets.style.path, path: '/pay' }, shop.view, {
    selectedAddressId,
    script: assets.script,
    ...SAMPLE_WALLETS,
    walletScript: assets.walletScript,
    apiPath: '/api',
    testWalletPath: '/api/test-wallet',
    ...asked,
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

test('the first event brings no request where the page shows that already; each later one does', async () => {
  const shop = await startShop()
  await visit(shop, async page => {
    const { updatedAt } = shop.view
    await shop.tell({ updatedAt })
    const answered = page.waitForResponse(answer => answer.request().resourceType() === 'xhr')
    await shop.tell({ updatedAt })
    await answered
    assert.equal(shop.requests.filter(request => request === 'GET /pay').length, 2)
  })
})

test('news that the page could not fetch is asked for again soon, not when live events would have it ask', async () => {
  const shop = await startShop()
  await visit(
    shop,
    async page => {
      const answered = page.waitForEvent('requestfinished', request => request.resourceType() === 'xhr')
      await shop.tell()
      await answered
      shop.isDown = true
      const failed = page.waitForEvent('requestfailed')
      await shop.tell()
      await failed
      shop.view = SAMPLE_STATES.seen
      shop.isDown = false
      await page.clock.runFor(11_000)
      await page.getByText('5 of 12 confirmations').waitFor()
    },
    { complaints: /ERR_|net::/ },
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

const focused = (page: Page) => page.evaluate('document.activeElement.id')
const sentForms = (shop: Shop) => shop.requests.filter(request => request.startsWith('POST /pay/'))

test('what is typed, the focus and the caret survive a new state', async () => {
  const shop = await startShop(SAMPLE_DETAILS)
  await visit(shop, async page => {
    await page.locator('#promotion').click()
    await page.locator('#code').fill('SPRI')
    await page.locator('#detail-question-2').selectOption('l')
    await page.locator('#billing-same').uncheck()
    await page.locator('#detail-email').fill('ada@example.com')
    for (let back = 0; back < 4; back++) await page.keyboard.press('ArrowLeft')
    shop.view = {
      ...SAMPLE_DETAILS,
      exceptions: ['reorged'],
      amountTotal: '1350000000',
      customFields: {
        fields: (SAMPLE_DETAILS.customFields?.fields ?? []).map(field => ({ ...field, optional: true })),
      },
    }
    await shop.tell()
    await page.getByText('13.50 USDC').first().waitFor()
    await page.getByText('The network took a payment back').waitFor()
    await page.getByText('Member number (optional)').waitFor()
    await page.keyboard.type('!')
    assert.equal(await page.locator('#detail-email').inputValue(), 'ada@example!.com')
    assert.equal(await page.locator('#code').inputValue(), 'SPRI')
    assert.equal(await page.locator('#detail-question-2').inputValue(), 'l')
    assert.equal(await page.locator('#billing-same').isChecked(), false)
    assert.ok(await page.locator('#code').isVisible(), 'the fold stays open')
  })
})

test('a form that is not taken is shown in place with the first problem focused, and a look meanwhile takes nothing away', async () => {
  const shop = await startShop(SAMPLE_DETAILS)
  const typed = new URLSearchParams({ email: 'ada@', phone: '1' })
  shop.form = { name: 'details', typed, problems: new Map([['email', { key: 'fieldEmail' }]]), isTrouble: false }
  await visit(
    shop,
    async page => {
      await page.evaluate('globalThis.isSamePage = true')
      await page.locator('#detail-email').fill('ada@')
      await page.locator('#detail-phone').fill('1')
      await page.locator('#detail-phone').press('Enter')
      await page.locator('#detail-email-error').waitFor()
      assert.equal(await focused(page), 'detail-email')
      assert.equal(await page.locator('#detail-email').getAttribute('aria-describedby'), 'detail-email-error')
      assert.equal(page.url(), `${shop.url}/pay`)
      const looked = page.waitForEvent('requestfinished', request => request.resourceType() === 'xhr')
      await shop.tell()
      await looked
      await page.clock.runFor(1_000)
      assert.ok(await page.locator('#detail-email-error').isVisible())
      assert.equal(await page.locator('#detail-phone').inputValue(), '1')
      shop.form = null
      shop.view = { ...SAMPLE_DETAILS, ...SAMPLE_ANSWERS }
      await page.locator('#detail-email').fill('ada@example.com')
      await page.locator('.actions button').click()
      await page.locator('#address').waitFor()
      assert.equal(await focused(page), 'status')
      assert.equal(await text(page, '#status'), 'Waiting for your payment')
      assert.equal(await page.evaluate('globalThis.isSamePage'), true)
    },
    { complaints: /400/ },
  )
})

test('F168: a form is sent once, however often it is pressed, and what was asked before it shows nothing old', async () => {
  const shop = await startShop(SAMPLE_STATES.zero)
  const held = Promise.withResolvers<void>()
  shop.formHeld = held.promise
  await visit(shop, async page => {
    await page.locator('#confirm').dblclick()
    await page.locator('#confirm').press('Enter')
    await page.getByText('One moment…').waitFor()
    assert.equal(await page.locator('#confirm').getAttribute('aria-disabled'), 'true')
    shop.view = SAMPLE_STATES.completeForNothing
    held.resolve()
    await page.locator('#status', { hasText: 'Confirmed' }).waitFor()
    assert.deepEqual(sentForms(shop), ['POST /pay/confirm'])
  })
})

test('a form that cannot be sent says so, keeps what was typed, and can be sent again', async () => {
  const shop = await startShop(SAMPLE_DETAILS)
  await visit(
    shop,
    async page => {
      await page.locator('#detail-email').fill('ada@example.com')
      shop.isDown = true
      await page.locator('.actions button').click()
      await page.getByText('This could not be sent. Check the connection').waitFor()
      assert.equal(await page.locator('#detail-email').inputValue(), 'ada@example.com')
      assert.equal(await text(page, '.actions button'), 'Continue')
      shop.isDown = false
      shop.view = { ...SAMPLE_DETAILS, ...SAMPLE_ANSWERS }
      await page.locator('.actions button').click()
      await page.locator('#address').waitFor()
      assert.equal(await page.locator('#trouble').isVisible(), false)
    },
    { complaints: /ERR_|net::/ },
  )
})

test('a code is taken and removed in place: the total is announced, and the focus stays where it was', async () => {
  const plain = samplePaymentPage({ allowPromotionCodes: true })
  const shop = await startShop(plain)
  await visit(shop, async page => {
    await page.locator('#promotion').press('Enter')
    await page.locator('#code').fill('SPRING')
    shop.view = {
      ...plain,
      amountTotal: '1125000000',
      amountDetails: { amountDiscount: '125000000', amountTax: '0', amountFee: '0', amountGasFee: null },
      discounts: [{ amount: '125000000', coupon: { name: 'Spring', code: 'SPRING' } }],
    }
    await page.locator('#code').press('Enter')
    await page.getByText('Discount (SPRING)').waitFor()
    assert.equal(await focused(page), 'promotion')
    assert.equal((await text(page, '#live')).trim(), 'Promotion code applied. 11.25 USDC')
    shop.view = plain
    await page.keyboard.press('Enter')
    await page.getByText('Add a promotion code').waitFor()
    assert.equal(await focused(page), 'promotion')
    assert.equal(await page.locator('#code').isVisible(), false)
    assert.equal(await page.locator('#code').inputValue(), '')
  })
})

test('a code that is not taken comes with what is to be paid by then: the server said it, and nobody is warned', async () => {
  const plain = samplePaymentPage({ allowPromotionCodes: true })
  const shop = await startShop(plain)
  const problems = new Map([['code', { key: 'codeUnknown' as const }]])
  shop.form = { name: 'discount', typed: new URLSearchParams({ code: 'SPRING' }), problems, isTrouble: false }
  await visit(
    shop,
    async page => {
      const before = await text(page, '#amount')
      await page.locator('#promotion').press('Enter')
      await page.locator('#code').fill('SPRING')
      shop.view = { ...plain, addresses: plain.addresses.map(row => ({ ...row, amountRaw: `${row.amountRaw}0` })) }
      await page.locator('#code').press('Enter')
      await page.locator('#code-error').waitFor()
      assert.notEqual(await text(page, '#amount'), before)
      assert.equal(await page.locator('#trouble').isVisible(), false)
      assert.ok(await page.locator('#address').isVisible())
    },
    { complaints: /400/ },
  )
})

test('details are edited in place, and cancelled', async () => {
  const shop = await startShop(SAMPLE_STATES.given)
  await visit(shop, async page => {
    await page.locator('#edit-details').click()
    await page.locator('#detail-email').waitFor()
    assert.equal(page.url(), `${shop.url}/pay?edit=details`)
    assert.equal(await focused(page), 'status')
    await page.getByRole('link', { name: 'Cancel' }).click()
    await page.locator('#address').waitFor()
    assert.equal(page.url(), `${shop.url}/pay`)
  })
})

test('when the time is up what is asked for is gone, too', async () => {
  const shop = await startShop(SAMPLE_DETAILS)
  await visit(
    shop,
    async page => {
      shop.isDown = true
      await page.clock.fastForward('02:00:00')
      await page.getByText('The time to pay is over. Do not pay.').first().waitFor()
      assert.equal(await page.locator('#detail-email').isVisible(), false)
    },
    { complaints: /ERR_|net::/ },
  )
})
