import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createApp } from '../../server/src/http/app.ts'
import { createTestContext } from '../../server/test/harness/testContext.ts'
import { Bitstream } from '../src/bitstream.ts'

const { ctx, apiKey, close } = await createTestContext()
after(close)
const app = createApp(ctx)
const client = new Bitstream(apiKey, {
  baseUrl: 'http://127.0.0.1:8080',
  fetch: async (input, init) => await app.request(String(input), init),
})

const price = { currency: 'usdc', unitAmount: 1_00000000n } as const
const line = {
  priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Tea' } },
  quantity: 1,
} as const

const lists = {
  products: {
    add: (name: string) => client.products.create({ name, defaultPriceData: price }),
    list: (limit: number) => client.products.list({ limit }),
  },
  customers: {
    add: (name: string) => client.customers.create({ name, email: `${name}@example.com` }),
    list: (limit: number) => client.customers.list({ limit }),
  },
  sessions: {
    add: (name: string) =>
      client.checkout.sessions.create({ lineItems: { data: [line] }, successUrl: `https://shop.example/${name}` }),
    list: (limit: number) => client.checkout.sessions.list({ limit }),
  },
}

for (const [noun, { add, list }] of Object.entries(lists)) {
  describe(noun, () => {
    test('going through a list while rows are added shows every row that was there once, in order', async () => {
      const old: string[] = []
      for (let index = 0; index < 12; index++) old.unshift((await add(`old-${index}`)).id)
      for (const limit of [1, 5, 12, 200]) {
        const before = (await list(200)).data.map(({ id }) => id)
        const seen: string[] = []
        for await (const { id } of list(limit)) {
          seen.push(id)
          if (seen.length % 3 === 1) await add(`new-${limit}-${seen.length}`)
        }
        assert.deepEqual(seen, before, String(limit))
        assert.deepEqual(seen.slice(-12), old)
      }
    })
  })
}

test('leaving early asks for no further page', async () => {
  let asked = 0
  const counting = new Bitstream(apiKey, {
    baseUrl: 'http://127.0.0.1:8080',
    fetch: async (input, init) => {
      asked++
      return await app.request(String(input), init)
    },
  })
  for await (const { id } of counting.products.list({ limit: 2 })) if (id !== '') break
  assert.equal(asked, 1)
})

test('awaiting a list gives the page that was asked for', async () => {
  const { data: all, hasMore } = await client.products.list()
  assert.equal(hasMore, false)
  const second = await client.products.list({ page: 2, limit: 3 })
  assert.deepEqual(
    second.data.map(({ id }) => id),
    all.slice(3, 6).map(({ id }) => id),
  )
  assert.deepEqual([second.page, second.limit, second.count, second.hasMore], [2, 3, 3, true])
  const { id } = second.data[2] ?? assert.fail('three rows')
  const next = await client.products.list({ startingAfter: id, limit: 1 })
  assert.equal(next.data[0]?.id, all[6]?.id)
})

test('going through a list may begin at a page', async () => {
  const all = (await client.products.list()).data.map(({ id }) => id)
  const seen: string[] = []
  for await (const { id } of client.products.list({ page: 2, limit: 4 })) seen.push(id)
  assert.deepEqual(seen, all.slice(4))
})

test('a list is filtered by ids, flags and times', async () => {
  const [first, second] = [
    await client.products.create({ name: 'One', defaultPriceData: price }),
    await client.products.create({ name: 'Two', defaultPriceData: price }),
  ]
  await client.products.deactivate(first.id)
  const ids = [first.id, second.id]
  const found = async (query: Parameters<typeof client.products.list>[0]) =>
    (await client.products.list({ ids, ...query })).data.map(({ name }) => name)
  assert.deepEqual(await found({}), ['Two', 'One'])
  assert.deepEqual(await found({ isActive: false }), ['One'])
  assert.deepEqual(await found({ createdAt: { gt: new Date(second.createdAt ?? '') } }), [])
  assert.deepEqual(
    await found({ createdAt: { lte: new Date(second.createdAt ?? ''), gte: '2020-01-01T00:00:00.000Z' } }),
    ['Two', 'One'],
  )
  assert.deepEqual(await found({ createdAt: { isnull: true } }), [])
})

test('an empty list has no rows, and going through it ends', async () => {
  assert.deepEqual((await client.refunds.list()).data, [])
  for await (const refund of client.refunds.list()) assert.fail(refund.id)
})

test('a list that cannot be had is an error of the API, awaited or gone through', async () => {
  const wrong = client.products.list({ limit: 1000 })
  await assert.rejects(async () => await wrong, { code: 'limit_invalid', param: 'limit' })
  await assert.rejects(
    async () => {
      for await (const product of wrong) assert.fail(product.id)
    },
    { code: 'limit_invalid' },
  )
})
