import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addCustomer, addDraft, addOpenInvoice, lineOf, readInvoice, step } from '../../test/harness/invoiceFixtures.ts'
import { readPdf } from '../../test/harness/readPdf.ts'
import { getPayersSession } from '../actions/getCheckoutSession.ts'
import { invariant } from '../domain/errors.ts'
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

const ABSENT = '019e0000-0000-7000-8000-000000000000'
const page = async (id: string) => {
  const response = await app.request(`/payment/invoice/${id}`)
  return { status: response.status, headers: response.headers, body: await response.text() }
}
const pdf = async (path: string) => {
  const response = await app.request(path)
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'application/pdf')
  return { headers: response.headers, ...readPdf(new Uint8Array(await response.arrayBuffer())) }
}
const press = async (id: string) => {
  const response = await app.request(`/payment/invoice/${id}/pay`, { method: 'POST' })
  return { status: response.status, location: response.headers.get('location') ?? '' }
}

/** Pays the session that `location` names, and waits until that is final. */
async function pay(location: string) {
  const seen = await getPayersSession(ctx, location.split('/').at(-1) ?? '')
  invariant(seen, 'the button leads to a session')
  await chain.mine(block => [paymentTo(seen.found, block)])
  for (let count = 0; count < 3; count++) await chain.mine()
  return seen.found
}

test('an open invoice shows what is to be paid and leads to its session, twice to the same', async () => {
  const vat = await api.ok('POST', '/tax-rates', { name: 'VAT <Berlin>', percentage: 19 })
  const invoice = await addOpenInvoice(api, {
    customerId: await addCustomer(api, { organizationName: 'Ada & Co' }),
    lineItems: [lineOf({ name: 'Coffee <b>', quantity: 2 }), lineOf()],
    taxRateIds: [vat.id],
    dueDate: '2026-03-31T00:00:00.000Z',
    customFields: { fields: [{ name: 'PO', value: '17' }] },
  })
  const { status, headers, body } = await page(invoice.id)
  assert.equal(status, 200)
  for (const text of [
    'Test merchant',
    `${invoice.invoiceNumber}`,
    'Ada &amp; Co',
    'Coffee &lt;b&gt;',
    '31 Mar 2026',
    'PO',
    '17',
  ]) {
    assert.ok(body.includes(text), text)
  }
  for (const amount of ['20.00 USDC', '30.00 USDC', '5.70 USDC', 'Pay 35.70 USDC'])
    assert.ok(body.includes(amount), amount)
  assert.ok(body.includes('VAT &lt;Berlin&gt; 19%'))
  assert.ok(!body.includes('<b>'))
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*form-action 'self'/)
  assert.equal(headers.get('cache-control'), 'no-store')

  const [one, two] = await Promise.all([press(invoice.id), press(invoice.id)])
  assert.equal(one.status, 303)
  assert.deepEqual(two, one)
  const session = await pay(one.location)
  assert.equal(`${session.amountTotal}`, invoice.total)
  const paid = await page(invoice.id)
  assert.ok(paid.body.includes('This invoice is paid') && paid.body.includes('/payment/receipt/'))
  assert.ok(!paid.body.includes('<form'))
  assert.deepEqual(await press(invoice.id), { status: 303, location: `/payment/invoice/${invoice.id}` })
})

test('a draft, a void invoice and none at all are shown kindly, without a way to pay', async () => {
  const draft = await addDraft(api)
  const shown = await page(draft.id)
  assert.ok(shown.body.includes('This invoice is not ready yet') && !shown.body.includes('Coffee'))
  assert.equal((await app.request(`/payment/invoice/${draft.id}/pdf`)).status, 404)
  assert.deepEqual(await press(draft.id), { status: 303, location: `/payment/invoice/${draft.id}` })
  await step(api, draft.id, 'finalize')
  await step(api, draft.id, 'void')
  const gone = await page(draft.id)
  assert.ok(gone.body.includes('This invoice is void') && !gone.body.includes('<form'))
  for (const path of [
    `/payment/invoice/${ABSENT}`,
    '/payment/invoice/x',
    `/payment/receipt/${ABSENT}/pdf`,
    `/payment/invoice/${ABSENT}/pdf`,
  ]) {
    assert.equal((await app.request(path)).status, 404, path)
  }
  assert.equal((await app.request(`/payment/invoice/${ABSENT}/pay`, { method: 'POST' })).status, 404)
  assert.equal((await app.request(`/payment/invoice/${draft.id}/pay`)).status, 405)
})

test('what cannot be paid right now says so, and asks for patience', async () => {
  const { id } = await addOpenInvoice(api)
  await ctx.db.owner.query("update organizations set status = 'suspended' where id = $1", [api.caller.organizationId])
  const response = await app.request(`/payment/invoice/${id}/pay`, { method: 'POST' })
  await ctx.db.owner.query("update organizations set status = 'active' where id = $1", [api.caller.organizationId])
  assert.equal(response.status, 503)
  assert.ok((await response.text()).includes('It cannot be paid right now'))
})

test('the PDF of an invoice says all that the invoice says, and is stamped when it is paid or void', async () => {
  const details = {
    profile: { name: 'Ελλάς Καφές', phone: '+49 30 1', taxIdentificationNumber: 'DE999' },
    address: { line1: 'Hafenstraße 1', postalCode: '10115', city: 'Berlin', country: 'DE' },
  }
  const own = await openApiCaller(ctx)
  await own.ok('PUT', '/organization', { ...details.profile, addressDetails: details.address })
  const [vat, included] = [
    await own.ok('POST', '/tax-rates', { name: 'VAT', percentage: 7 }),
    await own.ok('POST', '/tax-rates', { name: 'GST', percentage: 10, type: 'inclusive' }),
  ]
  const customerId = await addCustomer(own, {
    ...{ name: 'Łukasz Петров', address: { line1: 'Długa 5', country: 'PL' } },
    taxIds: { data: [{ name: 'NIP', value: '525-000', country: 'PL' }] },
  })
  const lineItems = [
    { ...lineOf({ unitAmount: '1100000000', quantity: 3 }), taxRateIds: [vat.id, included.id] },
    { ...lineOf({ name: 'Tea' }), periodStart: '2026-03-01T00:00:00.000Z', periodEnd: '2026-04-01T00:00:00.000Z' },
  ]
  const invoice = await addOpenInvoice(own, {
    ...{ customerId, lineItems, dueDate: '2026-03-31T00:00:00.000Z', description: 'Thank you', footer: 'HRB 1' },
  })
  const { pages, title, headers } = await pdf(`/payment/invoice/${invoice.id}/pdf`)
  assert.equal(title, `(Invoice ${invoice.invoiceNumber})`)
  assert.equal(headers.get('content-disposition'), `inline; filename="Invoice-${invoice.invoiceNumber}.pdf"`)
  const text = (pages[0] ?? '').replaceAll('\n', ' ')
  const said = [
    ...['Ελλάς', 'Hafenstraße 1', 'Berlin 10115', 'Tax number DE999', 'NIP 525-000 PL', 'Bill to'],
    ...[`Invoice number ${invoice.invoiceNumber}`, 'Date due 31 Mar 2026', 'Pay online'],
    ...['Coffee 3 11.00 USDC 7%, 10% incl. 33.00 USDC', 'Tea 1 Mar 2026 – 1 Apr 2026 1 10.00 USDC'],
    ...[
      'Subtotal 43.00 USDC',
      'VAT 7% 2.10 USDC',
      'includes GST 10% 3.00 USDC',
      'Total 45.10 USDC',
      'Amount due 45.10 USDC',
    ],
    ...['Thank you', 'HRB 1', 'Page 1 of 1'],
  ]
  for (const each of said) assert.ok(text.includes(each), `${each} in ${text}`)
  assert.ok(!text.includes('PAID'))
  await own.ok('PUT', '/organization', { name: 'Renamed' })
  assert.ok((await pdf(`/payment/invoice/${invoice.id}/pdf`)).pages[0]?.includes('Hafenstraße 1'))
  await step(own, invoice.id, 'pay')
  const paid = await pdf(`/payment/invoice/${invoice.id}/pdf`)
  assert.ok(paid.pages[0]?.includes('PAID') && paid.pages[0]?.replaceAll('\n', ' ').includes('Amount due 0.00 USDC'))
  assert.ok(!paid.pages[0]?.includes('Pay online') && !paid.pages[0]?.includes('Renamed'))
  const gone = await addOpenInvoice(own)
  await step(own, gone.id, 'void')
  assert.ok((await pdf(`/payment/invoice/${gone.id}/pdf`)).pages[0]?.includes('VOID'))
})

test('the PDF of a receipt proves the payment, and is there while the payment is', async () => {
  const invoice = await addOpenInvoice(api)
  const before = chain.tip()
  const session = await pay((await press(invoice.id)).location)
  const answered = readInvoice(await api.ok('GET', `/invoices/${invoice.id}`))
  const receipt = answered.paymentIntent?.paymentReceipt
  invariant(receipt, 'a paid session has a receipt')
  const { pages, title } = await pdf(new URL(receipt.uri).pathname)
  assert.equal(title, `(Receipt ${receipt.receiptNumber})`)
  const text = (pages[0] ?? '').replaceAll('\n', ' ')
  const hash = answered.paymentIntent?.transactions[0]?.transactionHash
  for (const each of [
    receipt.receiptNumber,
    `${invoice.invoiceNumber}`,
    session.id,
    'PAID',
    'Ada',
    '10.00 USDC on Test chain 80001',
    `${hash}`,
  ]) {
    assert.ok(text.replaceAll(' ', '').includes(each.replaceAll(' ', '')), each)
  }
  await chain.goBackTo(before)
  assert.equal((await app.request(new URL(receipt.uri).pathname)).status, 404)
})

test('a hundred lines of long and foreign texts are printed on several pages', async () => {
  const name = `${'Слово λέξη từ शब्द '.repeat(10)}end`
  const price = await api.ok('POST', '/prices', { currency: 'usdc', unitAmount: '100', productData: { name } })
  const invoice = await addOpenInvoice(api, {
    customerId: await addCustomer(api),
    lineItems: Array.from({ length: 100 }, () => ({ priceId: price.id, quantity: 1_000_000 })),
  })
  const { pages, fonts } = await pdf(`/payment/invoice/${invoice.id}/pdf`)
  assert.ok(pages.length > 5)
  assert.equal(pages.join('').split('end').length - 1, 100)
  assert.ok(fonts.length > 4 && fonts.every(({ isEmbedded }) => isEmbedded))
})

test('one document is printed ten times at once, and then every five seconds', async () => {
  const { id } = await addOpenInvoice(api, {})
  const statuses = new Set<number>()
  for (let count = 0; count < 10; count++) statuses.add((await app.request(`/payment/invoice/${id}/pdf`)).status)
  assert.deepEqual([...statuses], [200])
  const refused = await app.request(`/payment/invoice/${id}/pdf`)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '5'])
  ctx.clock.advance(5_000)
  assert.equal((await app.request(`/payment/invoice/${id}/pdf`)).status, 200)
})
