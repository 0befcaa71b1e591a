// A person pays and a merchant is told: the whole program as a newcomer starts it, a real browser, and a wallet with a key of its
// own. Nothing is replaced; the wallet mines where a test need not wait for the world to do it.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { encodeAbiParameters, encodePacked, getCreate2Address, keccak256 } from 'viem'
import { NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { launchBrowser } from '../harness/browser.ts'
import { proveWorld, startDevWorld } from '../harness/devWorld.ts'
import { type ReceivedRequest, startReceiver } from '../harness/receiver.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { createMerchant, type Session, wayToPay } from './merchant.ts'
import { createPayerWallet } from './payerWallet.ts'
import { readQrCode } from './qrCode.ts'

const CHAIN_ID = 80_001
const ONE = '100000000'
const SHOTS = process.env.SHOTS

const folder = mkdtempSync(join(tmpdir(), 'payment-test-'))
const [world, browser, shop] = await Promise.all([startDevWorld(['--data', folder]), launchBrowser(), startReceiver()])
after(async () => {
  await Promise.all([browser.close(), shop.stop(), world.stop()])
  rmSync(folder, { recursive: true })
})

const merchant = createMerchant(world)
const payer = createPayerWallet(world, CHAIN_ID)
const endpoint = await merchant.request<{ id: string; secret: string }>('POST', '/webhook-endpoints', {
  description: 'Order desk',
  url: `${shop.url}/hooks`,
  enabledEvents: { events: ['*'] },
})
shop.answerAll(({ path }) =>
  path === '/hooks' ? {} : { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Shop</title>' },
)
const urls = { successUrl: `${shop.url}/thanks?order=7`, cancelUrl: `${shop.url}/cart` }
await fillWallet()

/** Gives the payer's wallet test coins of every kind, as a newcomer does. */
async function fillWallet(): Promise<void> {
  for (const currency of ['usdc', 'usdt', 'dai', 'matic']) {
    await merchant.request('POST', '/test/faucet', { address: payer.address, currency, chainId: CHAIN_ID })
  }
}

type Event = { id: string; type: string; sequence: number; object: string; data: { object: Session } }

function eventOf(request: ReceivedRequest): Event {
  return JSON.parse(request.body.toString('utf8'))
}

/** The first delivery of an event about `session`, awaited. */
function delivered(session: Session, type: string): Promise<ReceivedRequest> {
  return shop.waitFor(request => {
    if (request.path !== '/hooks') return false
    const event = eventOf(request)
    return event.type === type && event.data.object.id === session.id
  })
}

/** What was delivered about the session itself until now, by type, each event once. */
function eventsOf(session: Session): string[] {
  const events = shop.requests
    .filter(({ path }) => path === '/hooks')
    .map(eventOf)
    .filter(event => event.data.object.id === session.id)
  const types = new Map(events.map(event => [event.sequence, event.type]))
  return [...types].sort(([a], [b]) => a - b).map(([, type]) => type)
}

type Visit = { page: Page; context: BrowserContext; requests: string[]; said: string[]; landing: Response }

/** Opens the payer's page in a browser context of its own. */
async function visit(
  session: Session,
  act: (visit: Visit) => Promise<void>,
  options: {
    prepare?: (page: Page) => Promise<void>
    complaints?: RegExp
    browser?: Parameters<Browser['newContext']>[0]
  } = {},
): Promise<void> {
  const context = await browser.newContext(options.browser)
  const requests: string[] = []
  const said: string[] = []
  context.on('request', request => requests.push(request.url()))
  context.on('console', message => said.push(message.text()))
  context.on('weberror', error => said.push(error.error().message))
  try {
    const page = await context.newPage()
    await options.prepare?.(page)
    const landing = await page.goto(session.url)
    assert.ok(landing !== null)
    await act({ page, context, requests, said, landing })
  } finally {
    await context.close()
  }
  assert.deepEqual(
    said.filter(text => !(options.complaints ?? /favicon\.ico/).test(text)),
    [],
  )
}

/** Stops the page's timers, so that it learns of changes by events alone. */
async function stopTimers(page: Page): Promise<void> {
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
}

function status(page: Page, text: string | RegExp): Promise<void> {
  return page.locator('#status', { hasText: text }).waitFor()
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? ''
}

/** Pays what a row of the session says and mines until it is complete. */
async function payInFull(session: Session, symbol: string): Promise<Session> {
  const row = wayToPay(session, symbol)
  await payer.send(row.asset.address, row.paymentAddress, BigInt(row.amountRaw))
  return await settled(session, 'complete')
}

/** Mines until the session has that status. */
function settled(session: Session, wanted: string): Promise<Session> {
  return waitUntil(`session is ${wanted}`, async () => {
    await payer.mine(1)
    const now = await merchant.getSession(session)
    return now.status === wanted && now
  })
}

test('a person pays with the test wallet, live and without a reload, and the merchant is told by a signed webhook', async () => {
  const session = await merchant.createSession(urls)
  await visit(
    session,
    async ({ page, said }) => {
      assert.equal(await page.title(), 'Pay Demo Shop')
      assert.equal(await textOf(page, '.heading-total'), '1.00 USDC')
      await page.evaluate('globalThis.isSamePage = true')
      await page.getByRole('button', { name: 'Pay with the test wallet' }).click()
      // At once: another block may be the last that it waits for.
      const seen = page.locator('.card', { has: page.locator('#status', { hasText: 'Payment seen, confirming' }) })
      const confirmations = /^\s*(Waiting for the first|[123] of 3) confirmation/
      await seen.locator('.confirmations', { hasText: confirmations }).waitFor()
      assert.equal(await page.locator('#address').count(), 0, 'nothing more to pay to')
      await status(page, 'Payment complete')
      assert.equal(await page.evaluate('globalThis.isSamePage'), true)
      assert.equal(await page.title(), 'Paid – Demo Shop')
      assert.deepEqual(said, [])
      const back = page.waitForURL(url => url.pathname === '/thanks')
      await page.clock.runFor(3_000)
      await back
      assert.equal(page.url(), `${shop.url}/thanks?order=7&cx_session_id=${session.id}`)
    },
    { prepare: stopTimers },
  )
  const request = await delivered(session, 'checkout_session.completed')
  const body = request.body.toString('utf8')
  const headers = request.headers as Record<string, string>
  const event = new Webhook(endpoint.secret).verify(body, headers) as Event
  assert.equal(headers['x-webhook-signature'], createHmac('sha256', endpoint.secret).update(body).digest('hex'))
  assert.equal(headers['webhook-id'], event.id)
  assert.throws(() => new Webhook(endpoint.secret).verify(body.replace('"paid"', '"PAID"'), headers))
  assert.deepEqual(event.data.object, await merchant.getSession(session))
  assert.equal(event.data.object.paymentStatus, 'paid')
  assert.deepEqual(eventsOf(session).at(-1), 'checkout_session.completed')
  const { paymentAddress, asset, amountRaw } = wayToPay(session, 'USDC')
  assert.equal(await payer.balanceOf(asset.address, paymentAddress), BigInt(amountRaw))
  await waitUntil('the delivery is on record', async () => {
    const path = `/checkout/sessions/${session.id}/completed_webhook_delivered`
    return (await merchant.request<{ completed: boolean }>('GET', path)).completed
  })
})

test('without script: amount, network, token and address are there, the code is the address, and it can be paid', async () => {
  const session = await merchant.createSession(urls)
  const row = wayToPay(session, 'USDC')
  await visit(
    session,
    async ({ page, requests }) => {
      assert.equal(await textOf(page, '#amount'), '1.00')
      assert.equal(await textOf(page, '.field:has-text("On this network") .field-value'), 'Test network')
      await page.locator('#token summary').click()
      assert.ok(await page.getByText(row.asset.address).isVisible())
      const shown = await textOf(page, '#address')
      assert.equal(shown, row.paymentAddress)
      assert.equal(await readQrCode(page.locator('svg.qr')), row.paymentAddress)
      assert.equal(derivedAddress(session), row.paymentAddress)
      await payer.send(row.asset.address, shown as Hex, 1_000_000n)
      await settled(session, 'complete')
      await page.reload()
      await status(page, 'Payment complete')
      await page.getByRole('link', { name: /^Return to/ }).click()
      await page.waitForURL(({ href }) => href === `${urls.successUrl}&cx_session_id=${session.id}`)
      assert.equal(requests.filter(url => url.endsWith('.js')).length, 0)
    },
    { browser: { javaScriptEnabled: false } },
  )
})

/** The address as anyone can compute it from the proof: CREATE2 over session id and payouts. */
function derivedAddress(session: Session): string {
  const { factory, initCodeHash, sessionId, payouts } = wayToPay(session, 'USDC').proof
  assert.equal(sessionId, session.id)
  assert.deepEqual(payouts, [{ chainId: CHAIN_ID, receiver: world.withdrawalAddresses[CHAIN_ID], share: 10_000 }])
  const rows = payouts.map(({ chainId, receiver, share }) =>
    encodePacked(['uint256', 'uint256', 'uint256'], [BigInt(chainId), BigInt(receiver), BigInt(share)]),
  )
  const payoutsHash = keccak256(`0x${rows.map(words => words.slice(2)).join('')}`)
  const id = BigInt(`0x${sessionId.replaceAll('-', '')}`)
  const salt = keccak256(encodeAbiParameters([{ type: 'uint128' }, { type: 'bytes32' }], [id, payoutsHash]))
  return getCreate2Address({ from: factory, salt, bytecodeHash: initCodeHash }).toLowerCase()
}

test('a part, then the rest: the page says what is left and asks for that much', async () => {
  const session = await merchant.createSession(urls)
  const { asset, paymentAddress } = wayToPay(session, 'USDC')
  await visit(session, async ({ page }) => {
    await payer.send(asset.address, paymentAddress, 600_000n)
    await status(page, '0.40 USDC left to pay')
    assert.equal(await page.title(), '0.40 USDC left – Demo Shop')
    assert.equal(await textOf(page, '#amount'), '0.40')
    assert.equal(await textOf(page, '#address'), paymentAddress)
    assert.match((await page.locator('#open-wallet').getAttribute('href')) ?? '', /uint256=400000$/)
    const part = await settled(session, 'incomplete')
    assert.deepEqual(part.exceptions, ['underpaid'])
    assert.equal(part.paymentIntent.amountReceived, '60000000')
    await page.getByText('0.60 USDC of 1.00 USDC arrived.').waitFor()
    await payer.send(asset.address, paymentAddress, 400_000n)
    await status(page, 'Payment seen, confirming')
    const whole = await settled(session, 'complete')
    assert.deepEqual(whole.exceptions, [])
    await status(page, 'Payment complete')
    assert.equal(await page.locator('.receipt dt', { hasText: 'Transaction' }).count(), 2)
    await delivered(session, 'checkout_session.incomplete')
    await delivered(session, 'checkout_session.completed')
  })
})

test('too much completes the payment, and the page says how much more and whom to ask', async () => {
  const session = await merchant.createSession({ ...urls, afterCompletion: 'hosted_confirmation' })
  const { asset, paymentAddress } = wayToPay(session, 'USDC')
  await visit(session, async ({ page }) => {
    await payer.send(asset.address, paymentAddress, 1_250_000n)
    const done = await settled(session, 'complete')
    assert.deepEqual(done.exceptions, ['overpaid'])
    await status(page, 'Payment complete')
    assert.match(
      await textOf(page, '.notice'),
      /0\.25 USDC more arrived than was asked for\. Ask Demo Shop to send it back/,
    )
    assert.ok((await textOf(page, '.notice')).includes(session.id))
  })
})

test('another token is not counted: the payer reads why, the merchant gets an event, the right one still pays', async () => {
  const session = await merchant.createSession(urls)
  const { paymentAddress } = wayToPay(session, 'USDC')
  const dai = world.chains[CHAIN_ID]?.tokens.dai
  assert.ok(dai)
  await visit(session, async ({ page }) => {
    await payer.send(dai, paymentAddress, 10n ** 18n)
    await page.getByText('A different coin arrived, so it was not counted.').waitFor()
    await status(page, 'Waiting for your payment')
    const now = await merchant.getSession(session)
    assert.deepEqual([now.status, now.exceptions], ['open', ['wrong_token']])
    assert.equal(now.paymentIntent.amountReceived, null)
    const [unmatched] = await Promise.all([
      shop.waitFor(({ path, body }) => path === '/hooks' && isUnmatched(body, session)),
      delivered(session, 'checkout_session.exception'),
    ])
    assert.equal(
      new Webhook(endpoint.secret).verify(unmatched.body, unmatched.headers as Record<string, string>) !== null,
      true,
    )
    await payInFull(session, 'USDC')
    await status(page, 'Payment complete')
  })
})

function isUnmatched(body: Buffer, session: Session): boolean {
  const { type } = JSON.parse(body.toString('utf8'))
  return type === 'payment.unmatched' && body.includes(session.id)
}

for (const { currency, symbol, amount, shown } of [
  { currency: 'matic', symbol: 'MATIC', amount: '150000000', shown: '1.50' },
  { currency: 'usdt', symbol: 'USDT', amount: '1234567800', shown: '12.345678' },
  { currency: 'dai', symbol: 'DAI', amount: '1', shown: '0.00000001' },
]) {
  test(`paid in ${symbol} by whoever reads the page`, async () => {
    const session = await merchant.createSession({ ...urls, lines: [{ currency, unitAmount: amount }] })
    const row = wayToPay(session, symbol)
    await visit(session, async ({ page }) => {
      assert.equal(await textOf(page, '#amount'), shown)
      assert.equal(await page.locator('#token').count(), row.asset.address === NATIVE ? 0 : 1)
      const raw =
        BigInt(shown.replace('.', '')) * 10n ** BigInt(row.asset.decimals - (shown.split('.')[1] ?? '').length)
      await payer.send(row.asset.address, (await textOf(page, '#address')) as Hex, raw)
      await status(page, 'Payment seen, confirming')
      await settled(session, 'complete')
      await status(page, 'Payment complete')
      assert.equal(await payer.balanceOf(row.asset.address, row.paymentAddress), BigInt(row.amountRaw))
    })
  })
}

test('a cart of two lines adds up, and the transaction of its payment is shown by the test explorer', async () => {
  const lines = [
    { currency: 'usdc', unitAmount: '250000000', quantity: 3, name: 'Espresso <b>' },
    { currency: 'usdc', unitAmount: '1', quantity: 100, name: 'Sugar' },
  ]
  const session = await merchant.createSession({ ...urls, afterCompletion: 'hosted_confirmation', lines })
  assert.equal(session.amountTotal, '750000100')
  await visit(session, async ({ page, context }) => {
    assert.equal(await textOf(page, '.heading-total'), '7.500001 USDC')
    assert.deepEqual(await page.locator('.line-name').allTextContents(), ['Espresso <b>', 'Sugar'])
    assert.deepEqual(await page.locator('.totals dd').allTextContents(), ['7.500001 USDC', '7.500001 USDC'])
    const paid = await payInFull(session, 'USDC')
    const [transaction] = paid.paymentIntent.transactions
    assert.ok(transaction?.transactionHash)
    await status(page, 'Payment complete')
    assert.equal(await page.locator('.hash-link').getAttribute('href'), transaction.transactionUrl)
    const [explorer] = await Promise.all([context.waitForEvent('page'), page.locator('.hash-link').click()])
    await explorer.getByRole('heading', { name: 'Transaction succeeded' }).waitFor()
    const shown = await explorer.locator('dd').allTextContents()
    assert.deepEqual(shown.slice(0, 5), [
      '7.500001 USDC',
      wayToPay(session, 'USDC').paymentAddress,
      payer.address,
      wayToPay(session, 'USDC').asset.address,
      'Test network',
    ])
    assert.equal(shown.at(-1), transaction.transactionHash)
  })
})

test('the test explorer answers 404 for what its chain does not know, with the headers of the payer’s page', async () => {
  const page = await browser.newPage()
  for (const hash of [`0x${'0'.repeat(64)}`, 'latest', `0x${'G'.repeat(64)}`]) {
    const answer = await page.goto(`${world.apiUrl}/test/transactions/${hash}`)
    assert.equal(answer?.status(), 404)
    assert.equal(await textOf(page, 'h1'), 'No such transaction')
    assert.deepEqual(pageHeadersOf(await answer.allHeaders()), EXACT_HEADERS)
  }
  await page.close()
})

test('who leaves goes back to the shop; the merchant is told once, and the payment stays payable', async () => {
  const session = await merchant.createSession(urls)
  await visit(session, async ({ page }) => {
    await page.getByRole('button', { name: /Back to 127\.0\.0\.1/ }).click()
    assert.match(await textOf(page, 'h1'), /^Returning to 127\.0\.0\.1:\d+$/)
    await page.waitForURL(url => url.pathname === '/cart')
    assert.equal(page.url(), `${urls.cancelUrl}?cx_session_id=${session.id}`)
    await page.goto(session.url)
    await page.getByRole('button', { name: /Back to 127\.0\.0\.1/ }).click()
    await page.getByRole('link', { name: 'Continue paying' }).click()
    await status(page, 'Waiting for your payment')
    await payInFull(session, 'USDC')
    await status(page, 'Payment complete')
  })
  const completed = eventOf(await delivered(session, 'checkout_session.completed'))
  await waitUntil('all events of the session are here', () => eventsOf(session).length === completed.sequence)
  assert.equal(eventsOf(session).filter(type => type === 'checkout_session.canceled').length, 1)
})

test('an expired payment hides its address at once and for ever', async () => {
  const session = await merchant.createSession(urls)
  const { paymentAddress } = wayToPay(session, 'USDC')
  await visit(session, async ({ page }) => {
    await status(page, 'Waiting for your payment')
    await merchant.request('POST', `/checkout/sessions/${session.id}/expire`)
    await status(page, 'This payment has expired')
    assert.ok(!(await page.content()).includes(paymentAddress))
    assert.equal(await page.getByRole('button', { name: 'Pay with the test wallet' }).count(), 0)
    const closed = await settled(session, 'expired')
    assert.equal(closed.paymentIntent.status, 'canceled')
    await delivered(session, 'checkout_session.expired')
    const again = await page.reload()
    assert.equal(again?.status(), 200)
    await status(page, 'This payment has expired')
    assert.ok(!(await again?.text())?.includes(paymentAddress))
    await payer.send(wayToPay(session, 'USDC').asset.address, paymentAddress, 1_000_000n)
    await page.getByText('Money arrived after the time to pay was over.').waitFor()
    assert.deepEqual((await merchant.getSession(session)).exceptions, ['late'])
  })
})

test('two tabs follow one payment', async () => {
  const session = await merchant.createSession({ ...urls, afterCompletion: 'hosted_confirmation' })
  await visit(
    session,
    async ({ page, context }) => {
      const other = await context.newPage()
      await stopTimers(other)
      await other.goto(session.url)
      await page.locator('#pay-test-wallet').dblclick()
      await Promise.all([page, other].map(tab => status(tab, 'Payment seen, confirming')))
      const paid = await settled(session, 'complete')
      await Promise.all([page, other].map(tab => status(tab, 'Payment complete')))
      assert.deepEqual([paid.paymentIntent.transactions.length, paid.exceptions], [1, []], 'a double click pays once')
    },
    { prepare: stopTimers },
  )
})

test('where events are blocked the page asks by itself', async () => {
  const session = await merchant.createSession(urls)
  const block = async (page: Page) => {
    await stopTimers(page)
    await page.route('**/events', route => route.abort())
  }
  await visit(
    session,
    async ({ page }) => {
      await payInFull(session, 'USDC')
      await waitUntil('the page has asked', async () => {
        await page.clock.runFor(1_000)
        return (await page.locator('.card-complete').count()) > 0
      })
    },
    { prepare: block, complaints: /ERR_FAILED|favicon\.ico/ },
  )
})

const EXACT_HEADERS: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), clipboard-write=(self)',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'sha256-…' 'sha256-…'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
}

/** The headers of a page without those of the connection and of the one request; the scripts' hashes, which are not ours to know here, as `…`. */
function pageHeadersOf(headers: Record<string, string>): Record<string, string> {
  const ofTransfer = ['date', 'connection', 'keep-alive', 'content-length', 'content-encoding', 'transfer-encoding']
  const rest = Object.entries(headers).filter(([name]) => !ofTransfer.includes(name))
  const { 'request-id': requestId = '', ...page } = Object.fromEntries(rest)
  assert.match(requestId, /^[0-9a-f-]{36}$/)
  const policy = page['content-security-policy'] ?? ''
  return { ...page, 'content-security-policy': policy.replace(/'sha256-[\w+/]{43}='/g, "'sha256-…'") }
}

test('the page talks to nobody but its own host, under exactly these headers, also when it is not found', async () => {
  const session = await merchant.createSession(urls)
  await visit(session, async ({ page, landing, requests }) => {
    assert.deepEqual(pageHeadersOf(await landing.allHeaders()), EXACT_HEADERS)
    await page.locator('#copy-address').click()
    await payInFull(session, 'USDC')
    await status(page, 'Payment complete')
    await page.locator('#stay').click()
    assert.deepEqual([...new Set(requests.map(url => new URL(url).origin))], [world.apiUrl])
    assert.ok(requests.length > 4, 'page, style, script, events and what came after')
  })
  const page = await browser.newPage()
  for (const id of ['00000000-0000-7000-8000-000000000000', 'nothing', '%00']) {
    const missing = await page.goto(`${world.apiUrl}/payment/checkout-session/${id}`)
    assert.equal(missing?.status(), 404)
    assert.equal(await textOf(page, 'h1'), 'We can’t find this payment')
    assert.deepEqual(pageHeadersOf(await missing.allHeaders()), EXACT_HEADERS)
  }
  await page.close()
})

test('what a stranger puts into the address, or around the page, changes nothing', async () => {
  const [session, other] = await Promise.all([merchant.createSession(urls), merchant.createSession(urls)])
  const { paymentAddress } = wayToPay(session, 'USDC')
  await visit(
    session,
    async ({ page }) => {
      const foreign = wayToPay(other, 'USDC').id
      await page.goto(
        `${session.url}?asset=${foreign}&redirect=https://evil.example&amount=1#<script>alert(1)</script>`,
      )
      assert.equal(await textOf(page, '#address'), paymentAddress)
      assert.equal(await textOf(page, '#amount'), '1.00')
      shop.answerNext({ headers: { 'content-type': 'text/html' }, body: `<iframe src="${session.url}"></iframe>` })
      await page.goto(`${shop.url}/frame`)
      const [, frame] = page.frames()
      assert.equal(await frame?.locator('#address').count(), 0)
    },
    { complaints: /frame-ancestors|X-Frame-Options|favicon\.ico/ },
  )
})

if (SHOTS !== undefined) {
  test('pictures of every state', { timeout: 120_000 }, () => takePictures(SHOTS))
}

const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
} as const

/** Writes PNG files of what a payer sees, on a phone, on a desktop and in the dark, into `folder`. */
async function takePictures(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const [screen, browserOptions] of Object.entries(SCREENS)) {
    const session = await merchant.createSession({ ...urls, afterCompletion: 'hosted_confirmation' })
    const shoot = async (page: Page, name: string) => {
      await page.screenshot({ path: join(folder, `${name}-${screen}.png`), fullPage: true, animations: 'disabled' })
    }
    await visit(
      session,
      async ({ page, context }) => {
        await shoot(page, 'open')
        const { asset, paymentAddress } = wayToPay(session, 'USDC')
        await payer.send(asset.address, paymentAddress, 600_000n)
        await status(page, '0.40 USDC left to pay')
        await shoot(page, 'partial')
        await payer.send(asset.address, paymentAddress, 500_000n)
        await status(page, 'Payment seen, confirming')
        await shoot(page, 'processing')
        await settled(session, 'complete')
        await status(page, 'Payment complete')
        await shoot(page, 'complete')
        const [explorer] = await Promise.all([context.waitForEvent('page'), page.locator('.hash-link').first().click()])
        await explorer.getByRole('heading', { name: 'Transaction succeeded' }).waitFor()
        await shoot(explorer, 'explorer')
        await explorer.goto(`${world.apiUrl}/test/transactions/0`)
        await shoot(explorer, 'unknown')
        const expired = await merchant.createSession(urls)
        await merchant.request('POST', `/checkout/sessions/${expired.id}/expire`)
        await page.goto(expired.url)
        await status(page, 'This payment has expired')
        await shoot(page, 'expired')
        const cart = [
          { currency: 'usdc', unitAmount: ONE, quantity: 3, name: 'Flat white with oat milk' },
          { currency: 'usdc', unitAmount: '1250000000', name: 'House blend, whole beans, 1 kg' },
        ]
        await page.goto((await merchant.createSession({ ...urls, lines: cart })).url)
        await shoot(page, 'cart')
      },
      { browser: browserOptions, complaints: /status of 404/ },
    )
  }
}

test('the program had nothing to complain about', () => {
  assert.equal(world.complaints(), '')
})

test('after all of this the books equal the chains, to the unit', async () => {
  const { code, output } = await proveWorld(folder)
  assert.equal(code, 0, output)
  assert.match(output, /USDC/)
})
