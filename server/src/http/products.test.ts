import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { absent, idsOf } from '../../test/harness/catalogFixtures.ts'
import { createSession } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { productSchema } from './catalogObjects.ts'

let ctx: FreshContext
let api: ApiCaller
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
})
after(() => ctx.close())

const FIVE = { currency: 'usdc', unitAmount: '500000000' }
const BOOK = { name: 'Book', defaultPriceData: FIVE }
const nothing = { description: null, unitLabel: null, url: null, metadata: null }

test('a product is written with its default price, read back and changed field by field', async () => {
  const plain = productSchema.strict().parse(await api.ok('POST', '/products', BOOK))
  const { id, createdAt, updatedAt, defaultPriceId, defaultPrice, ...rest } = plain
  assert.deepEqual([createdAt, updatedAt], [ctx.clock.now().toISOString(), ctx.clock.now().toISOString()])
  assert.deepEqual(rest, { ...nothing, name: 'Book', isActive: true, images: [], publicImages: [], visibility: 20 })
  const once = { type: 'one_time', interval: null, intervalCount: null, isActive: true, visibility: 20 }
  assert.partialDeepStrictEqual(defaultPrice, { ...FIVE, ...once, id: defaultPriceId, productId: id })
  assert.deepEqual(await api.ok('GET', `/prices/${defaultPriceId}`), {
    ...defaultPrice,
    nickname: null,
    isPublic: false,
  })

  const whole = {
    ...{ name: 'Club', description: 'A book a month', images: ['https://shop.example/a.png'], unitLabel: 'seat' },
    ...{ url: 'https://shop.example/club', metadata: { a: 'b' }, isActive: false, visibility: 10 },
  }
  const monthly = { ...FIVE, type: 'recurring', interval: 'month', intervalCount: 3 }
  const made = await api.ok('POST', '/products', { ...whole, defaultPriceData: monthly })
  assert.partialDeepStrictEqual(made, { ...whole, publicImages: [], defaultPrice: monthly })
  const path = `/products/${made.id}`
  assert.deepEqual(await api.ok('GET', path), made)

  ctx.clock.advance(1000)
  const second = await api.ok('POST', '/prices', { ...FIVE, productId: made.id })
  const changes = {
    ...nothing,
    name: 'Book club',
    images: [],
    isActive: true,
    visibility: 20,
    defaultPriceId: second.id,
  }
  const changed = await api.ok('PUT', path, changes)
  const updated = { updatedAt: ctx.clock.now().toISOString() }
  assert.partialDeepStrictEqual(changed, { ...changes, ...updated, createdAt: made.createdAt, id: made.id })
  assert.partialDeepStrictEqual(changed.defaultPrice, { id: second.id, productId: made.id })
  assert.deepEqual(await api.ok('GET', path), changed)
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', path, { name: 'Book club' }), changed)
  for (const priceId of [defaultPriceId, id]) {
    assert.equal(await api.refused('PUT', path, { defaultPriceId: priceId }), '400 parameter_invalid defaultPriceId')
  }
  assert.equal(await api.refused('PUT', path, { defaultPriceData: FIVE }), '400 parameter_unknown defaultPriceData')
})

test('images are asked for once each, and our copies are shown in their order as they come', async () => {
  const [a, b] = ['https://shop.example/1.png', 'https://shop.example/2.png']
  const made = await api.ok('POST', '/products', { ...BOOK, images: [a, b, a] })
  const path = `/products/${made.id}`
  const { rows } = await ctx.db.owner.query('select url from image_fetches where url = any($1) order by url', [[a, b]])
  assert.deepEqual(rows, [{ url: a }, { url: b }])
  const copied = async (url: string) => {
    const { rows } = await ctx.db.owner.query(
      `with f as (insert into files (organization_id, id, created_at, kind, content_type, bytes, source_url)
         values ($1, gen_random_uuid(), $2, 'product_image', 'image/png', '', $3) returning id)
       update image_fetches set fetched_at = $2, file_id = f.id from f where url = $3 and organization_id = $1 returning f.id`,
      [api.caller.organizationId, ctx.clock.now(), url],
    )
    return `/files/${rows[0].id}`
  }
  const second = await copied(b)
  assert.deepEqual((await api.ok('GET', path)).publicImages, [second])
  const first = await copied(a)
  const shown = await api.ok('GET', path)
  assert.deepEqual(shown.publicImages, [first, second, first])
  assert.deepEqual(productSchema.parse(shown).defaultPrice?.product.publicImages, [first, second, first])
  assert.deepEqual((await api.ok('PUT', path, { images: [b] })).publicImages, [second])
})

test('what is not a product is refused by its field', async () => {
  const image = 'https://shop.example/a.png'
  const cases: [object, string][] = [
    [{ ...BOOK, name: undefined }, 'parameter_missing name'],
    [{ ...BOOK, name: '\u200b' }, 'name_invalid name'],
    [{ name: 'Book' }, 'parameter_missing defaultPriceData'],
    [{ ...BOOK, description: 'x'.repeat(1001) }, 'too_long description'],
    [{ ...BOOK, images: Array.from({ length: 9 }, () => image) }, 'array_too_long images'],
    [{ ...BOOK, images: [image, 'data:image/png;base64,AA'] }, 'url_scheme images[1]'],
    [{ ...BOOK, images: image }, 'parameter_invalid images'],
    [{ ...BOOK, unitLabel: 'x'.repeat(51) }, 'too_long unitLabel'],
    [{ ...BOOK, url: 'javascript:alert(1)' }, 'url_scheme url'],
    [{ ...BOOK, metadata: { k: 1 } }, 'metadata_value_type metadata'],
    [{ ...BOOK, visibility: '20' }, 'parameter_invalid visibility'],
    [{ ...BOOK, isActive: null }, 'parameter_invalid isActive'],
    [{ ...BOOK, price: 5 }, 'parameter_unknown price'],
    [{ ...BOOK, defaultPriceData: { currency: 'usdc' } }, 'parameter_missing defaultPriceData.unitAmount'],
    [{ ...BOOK, defaultPriceData: { ...FIVE, currency: 'doge' } }, 'currency_unsupported defaultPriceData.currency'],
    [{ ...BOOK, defaultPriceData: { ...FIVE, unitAmount: '1' } }, 'amount_scale defaultPriceData.unitAmount'],
    [{ ...BOOK, defaultPriceData: { ...FIVE, type: 'recurring' } }, 'parameter_missing defaultPriceData.interval'],
    [{ ...BOOK, defaultPriceData: { ...FIVE, interval: 'day' } }, 'parameter_invalid defaultPriceData.interval'],
  ]
  for (const [body, expected] of cases) {
    assert.equal(await api.refused('POST', '/products', body), `400 ${expected}`, JSON.stringify(body).slice(0, 120))
  }
})

test('a product is deactivated and activated, and doing so twice changes nothing', async () => {
  const made = await api.ok('POST', '/products', BOOK)
  assert.deepEqual(await api.ok('PUT', `/products/${made.id}/activate`), made)
  ctx.clock.advance(1000)
  const off = await api.ok('PUT', `/products/${made.id}/deactivate`)
  assert.deepEqual([off.isActive, off.updatedAt], [false, ctx.clock.now().toISOString()])
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', `/products/${made.id}/deactivate`), off)
  assert.equal((await api.ok('PUT', `/products/${made.id}/activate`)).isActive, true)
})

test('a product that was never used is deleted with its prices; one that was is refused', async () => {
  const { id, defaultPriceId } = await api.ok('POST', '/products', BOOK)
  assert.equal((await api.ok('DELETE', `/products/${id}`)).statusCode, 200)
  for (const path of [`/products/${id}`, `/prices/${defaultPriceId}`]) {
    assert.equal(await api.refused('GET', path), '404 resource_missing')
    assert.equal(await api.refused('PUT', path, { isActive: false }), '404 resource_missing')
  }
  assert.equal(await api.refused('DELETE', `/products/${id}`), '404 resource_missing')
  assert.deepEqual(idsOf(await api.ok('GET', `/products?ids=${id}`)), [])
  assert.deepEqual(idsOf(await api.ok('GET', `/prices?productId=${id}`)), [])
  assert.equal(await api.refused('POST', '/prices', { ...FIVE, productId: id }), '400 parameter_invalid productId')

  const session = await createSession(ctx, api.caller)
  const used = session.lineItems[0]?.price.product
  assert.equal(await api.refused('DELETE', `/products/${used?.id}`), '409 product_in_use')
  assert.equal((await api.ok('GET', `/products/${used?.id}`)).isActive, true)
})

test('a product is deleted while prices of it are made: none of them is left', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await api.ok('POST', '/products', BOOK)
    const make = () => api.call('POST', '/prices', { ...FIVE, productId: id })
    const [first, gone, second] = await Promise.all([make(), api.call('DELETE', `/products/${id}`), make()])
    assert.equal(gone.status, 200)
    for (const { status, answer } of [first, second]) {
      if (status === 200) assert.equal(await api.refused('GET', `/prices/${answer.id}`), '404 resource_missing')
      else assert.equal(answer.code, 'parameter_invalid')
    }
  }
})

test('lists of products: newest first, by cursor while others are made, by filter', async () => {
  const shop = await openApiCaller(ctx)
  const ids: unknown[] = []
  const monthly = { ...FIVE, type: 'recurring', interval: 'month' }
  for (const body of [
    { ...BOOK, url: 'https://shop.example/?a=1,2' },
    { ...BOOK, isActive: false, defaultPriceData: { ...monthly, intervalCount: 2 } },
    { ...BOOK, visibility: 10, defaultPriceData: { ...FIVE, currency: 'usd' } },
    { ...BOOK, defaultPriceData: { ...monthly, type: 'streaming' } },
  ]) {
    ctx.clock.advance(1000)
    ids.unshift((await shop.ok('POST', '/products', body)).id)
  }
  const first = await shop.ok('GET', '/products?limit=2')
  assert.deepEqual([idsOf(first), first.hasMore], [ids.slice(0, 2), true])
  ctx.clock.advance(1000)
  const newest = (await shop.ok('POST', '/products', BOOK)).id
  assert.deepEqual(idsOf(await shop.ok('GET', `/products?limit=2&startingAfter=${ids[1]}`)), ids.slice(2))
  // A second price, by which its product is found too.
  await shop.ok('POST', '/prices', { ...monthly, currency: 'dai', productId: ids[3] })
  const filters: [string, unknown[]][] = [
    ['visibility=10', [ids[1]]],
    ['isActive=false', [ids[2]]],
    [`url=${encodeURIComponent('https://shop.example/?a=1,2')}`, [ids[3]]],
    ['priceTypes=recurring', [ids[2], ids[3]]],
    ['priceTypes=recurring,streaming', [ids[0], ids[2], ids[3]]],
    ['priceTypes=recurring&priceTypes=streaming', [ids[0], ids[2], ids[3]]],
    ['interval=month', [ids[0], ids[2], ids[3]]],
    ['intervalCount=2', [ids[2]]],
    ['intervalCount=99999999999', []],
    ['priceCurrency=usd', [ids[1]]],
    ['priceCurrency=usdc&priceTypes=recurring', [ids[2]]],
    [`ids=${ids[3]},${newest}`, [newest, ids[3]]],
  ]
  for (const [query, expected] of filters)
    assert.deepEqual(idsOf(await shop.ok('GET', `/products?${query}`)), expected, query)
  for (const [query, expected] of [
    ['priceTypes=often', 'parameter_invalid priceTypes'],
    ['interval=hour', 'parameter_invalid interval'],
    ['intervalCount=0', 'parameter_invalid intervalCount'],
    ['priceCurrency=USD', 'currency_unsupported priceCurrency'],
    ['currency=usd', 'parameter_unknown currency'],
  ]) {
    assert.equal(await shop.refused('GET', `/products?${query}`), `400 ${expected}`)
  }
})

test("another's product is as absent as none, and a key needs its scope", async () => {
  const { id } = await api.ok('POST', '/products', BOOK)
  await absent(ctx, api, {
    list: '/products',
    scope: 'products',
    calls: [
      ['GET', `/products/${id}`],
      ['PUT', `/products/${id}`, { name: 'Mine' }],
      ['PUT', `/products/${id}/activate`],
      ['PUT', `/products/${id}/deactivate`],
      ['DELETE', `/products/${id}`],
    ],
    create: ['POST', '/products', BOOK],
  })
})
