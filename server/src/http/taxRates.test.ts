import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { absent, idsOf } from '../../test/harness/catalogFixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { taxRateSchema } from './catalogObjects.ts'

let ctx: FreshContext
let api: ApiCaller
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
})
after(() => ctx.close())

const VAT = { name: 'VAT', percentage: 19 }

test('a tax rate is written, read back, renamed, and its percentage stays', async () => {
  const made = await api.ok('POST', '/tax-rates', VAT)
  const { id, createdAt, updatedAt, ...rest } = taxRateSchema.strict().parse(made)
  assert.deepEqual([createdAt, updatedAt], [ctx.clock.now().toISOString(), ctx.clock.now().toISOString()])
  const defaults = { description: null, country: null, metadata: null }
  assert.deepEqual(rest, { ...VAT, ...defaults, type: 'exclusive', isActive: true })
  const whole = {
    ...{ name: 'GST', description: 'Goods and services', country: 'IN', percentage: 18.0005 },
    ...{ type: 'inclusive', isActive: false, metadata: { class: 'a' } },
  }
  const other = await api.ok('POST', '/tax-rates', whole)
  assert.partialDeepStrictEqual(other, whole)
  assert.deepEqual(await api.ok('GET', `/tax-rates/${other.id}`), other)

  ctx.clock.advance(1000)
  const changes = { name: 'GST 2', description: null, country: 'SG', metadata: null, isActive: true }
  const changed = await api.ok('PUT', `/tax-rates/${other.id}`, changes)
  assert.deepEqual(changed, { ...other, ...changes, updatedAt: ctx.clock.now().toISOString() })
  assert.deepEqual(await api.ok('GET', `/tax-rates/${other.id}`), changed)
  assert.deepEqual(await api.ok('PUT', `/tax-rates/${other.id}`, {}), changed)
  assert.equal(
    await api.refused('PUT', `/tax-rates/${other.id}`, { percentage: 7 }),
    '400 parameter_unknown percentage',
  )
  assert.equal(await api.refused('PUT', `/tax-rates/${other.id}`, { type: 'inclusive' }), '400 parameter_unknown type')
})

test('a tax rate is deactivated and activated, and doing so twice changes nothing', async () => {
  const { id } = await api.ok('POST', '/tax-rates', VAT)
  ctx.clock.advance(1000)
  const off = await api.ok('PUT', `/tax-rates/${id}/deactivate`)
  assert.deepEqual([off.isActive, off.updatedAt], [false, ctx.clock.now().toISOString()])
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', `/tax-rates/${id}/deactivate`), off)
  assert.equal((await api.ok('PUT', `/tax-rates/${id}/activate`)).isActive, true)
})

test('what is not a tax rate is refused by its field', async () => {
  const cases: [object, string][] = [
    [{ percentage: 5 }, 'parameter_missing name'],
    [{ name: ' ', percentage: 5 }, 'name_invalid name'],
    [{ name: 'VAT' }, 'parameter_missing percentage'],
    [{ ...VAT, percentage: 100.01 }, 'parameter_invalid percentage'],
    [{ ...VAT, percentage: -1 }, 'parameter_invalid percentage'],
    [{ ...VAT, percentage: 1.23456 }, 'parameter_invalid percentage'],
    [{ ...VAT, percentage: 1e-7 }, 'parameter_invalid percentage'],
    [{ ...VAT, percentage: '19' }, 'parameter_invalid percentage'],
    [{ ...VAT, type: 'both' }, 'parameter_invalid type'],
    [{ ...VAT, isActive: 1 }, 'parameter_invalid isActive'],
    [{ ...VAT, description: 'x'.repeat(1001) }, 'too_long description'],
    [{ ...VAT, country: 7 }, 'parameter_invalid country'],
    [{ ...VAT, metadata: { a: 1 } }, 'metadata_value_type metadata'],
    [{ ...VAT, isactive: true }, 'parameter_unknown isactive'],
  ]
  for (const [body, expected] of cases) {
    assert.equal(await api.refused('POST', '/tax-rates', body), `400 ${expected}`, JSON.stringify(body).slice(0, 80))
  }
  for (const percentage of [0, 0.0001, 99.9999, 100]) {
    assert.equal((await api.ok('POST', '/tax-rates', { ...VAT, percentage })).percentage, percentage)
  }
})

test('lists of tax rates: newest first, by cursor while others are made, by filter', async () => {
  const shop = await openApiCaller(ctx)
  const ids: unknown[] = []
  for (let index = 0; index < 4; index++) {
    ctx.clock.advance(1000)
    ids.unshift((await shop.ok('POST', '/tax-rates', { ...VAT, isActive: index !== 1 })).id)
  }
  const first = await shop.ok('GET', '/tax-rates?limit=2')
  assert.deepEqual([idsOf(first), first.hasMore, first.count], [ids.slice(0, 2), true, 2])
  ctx.clock.advance(1000)
  const newest = (await shop.ok('POST', '/tax-rates', VAT)).id
  assert.deepEqual(idsOf(await shop.ok('GET', `/tax-rates?limit=2&startingAfter=${ids[1]}`)), ids.slice(2))
  assert.deepEqual(idsOf(await shop.ok('GET', '/tax-rates?isActive=false')), [ids[2]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/tax-rates?isActive=true&limit=2&page=2')), [ids[1], ids[3]])
  assert.deepEqual(idsOf(await shop.ok('GET', `/tax-rates?ids=${ids[3]},${newest}`)), [newest, ids[3]])
  const now = encodeURIComponent(ctx.clock.now().toISOString())
  assert.deepEqual(idsOf(await shop.ok('GET', `/tax-rates?createdAt[gte]=${now}`)), [newest])
  assert.equal(await shop.refused('GET', '/tax-rates?isActive=yes'), '400 parameter_invalid isActive')
})

test("another's tax rate is as absent as none, and a key needs its scope", async () => {
  const { id } = await api.ok('POST', '/tax-rates', VAT)
  await absent(ctx, api, {
    list: '/tax-rates',
    scope: 'tax_rates',
    calls: [
      ['GET', `/tax-rates/${id}`],
      ['PUT', `/tax-rates/${id}`, { name: 'Mine' }],
      ['PUT', `/tax-rates/${id}/activate`],
      ['PUT', `/tax-rates/${id}/deactivate`],
    ],
    create: ['POST', '/tax-rates', VAT],
  })
})
