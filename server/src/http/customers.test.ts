import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { absent, idsOf } from '../../test/harness/catalogFixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addCustomer } from '../actions/addCustomer.ts'
import { inOrganization } from '../store/database.ts'
import { customerSchema } from './catalogObjects.ts'

let ctx: FreshContext
let api: ApiCaller
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
})
after(() => ctx.close())

const ADA = { email: 'Ada@Example.com' }
const WHOLE = {
  email: 'grace@example.com',
  name: 'Grace',
  phone: '+1 555',
  organizationName: 'Navy',
  address: { line1: '1 Main St', city: 'Arlington', country: 'US' },
  shipping: { name: 'Grace', address: { line1: 'Dock 2' } },
  customerReferenceId: 'crm-7',
  visibility: 10,
  metadata: { tier: 'gold' },
}
const TAX_IDS = [
  { name: 'EU VAT', value: 'DE123456789', country: 'DE' },
  { name: null, value: '42', country: null },
]
const taxIdsOf = (customer: Record<string, unknown>) =>
  customerSchema.parse(customer).taxIds.data.map(({ name, value, country }) => ({ name, value, country }))

test('a customer is written, read back and changed field by field', async () => {
  const plain = customerSchema.strict().parse(await api.ok('POST', '/customers', ADA))
  const { id, createdAt, updatedAt, customerNumber, ...rest } = plain
  assert.deepEqual([createdAt, updatedAt], [ctx.clock.now().toISOString(), ctx.clock.now().toISOString()])
  assert.match(customerNumber, /^[A-HJ-NP-Z2-9]{8}$/)
  const nothing = { name: null, phone: null, organizationName: null, address: null, shipping: null, metadata: null }
  const none = { object: 'list', data: [] }
  assert.deepEqual(rest, { ...ADA, ...nothing, customerReferenceId: null, visibility: 20, taxIds: none })

  const taxIds = { data: [TAX_IDS[0], { value: '42' }] }
  const made = await api.ok('POST', '/customers', { ...WHOLE, taxIds })
  assert.partialDeepStrictEqual(made, WHOLE)
  assert.deepEqual(taxIdsOf(made), TAX_IDS)
  assert.ok(customerSchema.parse(made).taxIds.data.every(taxId => taxId.customerId === made.id))
  const path = `/customers/${made.id}`
  assert.deepEqual(await api.ok('GET', path), made)

  ctx.clock.advance(1000)
  const changes = { ...nothing, email: 'g@example.com', visibility: 20 }
  const changed = await api.ok('PUT', path, changes)
  assert.deepEqual(changed, { ...made, ...changes, updatedAt: ctx.clock.now().toISOString() })
  assert.deepEqual(await api.ok('GET', path), changed)
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', path, { email: 'g@example.com' }), changed)
  assert.equal(
    await api.refused('PUT', path, { customerReferenceId: 'x' }),
    '400 parameter_unknown customerReferenceId',
  )
  assert.equal(await api.refused('PUT', path, { email: null }), '400 email_invalid email')
  assert.equal((await api.ok('GET', `/customers/${id}`)).email, ADA.email)
})

test('tax ids that a PUT gives replace all there are, also by none', async () => {
  const { id } = await api.ok('POST', '/customers', { ...ADA, taxIds: { object: 'list', data: TAX_IDS.slice(0, 1) } })
  const other = await api.ok('POST', '/customers', { ...ADA, taxIds: { data: TAX_IDS.slice(0, 1) } })
  const values = ['9', '1', '5', '3'].map(value => ({ name: null, value, country: null }))
  const data = values.map(({ value }) => ({ value }))
  assert.deepEqual(taxIdsOf(await api.ok('PUT', `/customers/${id}`, { taxIds: { data } })), values)
  assert.deepEqual(taxIdsOf(await api.ok('GET', `/customers/${id}`)), values)
  assert.deepEqual(taxIdsOf(await api.ok('PUT', `/customers/${id}`, { name: 'Ada' })), values)
  assert.deepEqual(taxIdsOf(await api.ok('PUT', `/customers/${id}`, { taxIds: null })), [])
  assert.deepEqual(taxIdsOf(await api.ok('GET', `/customers/${other.id}`)), TAX_IDS.slice(0, 1))
})

test('C5.4: what is not a customer is refused by its field, line breaks in a name or e-mail address too', async () => {
  const cases: [object, string][] = [
    [{}, 'email_invalid email'],
    [{ email: 'ada' }, 'email_invalid email'],
    [{ email: 'ada@example.com\r\nBcc: eve@example.com' }, 'email_invalid email'],
    [{ email: 'ada@example.com, eve@example.com' }, 'email_invalid email'],
    [{ ...ADA, name: '' }, 'name_invalid name'],
    [{ ...ADA, name: 'Ada\r\nBcc: eve@example.com' }, 'name_invalid name'],
    [{ ...ADA, phone: 'x'.repeat(51) }, 'too_long phone'],
    [{ ...ADA, organizationName: 7 }, 'parameter_invalid organizationName'],
    [{ ...ADA, address: { street: 'x' } }, 'parameter_unknown address.street'],
    [{ ...ADA, shipping: { email: 'x' } }, 'email_invalid shipping.email'],
    [{ ...ADA, shipping: { address: { city: 7 } } }, 'parameter_invalid shipping.address.city'],
    [{ ...ADA, customerReferenceId: '' }, 'parameter_invalid customerReferenceId'],
    [{ ...ADA, visibility: 15 }, 'parameter_invalid visibility'],
    [{ ...ADA, metadata: [] }, 'metadata_value_type metadata'],
    [{ ...ADA, taxIds: [] }, 'parameter_invalid taxIds'],
    [{ ...ADA, taxIds: { data: [{ type: 'x' }] } }, 'parameter_unknown taxIds.data[0].type'],
    [{ ...ADA, taxIds: { data: Array.from({ length: 11 }, () => ({ value: '1' })) } }, 'array_too_long taxIds.data'],
    [{ ...ADA, customerNumber: 'AAAAAAAA' }, 'parameter_unknown customerNumber'],
  ]
  for (const [body, expected] of cases) {
    assert.equal(await api.refused('POST', '/customers', body), `400 ${expected}`, JSON.stringify(body).slice(0, 80))
  }
})

test('a reference is of one customer at a time, however many ask at once, and free again after a deletion', async () => {
  const mine = { ...ADA, customerReferenceId: 'crm-1' }
  const asked = await Promise.all([1, 2, 3].map(() => api.call('POST', '/customers', mine)))
  assert.deepEqual(asked.map(({ status }) => status).sort(), [200, 409, 409])
  const { id } = asked.find(({ status }) => status === 200)?.answer ?? {}
  assert.equal(await api.refused('POST', '/customers', mine), '409 customer_reference_exists customerReferenceId')
  assert.equal((await api.ok('DELETE', `/customers/${id}`)).statusCode, 200)
  for (const [method, body] of [['GET'], ['PUT', { name: 'x' }], ['DELETE']] as const) {
    assert.equal(await api.refused(method, `/customers/${id}`, body), '404 resource_missing')
  }
  assert.deepEqual(idsOf(await api.ok('GET', '/customers?customerReferenceId=crm-1')), [])
  const again = await api.ok('POST', '/customers', mine)
  assert.deepEqual(idsOf(await api.ok('GET', '/customers?customerReferenceId=crm-1')), [again.id])
  const other = await openApiCaller(ctx)
  await other.ok('POST', '/customers', mine)
})

test('a number that another customer has is drawn again', async () => {
  const { caller } = await openApiCaller(ctx)
  const bytes = [7, 7, 7, 8]
  const random = (size: number) => (size === 8 ? new Uint8Array(8).fill(bytes.shift() ?? 0) : ctx.random(size))
  const nothing = { name: null, phone: null, organizationName: null, address: null, shipping: null, metadata: null }
  const asked = { ...ADA, ...nothing, customerReferenceId: null, visibility: 20, taxIds: [] } as const
  const add = () =>
    inOrganization(ctx.db, caller.organizationId, tx =>
      addCustomer(tx, { clock: ctx.clock, random }, caller.organizationId, asked),
    )
  assert.deepEqual([(await add()).customerNumber, (await add()).customerNumber], ['HHHHHHHH', 'JJJJJJJJ'])
})

test('lists of customers: newest first, by cursor while others are made, by filter', async () => {
  const shop = await openApiCaller(ctx)
  const ids: unknown[] = []
  for (const body of [ADA, { ...ADA, visibility: 10 }, WHOLE, { email: 'ADA@EXAMPLE.COM' }]) {
    ctx.clock.advance(1000)
    ids.unshift((await shop.ok('POST', '/customers', body)).id)
  }
  const first = await shop.ok('GET', '/customers?limit=2')
  assert.deepEqual([idsOf(first), first.hasMore], [ids.slice(0, 2), true])
  ctx.clock.advance(1000)
  const newest = (await shop.ok('POST', '/customers', { email: 'late@example.com' })).id
  assert.deepEqual(idsOf(await shop.ok('GET', `/customers?limit=2&startingAfter=${ids[1]}`)), ids.slice(2))
  assert.deepEqual(idsOf(await shop.ok('GET', '/customers?email=ada%40example.com')), [ids[0], ids[2], ids[3]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/customers?visibility=10')), ids.slice(1, 3))
  assert.deepEqual(idsOf(await shop.ok('GET', '/customers?customerReferenceId=crm-7')), [ids[1]])
  assert.deepEqual(idsOf(await shop.ok('GET', `/customers?ids=${ids[3]},${newest}`)), [newest, ids[3]])
  const now = encodeURIComponent(ctx.clock.now().toISOString())
  assert.deepEqual(idsOf(await shop.ok('GET', `/customers?createdAt[lt]=${now}`)), ids)
  assert.equal(await shop.refused('GET', '/customers?visibility=30'), '400 parameter_invalid visibility')
  assert.equal(await shop.refused('GET', '/customers?email=a%00b'), '400 invalid_character email')
  assert.equal(await shop.refused('GET', '/customers?name=Ada'), '400 parameter_unknown name')
})

test("another's customer is as absent as none, and a key needs its scope", async () => {
  const { id } = await api.ok('POST', '/customers', ADA)
  await absent(ctx, api, {
    list: '/customers',
    scope: 'customers',
    calls: [
      ['GET', `/customers/${id}`],
      ['PUT', `/customers/${id}`, { name: 'Mine' }],
      ['DELETE', `/customers/${id}`],
    ],
    create: ['POST', '/customers', ADA],
  })
})
