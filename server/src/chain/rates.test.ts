import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { UpstreamError } from '../domain/errors.ts'
import { formatUsd, type HttpRates, ONE_USD } from '../domain/rate.ts'
import { httpRates } from './httpRates.ts'
import { coinIdsOf, fixedRates, openRates, type RateSource } from './rates.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const SIGNAL = new AbortController().signal

/** The answers of a server on the loopback address by path; null never answers. */
const answers = new Map<string, { status?: number; headers?: Record<string, string>; body: string } | null>()
const asked: string[] = []
let server: Server
let url: string

before(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const answer = answers.get(path)
    if (answer === null) return
    response.writeHead(answer?.status ?? (answer === undefined ? 404 : 200), answer?.headers ?? {})
    response.end(answer?.body ?? '')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  url = `http://127.0.0.1:${address.port}`
})
after(() => {
  server.close()
  server.closeAllConnections()
})

function source(config: Partial<HttpRates> & { path: string }): RateSource {
  const { path, ...rest } = config
  const ids = { eth: 'ethereum', btc: 'bitcoin' }
  return httpRates({ name: 'shop', url: url + path, price: '{id}.usd', time: null, ids: null, ...rest }, ids)
}

const told = async (from: RateSource, currencies: Parameters<RateSource['ask']>[0] = ['eth']) =>
  (await from.ask(currencies, NOW, SIGNAL)).map(([currency, { usd, at, maxAgeMs }]) => [
    currency,
    formatUsd(usd),
    NOW.getTime() - at.getTime(),
    maxAgeMs,
  ])

describe('a source over HTTP', () => {
  test('is asked for all at once, and believed to the last digit', async () => {
    answers.set('/all?ids=ethereum,bitcoin', {
      body: '{"bitcoin":{"usd":67187.335893656612345678901},"ethereum":{"usd":2.5e3}}',
    })
    assert.deepEqual(await told(source({ path: '/all?ids={ids}' }), ['eth', 'btc', 'eur']), [
      ['eth', '2500', 0, 60_000],
      ['btc', '67187.335893656612345678901', 0, 60_000],
    ])
  })
  test('is asked one by one, for a number that stands in text, by names of its own', async () => {
    answers.set('/spot/EUR-USD', { body: '{"data":{"amount":"1.0825","base":"EUR"}}' })
    answers.set('/spot/ETH-USD', { status: 500, body: '' })
    const ids = { eur: 'EUR-USD', eth: 'ETH-USD' }
    assert.deepEqual(await told(source({ path: '/spot/{id}', price: 'data.amount', ids }), ['eur', 'eth']), [
      ['eur', '1.0825', 0, 60_000],
    ])
  })
  test('reads lists, and the time of a price', async () => {
    const seconds = NOW.getTime() / 1000 - 61
    answers.set('/t?ids=XETH', { body: `{"result":{"XETH":{"c":["2500.10","1"],"at":${seconds}}}}` })
    const from = source({
      path: '/t?ids={ids}',
      price: 'result.{id}.c.0',
      time: 'result.{id}.at',
      ids: { eth: 'XETH' },
    })
    assert.deepEqual(await told(from), [['eth', '2500.1', 61_000, 60_000]])
  })
  test('is not asked for what it does not know', async () => {
    asked.length = 0
    assert.deepEqual(await told(source({ path: '/nothing?ids={ids}' }), ['gbp']), [])
    assert.deepEqual(asked, [])
  })
  for (const [what, body] of [
    ['no such coin', '{}'],
    ['null', '{"ethereum":{"usd":null}}'],
    ['zero', '{"ethereum":{"usd":0}}'],
    ['a negative price', '{"ethereum":{"usd":-5}}'],
    ['something else', '{"ethereum":{"usd":{"price":5}}}'],
    ['a list', '[2500]'],
    ['a prototype', '{"ethereum":"usd"}'],
  ] as const) {
    test(`says nothing with ${what}`, async () => {
      answers.set('/odd?ids=ethereum', { body })
      assert.deepEqual(await told(source({ path: '/odd?ids={ids}' })), [])
    })
  }
  for (const [what, answer] of [
    ['is no JSON', { body: 'rate limited' }],
    ['has another status', { status: 429, body: '{"ethereum":{"usd":1}}' }],
    ['is a redirect', { status: 302, headers: { location: '/all?ids=ethereum,bitcoin' }, body: '' }],
    ['is too long', { body: `{"ethereum":{"usd":1},"rest":"${'x'.repeat(300_000)}"}` }],
  ] as const) {
    test(`fails with an answer that ${what}, and does not tell the URL`, async () => {
      answers.set('/bad?ids=ethereum&key=secret', answer)
      await assert.rejects(told(source({ path: '/bad?ids={ids}&key=secret' })), (error: unknown) => {
        return error instanceof UpstreamError && !/secret|127/.test(`${error.stack}${String(error.cause)}`)
      })
    })
  }
})

describe('all sources together', () => {
  const sayer = (name: string, ask: RateSource['ask']): RateSource => ({ name, ask })
  const price =
    (usd: bigint): RateSource['ask'] =>
    () =>
      Promise.resolve([['eth', { usd, at: NOW, maxAgeMs: 1 }]])

  test('G38: who fails says nothing, and is told of by name', async () => {
    const failures: string[] = []
    const broken = sayer('broken', () => Promise.reject(new Error('down')))
    const rates = openRates([sayer('a', price(1n)), broken, sayer('b', price(2n))], {
      onFailure: (name, error) => failures.push(`${name}: ${(error as Error).message}`),
    })
    const said = await rates.ask(['eth'], NOW)
    assert.deepEqual(
      said.get('eth')?.map(each => [each.source, each.usd]),
      [
        ['a', 1n],
        ['b', 2n],
      ],
    )
    assert.deepEqual(failures, ['broken: down'])
  })
  test('G38: who does not answer in time is left, and its request ended', async () => {
    answers.set('/hang?ids=ethereum', null)
    const failures: string[] = []
    const slow = source({ path: '/hang?ids={ids}' })
    const rates = openRates([slow, sayer('a', price(1n))], { onFailure: name => failures.push(name), timeoutMs: 100 })
    const said = await rates.ask(['eth'], NOW)
    assert.deepEqual(
      said.get('eth')?.map(each => each.source),
      ['a'],
    )
    assert.deepEqual(failures, ['shop'])
  })
  test('the table of the test world counts as two that agree', async () => {
    const rates = fixedRates({ eth: ONE_USD })
    assert.equal((await rates.ask(['eth', 'btc'], NOW)).get('eth')?.length, 2)
    assert.equal((await rates.ask(['btc'], NOW)).size, 0)
  })
  test('coins go by the first name that an asset has', () => {
    const first = testChainConfig()
    const second = testChainConfig({ chainId: 80002 })
    const renamed = second.assets.map(asset => ({ ...asset, coingeckoId: asset.currency === 'eth' ? 'other' : null }))
    const nameless = first.assets.map(asset => ({
      ...asset,
      coingeckoId: asset.currency === 'eth' ? null : asset.coingeckoId,
    }))
    const chains = new Map([
      [1, { ...first, assets: nameless }],
      [2, { ...second, assets: renamed }],
    ])
    assert.deepEqual(coinIdsOf(chains), { eth: 'other', usdc: 'test-usdc', usdt: 'test-usdt', dai: 'test-dai' })
  })
})
