import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { addCustomer, addDraft, lineOf, step } from '../../test/harness/invoiceFixtures.ts'
import { type MemberVisitor, openMember } from '../../test/harness/memberVisitor.ts'
import { readPdf } from '../../test/harness/readPdf.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'

type Preview = {
  paper: { headline: { text: string }; rows: { text: string; details: string[] }[][]; sums: { value: string }[] } | null
}

let world: TestContext
let api: ApiCaller
let owner: MemberVisitor
before(async () => {
  world = await createTestContext()
  api = await openApiCaller(world.ctx)
  owner = await openMember(world.ctx, api.caller.organizationId, 'owner')
})
after(() => world.close())

const PATH = '/api/account/invoice-preview'
const preview = async (body: object) => await owner.ok<Preview>('POST', PATH, body)
const previewPage = async (body: object) => {
  const headers = { ...owner.headers(), 'content-type': 'application/json' }
  const answer = await createApp(world.ctx).request(`${PATH}/page`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  assert.equal(answer.status, 200)
  return await answer.text()
}
/** What payers read on a page, without where its links and forms lead. */
const mainOf = (page: string) => /<main[\s\S]*<\/main>/.exec(page)?.[0].replaceAll(/(href|action)="[^"]*"/g, '$1')

test('what is shown of an invoice while it is written is what payers get of it, on the page and on the paper', async () => {
  const [vat, gst] = [
    await api.ok('POST', '/tax-rates', { name: 'VAT <Berlin>', percentage: 19 }),
    await api.ok('POST', '/tax-rates', { name: 'GST', percentage: 7.5, type: 'inclusive' }),
  ]
  const invoice = {
    customerId: await addCustomer(api, { name: 'יעל כהן' }),
    lineItems: { data: [lineOf({ name: 'Coffee <b>', quantity: 3 }), { ...lineOf(), taxRateIds: [gst.id] }] },
    taxRateIds: [vat.id],
    dueDate: '2031-03-31T23:59:59.999Z',
    customFields: { fields: [{ name: 'Order', value: '17' }] },
    description: 'For March',
    footer: 'Thank you',
  }
  const written = await preview(invoice)
  const page = await previewPage(invoice)
  const draft = await addDraft(api, invoice)
  assert.deepEqual(await preview({ draftId: draft.id }), written)
  assert.equal(await previewPage({ draftId: draft.id }), page)
  const { invoiceNumber } = await step(api, draft.id, 'finalize')
  const app = createApp(world.ctx)
  const shown = await (await app.request(`/payment/invoice/${draft.id}`)).text()
  assert.ok(mainOf(shown)?.includes('45.70 USDC'))
  assert.equal(mainOf(page)?.replace('…', invoiceNumber ?? ''), mainOf(shown))

  const pdf = await app.request(`/payment/invoice/${draft.id}/pdf`)
  const { pages } = readPdf(new Uint8Array(await pdf.arrayBuffer()))
  const { headline, rows, sums } = written.paper ?? { headline: { text: '' }, rows: [], sums: [] }
  const printed = [
    headline.text,
    ...rows.flat().flatMap(cell => [cell.text, ...cell.details]),
    ...sums.map(s => s.value),
  ]
  assert.ok(printed.length > 15)
  for (const each of printed) assert.ok(pages.join(' ').replaceAll(/\s+/g, ' ').includes(each), each)
})

test('a preview keeps nothing, and says what would be refused', async () => {
  const countAll = async () => {
    const { rows } = await world.ctx.db.owner.query(
      'select (select count(*) from invoices) i, (select count(*) from prices) p, (select count(*) from products) o',
    )
    return rows
  }
  const before = await countAll()
  const lines = (...data: object[]) => ({ lineItems: { data } })
  assert.match(await previewPage(lines(lineOf())), /10\.00 USDC/)
  assert.deepEqual(await preview({}), { paper: null })
  assert.deepEqual(await countAll(), before)
  const mixed = lines(lineOf(), lineOf({ currency: 'eth' }))
  assert.match(await owner.refused('POST', PATH, mixed), /^400 /)
  assert.equal(await owner.refused('POST', PATH, { customerId: owner.userId }), '400 parameter_invalid')
  const other = await addDraft(await openApiCaller(world.ctx))
  assert.equal(await owner.refused('POST', PATH, { draftId: other.id }), '404 resource_missing')
  const open = await step(api, (await addDraft(api)).id, 'finalize')
  assert.equal(await owner.refused('POST', PATH, { draftId: open.id }), '404 resource_missing')
})
