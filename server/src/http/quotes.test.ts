import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestClock, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { fixedRates } from '../chain/rates.ts'
import { ERRORS } from '../domain/errors.ts'
import { parseUsd } from '../domain/rate.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> }

const usd = (text: string) => parseUsd(text) ?? 0n
const PRICES = { usdc: usd('0.99985001234567890123'), eth: usd('2500'), inr: usd('0.01') }

let clock: TestClock
let t: TestContext
let silent: TestContext
let app: App

before(async () => {
  clock = testClock()
  t = await createTestContext({ clock, rates: fixedRates(PRICES) })
  silent = await createTestContext({ rates: fixedRates({}) })
  app = createApp(t.ctx)
})
after(async () => {
  await t.close()
  await silent.close()
})

async function send(
  method: string,
  path: string,
  init: { body?: object; key?: string; app?: App; once?: string } = {},
) {
  const reply = await (init.app ?? app).request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${init.key ?? t.apiKey}`,
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...(init.once !== undefined && { 'idempotency-key': init.once }),
    },
    ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
  })
  const text = await reply.text()
  return { status: reply.status, headers: reply.headers, text, body: JSON.parse(text) } as Answer
}

function assertRefused(answer: Answer, code: keyof typeof ERRORS, param: string | null): void {
  assert.deepEqual([answer.body.code, answer.body.param, answer.status], [code, param, ERRORS[code].status])
}

const quote = (body: object, once?: string) => send('POST', '/quotes', { body, ...(once !== undefined && { once }) })

describe('POST /quotes', () => {
  test('answers with what pays an amount, and keeps it', async () => {
    const { status, body } = await quote({ from: 'usd', to: 'eth', amountFrom: '1250000000' })
    assert.equal(status, 200)
    const { id, ...rest } = body
    assert.deepEqual(rest, {
      createdAt: '2026-03-01T12:00:00.000Z',
      expiresAt: '2026-03-01T12:01:00.000Z',
      from: 'usd',
      to: 'eth',
      amountFrom: '1250000000',
      amountTo: '500000',
      rate: '0.0004',
      sources: ['test table'],
    })
    const { rows } = await t.ctx.db.owner.query(
      'select organization_id, amount_from, amount_to from quotes where id = $1',
      [id],
    )
    assert.deepEqual(rows, [{ organization_id: t.organizationId, amount_from: '1250000000', amount_to: '500000' }])
  })
  test('answers with what an amount pays, between two state currencies too', async () => {
    assert.equal((await quote({ from: 'usd', to: 'eth', amountTo: '100000000' })).body.amountFrom, '250000000000')
    assert.equal((await quote({ from: 'usd', to: 'inr', amountFrom: '100000000' })).body.amountTo, '10000000000')
  })
  test('gives the same quote to the same Idempotency-Key, also when the rate is gone', async () => {
    const asked = { from: 'usd', to: 'usdc', amountFrom: '100000000' }
    const first = await quote(asked, 'one')
    clock.advance(1000)
    const again = await quote(asked, 'one')
    assert.equal(again.text, first.text)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    const without = createApp({ ...t.ctx, rates: fixedRates({}) })
    assert.equal((await send('POST', '/quotes', { body: asked, once: 'one', app: without })).text, first.text)
    assertRefused(await send('POST', '/quotes', { body: asked, once: 'two', app: without }), 'rate_unavailable', null)
  })
  for (const [what, body, code, param] of [
    ['both amounts', { from: 'usd', to: 'eth', amountFrom: '1', amountTo: '1' }, 'parameter_invalid', 'amountTo'],
    ['no amount', { from: 'usd', to: 'eth' }, 'parameter_missing', 'amountFrom'],
    ['one currency', { from: 'eth', to: 'eth', amountFrom: '1' }, 'parameter_invalid', 'to'],
    ['two names of one coin', { from: 'pol', to: 'matic', amountFrom: '1' }, 'parameter_invalid', 'to'],
    ['no such currency', { from: 'USD', to: 'eth', amountFrom: '1' }, 'currency_unsupported', 'from'],
    ['part of a cent', { from: 'usd', to: 'eth', amountFrom: '1' }, 'amount_scale', 'amountFrom'],
    ['what is worth nothing', { from: 'usd', to: 'eth', amountTo: '1' }, 'amount_too_small', 'amountTo'],
    ['a fraction', { from: 'usd', to: 'eth', amountFrom: 0.5 }, 'amount_invalid', 'amountFrom'],
    ['another field', { from: 'usd', to: 'eth', amountFrom: '1', rate: '1' }, 'parameter_unknown', 'rate'],
  ] as const) {
    test(`F13–F19: refuses ${what}`, async () => assertRefused(await quote(body), code, param))
  }
  test('F73: without a rate', async () => {
    const answer = await quote({ from: 'usd', to: 'btc', amountFrom: '100000000' })
    assertRefused(answer, 'rate_unavailable', null)
    assert.equal(answer.headers.get('retry-after'), '5')
  })
})

describe('GET /constants/prices', () => {
  test('answers with each coin that has a price, as an exact JSON number', async () => {
    const { status, text } = await send('GET', '/constants/prices')
    assert.equal(status, 200)
    assert.equal(
      text,
      '{"prices":[{"price":0.99985001234567890123,"currency":"usdc","coingeckoId":"test-usdc"},' +
        '{"price":2500,"currency":"eth","coingeckoId":"test-eth"}]}',
    )
  })
  test('answers with one currency', async () => {
    const { body } = await send('GET', '/constants/prices?currency=inr')
    assert.deepEqual(body, { prices: [{ price: 0.01, currency: 'inr', coingeckoId: null }] })
  })
  test('refuses another word, and says when there is no price', async () => {
    assertRefused(await send('GET', '/constants/prices?currency=xyz'), 'currency_unsupported', 'currency')
    assertRefused(await send('GET', '/constants/prices?currency=btc'), 'rate_unavailable', null)
    const none = await send('GET', '/constants/prices', { app: createApp(silent.ctx), key: silent.apiKey })
    assertRefused(none, 'rate_unavailable', null)
  })
})

describe('POST /checkout/sessions in a state currency', () => {
  const session = (changes: object = {}, price: object = {}) => ({
    successUrl: 'https://shop.example/ok',
    lineItems: [
      { priceData: { currency: 'usd', unitAmount: '10000000000', productData: { name: 'Basic' }, ...price } },
    ],
    ...changes,
  })
  type Row = { asset: { currency: string }; amount: string; amountRaw: string; quote: unknown }
  const rowsOf = ({ body }: Answer) => body.addresses as Row[]

  test('answers with an amount for each coin, and the rates that it was locked with', async () => {
    clock.advance(60_001)
    const answer = await send('POST', '/checkout/sessions', { body: session() })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.body.currency, 'usd')
    assert.equal(answer.body.amountTotal, '10000000000')
    assert.deepEqual(
      rowsOf(answer).map(({ asset, amount, amountRaw }) => [asset.currency, amount, amountRaw]),
      [
        ['usdc', '10001500200', '100015002'],
        ['eth', '4000000', '40000000000000000'],
      ],
    )
    assert.deepEqual(rowsOf(answer)[1]?.quote, {
      fromUsd: '1',
      toUsd: '2500',
      sources: ['test table'],
      at: clock.now().toISOString(),
    })
    const read = await send('GET', `/checkout/sessions/${answer.body.id}`)
    assert.deepEqual(read.body, answer.body)
  })
  test('leaves out coins that the request does not want', async () => {
    const paymentSetting = { allowedChains: [{ chainId: 80001, blacklistCurrencies: ['eth', 'dai'] }] }
    const answer = await send('POST', '/checkout/sessions', { body: session({ paymentSetting }) })
    assert.deepEqual(
      rowsOf(answer).map(({ asset }) => asset.currency),
      ['usdc'],
    )
  })
  test('a price in a coin has no quote', async () => {
    const answer = await send('POST', '/checkout/sessions', { body: session({}, { currency: 'eth' }) })
    assert.deepEqual(
      rowsOf(answer).map(({ quote: locked }) => locked),
      [null],
    )
  })
  test('F73: without rates it is refused, and a price in a coin is not', async () => {
    const to = { app: createApp(silent.ctx), key: silent.apiKey }
    assertRefused(await send('POST', '/checkout/sessions', { ...to, body: session() }), 'rate_unavailable', null)
    const coin = await send('POST', '/checkout/sessions', { ...to, body: session({}, { currency: 'usdc' }) })
    assert.equal(coin.status, 200)
  })
})
