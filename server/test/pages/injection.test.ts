// Text is text: payloads in every text that reaches a payer's page, from merchants, payers and operators, on every page that shows
// it, with JavaScript and without. Nothing of them runs, loads, or breaks the page; what the API refuses is counted.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { launchBrowser } from '../harness/browser.ts'
import { paymentTo, testChainConfig } from '../harness/fixtures.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { freeTexts, isAt, type Place, paramOf, textsIn, withTexts } from './freeTexts.ts'
import { overflow } from './overflow.ts'
import { openPayerSite } from './payerSite.ts'
import { PACKS, PAYLOADS } from './payloads.ts'
import { BODIES, METADATA } from './plainBodies.ts'

const HURT = 'x"\'><img src=x onerror=isHurt=1>'

/** A chain whose operator has named it and its coins as badly as can be. */
function hostileChain() {
  const { chain, assets, ...rest } = testChainConfig()
  return {
    ...rest,
    chain: {
      ...chain,
      name: `Chain ${HURT}`,
      blockExplorerName: HURT,
      blockExplorerTransactionUrl: `https://x.example/${HURT}/`,
    },
    assets: assets.map((asset, index) => ({ ...asset, symbol: `S${index}${HURT}`, name: HURT })),
  }
}

const [browser, site] = await Promise.all([launchBrowser(), openPayerSite({ chain: hostileChain() })])
after(() => Promise.all([browser.close(), site.stop()]))

/** Places without a text of their own here, and why: kept elsewhere, or no text of the sender's choice. */
const WITHOUT = [
  /^(createCheckoutSession|createPaymentLink) customFields\.fields\.\[\]\.(text|numeric|dropdown)\.value$/, // what payers answer
  /productData\.images\.\[\]$|^createPaymentLink image$/, // fetched, and shown from our own copy
  /taxIds\.object$/, // always "list"
]

/** Operations whose texts come to no page of payers, or by the same code as those of `BODIES`. */
const ELSEWHERE = [
  ...[
    'cancelSubscription',
    'createApiKey',
    'createCustomerPortalSession',
    'createInvite',
    'createPrice',
    'createProduct',
  ],
  ...['createRefund', 'createWebhookEndpoint', 'createWithdrawalAddress', 'endSubscription', 'markPaymentAsRefunded'],
  ...[
    'openAccount',
    'sendInvoice',
    'setPayersDiscount',
    'storeFile',
    'updateBrand',
    'updateCheckoutSession',
    'updateCoupon',
  ],
  ...['updateCustomer', 'updateInvoice', 'updatePaymentLink', 'updatePrice', 'updateProduct', 'updateTaxRate'],
  ...['updateWebhookEndpoint', 'updateWithdrawalAddress'],
]

const targets = [await openTarget(true), await openTarget(false)]
const tax = await site.api.ok('POST', '/tax-rates', BODIES.createTaxRate)
const texts = freeTexts()

test('every operation that takes a text is known, and every place of those that come to a page', () => {
  assert.deepEqual([...texts.keys()].sort(), [...Object.keys(BODIES), ...ELSEWHERE].sort())
  const missing = Object.entries(BODIES).flatMap(([operation, body]) => {
    const given = textsIn(body)
    const places = texts.get(operation)?.filter(({ place }) => !given.some(each => isAt(each.place, place))) ?? []
    return places.map(({ place }) => `${operation} ${place.join('.')}`)
  })
  assert.deepEqual(
    missing.filter(name => !WITHOUT.some(pattern => pattern.test(name))),
    [],
  )
})

/** The texts that were taken, by the mark that each begins with, and how many were taken and refused. */
const taken = new Map<string, string>()
const counts = { taken: 0, refused: 0 }
let marks = 0
const placeOfMark = new Map<string, string>()

/** A text in the normal form that the API keeps, with one space where there is any white space. */
function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** As many payloads of the pack as the place has room for, after a mark that no other text has. */
function hostileText(
  pack: readonly string[],
  { maxLength, format }: { maxLength: number; format: string | null },
): string {
  const mark = `QQ${++marks}QQ`
  if (format === 'uri') return `https://shop.example/${mark}${pack.join(' ')}`
  if (format === 'email') return `${mark}${pack[0]}@example.com`
  const room = Math.min(maxLength, 250) - mark.length
  const fitting = pack.reduce(
    (text, payload) => (`${text} ${payload}`.length <= room ? `${text} ${payload}` : text),
    '',
  )
  return mark + (fitting.slice(1) || (pack[0] ?? '').slice(0, room))
}

type Operation = keyof typeof BODIES

/** Sends the operation's plain request with a pack in every place; what is refused is sent as it was. */
async function attack(operation: Operation, call: string, pack: readonly string[], changes: object = {}) {
  const asked = { ...BODIES[operation], ...changes }
  const free = texts.get(operation) ?? []
  const isOurs = (place: Place) => ['key', 'customerReferenceId'].includes(`${place.at(-1)}`)
  let body = withTexts(asked, place => {
    const found = isOurs(place) ? undefined : free.find(each => isAt(place, each.place))
    if (found === undefined) return null
    placeOfMark.set(`QQ${marks + 1}QQ`, `${operation} ${found.place.join('.')}`)
    return hostileText(pack, found)
  })
  const [method = '', path = ''] = call.split(' ')
  for (;;) {
    const { status, answer } = await site.api.call(method, path, body)
    if (status === 200) {
      for (const { text } of textsIn(body)) {
        const mark = /QQ\d+QQ/.exec(text)?.[0]
        if (mark === undefined) continue
        counts.taken++
        taken.set(mark, plain(text))
      }
      return answer
    }
    assert.equal(status, 400, JSON.stringify(answer))
    const refused = new Set((answer.errors as { param: string }[]).map(({ param }) => param))
    const before = JSON.stringify(body)
    body = withTexts(body, (place, text) => {
      if (!/QQ\d+QQ/.test(text) || !isRefused(place, refused)) return null
      counts.refused++
      return textsIn(asked).find(each => each.place.join() === place.join())?.text ?? null
    })
    assert.notEqual(JSON.stringify(body), before, JSON.stringify(answer))
  }
}

/** Whether an error names the place, or what it lies in. */
function isRefused(place: Place, params: ReadonlySet<string>): boolean {
  return place.some((_, index) => params.has(paramOf(place.slice(0, index + 1)))) || params.has('')
}

type Hurt = { page: Page; said: string[]; isScript: boolean; close: () => Promise<void> }

/** A page that writes down all that a payload could do. */
async function openTarget(isScript: boolean): Promise<Hurt> {
  const context = await browser.newContext({
    ...{ javaScriptEnabled: isScript, reducedMotion: 'reduce', viewport: { width: 320, height: 640 } },
  })
  const page = await context.newPage()
  const said: string[] = []
  page.on('dialog', dialog => said.push(`dialog ${dialog.message()}`))
  page.on('pageerror', error => said.push(`error ${error.message}`))
  page.on('request', request => {
    if (!/^(data:|https:\/\/shop\.example\/)/.test(request.url().replace(site.url, 'data:')))
      said.push(`request ${request.url()}`)
  })
  // The page that leads away would go on to the shop, as would whoever has paid after three seconds.
  await page.route('**/cancel', async route => {
    const response = await route.fetch()
    const { refresh: _, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
  await page.route(/^https:\/\/shop\.example\//, route => route.fulfill({ status: 204 }))
  page.on('console', message => {
    if (/Content Security Policy|Refused|Trusted/.test(message.text())) said.push(message.text())
  })
  return { page, said, isScript, close: () => context.close() }
}

const LOOK = `(() => {
  const found = []
  const own = new RegExp('Q\\\\d+Q')
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT)
  const wrong = []
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.nodeType !== 1) {
      if (own.test(node.data)) (node.nodeType === 3 ? found : wrong).push(node.data)
      continue
    }
    if (/^(IFRAME|OBJECT|EMBED|BASE|STYLE|XSS|VIDEO|MATH)$/i.test(node.nodeName)) wrong.push(node.outerHTML)
    if (node.nodeName === 'TEMPLATE' && node.id !== 'wallet-parts') wrong.push(node.outerHTML)
    if (node.rel === 'stylesheet' && !/^\\/(assets|payment\\/theme)\\//.test(node.getAttribute('href'))) wrong.push(node.outerHTML)
    if (node.nodeName === 'SCRIPT' && !node.src.startsWith(location.origin + '/assets/')) wrong.push(node.outerHTML)
    for (const { name, value } of node.attributes) {
      if (/^on|^srcdoc$|^style$/.test(name)) wrong.push(node.outerHTML)
      if (/^(href|src|action|formaction)$/.test(name) && !/^(#|\\/|https:\\/\\/(shop|x)\\.example\\/|data:image\\/svg|ethereum:|mailto:)/.test(value) && value !== '')
        wrong.push(node.outerHTML)
      else if (own.test(value) && !/^(href|src|action)$/.test(name)) found.push(value)
    }
  }
  return { found, wrong, hurt: typeof isHurt === 'undefined' ? null : isHurt }
})()`

type Looked = { found: string[]; wrong: string[]; hurt: unknown }

const shown = new Set<string>()

/** Demands that what stands on the page is whole, and nothing but text. */
async function look({ page, said, isScript }: Hurt, name: string, pack: readonly string[]): Promise<void> {
  // A page that a form or a link led to is laid out once its style sheet is there.
  await page.waitForLoadState('load')
  const { found, wrong, hurt }: Looked = await page.evaluate(LOOK)
  const where = `${name}, script ${isScript ? 'on' : 'off'}: ${pack[0]}`
  assert.deepEqual([wrong, hurt, said], [[], null, []], where)
  assert.deepEqual(await overflow(page), [], `${where} fits into 320 px`)
  for (const text of found.map(plain)) {
    for (const [mark] of text.matchAll(/QQ\d+QQ/g)) {
      const whole = taken.get(mark)
      assert.ok(whole !== undefined && text.includes(whole), `${where}: of ${whole} there is ${text}`)
      shown.add(mark)
    }
  }
}

/** Types the pack into each field of the page's form and sends it, past what the browser itself would refuse; the page comes again. */
async function sendForm({ page, isScript }: Hurt, selector: string, pack: readonly string[]): Promise<void> {
  const text = `QQ${++marks}QQ${pack.join(' ')}`
  // A field of one line holds no line breaks; a browser sends no half characters, and reads no NUL.
  taken.set(
    `QQ${marks}QQ`,
    plain(
      text
        .replace(/[\r\n]/g, '')
        .replaceAll('\0', '\ufffd')
        .toWellFormed(),
    ),
  )
  await page.evaluate(`for (const field of document.querySelectorAll('${selector} input:not([type=hidden], [type=checkbox])')) {
    field.type = 'text'
    field.removeAttribute('maxlength')
    field.value = ${JSON.stringify(text)}
  }`)
  const send = `document.querySelector('${selector}').${isScript ? 'requestSubmit' : 'submit'}()`
  if (isScript) await page.evaluate(send)
  else await Promise.all([page.waitForEvent('load'), page.evaluate(send)])
  await page.locator('[aria-invalid]').first().waitFor()
}

let round = 0
let visits = 0

/** Opens a page with script and, where there is markup in the pack, without; `act` comes after the look at it. */
async function visit(
  path: string,
  pack: readonly string[],
  act: (target: Hurt) => Promise<void> = async () => undefined,
) {
  const stranger = encodeURIComponent((pack[0] ?? '').toWellFormed())
  const hasMarkup = pack.some(text => /[<>]/.test(text))
  for (const target of targets.filter(({ isScript }) => isScript || hasMarkup)) {
    const answer = await target.page.goto(
      `${site.url}${path}?asset=${stranger}&lang=${stranger}&x=${++visits}#${stranger}`,
    )
    assert.equal(answer?.status(), 200, path)
    await look(target, path, pack)
    await act(target)
    // Where the page would lead on by itself, it would come between the next visit.
    await target.page.goto('about:blank')
  }
}

async function pay(id: string): Promise<void> {
  const seen = await getCheckoutSession(site.ctx, site.api.caller.organizationId, id)
  assert.ok(seen)
  await site.chain.mine(header => [paymentTo(seen.found, header)])
  for (let block = 0; block < 3; block++) await site.chain.mine()
  await payersSee('that it is paid', id, ({ status }) => status === 'complete')
}

/** Waits for the server of the pages: another one made the change, and payers share what was read of a session within a second. */
async function payersSee(what: string, id: string, is: (page: { status: string; discounts: object[] }) => boolean) {
  const page = `${site.url}/api/v1/payment-pages/for-checkout-session/${id}`
  await waitUntil(`payers see ${what}`, async () =>
    is((await (await fetch(page)).json()) as { status: string; discounts: object[] }),
  )
}

/** The page of somebody who leaves. */
async function leave(target: Hurt, pack: readonly string[]): Promise<void> {
  await target.page.locator('.cancel button').click()
  await target.page.locator('main:not([data-kind])').waitFor()
  await look(target, 'leaving', pack)
}

for (const pack of PACKS) {
  test(`${JSON.stringify(pack.join(' ').slice(0, 60))} stays text`, async () => {
    const code = `SPRING${++round}`
    await attack('updateOrganization', 'PUT /organization', pack)
    await attack('updateInvoiceSetting', 'PUT /organization/invoice-setting', pack)
    const rate = await attack('createTaxRate', 'POST /tax-rates', pack)
    const coupon = await attack('createCoupon', 'POST /coupons', pack, {
      promotionCodeData: { data: [{ code, metadata: METADATA }] },
    })
    const customer = await attack('createCustomer', 'POST /customers', pack, {
      ...{ email: `ada${round}@example.com`, customerReferenceId: `ref${round}` },
    })

    const session = await attack('createCheckoutSession', 'POST /checkout/sessions', pack, { taxRateIds: [rate.id] })
    const payers = `/payment-pages/for-checkout-session/${session.id}`
    const path = `/payment/checkout-session/${session.id}`
    await visit(path, pack, async target => {
      await sendForm(target, 'form[action*="/details"]', pack)
      await look(target, 'details refused', pack)
    })
    const { fields } = session.customFields as { fields: { dropdown?: { options: { value: string }[] } }[] }
    const colour = fields[2]?.dropdown?.options[0]?.value ?? ''
    const customFields = { ...BODIES.setPayersDetails.customFields, colour }
    await attack('setPayersDetails', `POST ${payers}/details`, pack, { customFields })
    const taken = textsIn(coupon).find(({ place }) => place.at(-1) === 'code')?.text
    await site.api.ok('POST', `${payers}/discount`, { code: taken })
    await payersSee('what was typed last', `${session.id}`, ({ discounts }) => discounts.length > 0)
    await visit(path, pack, target => leave(target, pack))
    await pay(`${session.id}`)
    await visit(path, pack)

    const link = await attack('createPaymentLink', 'POST /payment-links', pack)
    await visit(`/payment/payment-link/${link.id}`, pack, async target => {
      await sendForm(target, 'form:has(#amount)', pack)
      await look(target, 'link refused', pack)
    })
    const invoice = await attack('createInvoice', 'POST /invoices', pack, {
      customerId: customer.id,
      taxRateIds: [tax.id, rate.id],
    })
    await site.api.ok('POST', `/invoices/${invoice.id}/finalize`)
    await visit(`/payment/invoice/${invoice.id}`, pack)
    const { receiptId } = await receiptOf(`${session.id}`)
    for (const paper of [`/payment/invoice/${invoice.id}/pdf`, `/payment/receipt/${receiptId}/pdf`]) {
      const printed = await fetch(`${site.url}${paper}`)
      const type = printed.headers.get('content-type')
      assert.deepEqual([printed.status, type, (await printed.text()).slice(0, 5)], [200, 'application/pdf', '%PDF-'])
    }
  })
}

async function receiptOf(id: string): Promise<{ receiptId: string }> {
  const answer = await site.api.ok('GET', `/checkout/sessions/${id}`)
  const intent = answer.paymentIntent as { paymentReceipt: { id: string } }
  return { receiptId: intent.paymentReceipt.id }
}

/** Texts that payers are known to see: that they were not is a fault of this test. */
const SHOWN = [
  ...[
    'afterCompletionConfirmMsg',
    'customFields.fields.[].label.custom',
    'customFields.fields.[].dropdown.options.[].label',
  ].map(place => `createCheckoutSession ${place}`),
  ...['name', 'description'].map(place => `createCheckoutSession lineItems.data.[].priceData.productData.${place}`),
  ...['name', 'email', 'phone'].map(place => `createCheckoutSession customerData.${place}`),
  ...['name', 'email', 'phone', 'customFields.*', 'shippingDetails.address.line1'].map(
    place => `setPayersDetails ${place}`,
  ),
  ...['customFields.fields.[].name', 'customFields.fields.[].value', 'description'].map(
    place => `createInvoice ${place}`,
  ),
  ...['createPaymentLink title', 'createPaymentLink description', 'createTaxRate name', 'updateOrganization name'],
]

test(`C5.1: ${PAYLOADS} payloads in every text that reaches a payer's page: nothing ran, and the layout held`, t => {
  t.diagnostic(`${counts.taken} texts taken, ${counts.refused} refused, ${shown.size} seen on pages`)
  const placesShown = new Set([...shown].map(mark => placeOfMark.get(mark)).filter(place => place !== undefined))
  assert.deepEqual(
    SHOWN.filter(place => !placesShown.has(place)),
    [],
  )
  assert.ok(counts.taken > 1000 && counts.refused > 100 && shown.size > 300)
})
