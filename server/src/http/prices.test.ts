import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { absent, idsOf } from '../../test/harness/catalogFixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { priceSchema } from './catalogObjects.ts'

let ctx: FreshContext
let api: ApiCaller
let productId: unknown
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  const data = { currency: 'usdc', unitAmount: '100' }
  productId = (await api.ok('POST', '/products', { name: 'Book', defaultPriceData: data })).id
})
after(() => ctx.close())

const FIVE = { currency: 'usdc', unitAmount: '500000000' }

test('a price is written, read back, and all but its terms is changed', async () => {
  const plain = priceSchema.strict().parse(await api.ok('POST', '/prices', { ...FIVE, productId }))
  const { id, createdAt, updatedAt, product, ...rest } = plain
  assert.deepEqual([createdAt, updatedAt], [ctx.clock.now().toISOString(), ctx.clock.now().toISOString()])
  assert.deepEqual([product.id, product.name], [productId, 'Book'])
  assert.notEqual(product.defaultPriceId, id)
  const custom = { customUnitMin: null, customUnitMax: null, customPreset: null, customUnitAmountSuggestions: null }
  const terms = { ...FIVE, type: 'one_time', interval: null, intervalCount: null, unitAmountDecimal: null }
  const notes = { nickname: null, metadata: null, isPublic: false, isActive: true, visibility: 20 }
  assert.deepEqual(rest, { ...terms, ...custom, ...notes, productId, billingScheme: 'per_unit', usageType: null })

  const whole = {
    ...{ currency: 'eur', unitAmount: '1999000000', type: 'streaming', interval: 'week', intervalCount: 2 },
    ...{ nickname: 'Weekly', metadata: { a: 'b' }, isPublic: true, visibility: 10 },
  }
  const made = await api.ok('POST', '/prices', { ...whole, productId })
  assert.partialDeepStrictEqual(made, whole)
  const path = `/prices/${made.id}`
  assert.deepEqual(await api.ok('GET', path), made)
  ctx.clock.advance(1000)
  const changes = { nickname: null, metadata: null, isPublic: false, isActive: false, visibility: 20 }
  const changed = await api.ok('PUT', path, changes)
  assert.deepEqual(changed, { ...made, ...changes, updatedAt: ctx.clock.now().toISOString() })
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', path, { isActive: false }), changed)
  assert.deepEqual(await api.ok('GET', path), changed)
  for (const fixed of ['unitAmount', 'currency', 'type', 'interval', 'productId', 'customUnitMin']) {
    assert.equal(await api.refused('PUT', path, { [fixed]: 'x' }), `400 parameter_unknown ${fixed}`)
  }
})

test('without an amount the payer chooses one within bounds', async () => {
  const bounds = { customUnitMin: '100000000', customUnitMax: '9000000000000000000', customPreset: '500000000' }
  const open = { currency: 'usdc', ...bounds, customUnitAmountSuggestions: ['100000000', '9000000000000000000'] }
  const made = await api.ok('POST', '/prices', { ...open, productId })
  assert.partialDeepStrictEqual(made, { ...open, unitAmount: null })
  assert.deepEqual(await api.ok('GET', `/prices/${made.id}`), made)
  const free = await api.ok('POST', '/prices', { currency: 'usdc', productId })
  assert.deepEqual([free.unitAmount, free.customUnitMin, free.customUnitAmountSuggestions], [null, null, null])
})

test('a product that is made with a price has it as its default', async () => {
  const productData = { name: 'Lamp', images: ['https://shop.example/lamp.png'], unitLabel: 'piece' }
  const made = await api.ok('POST', '/prices', { ...FIVE, productData })
  const product = await api.ok('GET', `/products/${made.productId}`)
  assert.partialDeepStrictEqual(product, { ...productData, defaultPriceId: made.id, isActive: true, visibility: 10 })
  const { defaultPrice, ...shown } = product
  assert.deepEqual(made.product, shown)
  const { rows } = await ctx.db.owner.query('select from image_fetches where url = $1', [productData.images[0]])
  assert.equal(rows.length, 1)
})

test('what is not a price is refused by its field', async () => {
  const of = { productId }
  const open = { ...of, currency: 'usdc' }
  const stranger = await openApiCaller(ctx)
  const theirs = await stranger.ok('POST', '/prices', { ...FIVE, productData: { name: 'Theirs' } })
  const cases: [object, string][] = [
    [FIVE, 'parameter_missing productId'],
    [{ ...FIVE, ...of, productData: { name: 'x' } }, 'parameter_invalid productId'],
    [{ ...FIVE, productId: theirs.productId }, 'parameter_invalid productId'],
    [{ ...FIVE, productId: 'book' }, 'parameter_invalid productId'],
    [{ ...FIVE, productData: { price: 1 } }, 'parameter_missing productData.name'],
    [{ unitAmount: '100', ...of }, 'parameter_missing currency'],
    [{ ...FIVE, ...of, currency: 'xyz' }, 'currency_unsupported currency'],
    [{ ...FIVE, ...of, unitAmount: '0' }, 'amount_too_small unitAmount'],
    [{ ...FIVE, ...of, unitAmount: 1.5 }, 'amount_invalid unitAmount'],
    [{ ...FIVE, ...of, unitAmount: '9223372036854775808' }, 'amount_too_large unitAmount'],
    [{ ...FIVE, ...of, unitAmount: '50' }, 'amount_scale unitAmount'],
    [{ ...FIVE, ...of, currency: 'usd', unitAmount: '100' }, 'amount_scale unitAmount'],
    [{ ...FIVE, ...of, customPreset: '100' }, 'parameter_invalid customPreset'],
    [{ ...open, customUnitMin: '300', customUnitMax: '200' }, 'parameter_invalid customUnitMin'],
    [{ ...open, customUnitMin: '300', customPreset: '200' }, 'parameter_invalid customPreset'],
    [
      { ...open, customUnitMax: '200', customUnitAmountSuggestions: ['100', '300'] },
      'parameter_invalid customUnitAmountSuggestions[1]',
    ],
    [{ ...open, customUnitAmountSuggestions: ['x'] }, 'amount_invalid customUnitAmountSuggestions[0]'],
    [{ ...FIVE, ...of, type: 'recurring' }, 'parameter_missing interval'],
    [{ ...FIVE, ...of, type: 'streaming', interval: 'hour' }, 'parameter_invalid interval'],
    [{ ...FIVE, ...of, type: 'recurring', interval: 'day', intervalCount: 0 }, 'parameter_invalid intervalCount'],
    [{ ...FIVE, ...of, intervalCount: 2 }, 'parameter_invalid intervalCount'],
    [{ ...FIVE, ...of, nickname: 'x'.repeat(251) }, 'too_long nickname'],
    [{ ...FIVE, ...of, isActive: false }, 'parameter_unknown isActive'],
  ]
  for (const [body, expected] of cases) {
    assert.equal(await api.refused('POST', '/prices', body), `400 ${expected}`, JSON.stringify(body).slice(0, 150))
  }
})

test('lists of prices: newest first, by cursor while others are made, by filter', async () => {
  const shop = await openApiCaller(ctx)
  const { productId: mine, id: oldest } = await shop.ok('POST', '/prices', { ...FIVE, productData: { name: 'Book' } })
  const ids = [oldest]
  for (const changes of [
    { productId: mine, visibility: 10 },
    { productData: { name: 'Lamp' }, type: 'recurring', interval: 'day' },
    { productId: mine },
  ]) {
    ctx.clock.advance(1000)
    ids.unshift((await shop.ok('POST', '/prices', { ...FIVE, ...changes })).id)
  }
  await shop.ok('PUT', `/prices/${ids[0]}`, { isActive: false })
  const first = await shop.ok('GET', '/prices?limit=2')
  assert.deepEqual([idsOf(first), first.hasMore], [ids.slice(0, 2), true])
  ctx.clock.advance(1000)
  const newest = (await shop.ok('POST', '/prices', { ...FIVE, productId: mine })).id
  assert.deepEqual(idsOf(await shop.ok('GET', `/prices?limit=2&startingAfter=${ids[1]}`)), ids.slice(2))
  const filters: [string, unknown[]][] = [
    ['visibility=10', [ids[2]]],
    ['isActive=false', [ids[0]]],
    ['type=recurring', [ids[1]]],
    [`productId=${mine}`, [newest, ids[0], ids[2], ids[3]]],
    [`productId=${mine}&isActive=true&visibility=20`, [newest, ids[3]]],
    [`ids=${ids[3]},${newest}`, [newest, ids[3]]],
  ]
  for (const [query, expected] of filters)
    assert.deepEqual(idsOf(await shop.ok('GET', `/prices?${query}`)), expected, query)
  assert.equal(await shop.refused('GET', '/prices?type=daily'), '400 parameter_invalid type')
  assert.equal(await shop.refused('GET', '/prices?productId=1'), '400 parameter_invalid productId')
})

test("another's price is as absent as none, and a key needs its scope", async () => {
  const { id } = await api.ok('POST', '/prices', { ...FIVE, productId })
  await absent(ctx, api, {
    list: '/prices',
    scope: 'prices',
    calls: [
      ['GET', `/prices/${id}`],
      ['PUT', `/prices/${id}`, { nickname: 'Mine' }],
    ],
    create: ['POST', '/prices', { ...FIVE, productId }],
  })
})
