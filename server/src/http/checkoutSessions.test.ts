import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestClock, testChainConfig, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import { pageSchema } from './list.ts'
import type { App } from './router.ts'
import { checkoutSessionSchema, checkoutSessionSlimSchema, sessionCompletedSchema } from './sessionObjects.ts'

type Session = {
  id: string
  createdAt: string
  metadata: unknown
  paymentSetting: { allowedChains: unknown[] }
  lineItems: {
    data: { quantity: number; amountTotal: string; price: { id: string; product: { id: string; name: string } } }[]
  }
  amountTotal: string
  addresses: {
    asset: { currency: string }
    amountRaw: string
    uri: string
    paymentAddress: string
    proof: { payouts: unknown[] }
  }[]
}
type Page = { page: number; limit: number; count: number; hasMore: boolean; data: Session[] }

let t: TestContext
let app: App
let clock: TestClock

before(async () => {
  clock = testClock()
  t = await createTestContext({ clock })
  app = createApp(t.ctx)
})
after(() => t.close())

async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const reply = await app.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${t.apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  assert.equal(reply.status, 200, await reply.clone().text())
  return (await reply.json()) as T
}

const line = (currency = 'usdc', unitAmount = '100000000', quantity = 1) => ({
  quantity,
  priceData: { currency, unitAmount, productData: { name: 'Basic' } },
})
const create = (changes: object = {}) =>
  call<Session>('POST', '/checkout/sessions', {
    successUrl: 'https://shop.example/ok',
    lineItems: [line()],
    ...changes,
  })
const list = (query: string) => call<Page>('GET', `/checkout/sessions?${query}`)

test('answers have the documented shape, and no field that is not documented', async () => {
  const session = await create({
    metadata: { order: '7' },
    customerData: { name: 'Ada', email: 'ada@example.com', address: { city: 'Paris' } },
    paymentSetting: { allowedChains: [{ chainId: 80001, blacklistCurrencies: ['dai'] }] },
  })
  assert.deepEqual(checkoutSessionSchema.parse(session), session)
  const page = await list(`ids=${session.id}`)
  assert.deepEqual(pageSchema(checkoutSessionSlimSchema).parse(page), page)
  const poll = await call<object>('GET', `/checkout/sessions/${session.id}/completed_webhook_delivered`)
  assert.deepEqual(sessionCompletedSchema.parse(poll), poll)
  assert.deepEqual(poll, { completed: false, transactionHash: null, status: 'open', updatedAt: session.createdAt })
})

describe('carts', () => {
  test('a cart adds up exactly, line by line', async () => {
    const session = await create({ lineItems: { data: [line('usdc', '100000100', 3), line('usdc', '200', 7)] } })
    assert.equal(session.amountTotal, '300001700')
    assert.deepEqual(
      session.lineItems.data.map(item => [item.quantity, item.amountTotal]),
      [
        [3, '300000300'],
        [7, '1400'],
      ],
    )
    assert.equal(session.addresses[0]?.amountRaw, '3000017')
  })

  test('a price and a product that exist can be used again, and nothing is made twice', async () => {
    const first = await create()
    const [item] = first.lineItems.data
    assert.ok(item)
    const byPrice = await create({ lineItems: [{ priceId: item.price.id, quantity: 2 }] })
    assert.deepEqual(byPrice.lineItems.data[0]?.price, item.price)
    assert.equal(byPrice.amountTotal, '200000000')
    const byProduct = await create({
      lineItems: [{ priceData: { currency: 'usdc', unitAmount: '500000000', productId: item.price.product.id } }],
    })
    assert.deepEqual(byProduct.lineItems.data[0]?.price.product, item.price.product)
    assert.notEqual(byProduct.lineItems.data[0]?.price.id, item.price.id)
  })

  test("another organization's price is as absent as one that never was", async () => {
    const other = await createTestContext({ clock })
    const first = await create()
    const asked = { successUrl: 'https://shop.example/ok', lineItems: [{ priceId: first.lineItems.data[0]?.price.id }] }
    const reply = await createApp(other.ctx).request('/api/v1/checkout/sessions', {
      method: 'POST',
      headers: { authorization: `Bearer ${other.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    })
    const body = (await reply.json()) as { code: string; param: string }
    assert.deepEqual([reply.status, body.code, body.param], [400, 'parameter_invalid', 'lineItems.data[0].priceId'])
    await other.close()
  })

  test('a native coin and a token of 18 decimals are owed in their own base units', async () => {
    const dai = await create({ lineItems: [line('dai', '1')] })
    assert.equal(dai.addresses[0]?.amountRaw, '10000000000')
    const eth = await create({ lineItems: [line('eth', '50000000')] })
    assert.equal(eth.addresses[0]?.amountRaw, '500000000000000000')
    assert.match(String(eth.addresses[0]?.uri), /^ethereum:0x[0-9a-f]{40}@80001\?value=500000000000000000$/)
  })
})

describe('where the money may go', () => {
  test('receivers named in the request are in the proof, in basis points', async () => {
    const receivers = [`0x${'a1'.repeat(20)}`, `0x${'b2'.repeat(20)}`]
    const withdrawalAddresses = [
      { splitPercentage: 33.33, address: receivers[0] },
      { splitPercentage: 66.67, address: receivers[1] },
    ]
    const session = await create({ paymentSetting: { allowedChains: [{ chainId: 80001, withdrawalAddresses }] } })
    assert.deepEqual(session.addresses[0]?.proof.payouts, [
      { chainId: 80001, receiver: receivers[0], share: 3333 },
      { chainId: 80001, receiver: receivers[1], share: 6667 },
    ])
  })

  test('shares that do not add up to 100 are refused', async () => {
    const reply = await app.request('/api/v1/checkout/sessions', {
      method: 'POST',
      headers: { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        successUrl: 'https://shop.example/ok',
        lineItems: [line()],
        paymentSetting: {
          allowedChains: [
            {
              chainId: 80001,
              withdrawalAddresses: [1, 2].map(n => ({ splitPercentage: 40, address: `0x${`${n}0`.repeat(20)}` })),
            },
          ],
        },
      }),
    })
    assert.equal(((await reply.json()) as { code: string }).code, 'payouts_invalid')
  })

  test('a token’s contract, a precompile and a network named twice are refused: money sent there is lost', async () => {
    const codeOf = async (...allowedChains: object[]) => {
      const reply = await app.request('/api/v1/checkout/sessions', {
        method: 'POST',
        headers: { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          successUrl: 'https://shop.example/ok',
          lineItems: [line()],
          paymentSetting: { allowedChains },
        }),
      })
      return ((await reply.json()) as { code?: string }).code
    }
    const to = (withdrawalAddress: string) => ({ chainId: 80001, withdrawalAddress })
    const dai = testChainConfig().assets.find(asset => asset.symbol === 'DAI')?.address ?? ''
    assert.equal(await codeOf(to(`0x${'a1'.repeat(20)}`)), undefined)
    assert.equal(await codeOf(to(dai)), 'payouts_invalid')
    assert.equal(await codeOf(to(`0x${'00'.repeat(18)}0100`)), 'payouts_invalid')
    assert.equal(await codeOf(to(`0x${'a1'.repeat(20)}`), to(`0x${'b2'.repeat(20)}`)), 'parameter_invalid')
  })

  test('a changed wallet is in the very next session', async () => {
    const changed = await createTestContext({ clock, chains: [testChainConfig()] })
    const changedApp = createApp(changed.ctx)
    const make = async () => {
      const reply = await changedApp.request('/api/v1/checkout/sessions', {
        method: 'POST',
        headers: { authorization: `Bearer ${changed.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ successUrl: 'https://shop.example/ok', lineItems: [line()] }),
      })
      return ((await reply.json()) as Session).addresses[0]?.proof.payouts as { receiver: string }[]
    }
    await make()
    const wallet = `0x${'c3'.repeat(20)}`
    await changed.ctx.db.owner.query('update withdrawal_addresses set address = $1', [
      Buffer.from(wallet.slice(2), 'hex'),
    ])
    // The key's settings are cached for seconds: their version tells that they are old.
    assert.equal((await make())[0]?.receiver, wallet)
    await changed.close()
  })
})

test('a session on several networks keeps the order of its addresses, the preferred network first', async context => {
  const chains = [80001, 80002, 80003, 80004].map(chainId => testChainConfig({ chainId }))
  const wide = await createTestContext({ clock, chains })
  context.after(() => wide.close())
  const wideApp = createApp(wide.ctx)
  const headers = { authorization: `Bearer ${wide.apiKey}`, 'content-type': 'application/json' }
  const withdrawalAddress = `0x${'a1'.repeat(20)}`
  const allowedChains = chains.map(({ chain }) => ({ chainId: chain.id, withdrawalAddress }))
  const paymentSetting = { allowedChains, preferredChainId: 80003 }
  const body = JSON.stringify({ successUrl: 'https://shop.example/ok', lineItems: [line()], paymentSetting })
  for (let i = 0; i < 8; i++) {
    const reply = await wideApp.request('/api/v1/checkout/sessions', { method: 'POST', headers, body })
    const created = (await reply.json()) as { id: string; addresses: { asset: { chainId: number } }[] }
    assert.deepEqual(
      created.addresses.map(({ asset }) => asset.chainId),
      [80003, 80001, 80002, 80004],
    )
    const again = await wideApp.request(`/api/v1/checkout/sessions/${created.id}`, { headers })
    assert.deepEqual(await again.json(), created)
  }
})

describe('lists', () => {
  let sessions: Session[]
  before(async () => {
    sessions = []
    for (let i = 0; i < 7; i++) {
      clock.advance(1000)
      sessions.push(await create({ clientReferenceId: `page-${i}` }))
    }
  })

  test('newest first; startingAfter pages each row once while new ones arrive', async () => {
    const seen: string[] = []
    let after = ''
    for (let more = true; more; ) {
      const page = await list(`limit=3&createdAt[gte]=${sessions[0]?.createdAt}${after}`)
      seen.push(...page.data.map(session => session.id))
      assert.equal(page.count, page.data.length)
      more = page.hasMore
      after = `&startingAfter=${page.data.at(-1)?.id}`
      clock.advance(1000)
      await create()
    }
    assert.deepEqual(seen, sessions.map(session => session.id).reverse())
  })

  test('pages by number, and by a list of ids', async () => {
    const ids = sessions.map(session => session.id).join(',')
    const second = await list(`limit=3&page=2&ids=${ids}`)
    assert.deepEqual([second.page, second.limit, second.count, second.hasMore], [2, 3, 3, true])
    assert.deepEqual(
      second.data.map(session => session.id),
      [3, 2, 1].map(index => sessions[index]?.id),
    )
  })

  test('every filter narrows', async () => {
    const at = sessions[2]?.createdAt
    const count = async (query: string) =>
      (await list(`${query}&createdAt[gte]=${sessions[0]?.createdAt}&ids=${sessions.map(({ id }) => id).join(',')}`))
        .count
    assert.equal(await count('status=open'), 7)
    assert.equal(await count('status=complete'), 0)
    assert.equal(await count('paymentStatus=unpaid'), 7)
    assert.equal(await count('paymentStatus=paid'), 0)
    assert.equal(await count('mode=payment'), 7)
    assert.equal(await count('mode=subscription'), 0)
    assert.equal(await count('paymentMethodTypes=wallet'), 7)
    assert.equal(await count('paymentMethodTypes=superfluid'), 0)
    for (const name of ['customerId', 'couponId', 'paymentLinkId', 'subscriptionId', 'invoiceId'])
      assert.equal(await count(`${name}=${sessions[0]?.id}`), 0)
    assert.equal(await count(`createdAt[gt]=${at}`), 4)
    assert.equal(await count(`createdAt[lt]=${at}`), 2)
    assert.equal(await count(`createdAt[lte]=${at}`), 3)
    assert.equal(await count('createdAt[isnull]=true'), 0)
    assert.equal(await count('createdAt[notnull]=true'), 7)
  })
})

test('PUT replaces metadata and nothing else', async () => {
  const session = await create({ metadata: { a: '1' } })
  const changed = await call<Session>('PUT', `/checkout/sessions/${session.id}`, { metadata: { b: '2' } })
  assert.deepEqual(changed, { ...session, metadata: { b: '2' } })
  assert.deepEqual(await call('PUT', `/checkout/sessions/${session.id}`, {}), changed)
  assert.equal((await call<Session>('PUT', `/checkout/sessions/${session.id}`, { metadata: null })).metadata, null)
})

test('chains and assets: what sessions can be paid in', async () => {
  const chains = await call<{ data: { id: number; assets: { id: string; currency: string }[] }[] }>('GET', '/chains')
  assert.deepEqual(
    chains.data.map(chain => [chain.id, chain.assets.map(asset => asset.currency)]),
    [[80001, ['usdc', 'usdt', 'dai', 'eth']]],
  )
  assert.deepEqual(await call('GET', '/chains/80001'), chains.data[0])
  const assets = await call<{ data: { id: string }[] }>('GET', '/assets?limit=2')
  assert.deepEqual(await call('GET', `/assets/${assets.data[0]?.id}`), assets.data[0])
  const rest = await call<{ data: { id: string }[] }>('GET', `/assets?startingAfter=${assets.data[1]?.id}`)
  assert.equal(rest.data.length, 2)
})
