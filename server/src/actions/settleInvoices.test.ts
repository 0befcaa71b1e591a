import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { eventTypes, paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addCustomer, addOpenInvoice, lineOf, readInvoice, step } from '../../test/harness/invoiceFixtures.ts'
import { invariant } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { getCheckoutSession } from './getCheckoutSession.ts'
import { payInvoice } from './payInvoice.ts'
import { mailReceipt } from './receiptEmail.ts'

let ctx: FreshContext
let api: ApiCaller
let chain: RecordedChain
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  chain = await recordChain(ctx)
})
after(() => ctx.close())

const CONFIRMATIONS = 3

/** The session that a customer gets who begins to pay. */
async function beginToPay(id: string): Promise<CheckoutSession> {
  const sessionId = await payInvoice(ctx, id)
  invariant(sessionId, 'the invoice is there')
  return await sessionOf(sessionId)
}

async function sessionOf(sessionId: string): Promise<CheckoutSession> {
  const seen = await getCheckoutSession(ctx, api.caller.organizationId, sessionId)
  invariant(seen, 'the session is stored')
  return seen.found
}

/** Pays the session in the next block, and waits until that is final. */
async function pay(session: CheckoutSession, amountRaw?: bigint) {
  const header = await chain.mine(block => [paymentTo(session, block, amountRaw === undefined ? {} : { amountRaw })])
  for (let count = 1; count < CONFIRMATIONS; count++) await chain.mine()
  return header
}

/** Lets the sessions that were ended close, for which their chain must be read past that moment. */
async function close() {
  await chain.mine()
  await closeDueSessions(ctx, 100)
}

const read = async (id: string) => readInvoice(await api.ok('GET', `/invoices/${id}`))
const statusOf = async (id: string) => (await read(id)).status

test('a session asks for exactly what the invoice says, is begun once, and pays it with all its events', async () => {
  const vat = await api.ok('POST', '/tax-rates', { name: 'VAT', percentage: 19 })
  const customerId = await addCustomer(api)
  const lineItems = [lineOf({ unitAmount: '333333300', quantity: 3 }), lineOf()]
  const invoice = await addOpenInvoice(api, { customerId, lineItems, taxRateIds: [vat.id], clientReferenceId: 'ref' })
  // Whatever becomes of what was sold: it was agreed on.
  for (const { price } of invoice.lineItems.data) await api.ok('PUT', `/products/${price.productId}/deactivate`)
  await api.ok('PUT', `/tax-rates/${vat.id}/deactivate`)

  const [session, again] = await Promise.all([beginToPay(invoice.id), beginToPay(invoice.id)])
  assert.equal(again.id, session.id)
  assert.deepEqual([session.amountTotal, session.amountTax, session.amountSubtotal, session.amountFee].map(String), [
    invoice.total,
    invoice.totalTax,
    invoice.subTotal,
    '0',
  ])
  assert.deepEqual(
    [session.invoiceId, session.customerId, session.clientReferenceId, session.options.customerDetails.email],
    [invoice.id, customerId, 'ref', 'ada@example.com'],
  )
  assert.equal(session.successUrl, invoice.url)
  const attempted = await read(invoice.id)
  assert.deepEqual([attempted.attemptCount, attempted.paymentIntentId], [1, session.intent.id])

  await pay(session)
  const paid = await read(invoice.id)
  assert.partialDeepStrictEqual(paid, { status: 'paid', paid: true, paidOutOfBand: false, attemptCount: 1 })
  assert.equal(paid.paymentIntent?.status, 'succeeded')
  assert.deepEqual(await eventTypes(ctx, invoice.id), ['invoice.finalized', 'invoice.paid'])
  const page = (query: string) => api.ok('GET', `/invoices?ids=${invoice.id}${query}`)
  assert.partialDeepStrictEqual(await page(''), { data: [{ paymentIntent: null, paymentIntentId: session.intent.id }] })
  assert.partialDeepStrictEqual(await page('&includes=paymentIntent'), {
    data: [{ paymentIntent: { status: 'succeeded' } }],
  })
  await assert.rejects(payInvoice(ctx, invoice.id), { code: 'invoice_not_open' })
})

test('an invoice that a reorg takes the payment of is open again, and paid when the payment comes back', async () => {
  const { id } = await addOpenInvoice(api)
  const session = await beginToPay(id)
  const before = chain.tip()
  const header = await pay(session)
  assert.equal(await statusOf(id), 'paid')
  await chain.goBackTo(before)
  assert.equal(await statusOf(id), 'open')
  assert.equal((await read(id)).paidAt, null)
  await chain.record({ ...header, hash: `0x${'77'.repeat(32)}` }, [
    { ...paymentTo(session, header), blockHash: `0x${'77'.repeat(32)}` },
  ])
  for (let count = 1; count < CONFIRMATIONS; count++) await chain.mine(undefined, 'b')
  assert.equal(await statusOf(id), 'paid')
  assert.deepEqual((await eventTypes(ctx, id)).slice(1), ['invoice.paid', 'invoice.payment_failed', 'invoice.paid'])
})

test('paying in another way or voiding ends the open session, and what comes for it nevertheless is late', async () => {
  for (const [name, status] of [
    ['pay', 'paid'],
    ['void', 'void'],
  ] as const) {
    const { id } = await addOpenInvoice(api)
    const session = await beginToPay(id)
    await step(api, id, name)
    await close()
    assert.equal((await sessionOf(session.id)).status, 'expired')
    ctx.clock.advance(60_000)
    await pay(session)
    assert.equal(await statusOf(id), status)
    const { status: ended, transfers } = await sessionOf(session.id)
    assert.deepEqual([ended, transfers[0]?.unmatchedReason], ['expired', 'late'])
  }
})

test('while the whole sum is on its way, an invoice is neither voided nor noted as paid', async () => {
  const { id } = await addOpenInvoice(api)
  const session = await beginToPay(id)
  await chain.mine(block => [paymentTo(session, block)])
  for (const name of ['void', 'pay']) {
    assert.equal(await api.refused('POST', `/invoices/${id}/${name}`), '409 payment_in_progress')
  }
  for (let count = 1; count < CONFIRMATIONS; count++) await chain.mine()
  assert.equal(await statusOf(id), 'paid')
})

test('a session that was followed by another ends with the invoice, too, unless it has the whole sum on its way', async () => {
  const paid = await addOpenInvoice(api)
  const unpaid = await addOpenInvoice(api)
  const [first, other] = [await beginToPay(paid.id), await beginToPay(unpaid.id)]
  ctx.clock.advance(3_600_000)
  await beginToPay(paid.id)
  await beginToPay(unpaid.id)
  await chain.mine(block => [paymentTo(first, block)])
  for (const name of ['void', 'pay']) {
    assert.equal(await api.refused('POST', `/invoices/${paid.id}/${name}`), '409 payment_in_progress')
  }
  await step(api, unpaid.id, 'void')
  await close()
  assert.equal((await sessionOf(other.id)).status, 'expired')
})

test('an uncollectible invoice can still be paid by its session', async () => {
  const { id } = await addOpenInvoice(api)
  await step(api, id, 'mark-uncollectible')
  await pay(await beginToPay(id))
  assert.equal(await statusOf(id), 'paid')
})

test('a session that ran out is followed by another one; one that has money is not', async () => {
  const { id } = await addOpenInvoice(api)
  const first = await beginToPay(id)
  ctx.clock.advance(3_600_000)
  const second = await beginToPay(id)
  assert.notEqual(second.id, first.id)
  assert.equal((await read(id)).attemptCount, 2)
  await pay(second, 1_000_000n)
  assert.equal((await sessionOf(second.id)).status, 'incomplete')
  ctx.clock.advance(3_600_000)
  assert.equal((await beginToPay(id)).id, second.id)
})

test('while the whole sum is on its way to an earlier session, its customer is led there', async () => {
  const { id } = await addOpenInvoice(api)
  const first = await beginToPay(id)
  ctx.clock.advance(3_600_000)
  const second = await beginToPay(id)
  await chain.mine(block => [paymentTo(first, block)])
  assert.equal((await sessionOf(second.id)).status, 'open')
  assert.equal((await beginToPay(id)).id, first.id)
})

test('money that comes while a new session is being made is not asked for twice', async () => {
  const lineItems = [lineOf({ currency: 'usd' })]
  const { id } = await addOpenInvoice(api, { customerId: await addCustomer(api), lineItems })
  const first = await beginToPay(id)
  ctx.clock.advance(3_600_000)
  let isPaid = false
  const rates: typeof ctx.rates = {
    ask: async (currencies, at) => {
      if (!isPaid) await chain.mine(block => [paymentTo(first, block)])
      isPaid = true
      return await ctx.rates.ask(currencies, at)
    },
  }
  // Of its own, so that no rate is known yet.
  assert.equal(await payInvoice({ ...ctx, rates }, id), first.id)
  assert.deepEqual([isPaid, (await read(id)).attemptCount], [true, 1])
})

test('where both of two sessions could pay it, the first to do so ends the other', async () => {
  const { id } = await addOpenInvoice(api)
  const first = await beginToPay(id)
  ctx.clock.advance(3_600_000)
  const second = await beginToPay(id)
  // Within the quarter of an hour after what the page showed.
  await pay(first)
  await close()
  assert.equal((await sessionOf(first.id)).status, 'complete')
  assert.equal((await sessionOf(second.id)).status, 'expired')
  const paid = await read(id)
  assert.deepEqual([paid.status, paid.paymentIntentId], ['paid', first.intent.id])
})

test('what is paid twice at once is recorded, and the invoice is paid by the first', async () => {
  const { id } = await addOpenInvoice(api)
  const first = await beginToPay(id)
  ctx.clock.advance(3_600_000)
  const second = await beginToPay(id)
  await chain.mine(block => [paymentTo(first, block)])
  await chain.mine(block => [paymentTo(second, block)])
  for (let count = 0; count < CONFIRMATIONS; count++) await chain.mine()
  assert.deepEqual([(await sessionOf(first.id)).status, (await sessionOf(second.id)).status], ['complete', 'complete'])
  const paid = await read(id)
  assert.deepEqual([paid.status, paid.paymentIntentId], ['paid', first.intent.id])
  assert.deepEqual(await eventTypes(ctx, id), ['invoice.finalized', 'invoice.paid'])
})

test('an invoice that was paid twice stays paid when a reorg takes one of the payments', async () => {
  const { id } = await addOpenInvoice(api)
  const first = await beginToPay(id)
  ctx.clock.advance(7_200_000)
  await close()
  const second = await beginToPay(id)
  const before = await chain.mine(block => [paymentTo(first, block)])
  await pay(second)
  const { transfers } = await sessionOf(first.id)
  await api.ok('POST', `/unmatched-payments/${transfers[0]?.id}/resolve`, { resolution: 'accepted' })
  assert.equal((await read(id)).paymentIntentId, second.intent.id)
  await chain.goBackTo(before)
  const { status, paymentIntentId } = await read(id)
  assert.deepEqual([status, paymentIntentId, (await sessionOf(second.id)).status], ['paid', first.intent.id, 'open'])
  assert.deepEqual(await eventTypes(ctx, id), ['invoice.finalized', 'invoice.paid'])
})

test('a revision that is finalized ends the session of what it replaces', async () => {
  const { id } = await addOpenInvoice(api)
  const session = await beginToPay(id)
  const revision = await api.ok('POST', '/invoices', { fromInvoiceId: id })
  await step(api, `${revision.id}`, 'finalize')
  await close()
  assert.equal((await sessionOf(session.id)).status, 'expired')
})

test('a payment that succeeds has a receipt, told with it, mailed to its payer, and once more on request', async () => {
  const { id } = await addOpenInvoice(api)
  const stranger = await openApiCaller(ctx)
  const session = await beginToPay(id)
  const send = `/payment-intents/${session.intent.id}/payment-receipts/send`
  assert.equal(await api.refused('POST', send), '409 payment_not_final')
  await pay(session)
  const named = { organizationId: api.caller.organizationId, sessionId: session.id }
  const { rows: jobs } = await ctx.db.owner.query(
    "select payload from graphile_worker._private_jobs where payload ->> 'sessionId' = $1",
    [session.id],
  )
  assert.deepEqual(jobs, [{ payload: named }])
  // A job may be done twice.
  for (let times = 0; times < 2; times++) await mailReceipt(ctx, named)
  await mailReceipt(ctx, { ...named, organizationId: stranger.caller.organizationId })
  const receipt = await api.ok('POST', send)
  assert.partialDeepStrictEqual(receipt, {
    ...{ paymentIntentId: session.intent.id, organizationId: api.caller.organizationId, name: 'Ada' },
    uri: `http://127.0.0.1:8080/payment/receipt/${receipt.id}/pdf`,
  })
  assert.partialDeepStrictEqual(await api.ok('GET', `/checkout/sessions/${session.id}`), {
    paymentIntent: { paymentReceipt: receipt },
  })
  const { rows } = await ctx.db.owner.query(
    "select recipient, text, (select data -> 'paymentReceipt' from events where object_id = $1 and type = 'payment_intent.succeeded') as told from emails where kind = 'receipt' and position($2 in text) > 0",
    [session.intent.id, receipt.uri],
  )
  assert.equal(rows.length, 2)
  for (const { recipient, text, told } of rows) {
    assert.equal(recipient, 'ada@example.com')
    assert.match(text, /^Paid with: 10 USDC on Test chain 80001$/m)
    assert.deepEqual(told, receipt)
  }
  assert.equal(await stranger.refused('POST', send), '404 resource_missing')
})
