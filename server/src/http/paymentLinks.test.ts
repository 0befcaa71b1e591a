import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { absent, idsOf } from '../../test/harness/catalogFixtures.ts'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addLink, LINK } from '../../test/harness/paymentLinkFixtures.ts'
import { paymentLinkSchema } from './paymentLinkObjects.ts'

let ctx: FreshContext
let api: ApiCaller
before(async () => {
  ctx = await openFreshContext({ chains: [testChainConfig(), testChainConfig({ chainId: 80002 })] })
  api = await openApiCaller(ctx)
})
after(() => ctx.close())

const PLAIN = {
  ...{ currencies: null, preferredCurrency: null, description: null, image: null, publicImage: null },
  ...{ customFields: null, afterCompletionRedirectUrl: null, afterCompletionConfirmMsg: null, suggestedCurrency: null },
  ...{ suggestedAmounts: null, productId: null, allowedChains: null, allowPromotionCodes: false },
}
const ONCE = { interval: null, intervalCount: null, priceType: 'one_time', isActive: true }

const WHOLE = {
  ...{ type: 'one_time', amount: '500000000', currency: 'usd', currencies: ['usdc', 'dai'], preferredCurrency: 'dai' },
  ...{ title: 'Läden 🛍', description: 'Two\nlines', image: 'https://shop.example/a.png', tags: ['a', 'b'] },
  ...{ nameCollection: true, emailCollection: true, phoneNumberCollection: true },
  ...{ shippingAddressCollection: true, billingAddressCollection: true, submitType: 'donate' },
  ...{ afterCompletion: 'redirect', afterCompletionRedirectUrl: 'https://shop.example/thanks' },
  ...{ afterCompletionConfirmMsg: 'Danke', allowPromotionCodes: true },
  allowedChains: [
    { chainId: 80001, isPreferred: false },
    { chainId: 80002, isPreferred: true },
  ],
  customFields: {
    fields: [{ key: 'size', type: 'text', label: { type: 'custom', custom: 'Size' }, optional: true }],
  },
}

test('a link is written, read back, and changed field by field', async () => {
  const plain = paymentLinkSchema.strict().parse(await addLink(api))
  const { id, createdAt, updatedAt, organizationId, url, ...rest } = plain
  assert.deepEqual([createdAt, updatedAt], [ctx.clock.now().toISOString(), ctx.clock.now().toISOString()])
  assert.equal(organizationId, api.caller.organizationId)
  assert.equal(url, `http://127.0.0.1:8080/payment/payment-link/${id}`)
  assert.deepEqual(rest, { ...PLAIN, ...ONCE, ...LINK })

  const made = await addLink(api, WHOLE)
  assert.partialDeepStrictEqual(paymentLinkSchema.strict().parse(made), { ...WHOLE, ...ONCE, publicImage: null })
  const path = `/payment-links/${id}`
  ctx.clock.advance(1000)
  const changed = await api.ok('PUT', path, WHOLE)
  const kept = { id, url, createdAt, organizationId, updatedAt: ctx.clock.now().toISOString() }
  assert.deepEqual(changed, { ...made, ...kept })
  assert.deepEqual(await api.ok('GET', path), changed)
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', path, { title: WHOLE.title }), changed, 'to repeat changes nothing')
  const { type, amount, currency, title, ...fields } = PLAIN as Record<string, unknown>
  const { publicImage, productId, ...cleared } = fields
  const back = { ...cleared, ...LINK, suggestedAmounts: undefined }
  assert.partialDeepStrictEqual(await api.ok('PUT', path, back), { ...PLAIN, ...LINK })
})

test('an amount or currency that changes makes a new price, and the old one stays as it was', async () => {
  const { id } = await addLink(api)
  const priceOf = async () => {
    const { rows } = await ctx.db.owner.query(
      `select p.id, p.unit_amount::text as amount, p.currency, p.product_id, p.visibility, d.name, d.visibility as product_visibility, d.default_price_id
       from payment_links l join prices p on p.id = l.price_id join products d on d.id = p.product_id where l.id = $1`,
      [id],
    )
    return rows[0]
  }
  const first = await priceOf()
  assert.partialDeepStrictEqual(first, { amount: LINK.amount, currency: 'usdc', name: 'Workshop', visibility: 20 })
  assert.deepEqual([first.product_visibility, first.default_price_id], [10, first.id])
  await api.ok('PUT', `/payment-links/${id}`, { title: 'Course', tags: ['x'] })
  assert.deepEqual(await priceOf(), { ...first, name: 'Course' })
  await api.ok('PUT', `/payment-links/${id}`, { amount: '200000000' })
  const second = await priceOf()
  assert.notEqual(second.id, first.id)
  assert.deepEqual(second, {
    ...first,
    name: 'Course',
    id: second.id,
    amount: '200000000',
    default_price_id: second.id,
  })
  assert.partialDeepStrictEqual(await api.ok('GET', `/prices/${first.id}`), { unitAmount: LINK.amount })
  await api.ok('PUT', `/payment-links/${id}`, { currency: 'eur' })
  assert.partialDeepStrictEqual(await priceOf(), { amount: '200000000', currency: 'eur', product_id: first.product_id })
})

test('a link without an amount lets the payer choose, among suggestions too', async () => {
  const open = {
    amount: undefined,
    currency: undefined,
    suggestedCurrency: 'dai',
    suggestedAmounts: ['100000000', '500000000'],
  }
  const { id } = await addLink(api, open)
  const path = `/payment-links/${id}`
  const shown = { amount: null, currency: 'dai', suggestedCurrency: 'dai', suggestedAmounts: open.suggestedAmounts }
  assert.partialDeepStrictEqual(await api.ok('GET', path), shown)
  assert.partialDeepStrictEqual(await api.ok('PUT', path, { currency: 'usdc' }), { ...shown, currency: 'usdc' })
  assert.partialDeepStrictEqual(await api.ok('PUT', path, { suggestedAmounts: [] }), {
    suggestedAmounts: null,
    amount: null,
  })
  assert.partialDeepStrictEqual(await api.ok('PUT', path, { amount: '100000000' }), {
    amount: '100000000',
    suggestedAmounts: null,
  })
  assert.partialDeepStrictEqual(await api.ok('PUT', path, { amount: null, suggestedAmounts: ['7'.padEnd(9, '0')] }), {
    ...{ amount: null, suggestedAmounts: ['700000000'] },
  })
})

test('a link sells a product of the catalogue at its default price', async () => {
  const product = await api.ok('POST', '/products', {
    name: 'Book',
    defaultPriceData: { currency: 'usdt', unitAmount: '900000000' },
  })
  const sold = { amount: undefined, currency: undefined, productId: product.id }
  const { id } = await addLink(api, sold)
  const path = `/payment-links/${id}`
  const shown = { amount: '900000000', currency: 'usdt', productId: product.id }
  assert.partialDeepStrictEqual(await api.ok('GET', path), shown)
  await api.ok('PUT', path, { title: 'Other words' })
  assert.partialDeepStrictEqual(await api.ok('GET', `/products/${product.id}`), { name: 'Book' })
  assert.equal(await api.refused('DELETE', `/products/${product.id}`), '409 product_in_use')

  assert.equal(await api.refused('PUT', path, { amount: '100000000' }), '400 parameter_invalid amount')
  const own = await api.ok('PUT', path, { productId: null, amount: '100000000', currency: 'usdc' })
  assert.partialDeepStrictEqual(own, { productId: null, amount: '100000000', currency: 'usdc' })
  assert.partialDeepStrictEqual(await api.ok('PUT', path, { productId: product.id }), shown)

  const foreign = await (await openApiCaller(ctx)).ok('POST', '/products', {
    name: 'Book',
    defaultPriceData: { currency: 'usdt', unitAmount: '900000000' },
  })
  const monthly = await api.ok('POST', '/products', {
    name: 'Club',
    defaultPriceData: { currency: 'usdt', unitAmount: '900000000', type: 'recurring', interval: 'month' },
  })
  const refused = async (productId: unknown) =>
    await api.refused('POST', '/payment-links', { ...LINK, ...sold, productId })
  assert.equal(await refused(foreign.id), '400 parameter_invalid productId')
  assert.equal(await refused(monthly.id), '400 not_yet_available productId')
  await api.ok('PUT', `/products/${product.id}/deactivate`)
  assert.equal(await refused(product.id), '400 parameter_invalid productId')
})

test('what cannot be is refused by the name of its field', async () => {
  const cases: [object, string][] = [
    [{ title: ' ' }, '400 name_invalid title'],
    [{ type: undefined }, '400 parameter_invalid type'],
    [{ type: 'twice' }, '400 parameter_invalid type'],
    [{ emailCollection: undefined }, '400 parameter_missing emailCollection'],
    [{ amount: '0' }, '400 amount_too_small amount'],
    [{ amount: '1' }, '400 amount_scale amount'],
    [{ currency: undefined }, '400 parameter_missing currency'],
    [{ currency: 'doge' }, '400 currency_unsupported currency'],
    [{ currency: 'bnb' }, '400 currency_unsupported currency'],
    [{ currencies: ['dai'] }, '400 currency_unsupported currencies'],
    [{ currency: 'usd', currencies: ['bnb'] }, '400 currency_unsupported currencies'],
    [{ suggestedAmounts: ['100000000'] }, '400 parameter_invalid suggestedAmounts'],
    [{ amount: undefined, suggestedAmounts: ['1'] }, '400 amount_scale suggestedAmounts[0]'],
    [{ afterCompletion: 'redirect' }, '400 parameter_missing afterCompletionRedirectUrl'],
    [{ afterCompletionRedirectUrl: 'javascript:alert(1)' }, '400 url_scheme afterCompletionRedirectUrl'],
    [{ image: 'ftp://a.example/x' }, '400 url_scheme image'],
    [{ tags: [''] }, '400 parameter_invalid tags[0]'],
    [{ productId: 'x' }, '400 parameter_invalid productId'],
    [{ allowedChains: [] }, '400 array_too_short allowedChains'],
    [{ allowedChains: [{ chainId: 1, isPreferred: true }] }, '400 network_not_in_mode allowedChains[0].chainId'],
    [{ allowedChains: [{ chainId: 7, isPreferred: true }] }, '400 network_unsupported allowedChains[0].chainId'],
    [
      { allowedChains: [80001, 80002].map(chainId => ({ chainId, isPreferred: true })) },
      '400 parameter_invalid allowedChains',
    ],
    [
      { allowedChains: [80001, 80001].map(chainId => ({ chainId, isPreferred: false })) },
      '400 parameter_invalid allowedChains',
    ],
    [{ colour: 'red' }, '400 parameter_unknown colour'],
  ]
  for (const [changes, refusal] of cases) {
    assert.equal(await api.refused('POST', '/payment-links', { ...LINK, ...changes }), refusal, JSON.stringify(changes))
  }
  const { id } = await addLink(api)
  assert.equal(
    await api.refused('PUT', `/payment-links/${id}`, { afterCompletion: 'redirect' }),
    '400 parameter_missing afterCompletionRedirectUrl',
  )
  assert.equal(await api.refused('PUT', `/payment-links/${id}`, { isActive: false }), '400 parameter_unknown isActive')
})

test('links are deactivated, activated and deleted, and listed by that while others come', async () => {
  const mine = await openApiCaller(ctx)
  const links: string[] = []
  for (let count = 0; count < 4; count++) {
    ctx.clock.advance(1)
    links.unshift((await addLink(mine)).id)
  }
  const [newest, second, third, oldest] = links
  assert.partialDeepStrictEqual(await mine.ok('PUT', `/payment-links/${second}/deactivate`), { isActive: false })
  assert.deepEqual(idsOf(await mine.ok('GET', '/payment-links?isActive=false')), [second])
  assert.deepEqual(idsOf(await mine.ok('GET', '/payment-links?isActive=true')), [newest, third, oldest])
  assert.partialDeepStrictEqual(await mine.ok('PUT', `/payment-links/${second}/activate`), { isActive: true })
  const page = await mine.ok('GET', '/payment-links?limit=2')
  assert.deepEqual([idsOf(page), page.hasMore], [[newest, second], true])
  await addLink(mine)
  assert.deepEqual(idsOf(await mine.ok('GET', `/payment-links?limit=2&startingAfter=${second}`)), [third, oldest])
  assert.deepEqual(idsOf(await mine.ok('GET', `/payment-links?ids=${third},${oldest}`)), [third, oldest])
  assert.equal(await mine.refused('GET', '/payment-links?isActive=perhaps'), '400 parameter_invalid isActive')

  assert.deepEqual(await mine.ok('DELETE', `/payment-links/${third}`), {
    message: 'The payment link is deleted.',
    statusCode: 200,
  })
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', '/activate'],
    ['DELETE', ''],
  ] as const) {
    assert.equal(await mine.refused(method, `/payment-links/${third}${path}`), '404 resource_missing')
  }
  assert.ok(!idsOf(await mine.ok('GET', '/payment-links')).includes(third))
})

test('a link that could not be made today can still be deactivated', async () => {
  const mine = await openApiCaller(ctx)
  const { id } = await addLink(mine)
  await ctx.db.owner.query('delete from withdrawal_addresses where organization_id = $1', [mine.caller.organizationId])
  assert.partialDeepStrictEqual(await mine.ok('PUT', `/payment-links/${id}/deactivate`), { isActive: false })
})

test('our copy of the image is shown once it is there', async () => {
  const image = 'https://shop.example/link.png'
  const { id } = await addLink(api, { image })
  const { rows } = await ctx.db.owner.query(
    `with f as (insert into files (organization_id, id, created_at, kind, content_type, bytes, source_url)
       values ($1, gen_random_uuid(), $2, 'product_image', 'image/png', '', $3) returning id)
     update image_fetches set file_id = f.id, fetched_at = $2 from f where url = $3 and organization_id = $1 returning file_id`,
    [api.caller.organizationId, ctx.clock.now(), image],
  )
  assert.equal(rows.length, 1)
  const publicImage = `http://127.0.0.1:8080/files/${rows[0].file_id}`
  assert.partialDeepStrictEqual(await api.ok('GET', `/payment-links/${id}`), { image, publicImage })
})

test('others’ links are absent, keys need their scope, and a repeated POST makes one link', async () => {
  const { id } = await addLink(api)
  await absent(ctx, api, {
    list: '/payment-links',
    scope: 'payment_links',
    calls: [
      ['GET', `/payment-links/${id}`],
      ['PUT', `/payment-links/${id}`, { title: 'Mine' }],
      ['PUT', `/payment-links/${id}/deactivate`],
      ['PUT', `/payment-links/${id}/activate`],
      ['DELETE', `/payment-links/${id}`],
    ],
    create: ['POST', '/payment-links', LINK],
  })
})
