// What payers may do with a payment's page by mistake or on purpose, and what browsers lack: the rows of the matrix for the page.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import type { TestPayment, TestWallet } from '../../src/context.ts'
import { launchBrowser } from '../harness/browser.ts'
import { eventTypes, hashFor, paymentTo } from '../harness/fixtures.ts'
import { type AnsweredSession, newLine, newSession, payersPath } from '../harness/sessionFixtures.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { overflow } from './overflow.ts'
import { openPayerSite } from './payerSite.ts'
import { pay, sessionOf } from './screens.ts'

/** What the test wallet was asked to pay. */
const payments: TestPayment[] = []
const testWallet = {
  pay: payment => {
    payments.push(payment)
    return Promise.resolve(hashFor(`payment ${payments.length}`))
  },
} as Partial<TestWallet> as TestWallet

const [browser, site, live] = await Promise.all([
  launchBrowser(),
  openPayerSite({ testWallet }),
  openPayerSite({ mode: 'live' }),
])
after(() => Promise.all([browser.close(), site.stop(), live.stop()]))

const FOREIGN = `0x${'f'.repeat(40)}`
const NOBODY = '00000000-0000-7000-8000-000000000000'
const pathOf = ({ id }: { id: string }) => `/payment/checkout-session/${id}`

/** Opens a page of the site in a browser of its own. */
async function visit(
  path: string,
  act: (page: Page) => Promise<void>,
  { prepare, ...options }: Parameters<Browser['newContext']>[0] & { prepare?: (page: Page) => Promise<unknown> } = {},
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  try {
    const page = await context.newPage()
    await prepare?.(page)
    await page.goto(site.url + path)
    await act(page)
  } finally {
    await context.close()
  }
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? ''
}

function addressOf(session: AnsweredSession): string {
  return session.addresses[0]?.paymentAddress ?? assert.fail('an address')
}

/** The session as the merchant sees it. */
async function stored({ id }: AnsweredSession): Promise<AnsweredSession> {
  return (await site.api.ok('GET', `/checkout/sessions/${id}`)) as AnsweredSession
}

test('F163: the pages of expired, paid, unknown and other mode’s sessions say what they are', async () => {
  const [expired, paid, open] = [await newSession(site.api), await newSession(site.api), await newSession(site.api)]
  await site.api.ok('POST', `/checkout/sessions/${expired.id}/expire`)
  await pay(site, paid.id)
  const unknown = { id: NOBODY }
  const read = async (url: string) => {
    const answer = await fetch(url)
    const text = await answer.text()
    const heading = />([^<>]+)<\/h[12]>/.exec(text.slice(text.indexOf('class="status-text"')))?.[1]
    return [answer.status, heading, text.includes('Test mode. No real money is used.'), text.includes('id="address"')]
  }
  assert.deepEqual(await read(site.url + pathOf(expired)), [200, 'This payment has expired', true, false])
  assert.deepEqual(await read(site.url + pathOf(paid)), [200, 'Payment complete', true, false])
  assert.deepEqual(await read(site.url + pathOf(unknown)), [404, 'We can’t find this payment', true, false])
  assert.deepEqual(await read(site.url + pathOf(open)), [200, 'Waiting for your payment', true, true])
  assert.deepEqual(await read(live.url + pathOf(open)), [404, 'We can’t find this payment', false, false])
  assert.deepEqual(await read(live.url + pathOf(await newSession(live.api))), [
    200,
    'Waiting for your payment',
    false,
    true,
  ])
})

test('F164: whoever edits amount, address or network changes what he sees alone, and is told', async t => {
  const session = await newSession(site.api)
  const other = await newSession(site.api, { lineItems: [newLine({ unitAmount: '100000000' })] })
  const before = await stored(session)
  const shown = async (page: Page) => [await textOf(page, '#address'), await textOf(page, '#amount')]
  const right = [addressOf(session), '100.00']

  await t.test('in the address bar', () => {
    const foreign = other.addresses[0]?.id
    const query = `?asset=${foreign}&amount=1&address=${FOREIGN}&network=1&chainId=1&redirect=https://evil.example#<script>`
    return visit(pathOf(session) + query, async page => assert.deepEqual(await shown(page), right))
  })
  await t.test('in storage', () =>
    visit(pathOf(session), async page => {
      await page.evaluate(`for (const key of ['address', 'amount', 'asset', 'session']) {
        localStorage.setItem(key, '${FOREIGN}')
        sessionStorage.setItem(key, '${FOREIGN}')
        document.cookie = key + '=${FOREIGN}'
      }`)
      await page.reload()
      assert.deepEqual(await shown(page), right)
    }),
  )
  await t.test('in a form', () =>
    visit(pathOf(session), async page => {
      const sent = payments.length
      await page.evaluate(`{
        const form = document.querySelector('form[data-test-wallet]')
        form.addressId.value = '${other.addresses[0]?.id}'
        for (const [name, value] of [['amount', '1'], ['amountRaw', '1'], ['to', '${FOREIGN}'], ['chainId', '1']]) {
          const field = document.createElement('input')
          Object.assign(field, { name, value })
          form.append(field)
        }
      }`)
      await page.locator('#pay-test-wallet').click()
      await waitUntil('the wallet was asked', () => payments.length > sent)
      const { to, amountRaw, asset } = payments.at(-1) ?? assert.fail('a payment')
      assert.deepEqual([to, amountRaw, asset.chainId], [addressOf(session), 100_000_000n, 80001])
    }),
  )
  for (const [what, script] of [
    ['amount', "document.getElementById('amount').textContent = '0.01'"],
    ['address', `document.getElementById('address').textContent = '${FOREIGN}'`],
    ['code', "document.querySelector('.qr path').setAttribute('d', 'M0 0h9v9z')"],
    ['contract', `document.querySelector('#token code').textContent = '${FOREIGN}'`],
  ] as const) {
    await t.test(`with the tools of developers: ${what}`, () =>
      visit(pathOf(session), async page => {
        await page.evaluate(script)
        await page.locator('#trouble', { hasText: 'Do not pay' }).waitFor()
        assert.equal(await page.locator('#address').isVisible(), false)
        await page.reload()
        assert.deepEqual(await shown(page), right, 'the page is as it was')
      }),
    )
  }
  await t.test('by the routes of payers', async () => {
    for (const [route, body] of [
      ['details', { amount: '1', email: 'ada@example.com' }],
      ['details', { paymentAddress: FOREIGN }],
      ['discount', { code: null, amountTotal: '1' }],
      ['amount', { unitAmount: '1', address: FOREIGN }],
      ['amount', { unitAmount: '1' }],
    ] as const) {
      const { status } = await site.api.call('POST', payersPath(session, `/${route}`), body)
      assert.ok(status === 400 || status === 409, `${route} ${JSON.stringify(body)}: ${status}`)
    }
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
      assert.equal((await site.api.call(method, payersPath(session), { amountTotal: '1' })).status, 405, method)
    }
  })
  assert.deepEqual(await stored(session), before)
})

test('F165: the page is read and copied from without script, with it blocked, in old browsers, at 320 px and at 200 %', async t => {
  const session = await newSession(site.api)
  const check = async (page: Page) => {
    assert.deepEqual(await overflow(page), [])
    for (const [selector, expected] of [
      ['#address', addressOf(session)],
      ['#amount', '100.00'],
    ] as const) {
      assert.ok(await page.locator(selector).isVisible(), selector)
      const selected = await page.evaluate(`(() => {
        const element = document.querySelector('${selector}')
        getSelection().selectAllChildren(element)
        return [getSelection().toString(), getComputedStyle(element).userSelect]
      })()`)
      assert.deepEqual(selected, [expected, 'all'], 'one click selects all of it')
    }
    assert.ok(await page.locator('svg.qr').isVisible())
  }
  const narrow = { viewport: { width: 320, height: 640 } }
  await t.test('without script', () => visit(pathOf(session), check, { ...narrow, javaScriptEnabled: false }))
  await t.test('with the script blocked', () =>
    visit(pathOf(session), check, { ...narrow, prepare: page => page.route('**/*.js', route => route.abort()) }),
  )
  await t.test('with text of twice the size', () =>
    visit(
      pathOf(session),
      async page => {
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await check(page)
      },
      { viewport: { width: 640, height: 800 } },
    ),
  )
  await t.test('in a browser without events, observers and clipboard', () =>
    visit(
      pathOf(session),
      async page => {
        await check(page)
        await page.locator('#copy-address').click()
        await page.locator('#copy-address.copy-done').waitFor()
        assert.equal(await page.evaluate('navigator.readText()'), addressOf(session))
      },
      {
        ...narrow,
        permissions: ['clipboard-read', 'clipboard-write'],
        prepare: page =>
          page.addInitScript(`delete globalThis.EventSource
            navigator.readText = navigator.clipboard.readText.bind(navigator.clipboard)
            Object.defineProperty(navigator, 'clipboard', { value: undefined })`),
      },
    ),
  )
  await t.test('by a screen reader', () =>
    visit(pathOf(session), async page => {
      const tree = await page.locator('body').ariaSnapshot()
      for (const part of [
        /- main:/,
        /- heading "Pay Test merchant 100\.00 USDC" \[level=1\]/,
        /- heading "Waiting for your payment" \[level=2\]/,
        /- list "What you are paying for":/,
        new RegExp(`- img "QR code of the address ${addressOf(session)}"`),
        /- button "Copy the amount"/,
        /- button "Copy the address"/,
        new RegExp(
          addressOf(session)
            .match(/^0x.{4}|.{4}/g)
            ?.join(' ?') ?? '',
        ),
        /- link "Open in a wallet app"/,
        /- status/,
      ]) {
        assert.match(tree, part)
      }
    }),
  )
})

test('F166: a page that was left open for hours, on a device that slept and whose clock is a day wrong, hides the address', async () => {
  const session = await newSession(site.api)
  await visit(
    pathOf(session),
    async page => {
      assert.equal(await textOf(page, '#countdown'), '1:00:00', 'by the clock of the server')
      site.ctx.clock.advance(3 * 3_600_000)
      await page.clock.fastForward(3 * 3_600_000)
      await page.clock.runFor(5_000)
      await page.locator('#status', { hasText: 'This payment has expired' }).waitFor()
      assert.equal(await page.locator('#address').count(), 0)
      assert.ok(await page.getByText('Do not pay').first().isVisible())
    },
    {
      prepare: async page => {
        await page.clock.install({ time: site.ctx.clock.now().getTime() - 86_400_000 })
        await page.clock.pauseAt(site.ctx.clock.now().getTime() - 86_399_000)
      },
    },
  )
})

test('F168: two clicks, the way back and a hundred visits have one effect', async t => {
  await t.test('a payment', async () => {
    const session = await newSession(site.api)
    const sent = payments.length
    await visit(pathOf(session), async page => {
      await page.locator('#pay-test-wallet').dblclick()
      await waitUntil('the wallet was asked', () => payments.length > sent)
      await page.locator('#pay-test-wallet').click({ force: true })
    })
    assert.equal(payments.length, sent + 1)
  })
  await t.test('leaving', async () => {
    const session = await newSession(site.api, { cancelUrl: `${site.url}/docs/errors` })
    await visit(pathOf(session), async page => {
      for (let times = 0; times < 3; times++) {
        await page.locator('.cancel button').dblclick()
        await page.locator('main:not([data-kind])').waitFor()
        await page.goBack()
        await page.locator('.cancel button').waitFor()
      }
    })
    const types = await eventTypes(site.ctx, session.id)
    assert.deepEqual(
      types.filter(type => type.endsWith('.canceled')),
      ['checkout_session.canceled'],
    )
  })
  await t.test('a hundred visits', async () => {
    const session = await newSession(site.api)
    const before = await stored(session)
    const events = await eventTypes(site.ctx, session.id)
    for (let times = 0; times < 100; times++) assert.equal((await fetch(site.url + pathOf(session))).status, 200)
    assert.deepEqual([await stored(session), await eventTypes(site.ctx, session.id)], [before, events])
  })
  await t.test('an invoice that is begun to be paid a hundred times', async () => {
    const customer = await site.api.ok('POST', '/customers', { email: 'ada@example.com' })
    const invoice = await site.api.ok('POST', '/invoices', {
      customerId: customer.id,
      lineItems: { data: [newLine()] },
    })
    await site.api.ok('POST', `/invoices/${invoice.id}/finalize`)
    const ids = new Set<string>()
    for (let times = 0; times < 100; times++) ids.add(await sessionOf(site, `/payment/invoice/${invoice.id}/pay`))
    assert.equal(ids.size, 1)
    const [id = ''] = ids
    await pay(site, id)
    const seen = await getCheckoutSession(site.ctx, site.api.caller.organizationId, id)
    assert.ok(seen)
    await site.chain.mine(header => [paymentTo(seen.found, header, { tx: 'once more', logIndex: 1 })])
    const paid = await site.api.ok('GET', `/invoices/${invoice.id}`)
    assert.equal(paid.status, 'paid')
  })
})
