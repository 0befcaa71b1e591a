// What a payer is told in every state, that text stays text, and that code, text and link name one address and one amount.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encode } from 'uqr'
import {
  SAMPLE_ADDRESS,
  SAMPLE_DETAILS,
  SAMPLE_FRAME,
  SAMPLE_STATES,
  SAMPLE_WALLETS,
  sampleAddress,
  sampleAsset,
  sampleIntent,
  sampleLine,
  samplePaymentPage,
  sampleTransaction,
} from '../../../test/harness/samplePaymentPage.ts'
import { renderLeavingPage } from './leavingPage.ts'
import { renderNotFoundPage } from './notFoundPage.ts'
import { type PaymentPageOptions, renderPaymentPage } from './paymentPage.ts'
import type { PaymentPage } from './paymentPageView.ts'

const OPTIONS: PaymentPageOptions = {
  selectedAddressId: null,
  script: { path: '/assets/checkout-1.js', integrity: 'sha256-AAAA' },
  ...SAMPLE_WALLETS,
  apiPath: '/api/v1/payment-pages/for-checkout-session/1',
  testWalletPath: '/api/v1/payment-pages/for-checkout-session/1/test-wallet',
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }

function render(view: PaymentPage, options: Partial<PaymentPageOptions> = {}): string {
  return renderPaymentPage({ ...SAMPLE_FRAME, isTest: view.isTest }, view, { ...OPTIONS, ...options })
}

// In text and attributes every < and > is escaped, so a simple pattern finds exactly the tags.
function tagsOf(page: string): string[] {
  return page.match(/<[a-z/!][^>]*>/gi) ?? []
}

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|amp|#39);/g, entity => ENTITIES[entity] ?? entity)
}

function textOf(page: string): string {
  const withBlocksApart = page.replace(/<\/?(p|div|dt|dd|h1|h2|li|button|summary|time|form)\b[^>]*>/gi, ' ')
  return unescaped(withBlocksApart.replace(/<[a-z/!][^>]*>/gi, ''))
    .replace(/\s+/g, ' ')
    .trim()
}

function attribute(page: string, pattern: RegExp): string | null {
  const found = pattern.exec(page)?.[1]
  return found === undefined ? null : unescaped(found)
}

function addressText(page: string): string | null {
  const found = /<code id="address"[^>]*>(.*?)<\/code>/s.exec(page)?.[1]
  return found === undefined ? null : textOf(found)
}

/** The modules that the page's SVG draws, row by row. */
function drawnModules(page: string): boolean[][] {
  const side = Number(/<svg class="qr"[^>]*viewBox="0 0 (\d+) \1"/.exec(page)?.[1])
  const modules = Array.from({ length: side }, () => new Array<boolean>(side).fill(false))
  const path = /<path fill="#000" d="([^"]*)"/.exec(page)?.[1] ?? ''
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    modules[Number(y)]?.fill(true, Number(x), Number(x) + Number(width))
  }
  return modules
}

const EVERY_PAGE: Record<string, string> = {
  ...Object.fromEntries(Object.entries(SAMPLE_STATES).map(([name, view]) => [name, render(view)])),
  notFound: renderNotFoundPage(SAMPLE_FRAME),
  leaving: renderLeavingPage(SAMPLE_FRAME, samplePaymentPage()).body,
  leavingNowhere: renderLeavingPage(SAMPLE_FRAME, samplePaymentPage({ cancelUrl: null })).body,
}

const WITH_ADDRESS = new Set(['open', 'chosen', 'codeTaken', 'given', 'seenInPart', 'seenWithoutDetails', 'paidInPart'])

for (const [name, page] of Object.entries(EVERY_PAGE)) {
  test(`${name}: one heading, landmarks, unique ids, nothing inline, nothing from elsewhere`, () => {
    const tags = tagsOf(page)
    assert.equal(tags.filter(tag => tag.startsWith('<h1')).length, 1)
    assert.equal(tags.filter(tag => tag.startsWith('<main')).length, 1)
    assert.match(page, /<html lang="en" dir="ltr">/)
    assert.match(page, /Test mode/)
    const ids = tags.flatMap(tag => / id="([^"]*)"/.exec(tag)?.[1] ?? [])
    assert.deepEqual(ids, [...new Set(ids)])
    for (const [, target] of page.matchAll(/ aria-(?:labelledby|describedby)="([^"]*)"/g)) {
      assert.ok(ids.includes(target ?? ''), `${target} is on the page`)
    }
    for (const tag of tags) {
      assert.doesNotMatch(tag, /\s(style|on\w+)\s*=/i)
      assert.doesNotMatch(tag, /(javascript|vbscript):/i)
      // A wallet's icon gets its source from the wallet.
      if (/^<(script|link|img|iframe|object|embed|base)\b(?! class="wallet-icon")/i.test(tag)) {
        assert.match(tag, /\s(src|href)="(\/assets\/|data:image\/svg\+xml,)/)
      }
    }
    assert.equal(page.match(/<script[^>]*><\/script>/g)?.length ?? 0, page.match(/<script/g)?.length ?? 0)
  })

  test(`${name}: the address is ${WITH_ADDRESS.has(name) ? 'text, code and link alike' : 'nowhere'}`, () => {
    if (!WITH_ADDRESS.has(name)) {
      assert.doesNotMatch(page.toLowerCase(), new RegExp(SAMPLE_ADDRESS.slice(2, 20)))
      assert.doesNotMatch(page, /class="qr"|ethereum:/)
      return
    }
    assert.equal(addressText(page), SAMPLE_ADDRESS)
    assert.deepEqual(drawnModules(page), encode(SAMPLE_ADDRESS, { ecc: 'M', border: 4 }).data)
    assert.match(attribute(page, /id="open-wallet" href="([^"]*)"/) ?? '', new RegExp(`address=${SAMPLE_ADDRESS}&`))
  })
}

const PAYLOADS = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '{{constructor.constructor("alert(1)")()}}',
  '<math><mtext></p><style>*{display:none}</style>',
  '<!-- <base href=//evil.example>',
  'javascript:alert(1)',
  '\u202Egnp.exe\u2066',
  '\u200B\u200D\uFEFF',
  '👨‍👩‍👧‍👦',
  'Z\u0335\u0348\u033C'.repeat(500),
]

function lineSaying(text: string) {
  const tax = { id: 'vat', name: text, percentage: 20, type: 'exclusive', amount: '1' } as const
  return sampleLine({ taxRates: [tax], price: { unitAmount: '1', product: { name: text, description: text } } })
}

/** A view with `text` wherever somebody else's text may stand, and as many links as could carry it. */
function viewSaying(text: string): PaymentPage {
  const asset = sampleAsset({ symbol: text, name: text, chain: { ...sampleAsset().chain, name: text } })
  return samplePaymentPage({
    brand: { name: text, logo: text, color: text, supportUrl: text, termsUrl: text, privacyUrl: text },
    lineItems: { data: [lineSaying(text)] },
    amountDetails: { amountDiscount: '1', amountTax: '1', amountFee: '1', amountGasFee: '1' },
    discounts: [{ amount: '1', coupon: { name: text, code: text } }],
    successUrl: text,
    cancelUrl: text,
    addresses: [sampleAddress({ asset, uri: text }), sampleAddress({ id: text, asset, uri: text })],
  })
}

/** A view that asks for everything, with `text` in every question, answer and choice. */
function askingViewSaying(text: string): PaymentPage {
  const address = { line1: text, line2: text, postalCode: text, city: text, state: text, country: 'GB' }
  const label = { type: 'custom', custom: text } as const
  return {
    ...SAMPLE_DETAILS,
    brand: viewSaying(text).brand,
    customerDetails: { name: text, email: text, phone: text },
    shippingDetails: { address },
    billingDetails: { address: { ...address, line2: 'Elsewhere' } },
    customFields: {
      fields: [
        { key: text, type: 'text', label, optional: false, text: { value: text } },
        {
          key: 'size',
          type: 'dropdown',
          label,
          optional: true,
          dropdown: { options: [{ label: text, value: text }], value: text },
        },
      ],
    },
  }
}

const answeredViewSaying = (text: string): PaymentPage => ({ ...askingViewSaying(text), missingDetails: [] })

function paidViewSaying(text: string): PaymentPage {
  const transaction = {
    transactionHash: text,
    transactionUrl: text,
    createdAt: text,
    asset: viewSaying(text).addresses[0]?.asset,
  }
  return {
    ...viewSaying(text),
    status: 'complete',
    afterCompletion: 'hosted_confirmation',
    afterCompletionConfirmMsg: text,
    paymentIntent: sampleIntent({
      status: 'succeeded',
      transactions: [sampleTransaction({ ...transaction, asset: transaction.asset ?? sampleAsset() })],
    }),
  }
}

test('text stays text: whatever is said, the markup is that of plain words', () => {
  const shape = (page: string) => tagsOf(page).map(tag => tag.replace(/"[^"]*"/g, '""'))
  for (const viewOf of [viewSaying, askingViewSaying, answeredViewSaying, paidViewSaying]) {
    const plain = shape(render(viewOf('plain')))
    const check = (text: string) => {
      const page = render(viewOf(text))
      assert.deepEqual(shape(page), plain)
      // A tab's title cannot be isolated with markup, everything else of the merchant's is.
      if (text.trim() !== '') assert.ok(page.includes(`<bdi class="brand-name">${escaped(text)}</bdi>`))
    }
    for (const payload of PAYLOADS) check(payload)
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }).filter(isOrdinary), check), { numRuns: 300 })
  }
})

function escaped(text: string): string {
  return Object.entries(ENTITIES)
    .reverse()
    .reduce((rest, [entity, character]) => rest.replaceAll(character, entity), text)
}

/** URLs and local paths are linked when they are sound, which changes the markup for good reason. */
function isOrdinary(text: string): boolean {
  return !/^[a-z]+:/i.test(text.trim()) && !text.startsWith('/')
}

test('what is to be sent is exact, to the last base unit', () => {
  const ether = sampleAsset({ symbol: 'ETH', decimals: 18, address: `0x${'0'.repeat(40)}` })
  const address = sampleAddress({ asset: ether, amountRaw: '17234567890123456' })
  const page = render(samplePaymentPage({ addresses: [address] }))
  assert.equal(attribute(page, /<span id="amount"[^>]*>([^<]*)</), '0.017234567890123456')
  assert.doesNotMatch(page, /Token contract/)
  const large = render(samplePaymentPage({ currency: 'usd', amountTotal: '9223372036854775807' }))
  assert.match(textOf(large), /\$92,233,720,368\.54775807/)
})

test('once a part is paid, amount and link ask for the rest', () => {
  for (const name of ['paidInPart', 'seenInPart']) {
    const page = EVERY_PAGE[name] ?? ''
    assert.equal(attribute(page, /<span id="amount"[^>]*>([^<]*)</), '0.40')
    assert.match(attribute(page, /id="open-wallet" href="([^"]*)"/) ?? '', /&uint256=400000$/)
    assert.match(textOf(page), /0\.40 USDC left to pay/)
    assert.match(textOf(page), /12\.10 USDC of 12\.50 USDC/)
  }
  assert.match(EVERY_PAGE.seenInPart ?? '', /<progress max="12" value="4"/)
  assert.doesNotMatch(EVERY_PAGE.paidInPart ?? '', /<progress/)
})

test('an open session links the very URI of the view', () => {
  const [address] = SAMPLE_STATES.open.addresses
  assert.equal(attribute(EVERY_PAGE.open ?? '', /id="open-wallet" href="([^"]*)"/), address?.uri)
})

test('one way to pay leaves nothing to choose; of several only those of the session can be chosen', () => {
  assert.doesNotMatch(EVERY_PAGE.open ?? '', /choice/)
  const base = { ...sampleAsset().chain, id: 8453, name: 'Base' }
  const addresses = [
    sampleAddress({ id: 'one' }),
    sampleAddress({ id: 'two', asset: sampleAsset({ chainId: 8453, chain: base }), amountRaw: '13000000' }),
    sampleAddress({ id: 'three', asset: sampleAsset({ symbol: 'DAI', decimals: 18 }), amountRaw: '1' }),
  ]
  const chains = [{ id: 8453, health: 'halted' as const }]
  const view = samplePaymentPage({ addresses, chains, paymentSetting: { preferredChainId: 8453 } })
  const chosen = (page: string) =>
    /aria-current="true"/.test(page) && attribute(page, /id="option-(\w+)"[^>]*aria-current/)
  assert.equal(chosen(render(view)), 'two', 'the preferred chain')
  assert.equal(chosen(render(view, { selectedAddressId: 'three' })), 'three')
  assert.equal(chosen(render(view, { selectedAddressId: '"><script>' })), 'two', 'a foreign id is ignored')
  const page = render(view, { selectedAddressId: 'two' })
  assert.deepEqual(
    [...page.matchAll(/<p class="choice-coin"><bdi>(\w+)</g)].map(match => match[1]),
    ['USDC', 'DAI'],
    'grouped by coin',
  )
  assert.match(page, /href="\/payment\/checkout-session\/1\?asset=three"/)
  assert.equal(attribute(page, /<span id="amount"[^>]*>([^<]*)</), '13.00')
  assert.match(textOf(page), /Base is making no blocks at the moment\. Wait, or choose another network\./)
})

test('the test wallet is offered in test mode only', () => {
  const form = /<form method="post" action="\/api\/v1\/payment-pages\/for-checkout-session\/1\/test-wallet"/
  assert.match(render(samplePaymentPage()), form)
  assert.doesNotMatch(render(samplePaymentPage(), { testWalletPath: null }), /test-wallet/)
  const live = render(samplePaymentPage({ isTest: false }))
  assert.doesNotMatch(live, /test-wallet|Test mode/)
})

test('a paid session shows its proof and goes back to the shop, by script and without', () => {
  const page = EVERY_PAGE.complete ?? ''
  const back = 'https://shop.example/thanks?order=17&cx_session_id=6bce7b07-825f-454e-bea8-3a2bb04a570b'
  assert.equal(attribute(page, /<noscript><meta http-equiv="refresh" content="3;url=([^"]*)"/), back)
  assert.equal(attribute(page, /id="return" href="([^"]*)"[^>]* data-return-after="3"/), back)
  assert.match(textOf(page), /Returning to shop\.example/)
  const [transaction] = SAMPLE_STATES.complete.paymentIntent.transactions
  assert.equal(attribute(page, /class="hash-link" href="([^"]*)"/), transaction?.transactionUrl)
  assert.ok(
    textOf(page).includes(transaction?.transactionHash ?? 'a hash'),
    'the whole hash is there to copy and print',
  )
  assert.doesNotMatch(page, /action="[^"]*\/cancel"/)
})

test('a message of the merchant takes the place of the automatic return', () => {
  const afterCompletionConfirmMsg = 'Thank you!\nYour beans ship <tomorrow>.'
  const page = render({ ...SAMPLE_STATES.complete, afterCompletion: 'hosted_confirmation', afterCompletionConfirmMsg })
  assert.match(page, /Your beans ship &lt;tomorrow&gt;\./)
  assert.doesNotMatch(page, /data-return-after|http-equiv/)
  assert.match(page, /id="return" href="https:\/\/shop\.example/)
})

test('a host is shown as it is, punycode and all, and only web addresses are linked', () => {
  const cancelUrl = 'https://аррӏе.example/cart'
  assert.match(textOf(render(samplePaymentPage({ cancelUrl }))), /Back to xn--80ak6aa92e\.example/)
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    'https://shop.example@evil.example/',
    '//evil.example',
  ]) {
    const page = render({ ...SAMPLE_STATES.complete, successUrl: url, cancelUrl: url })
    assert.doesNotMatch(page, /http-equiv|id="return"|evil\.example/)
    assert.doesNotMatch(render(samplePaymentPage({ cancelUrl: url })), /action="[^"]*\/cancel"/)
  }
})

test('every exception has its sentence and its next step', () => {
  const sentences: Record<string, RegExp> = {
    duplicate: /A second payment arrived .* Ask them to send it back/,
    late: /Money arrived after the time to pay was over\. Northwind Coffee has been told/,
    wrong_token: /A different coin arrived, so it was not counted\. .* Ask them to send it back/,
    wrong_chain: /a network that is not accepted here, so it was not counted\. .* Ask them/,
    replaced: /replaced by its sender .* If you cancelled it, the payment is still open/,
    reorged: /took a payment back .* do not pay a second time/,
  }
  for (const [exception, sentence] of Object.entries(sentences)) {
    assert.match(textOf(render(samplePaymentPage({ exceptions: [exception] }))), sentence)
  }
  const overpaid = { exceptions: ['overpaid'], addresses: [sampleAddress({ amountReceivedRaw: '12900001' })] }
  const page = textOf(render({ ...SAMPLE_STATES.complete, ...overpaid }))
  assert.match(page, /0\.400001 USDC more arrived than was asked for\. Ask Northwind Coffee to send it back/)
  assert.match(
    textOf(render(samplePaymentPage({ exceptions: ['refunded_without_payment'] }))),
    /Waiting for your payment/,
  )
})

test('what is said in each state', () => {
  const said: Record<string, RegExp> = {
    open: /Waiting for your payment until 13:46 UTC/,
    seen: /Payment seen, confirming 5 of 12 confirmations/,
    complete: /Payment complete Northwind Coffee has your payment\./,
    timeUp: /This payment has expired Do not pay/,
    timeUpInPart: /12\.10 USDC of 12\.50 USDC arrived in time\. Do not send the rest now\./,
    timeUpSeenInPart: /the time to pay the rest is over\. Do not send more\./,
    expired: /This payment has expired Do not pay/,
    expiredEarly: /This payment has expired Do not pay/,
    withoutAddress: /This payment is not ready/,
    amount: /Donate to Northwind Coffee Trees for the valley Choose an amount until 13:46 UTC/,
    chosen: /Donate to Northwind Coffee 12\.50 USDC Change amount/,
    codeTaken: /Discount \(SPRING\) Remove −1\.25 USDC Total 11\.25 USDC/,
    details: /Your details until 13:46 UTC E-mail address/,
    seenWithoutDetails: /0\.40 USDC left to pay/,
    given: /ada@example\.com, Ada Lovelace, \+44 20 7946 0018/,
    zero: /Book with Northwind Coffee 0\.00 USDC .* Nothing to pay until 13:46 UTC The total is zero/,
    completeForNothing: /Confirmed Northwind Coffee has your confirmation\. Nothing was charged\./,
    notFound: /We can’t find this payment/,
    leaving: /Returning to shop\.example/,
    leavingNowhere: /You left the payment/,
  }
  for (const [name, sentence] of Object.entries(said)) assert.match(textOf(EVERY_PAGE[name] ?? ''), sentence)
})

test('without script the page asks again by itself, oftener while confirming', () => {
  assert.match(EVERY_PAGE.open ?? '', /<noscript><meta http-equiv="refresh" content="15"><\/noscript>/)
  assert.match(EVERY_PAGE.seen ?? '', /<noscript><meta http-equiv="refresh" content="5"><\/noscript>/)
  assert.match(EVERY_PAGE.given ?? '', /<noscript><meta http-equiv="refresh" content="60"><\/noscript>/)
  for (const name of ['amount', 'details', 'zero']) {
    assert.doesNotMatch(EVERY_PAGE[name] ?? '', /http-equiv="refresh"/, `${name}: what is typed is not taken away`)
  }
})

test('the page after a cancel goes back to the shop with a header and a link', () => {
  const { body, refresh } = renderLeavingPage(SAMPLE_FRAME, samplePaymentPage())
  const back = 'https://shop.example/cart?cx_session_id=6bce7b07-825f-454e-bea8-3a2bb04a570b'
  assert.equal(refresh, `1; url=${back}`)
  assert.equal(attribute(body, /<a class="button button-first" href="([^"]*)"/), back)
  assert.equal(renderLeavingPage(SAMPLE_FRAME, samplePaymentPage({ cancelUrl: null })).refresh, null)
})

test('lines, discount, taxes and fees add up on the page', () => {
  const view = samplePaymentPage({
    currency: 'usd',
    amountSubtotal: '4950000000',
    amountTotal: '4996000000',
    amountDetails: { amountDiscount: '495000000', amountTax: '441000000', amountFee: '100000000', amountGasFee: null },
    discounts: [{ amount: '495000000', coupon: { name: 'Spring', code: 'SPRING10' } }],
    lineItems: {
      data: [
        sampleLine({
          quantity: 3,
          currency: 'usd',
          amountSubtotal: '4950000000',
          taxRates: [
            { id: 'vat', name: 'VAT', percentage: 10, type: 'exclusive', amount: '441000000' },
            { id: 'levy', name: 'Levy', percentage: 2.5, type: 'inclusive', amount: '12000000' },
          ],
          price: { unitAmount: '1650000000', product: { name: 'Guji', description: null } },
        }),
      ],
    },
  })
  assert.match(
    textOf(render(view)),
    /Guji 3 × \$16\.50 \$49\.50 Subtotal \$49\.50 Discount \(SPRING10\) −\$4\.95 VAT 10% \$4\.41 includes Levy 2\.5% \$0\.12 Processing fee \$1\.00 Total \$49\.96/,
  )
  const many = samplePaymentPage({ lineItems: { data: Array.from({ length: 100 }, () => sampleLine()) } })
  assert.match(render(many), /<details class="fold" id="items"><summary><bdi>100<\/bdi> items/)
})

const IN_DOLLARS = samplePaymentPage({
  currency: 'usd',
  amountTotal: '4990000000',
  amountSubtotal: '4990000000',
  addresses: [
    sampleAddress({ amountRaw: '49909983', quote: { fromUsd: '1', toUsd: '0.99980001' } }),
    sampleAddress({
      id: '85f8fe19-3465-4201-b2a9-eefce83f1eec',
      asset: sampleAsset({ id: 'eth', symbol: 'ETH', decimals: 18 }),
      amountRaw: '19959200000000000',
      quote: { fromUsd: '1', toUsd: '2500.1' },
    }),
  ],
})

test('a price in dollars is shown with the exact amount of each coin, and the rate of the one in view', () => {
  const text = textOf(render(IN_DOLLARS))
  assert.match(text, /Pay Northwind Coffee \$49\.90/)
  assert.match(text, /Send exactly 49\.909983 USDC 1 USDC ≈ \$0\.9998, fixed/)
  assert.match(text, /USDC Mumbai ?49\.909983/)
  assert.match(text, /ETH Mumbai ?0\.0199592/)
  const eth = textOf(render(IN_DOLLARS, { selectedAddressId: IN_DOLLARS.addresses[1]?.id ?? null }))
  assert.match(eth, /Send exactly 0\.0199592 ETH 1 ETH ≈ \$2,500\.10, fixed/)
})

test('part of a price in dollars is told in dollars, rounded down, and the rest in each coin', () => {
  const [usdc, eth] = IN_DOLLARS.addresses
  assert.ok(usdc && eth)
  const text = textOf(
    render({
      ...IN_DOLLARS,
      status: 'incomplete',
      addresses: [usdc, { ...eth, amountReceivedRaw: '9979600000000000' }],
      paymentIntent: sampleIntent({ amountReceived: '2494999999' }),
    }),
  )
  assert.match(text, /0\.0099796 ETH left to pay/)
  assert.match(text, /\$24\.94 of \$49\.90 arrived/)
  assert.match(text, /USDC Mumbai ?24\.954992/)
  assert.match(text, /Send the rest 0\.0099796 ETH/)
})

test('a price in a coin shows no rate', () => {
  const text = textOf(render(samplePaymentPage({ addresses: [sampleAddress(), sampleAddress({ id: 'other' })] })))
  assert.doesNotMatch(text, /≈|Mumbai ?12\.50/)
})
