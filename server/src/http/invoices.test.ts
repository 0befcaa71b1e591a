import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { eventTypes } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addCustomer, addDraft, addOpenInvoice, lineOf, readInvoice, step } from '../../test/harness/invoiceFixtures.ts'
import { advanceInvoices } from '../actions/advanceInvoices.ts'
import { listAuditLog } from '../actions/auditLog.ts'

let ctx: FreshContext
let api: ApiCaller
let other: ApiCaller
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  other = await openApiCaller(ctx)
})
after(() => ctx.close())

const ABSENT = '019e0000-0000-7000-8000-000000000000'
const later = (ms: number) => new Date(ctx.clock.now().getTime() + ms).toISOString()
const vatOf = async (percentage: number, type = 'exclusive') =>
  `${(await api.ok('POST', '/tax-rates', { name: 'VAT', percentage, type })).id}`

test('a draft is written with all its fields, priced with its taxes, and read back', async () => {
  const customerId = await addCustomer(api, { taxIds: { data: [{ name: 'VAT', value: 'DE1', country: 'DE' }] } })
  const [vat, reduced] = [await vatOf(19), await vatOf(7)]
  const plain = {
    description: 'March',
    footer: 'Thanks',
    customFields: { fields: [{ name: 'PO', value: '17' }] },
    dueDate: later(86_400_000),
    metadata: { a: 'b' },
    clientReferenceId: 'ref',
    visibility: 10,
    allowPromotionCodes: true,
    taxRateIds: [vat],
  }
  const period = { periodStart: later(0), periodEnd: later(1000) }
  const lines = [
    { ...lineOf({ quantity: 3 }), ...period },
    { ...lineOf(), taxRateIds: [reduced] },
    { ...lineOf(), taxRateIds: [] },
  ]
  const setting = {
    allowedChains: [{ chainId: 80001 }],
    preferredChainId: 80001,
    preferredCurrency: 'dai',
    allowSwap: true,
  }
  const draft = readInvoice(
    await api.ok('POST', '/invoices', { ...plain, customerId, lineItems: { data: lines }, paymentSetting: setting }),
  )
  const { lineItems, customer, paymentSetting, ...rest } = draft
  assert.partialDeepStrictEqual(rest, {
    ...plain,
    ...{
      customerId,
      status: 'draft',
      currency: 'usdc',
      subTotal: '5000000000',
      totalTax: '640000000',
      total: '5640000000',
    },
    ...{
      invoiceNumber: null,
      invoicePdfUrl: null,
      finalizedAt: null,
      paid: false,
      paidOutOfBand: false,
      attemptCount: 0,
    },
    ...{ url: `http://127.0.0.1:8080/payment/invoice/${draft.id}`, organizationId: api.caller.organizationId },
    paymentSettingId: draft.id,
  })
  assert.partialDeepStrictEqual(customer, {
    id: customerId,
    email: 'ada@example.com',
    taxIds: { data: [{ value: 'DE1' }] },
  })
  assert.partialDeepStrictEqual(paymentSetting, setting)
  assert.deepEqual(
    lineItems.data.map(line => [line.quantity, line.amountSubtotal, line.amountTax, line.amountTotal, line.periodEnd]),
    [
      [3, '3000000000', '570000000', '3570000000', period.periodEnd],
      [1, '1000000000', '70000000', '1070000000', null],
      [1, '1000000000', '0', '1000000000', null],
    ],
  )
  assert.deepEqual(await api.ok('GET', `/invoices/${draft.id}`), JSON.parse(JSON.stringify(draft)))
})

test('what a draft does not say comes from the invoice setting', async () => {
  const own = await openApiCaller(ctx)
  await own.ok('PUT', '/organization/invoice-setting', { description: 'For you', footer: 'Ours' })
  const draft = await addDraft(own)
  assert.deepEqual([draft.description, draft.footer, draft.visibility], ['For you', 'Ours', 20])
  assert.equal(draft.paymentSettingId, own.caller.organizationId)
  const without = await addDraft(own, { customerId: draft.customerId, description: null, lineItems: [lineOf()] })
  assert.equal(without.description, null)
})

test('a request that makes no sense is refused by its place', async () => {
  const customerId = await addCustomer(api)
  const foreign = await addCustomer(other)
  const refused = (body: object) => api.refused('POST', '/invoices', { customerId, lineItems: [lineOf()], ...body })
  assert.equal(await api.refused('POST', '/invoices', {}), '400 parameter_missing customerId')
  assert.equal(await refused({ customerId: foreign }), '400 parameter_invalid customerId')
  assert.equal(await refused({ customerId: ABSENT }), '400 parameter_invalid customerId')
  assert.equal(await refused({ fromInvoiceId: ABSENT }), '400 parameter_invalid fromInvoiceId')
  assert.equal(await refused({ lineItems: [] }), '400 array_too_short lineItems.data')
  assert.equal(await refused({ lineItems: [{ priceId: ABSENT }] }), '400 parameter_invalid lineItems.data[0].priceId')
  assert.equal(await refused({ taxRateIds: [ABSENT] }), '400 parameter_invalid taxRateIds[0]')
  assert.equal(await refused({ dueDate: 'soon' }), '400 expires_at_invalid dueDate')
  assert.equal(await refused({ lines: [] }), '400 parameter_unknown lines')
  assert.equal(
    await refused({ lineItems: [lineOf(), lineOf({ currency: 'dai' })] }),
    '400 parameter_invalid lineItems.data[1].priceData.currency',
  )
  assert.equal(
    await refused({ paymentSetting: { allowedChains: [{ chainId: 5 }] } }),
    '400 network_unsupported paymentSetting.allowedChains[0].chainId',
  )
  const eleven = Array.from({ length: 11 }, (_, index) => ({ name: `${index}`, value: '' }))
  assert.equal(await refused({ customFields: { fields: eleven } }), '400 array_too_long customFields.fields')
  const open = await api.ok('POST', '/prices', { currency: 'usdc', productData: { name: 'Gift' }, type: 'one_time' })
  assert.equal(await refused({ lineItems: [{ priceId: open.id }] }), '400 parameter_invalid lineItems.data[0].priceId')
})

test('a draft changes whole, and keeps what is not given; a document keeps what it says', async () => {
  const draft = await addDraft(api, { lineItems: [lineOf()], customerId: await addCustomer(api) })
  const path = `/invoices/${draft.id}`
  const vat = await vatOf(20)
  const taxed = readInvoice(await api.ok('PUT', path, { taxRateIds: [vat], footer: 'F' }))
  assert.deepEqual([taxed.total, taxed.totalTax, taxed.footer], ['1200000000', '200000000', 'F'])
  const changed = readInvoice(
    await api.ok('PUT', path, { lineItems: [lineOf({ unitAmount: '700000000' }), lineOf()], footer: null }),
  )
  assert.deepEqual([changed.total, changed.lineItems.data.length, changed.footer], ['2040000000', 2, null])
  assert.deepEqual(readInvoice(await api.ok('GET', path)), changed)

  await step(api, draft.id, 'finalize')
  const beside = { metadata: { k: 'v' }, description: 'D', clientReferenceId: 'c', visibility: 10 }
  assert.partialDeepStrictEqual(await api.ok('PUT', path, beside), { ...beside, status: 'open', total: '2040000000' })
  assert.equal(await api.refused('PUT', path, { lineItems: [lineOf()] }), '409 invoice_not_draft lineItems')
  assert.equal(await api.refused('PUT', path, { dueDate: later(1) }), '409 invoice_not_draft dueDate')
  assert.equal(await api.refused('DELETE', path), '409 invoice_not_draft')
})

test('a draft is deleted, and gone', async () => {
  const { id } = await addDraft(api)
  assert.deepEqual(await api.ok('DELETE', `/invoices/${id}`), { message: 'The draft is deleted.', statusCode: 200 })
  assert.equal(await api.refused('GET', `/invoices/${id}`), '404 resource_missing')
})

test('finalizing gives a number, fixes the customer, and tells of it', async () => {
  const { id, customerId } = await addDraft(api)
  await api.ok('PUT', `/customers/${customerId}`, { name: 'Ada L.' })
  const open = await step(api, id, 'finalize')
  assert.equal(open.status, 'open')
  assert.equal(open.invoiceNumber, `${open.customer.customerNumber}-0001`)
  assert.equal(open.invoicePdfUrl, `${open.url}/pdf`)
  assert.deepEqual([open.customer.name, open.finalizedAt], ['Ada L.', ctx.clock.now().toISOString()])
  await api.ok('PUT', `/customers/${customerId}`, { name: 'Ada M.' })
  assert.partialDeepStrictEqual(await api.ok('GET', `/invoices/${id}`), { customer: { name: 'Ada L.' } })
  await api.ok('DELETE', `/customers/${customerId}`)
  assert.partialDeepStrictEqual(await api.ok('GET', `/invoices/${id}`), { customer: { name: 'Ada L.' } })
  assert.deepEqual(await eventTypes(ctx, id), ['invoice.finalized'])
  assert.equal(await api.refused('POST', `/invoices/${id}/finalize`), '409 invoice_not_draft')
  const empty = await addDraft(api, { customerId: await addCustomer(api) })
  assert.equal(await api.refused('POST', `/invoices/${empty.id}/finalize`), '409 invoice_empty')
})

test('numbers have no gap and none is given twice, however many are finalized at once', async () => {
  const own = await openApiCaller(ctx)
  const customerId = await addCustomer(own)
  const drafts = await Promise.all(
    Array.from({ length: 8 }, () => addDraft(own, { customerId, lineItems: [lineOf()] })),
  )
  const opened = await Promise.all(drafts.map(({ id }) => step(own, id, 'finalize')))
  const numbersOf = (invoices: { invoiceNumber: string | null }[]) =>
    invoices.map(({ invoiceNumber }) => invoiceNumber?.slice(-4)).sort()
  assert.deepEqual(numbersOf(opened), ['0001', '0002', '0003', '0004', '0005', '0006', '0007', '0008'])

  await own.ok('PUT', '/organization/invoice-setting', { numberingScheme: 'merchant_level', invoicePrefix: 'ACME' })
  const more = await Promise.all(Array.from({ length: 4 }, async () => (await addOpenInvoice(own)).invoiceNumber))
  assert.deepEqual(more.sort(), ['ACME-0001', 'ACME-0002', 'ACME-0003', 'ACME-0004'])
  // What is refused takes no number.
  const empty = await addDraft(own, { customerId })
  assert.equal(await own.refused('POST', `/invoices/${empty.id}/finalize`), '409 invoice_empty')
  assert.equal((await addOpenInvoice(own)).invoiceNumber, 'ACME-0005')
  await ctx.db.owner.query('update organizations set next_invoice_sequence = 2 where id = $1', [
    own.caller.organizationId,
  ])
  const draft = await addDraft(own)
  assert.equal(await own.refused('POST', `/invoices/${draft.id}/finalize`), '409 invoice_number_taken')
})

test('an invoice is paid in another way, voided or given up, each told once and only where it makes sense', async () => {
  const acts = ['void', 'mark-uncollectible', 'pay'] as const
  const codes = async (id: string) => {
    const found = []
    for (const act of acts) found.push((await api.call('POST', `/invoices/${id}/${act}`)).answer.code ?? 'done')
    return found
  }
  const draft = await addDraft(api)
  assert.deepEqual(await codes(draft.id), ['invoice_not_open', 'invoice_not_open', 'invoice_not_open'])

  const paid = await step(api, (await addOpenInvoice(api)).id, 'pay')
  assert.partialDeepStrictEqual(paid, { status: 'paid', paid: true, paidOutOfBand: true })
  assert.equal(paid.paidAt, ctx.clock.now().toISOString())
  assert.deepEqual(await codes(paid.id), ['invoice_not_open', 'invoice_not_open', 'invoice_not_open'])
  assert.deepEqual(await eventTypes(ctx, paid.id), ['invoice.finalized', 'invoice.paid', 'invoice.marked_as_paid'])

  const gone = await step(api, (await addOpenInvoice(api)).id, 'void')
  assert.equal(gone.status, 'void')
  assert.deepEqual(await codes(gone.id), ['invoice_not_open', 'invoice_not_open', 'invoice_not_open'])
  assert.deepEqual(await eventTypes(ctx, gone.id), ['invoice.finalized', 'invoice.voided'])

  const lost = await step(api, (await addOpenInvoice(api)).id, 'mark-uncollectible')
  assert.deepEqual([lost.status, lost.markedUncollectibleAt], ['uncollectible', ctx.clock.now().toISOString()])
  assert.equal((await step(api, lost.id, 'pay')).status, 'paid')
  assert.deepEqual((await eventTypes(ctx, lost.id)).slice(1, 3), ['invoice.marked_uncollectible', 'invoice.paid'])
})

test('a duplicate says the same and is a draft; a revision replaces what it revises when it is finalized', async () => {
  const open = await addOpenInvoice(api, {
    customerId: await addCustomer(api),
    lineItems: [lineOf()],
    description: 'D',
  })
  const copy = await step(api, open.id, 'duplicate')
  assert.deepEqual([copy.status, copy.total, copy.description, copy.fromInvoiceId], ['draft', open.total, 'D', null])

  const wrong = { fromInvoiceId: open.id, customerId: await addCustomer(api) }
  assert.equal(await api.refused('POST', '/invoices', wrong), '400 parameter_invalid customerId')
  assert.equal(await api.refused('POST', '/invoices', { fromInvoiceId: copy.id }), '409 invoice_not_open')
  const changes = { fromInvoiceId: open.id, lineItems: [lineOf({ unitAmount: '900000000' })] }
  const revision = await addDraft(api, changes)
  assert.partialDeepStrictEqual(revision, {
    description: 'D',
    total: '900000000',
    fromInvoiceId: open.id,
    customerId: open.customerId,
  })
  const original = () => api.ok('GET', `/invoices/${open.id}`)
  assert.partialDeepStrictEqual(await original(), { status: 'open', latestRevisionId: revision.id })
  const second = await addDraft(api, { fromInvoiceId: open.id })
  await api.ok('DELETE', `/invoices/${second.id}`)
  assert.partialDeepStrictEqual(await original(), { latestRevisionId: null })
  const third = await addDraft(api, { fromInvoiceId: open.id })

  const finalized = await step(api, revision.id, 'finalize')
  assert.equal(finalized.invoiceNumber, `${open.customer.customerNumber}-0002`)
  assert.partialDeepStrictEqual(await original(), { status: 'void', latestRevisionId: third.id })
  assert.deepEqual(await eventTypes(ctx, open.id), ['invoice.finalized', 'invoice.voided'])
  assert.equal(await api.refused('POST', `/invoices/${third.id}/finalize`), '409 invoice_not_open')
})

test('sending finalizes first, writes to the customer and the copies, and can be repeated', async () => {
  const { id, customer } = await addDraft(api)
  const cc = ['books@example.com']
  const sent = await step(api, id, 'send', { cc })
  assert.deepEqual([sent.status, sent.sentAt], ['open', ctx.clock.now().toISOString()])
  await step(api, id, 'send')
  const { rows } = await ctx.db.owner.query(
    'select recipient, cc, subject, text from emails where organization_id = $1 order by id',
    [api.caller.organizationId],
  )
  assert.equal(rows.length, 2)
  for (const row of rows) {
    assert.deepEqual([row.recipient, row.cc], [customer.email, cc])
    assert.equal(row.subject, `Invoice ${sent.invoiceNumber} from Test merchant`)
    assert.ok(row.text.includes(sent.url) && row.text.includes('10.00 USDC'))
  }
  assert.deepEqual(await eventTypes(ctx, id), ['invoice.finalized', 'invoice.sent', 'invoice.sent'])
  const many = Array.from({ length: 11 }, (_, index) => `a${index}@example.com`)
  assert.equal(await api.refused('POST', `/invoices/${id}/send`, { cc: many }), '400 array_too_long cc')
  assert.equal(await api.refused('POST', `/invoices/${id}/send`, { cc: ['nobody'] }), '400 email_invalid cc[0]')
  await step(api, id, 'void')
  assert.equal(await api.refused('POST', `/invoices/${id}/send`), '409 invoice_not_open')
})

test('a draft is finalized and sent when its time has come, and an invoice is told to be overdue once', async () => {
  const { id } = await addDraft(api, {
    ...{ customerId: await addCustomer(api), lineItems: [lineOf()], dueDate: later(7_200_000) },
  })
  assert.equal(
    await api.refused('POST', `/invoices/${id}/send`, { finalizeScheduleAt: later(-1) }),
    '400 parameter_invalid finalizeScheduleAt',
  )
  const finalizeScheduleAt = later(3_600_000)
  const scheduled = await step(api, id, 'send', { finalizeScheduleAt, cc: ['b@example.com'] })
  assert.partialDeepStrictEqual(scheduled, { status: 'draft', autoAdvance: true, finalizeScheduleAt })
  const moved = async () => {
    await advanceInvoices(ctx, 100)
    return await eventTypes(ctx, id)
  }
  assert.deepEqual(await moved(), [])
  ctx.clock.advance(3_600_000)
  const told = ['invoice.finalized', 'invoice.sent']
  assert.deepEqual(await moved(), told)
  assert.deepEqual(await moved(), told)
  ctx.clock.advance(3_600_001)
  await ctx.db.owner.query('update organizations set email = $2 where id = $1', [
    api.caller.organizationId,
    'desk@example.com',
  ])
  assert.deepEqual(await moved(), [...told, 'invoice.overdue'])
  assert.deepEqual(await moved(), [...told, 'invoice.overdue'])
  const { rows: mails } = await ctx.db.owner.query(
    "select recipient, position($1 in text) > 0 as names_it from emails where kind = 'invoice_overdue'",
    [id],
  )
  assert.deepEqual(mails, [{ recipient: 'desk@example.com', names_it: true }])
  assert.equal(
    await api.refused('POST', `/invoices/${id}/send`, { finalizeScheduleAt: later(1) }),
    '409 invoice_not_draft finalizeScheduleAt',
  )
})

test('a scheduled draft that cannot be finalized any more waits for the merchant, and holds up no other', async () => {
  const open = await addOpenInvoice(api)
  const revision = await addDraft(api, { fromInvoiceId: open.id })
  const good = await addDraft(api)
  for (const { id } of [revision, good]) await step(api, id, 'send', { finalizeScheduleAt: later(1000) })
  await step(api, open.id, 'pay')
  ctx.clock.advance(1000)
  assert.equal(await advanceInvoices(ctx, 100), 1)
  assert.partialDeepStrictEqual(await api.ok('GET', `/invoices/${revision.id}`), {
    ...{ status: 'draft', finalizeScheduleAt: null },
  })
  assert.partialDeepStrictEqual(await api.ok('GET', `/invoices/${good.id}`), { status: 'open' })
})

test('an invoice that cannot be advanced for a fault of ours holds up no other', async () => {
  const broken = await addOpenInvoice(api, { dueDate: later(60_000) })
  const sound = await addOpenInvoice(api, { dueDate: later(60_001) })
  await ctx.db.owner.query('update invoices set currency = null where id = $1', [broken.id])
  ctx.clock.advance(60_002)
  assert.equal(await advanceInvoices(ctx, 100), 1)
  assert.ok((await eventTypes(ctx, sound.id)).includes('invoice.overdue'))
  await ctx.db.owner.query('update invoices set overdue_at = $2 where id = $1', [broken.id, ctx.clock.now()])
})

test('lists are narrowed by every filter, and page stably while invoices are added', async () => {
  const own = await openApiCaller(ctx)
  const customerId = await addCustomer(own)
  const [soon, late] = [later(10_000), later(20_000)]
  const made = []
  for (const dueDate of [soon, late, null]) {
    ctx.clock.advance(1)
    made.push(await addDraft(own, { customerId, lineItems: [lineOf()], dueDate }))
  }
  const [first, second, third] = made.map(({ id }) => id)
  ctx.clock.advance(1)
  const open = await addOpenInvoice(own)
  const idsOf = async (query: string) =>
    ((await own.ok('GET', `/invoices?${query}`)).data as { id: string }[]).map(({ id }) => id)
  assert.deepEqual(await idsOf(''), [open.id, third, second, first])
  assert.deepEqual(await idsOf('status=open'), [open.id])
  assert.deepEqual(await idsOf(`customerId=${customerId}&status=draft`), [third, second, first])
  assert.deepEqual(await idsOf(`ids=${first},${third}`), [third, first])
  assert.deepEqual(await idsOf(`subscriptionId=${ABSENT}`), [])
  assert.deepEqual(await idsOf(`dueDate=${soon}`), [first])
  assert.deepEqual(await idsOf(`dueDate[gt]=${soon}`), [second])
  assert.deepEqual(await idsOf(`dueDate[gte]=${soon}&dueDate[lt]=${late}`), [first])
  assert.deepEqual(await idsOf(`dueDate[lte]=${late}`), [second, first])
  assert.deepEqual(await idsOf('dueDate[isnull]=true'), [open.id, third])
  assert.deepEqual(await idsOf(`createdAt[gt]=${later(0)}`), [])
  const page = await own.ok('GET', '/invoices?limit=2')
  ctx.clock.advance(1)
  await addDraft(own)
  assert.deepEqual(await idsOf(`limit=2&startingAfter=${(page.data as { id: string }[]).at(-1)?.id}`), [second, first])
  assert.equal(await own.refused('GET', `/invoices?startingAfter=${ABSENT}`), '400 cursor_invalid startingAfter')
  assert.equal(await own.refused('GET', '/invoices?status=lost'), '400 parameter_invalid status')
  assert.equal(await own.refused('GET', '/invoices?includes=secrets'), '400 parameter_invalid includes')
  assert.equal(await own.refused('GET', '/invoices?dueDate[gt]=x'), '400 parameter_invalid dueDate[gt]')
})

test('what belongs to another organization is as absent, and a key without the scope is refused', async () => {
  const { id } = await addDraft(other)
  for (const path of [id, ABSENT]) {
    assert.equal(await api.refused('GET', `/invoices/${path}`), '404 resource_missing')
    assert.equal(await api.refused('PUT', `/invoices/${path}`, {}), '404 resource_missing')
    assert.equal(await api.refused('DELETE', `/invoices/${path}`), '404 resource_missing')
    for (const act of ['duplicate', 'void', 'mark-uncollectible', 'finalize', 'pay', 'send']) {
      assert.equal(await api.refused('POST', `/invoices/${path}/${act}`), '404 resource_missing')
    }
  }
  const reader = await openApiCaller(ctx, { of: api.caller, key: ['invoices:read'] })
  await reader.ok('GET', '/invoices')
  assert.equal(await reader.refused('POST', '/invoices', {}), '403 insufficient_permissions')
})

test('a POST with an Idempotency-Key is done once', async () => {
  const body = { customerId: await addCustomer(api), lineItems: [lineOf()] }
  const post = (path: string, key: string, sent?: object) => api.call('POST', path, sent, { 'idempotency-key': key })
  const [one, two] = [await post('/invoices', 'i-1', body), await post('/invoices', 'i-1', body)]
  assert.deepEqual(two.answer, one.answer)
  assert.equal(two.headers.get('idempotent-replayed'), 'true')
  const finalized = await post(`/invoices/${one.answer.id}/finalize`, 'i-2')
  assert.deepEqual((await post(`/invoices/${one.answer.id}/finalize`, 'i-2')).answer, finalized.answer)
})

test('who says that an invoice is paid, void or not to be had is noted', async () => {
  const noted = async () => {
    const { data } = await listAuditLog(ctx, api.caller.organizationId, { limit: 3, after: null })
    return data.map(({ action, objectId }) => [action, objectId])
  }
  const { id } = await addOpenInvoice(api)
  const { id: voided } = await addOpenInvoice(api)
  await step(api, id, 'mark-uncollectible')
  await step(api, id, 'pay')
  await step(api, voided, 'void')
  assert.deepEqual(await noted(), [
    ['invoice.voided', voided],
    ['invoice.marked_as_paid', id],
    ['invoice.marked_uncollectible', id],
  ])
})
