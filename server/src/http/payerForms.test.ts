// The forms of a session's page against the real database, as a browser without script sends them: what is taken, each problem beside
// its field in the page's own words, and what becomes of a form that comes too late.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { eventTypes, paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { newCode, newLine, newSession, payersPath } from '../../test/harness/sessionFixtures.ts'
import { getCheckoutSession } from '../actions/getCheckoutSession.ts'
import { fixedRates } from '../chain/rates.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

let ctx: FreshContext
let api: ApiCaller
let app: App
let chain: RecordedChain
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  app = createApp(ctx)
  chain = await recordChain(ctx)
})
after(() => ctx.close())

type Named = { id: string }
const pathOf = ({ id }: Named, form = '') => `/payment/checkout-session/${id}${form === '' ? '' : `/${form}`}`

/** What a browser gets for the page, now. */
async function page(session: Named, query = '', headers: Record<string, string> = {}): Promise<string> {
  // A look may be a second old; who sent a form sees what became of it.
  const answer = await createApp(ctx).request(`${pathOf(session)}${query}`, { headers })
  assert.equal(answer.status, 200)
  return await answer.text()
}

/** What comes of a form of the page. */
async function send(
  session: Named,
  form: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const answer = await app.request(pathOf(session, form), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

/** Sends a form that is taken, and follows it to the page. */
async function taken(session: Named, form: string, fields: Record<string, string> = {}): Promise<string> {
  const { status, headers, body } = await send(session, form, fields)
  assert.deepEqual([status, headers.get('location')], [303, pathOf(session)], body)
  return await page(session)
}

/** Sends a form that is not taken; the problems by the names of the fields that they stand beside. */
async function refused(session: Named, form: string, fields: Record<string, string>, wanted = 400) {
  const { status, body } = await send(session, form, fields)
  assert.equal(status, wanted, body)
  assert.doesNotMatch(body, /http-equiv="refresh"/, 'what was typed is not taken away')
  return problemsOn(body)
}

function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim()
}

function problemsOn(body: string): Record<string, string> {
  const fields = body.match(/<(?:input|select)[^>]* aria-invalid="true"[^>]*>/g) ?? []
  assert.equal(body.match(/ autofocus/g)?.length ?? 0, fields.length === 0 ? 0 : 1, 'the first of them has the focus')
  const problems = fields.map(tag => {
    const [, name = ''] = / name="([^"]*)"/.exec(tag) ?? []
    const [, id = ''] = / aria-describedby="(\S*-error)/.exec(tag) ?? []
    const [, text = ''] = new RegExp(`<p id="${id}" class="form-error">(.*?)</p>`, 's').exec(body) ?? []
    return [name, textOf(text)]
  })
  return Object.fromEntries(problems)
}

const statusOn = (body: string) => textOf(/<h2 id="status"[^>]*>(.*?)<\/h2>/s.exec(body)?.[1] ?? '')
const totalOn = (body: string) => /<span class="heading-total">([^<]*)</.exec(body)?.[1] ?? null
const typedIn = (body: string, id: string) =>
  new RegExp(`<input[^>]* id="${id}"[^>]* value="([^"]*)"`).exec(body)?.[1] ?? null

async function stored({ id }: Named) {
  const seen = await getCheckoutSession(ctx, api.caller.organizationId, id)
  assert.ok(seen)
  return seen.found
}

async function openAmount(price: object = {}, changes: object = {}) {
  const asked = { currency: 'usdc', productData: { name: 'Gift' }, ...price }
  const { id } = await api.ok('POST', '/prices', asked)
  return await newSession(api, { lineItems: [{ priceId: id }], ...changes })
}

describe('amount', () => {
  const bounds = { customUnitMax: '2000000000', customUnitAmountSuggestions: ['500000000', '1000000000'] }

  test('the page asks for it first, takes a suggestion or any other, and lets it be changed', async () => {
    const session = await openAmount(bounds, { submitType: 'donate', emailCollection: true })
    const { deposit } = await stored(session)
    const asking = await page(session)
    assert.equal(statusOn(asking), 'Choose an amount')
    assert.equal(totalOn(asking), null, 'there is no amount yet')
    assert.match(asking, /<title>Donate to /)
    assert.match(asking, /name="suggestion" value="1000000000">10\.00 USDC</)
    assert.match(asking, /At most <bdi>20\.00 USDC<\/bdi>/)
    const next = await taken(session, 'amount', { suggestion: '1000000000' })
    assert.deepEqual([statusOn(next), totalOn(next)], ['Your details', '10.00 USDC'])
    assert.match(next, new RegExp(`href="${pathOf(session)}\\?edit=amount"[^>]*>Change amount<`))
    const given = await taken(session, 'details', { email: 'ada@example.com' })
    assert.equal(statusOn(given), 'Waiting for your payment')
    assert.ok(given.includes(deposit.address.slice(2, 6)), 'now it can be paid')
    const edit = await page(session, '?edit=amount')
    assert.deepEqual([statusOn(edit), typedIn(edit, 'amount')], ['Choose an amount', '10'])
    assert.ok(!edit.includes('class="qr"'), 'nothing is to be paid while it may change')
    assert.equal(totalOn(await taken(session, 'amount', { amount: ' 12,50 ' })), '12.50 USDC')
  })

  test('what is wrong with it is said beside it, what was typed stays, and nothing is changed', async () => {
    const session = await openAmount({ ...bounds, customUnitMin: '100000000' })
    for (const [amount, text] of [
      ['', 'Enter an amount such as 12.50.'],
      ['0', 'Enter an amount such as 12.50.'],
      ['-5', 'Enter an amount such as 12.50.'],
      ['1e3', 'Enter an amount such as 12.50.'],
      ['"><b>', 'Enter an amount such as 12.50.'],
      ['1.0000001', 'Enter an amount with fewer decimals.'],
      ['0.99', 'From 1.00 USDC to 20.00 USDC.'],
      ['20.01', 'From 1.00 USDC to 20.00 USDC.'],
    ] as const) {
      assert.deepEqual(await refused(session, 'amount', { amount }), { amount: text }, amount)
    }
    assert.deepEqual(await refused(session, 'amount', {}), { amount: 'Enter an amount such as 12.50.' })
    assert.deepEqual(await refused(session, 'amount', { suggestion: 'x' }), {
      amount: 'Enter an amount such as 12.50.',
    })
    assert.equal(typedIn((await send(session, 'amount', { amount: '20.01' })).body, 'amount'), '20.01')
    assert.equal(totalOn(await page(session)), '1.00 USDC', 'the least, as before')
  })

  test('a preset is asked for at once and may be changed; so is a price in euros, in cents', async () => {
    const preset = await openAmount({ customPreset: '300000000' })
    const body = await page(preset)
    assert.deepEqual([statusOn(body), totalOn(body)], ['Waiting for your payment', '3.00 USDC'])
    const euros = await openAmount({ currency: 'eur' })
    assert.deepEqual(await refused(euros, 'amount', { amount: '1.005' }), {
      amount: 'Enter an amount with fewer decimals.',
    })
    const chosen = await taken(euros, 'amount', { amount: '12' })
    assert.equal(totalOn(chosen), '€12.00')
    assert.match(chosen, /<p class="heading-coin"><bdi>[\d.]+ \w+<\/bdi> to send<\/p>/)
  })

  test('where rates cannot be had, the page says so and asks to try again', async () => {
    const session = await openAmount({ currency: 'eur' })
    const troubled = createApp({ ...ctx, rates: fixedRates({}) })
    const answer = await troubled.request(pathOf(session, 'amount'), {
      method: 'POST',
      body: new URLSearchParams({ amount: '7' }),
    })
    const body = await answer.text()
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5'])
    assert.match(body, /role="alert">This could not be saved right now\. Nothing was charged/)
    assert.equal(typedIn(body, 'amount'), '7')
  })
})

const QUESTIONS = {
  fields: [
    { key: 'engraving', type: 'text', label: { custom: 'Engraving' }, text: { minimumLength: 2, maximumLength: 5 } },
    { key: 'a b.c', type: 'numeric', label: { custom: 'Member' }, optional: true, numeric: { maximumLength: 4 } },
    {
      ...{ key: 'color', type: 'dropdown', label: { custom: 'Colour' } },
      dropdown: { options: [{ label: 'Red', value: 'red' }] },
    },
  ],
}
const ALL = {
  ...{ nameCollection: true, emailCollection: true, phoneNumberCollection: true, shippingAddressCollection: true },
  ...{ billingAddressCollection: true, customFields: QUESTIONS },
}
const ANSWERS = {
  ...{ name: ' Ada Lovelace ', email: 'ada@example.com', phone: '+44 20 7946 0018', billingSame: '1' },
  'shippingDetails.address.line1': '12 Analytical Row',
  'shippingDetails.address.country': 'GB',
  'shippingDetails.address.city': 'London',
  'customFields.engraving': 'A+B',
  'customFields.color': 'red',
}

describe('details', () => {
  test('native fields, each with what it is filled in by, and the country of the browser’s language', async () => {
    const session = await newSession(api, ALL)
    const body = await page(session, '', { 'accept-language': 'en-AT, de;q=0.5' })
    assert.equal(statusOn(body), 'Your details')
    const tag = (name: string) =>
      new RegExp(`<(?:input|select)[^>]* name="${name.replaceAll('.', '\\.')}"[^>]*>`).exec(body)?.[0] ?? ''
    for (const [name, ...parts] of [
      ['email', 'type="email"', 'autocomplete="email"', 'inputmode="email"', ' required'],
      ['name', 'autocomplete="name"', ' required'],
      ['phone', 'type="tel"', 'autocomplete="tel"', ' required'],
      ['shippingDetails.address.line1', 'autocomplete="shipping address-line1"', ' required'],
      ['shippingDetails.address.country', 'autocomplete="shipping country"', ' required'],
      ['shippingDetails.address.postalCode', 'autocomplete="shipping postal-code"'],
      ['billingDetails.address.line1', 'autocomplete="billing address-line1"'],
      ['customFields.a b.c', 'inputmode="numeric"'],
    ] as const) {
      for (const part of parts) assert.ok(tag(name).includes(part), `${name}: ${part} in ${tag(name)}`)
    }
    assert.doesNotMatch(tag('billingDetails.address.line1'), / required/, 'it may be hidden')
    assert.match(body, /<option value="AT" selected>Austria</)
    assert.match(body, /name="billingSame" value="1" checked/)
    assert.ok(!body.includes('class="qr"'), 'no address before')
    assert.ok(!body.includes('http-equiv="refresh"'))
  })

  test('every problem stands beside its field, and what was typed stays', async () => {
    const session = await newSession(api, ALL)
    assert.deepEqual(await refused(session, 'details', { name: ' ', billingSame: '1' }), {
      email: 'This is needed. Fill it in.',
      name: 'This is needed. Fill it in.',
      phone: 'This is needed. Fill it in.',
      'shippingDetails.address.country': 'This is needed. Choose one.',
      'shippingDetails.address.line1': 'This is needed. Fill it in.',
      'customFields.engraving': 'This is needed. Fill it in.',
      'customFields.color': 'This is needed. Choose one.',
    })
    const bad = {
      ...ANSWERS,
      ...{ email: 'ada@', phone: '1'.repeat(51), 'shippingDetails.address.country': 'XX', name: 'a\u0000b' },
      ...{ 'customFields.engraving': 'A', 'customFields.a b.c': '12ab', 'customFields.color': 'blue' },
    }
    assert.deepEqual(await refused(session, 'details', bad), {
      email: 'Enter an e-mail address such as ada@example.com.',
      name: 'A character in it cannot be used. Type it anew.',
      phone: 'Enter at most 50 characters.',
      'shippingDetails.address.country': 'Choose one of the options.',
      'customFields.engraving': 'Enter 2 to 5 characters.',
      'customFields.a b.c': 'Enter digits only.',
      'customFields.color': 'Choose one of the options.',
    })
    const { body } = await send(session, 'details', { ...ANSWERS, phone: '', 'customFields.a b.c': '12345' })
    assert.deepEqual(problemsOn(body), {
      phone: 'This is needed. Fill it in.',
      'customFields.a b.c': 'Enter at most 4 characters.',
    })
    assert.equal(typedIn(body, 'detail-email'), 'ada@example.com')
    assert.match(body, /<option value="GB" selected>/)
    assert.match(body, /<option value="red" selected>/)
    assert.deepEqual((await stored(session)).options.customerDetails, { address: {} }, 'nothing is taken of it')
  })

  test('once given they are shown in short, can be edited, and the bill goes where the parcel goes', async () => {
    const session = await newSession(api, ALL)
    const body = await taken(session, 'details', ANSWERS)
    assert.equal(statusOn(body), 'Waiting for your payment')
    const given = textOf(/<div class="given">(.*?)<\/div>/s.exec(body)?.[1] ?? '')
    assert.match(
      given,
      /^ada@example\.com, Ada Lovelace, \+44 20 7946 0018 ?Shipping address 12 Analytical Row, London, United Kingdom ?Engraving A\+B ?Colour Red Edit$/,
    )
    const answer = await api.ok('GET', `/checkout/sessions/${session.id}`)
    const address = { line1: '12 Analytical Row', city: 'London', country: 'GB' }
    assert.deepEqual([answer.shippingDetails, answer.billingDetails], [{ address }, { address }])
    const edit = await page(session, '?edit=details')
    assert.deepEqual([statusOn(edit), typedIn(edit, 'detail-name')], ['Your details', 'Ada Lovelace'])
    assert.match(edit, /<option value="red" selected>/)
    assert.deepEqual(await refused(session, 'details', { ...ANSWERS, email: '' }), {
      email: 'This is needed. Fill it in.',
    })
    const { billingSame, ...apart } = ANSWERS
    const missing = {
      'billingDetails.address.country': 'This is needed. Choose one.',
      'billingDetails.address.line1': 'This is needed. Fill it in.',
    }
    assert.deepEqual(await refused(session, 'details', apart), missing)
    const moved = { 'billingDetails.address.line1': '1 Rue du Bac', 'billingDetails.address.country': 'FR' }
    assert.match(
      await taken(session, 'details', { ...apart, ...moved }),
      /Billing address<\/span> <bdi>1 Rue du Bac, France</,
    )
    assert.doesNotMatch(await page(session, '?edit=details'), /name="billingSame" value="1" checked/)
  })

  test('money that was seen comes before what is still to be given', async () => {
    const session = await newSession(api, { emailCollection: true })
    assert.equal(statusOn(await page(session)), 'Your details')
    const found = await stored(session)
    await chain.mine(header => [paymentTo(found, header, { amountRaw: 1_000_000n })])
    assert.match(statusOn(await page(session)), /left to pay/)
    assert.match(await page(session, '?edit=details'), /class="qr"/, 'and nothing can be edited')
  })

  test('the address of another customer’s code is refused beside the address', async () => {
    const code = await newCode(api, { maxRedemptionsPerCustomer: 1 })
    const mine = () => newSession(api, { emailCollection: true, allowPromotionCodes: true })
    const [first, second] = [await mine(), await mine()]
    assert.deepEqual(await refused(first, 'discount', { code }), {
      code: 'This code is limited for each customer. Give your e-mail address first, then add it.',
    })
    await taken(first, 'details', { email: 'eve@example.com' })
    await taken(first, 'discount', { code })
    await taken(second, 'details', { email: 'bob@example.com' })
    await taken(second, 'discount', { code })
    assert.deepEqual(await refused(second, 'details', { email: 'EVE@example.com' }), {
      email: 'The promotion code was used with this address already. Remove the code, or enter another address.',
    })
  })

  test('who used a code cannot be found out by trying many addresses, neither here nor by the API', async () => {
    const code = await newCode(api, { maxRedemptionsPerCustomer: 1 })
    for (const isPage of [true, false]) {
      const session = await newSession(api, { emailCollection: true, allowPromotionCodes: true })
      await taken(session, 'details', { email: 'ada@example.com' })
      await taken(session, 'discount', { code })
      const one = createApp(ctx)
      const type = { 'content-type': 'application/json' }
      const give = async (email: string) => {
        const answer = isPage
          ? await one.request(pathOf(session, 'details'), { method: 'POST', body: new URLSearchParams({ email }) })
          : await one.request(`/api/v1${payersPath(session, '/details')}`, {
              ...{ method: 'POST', body: JSON.stringify({ email }), headers: type },
            })
        return { isTaken: answer.status < 400, status: answer.status, body: await answer.text() }
      }
      for (let tries = 0; tries < 12; tries++) assert.ok((await give('ada@example.com')).isTaken, 'it is known')
      for (let tries = 0; tries < 10; tries++) assert.ok((await give(`${tries}@example.com`)).isTaken)
      const { status, body } = await give('bob@example.com')
      assert.equal(status, 429)
      const email = 'Those were many tries. Wait 30 seconds, then try again.'
      assert.deepEqual(problemsOn(body), isPage ? { email } : {})
      await taken(session, 'discount', { isRemoved: '1' })
      assert.ok((await give('bob@example.com')).isTaken, 'without a code it tells nothing')
    }
  })
})

describe('promotion code', () => {
  const codes = (changes: object = {}) => newSession(api, { allowPromotionCodes: true, ...changes })

  test('a code is taken off the total, stands there by name, and can be removed', async () => {
    const session = await codes()
    const code = await newCode(api)
    assert.match(await page(session), /<summary id="promotion">Add a promotion code</)
    const body = await taken(session, 'discount', { code: ` ${code.toLowerCase()} ` })
    assert.equal(totalOn(body), '90.00 USDC')
    assert.match(textOf(body), new RegExp(`Discount \\(${code}\\)Remove−10\\.00 USDC`))
    assert.doesNotMatch(body, /Add a promotion code/)
    assert.equal(totalOn(await taken(session, 'discount', { isRemoved: '1' })), '100.00 USDC')
    assert.doesNotMatch(await page(await newSession(api)), /promotion/)
  })

  test('why a code is not taken is said beside it, with what to do next', async () => {
    const session = await codes()
    const soon = new Date(ctx.clock.now().getTime() + 1000).toISOString()
    const usedUp = await newCode(api, { maxRedemptions: 1 })
    await taken(await codes(), 'discount', { code: usedUp })
    const tries: [string, string][] = [
      ['', 'Enter a code.'],
      ['nothing', 'There is no such code. Check what you typed.'],
      ['x'.repeat(51), 'There is no such code. Check what you typed.'],
      ['a\u0000b', 'There is no such code. Check what you typed.'],
      [await newCode(api, { isEnable: false }), 'There is no such code. Check what you typed.'],
      [await newCode(api, { redeemBy: soon }), 'This code has expired. Try another, or go on without.'],
      [usedUp, 'This code was used as often as it may be. Try another, or go on without.'],
      [
        await newCode(api, { amountOff: '100', currency: 'eur' }),
        'This code is for prices in EUR. Try another, or go on without.',
      ],
      [
        await newCode(api, { maxRedemptionsPerCustomer: 1 }),
        'This code cannot be used here. Try another, or go on without.',
      ],
    ]
    ctx.clock.advance(1000)
    for (const [code, text] of tries)
      assert.deepEqual(await refused(session, 'discount', { code }), { code: text }, code)
    const { body } = await send(session, 'discount', { code: '"><b>' })
    assert.match(body, /<details class="fold promotion" id="promotion-fold" open>/)
    assert.equal(typedIn(body, 'code'), '&quot;&gt;&lt;b&gt;')
    assert.equal(totalOn(body), '100.00 USDC')
  })

  test('after many tries the next has to wait, and is told how long', async () => {
    const session = await codes()
    const one = createApp(ctx)
    const guess = async () => {
      const answer = await one.request(pathOf(session, 'discount'), {
        method: 'POST',
        body: new URLSearchParams({ code: 'guess' }),
      })
      return { status: answer.status, retry: answer.headers.get('retry-after'), body: await answer.text() }
    }
    for (let tries = 0; tries < 10; tries++) assert.equal((await guess()).status, 400)
    const { status, retry, body } = await guess()
    assert.deepEqual([status, retry], [429, '30'])
    assert.deepEqual(problemsOn(body), { code: 'Those were many tries. Wait 30 seconds, then try again.' })
    assert.equal(typedIn(body, 'code'), 'guess')
  })
})

describe('a total of zero', () => {
  const free = async (changes: object = {}) =>
    newSession(api, { defaultPromotionCode: await newCode(api, { percentOff: 100 }), ...changes })

  test('one button takes it, once, after the details', async () => {
    const session = await free({ emailCollection: true, submitType: 'book' })
    assert.equal(statusOn(await page(session)), 'Your details')
    assert.equal(statusOn(await taken(session, 'confirm')), 'Your details', 'not before them')
    const ready = await taken(session, 'details', { email: 'ada@example.com' })
    assert.deepEqual([statusOn(ready), totalOn(ready)], ['Nothing to pay', '0.00 USDC'])
    assert.match(ready, /Confirm the booking, nothing to pay/)
    assert.match(ready, /class="given"/)
    const done = await Promise.all([taken(session, 'confirm'), taken(session, 'confirm')])
    for (const body of done) assert.equal(statusOn(body), 'Confirmed')
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.completed'])
    assert.match(done[0], /has your confirmation\. Nothing was charged\./)
  })

  test('is none when the code goes', async () => {
    const session = await free({ allowPromotionCodes: true })
    assert.equal(statusOn(await page(session)), 'Nothing to pay')
    const body = await taken(session, 'discount', { isRemoved: '1' })
    assert.deepEqual([statusOn(body), totalOn(body)], ['Waiting for your payment', '100.00 USDC'])
    assert.equal(statusOn(await taken(session, 'confirm')), 'Waiting for your payment')
  })
})

describe('a form that comes too late, or from elsewhere', () => {
  const asking = async () => {
    const { id } = await api.ok('POST', '/prices', {
      currency: 'usdc',
      productData: { name: 'Gift' },
      customPreset: '100000000',
    })
    return await newSession(api, { lineItems: [{ priceId: id }], emailCollection: true, allowPromotionCodes: true })
  }
  const tries = { amount: { amount: '5' }, details: { email: 'ada@example.com' }, discount: { code: 'x' }, confirm: {} }

  test('leads to the page as it is when money was seen meanwhile, and when the time is over', async () => {
    const paid = await asking()
    const found = await stored(paid)
    await chain.mine(header => [paymentTo(found, header, { amountRaw: 400_000n })])
    for (const [form, fields] of Object.entries(tries)) {
      assert.match(statusOn(await taken(paid, form, fields)), /left to pay/, form)
    }
    assert.equal((await stored(paid)).amountTotal, 100_000_000n)
    const over = await asking()
    await api.ok('POST', `/checkout/sessions/${over.id}/expire`)
    for (const [form, fields] of Object.entries(tries)) {
      assert.equal(statusOn(await taken(over, form, fields)), 'This payment has expired', form)
    }
  })

  test('a form of another site changes nothing', async () => {
    const session = await asking()
    for (const [form, fields] of Object.entries(tries)) {
      const { status, headers } = await send(session, form, fields, { 'sec-fetch-site': 'cross-site' })
      assert.deepEqual([status, headers.get('location')], [303, pathOf(session)], form)
    }
    assert.deepEqual((await stored(session)).options.customerDetails, { address: {} })
  })

  test('who asks anew for what a form answered gets the page; other methods and sessions are none', async () => {
    const session = await asking()
    for (const form of Object.keys(tries)) {
      const again = await app.request(pathOf(session, form))
      assert.deepEqual([again.status, again.headers.get('location')], [303, pathOf(session)])
      assert.equal((await app.request(pathOf(session, form), { method: 'PUT' })).status, 405)
      for (const id of ['019e0000-0000-7000-8000-000000000000', 'x']) {
        assert.equal((await send({ id }, form)).status, 404)
        assert.equal((await app.request(pathOf({ id }, form))).status, 404)
      }
    }
    const large = await send(session, 'details', { email: 'x'.repeat(70_000) })
    assert.equal(large.status, 413)
  })

  test('the coin and the language that the payer chose are kept', async () => {
    const session = await newSession(api, { lineItems: [newLine({ currency: 'eur' })], emailCollection: true })
    const asset = session.addresses.at(-1)?.id
    const query = `?asset=${asset}&lang=en`
    assert.ok(
      (await page(session, query)).includes(`action="${pathOf(session, 'details')}?asset=${asset}&amp;lang=en"`),
    )
    const answer = await app.request(`${pathOf(session, 'details')}${query}`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'ada@example.com' }),
    })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${pathOf(session)}${query}`])
  })
})
