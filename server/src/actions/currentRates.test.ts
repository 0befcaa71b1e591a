import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pino from 'pino'
import { createOrganization, createSession, openBareContext } from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { Rates } from '../chain/rates.ts'
import type { Currency } from '../domain/currency.ts'
import { formatUsd, parseUsd } from '../domain/rate.ts'
import { currentRates, rateAtHand } from './currentRates.ts'
import { forgetOldRecords } from './forgetOldRecords.ts'

type World = Awaited<ReturnType<typeof openBareContext>>

/** What two sources say of every currency, unless told otherwise for one; null is silence. */
let prices: Partial<Record<Currency, readonly string[]>>
let asked: Currency[][]
let answerLater: (() => Promise<void>) | null
let database: TestDatabase
let ctx: World

const rates: Rates = {
  ask: async (currencies, now) => {
    asked.push([...currencies])
    if (answerLater !== null) await answerLater()
    const said = currencies.map(currency => {
      const texts = prices[currency] ?? ['100', '100']
      const all = texts.map((text, index) => ({
        source: `s${index}`,
        usd: parseUsd(text) ?? 0n,
        at: now,
        maxAgeMs: 60_000,
      }))
      return [currency, all] as const
    })
    return new Map(said)
  },
}

before(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await ctx?.close()
  ctx = await openBareContext(database.url, { rates })
  await ctx.db.owner.query('delete from rates')
  prices = {}
  asked = []
  answerLater = null
})
after(async () => {
  await ctx.close()
  await database.drop()
})

const priceOf = async (currency: Currency) => {
  const rate = (await currentRates(ctx, [currency])).get(currency)
  return rate === undefined ? null : formatUsd(rate.usd)
}

const stored = async () => {
  const { rows } = await ctx.db.owner.query<{ text: string }>(
    `select currency || ' ' || price || ' ' || sources as text from rates order by fetched_at, currency`,
  )
  return rows.map(({ text }) => text)
}

test('F73: a rate is asked for once, used for a minute, and then asked for again', async () => {
  assert.equal(await priceOf('eth'), '100')
  prices.eth = ['200', '200']
  ctx.clock.advance(29_999)
  assert.equal(await priceOf('eth'), '100')
  assert.deepEqual(asked, [['eth']])
  ctx.clock.advance(30_002)
  assert.equal(await priceOf('eth'), '200', 'a rate of 60.001 s is too old')
  assert.deepEqual(asked, [['eth'], ['eth']])
})

test('a rate that will soon be too old is renewed while it still serves', async () => {
  await priceOf('eth')
  prices.eth = ['101', '101']
  ctx.clock.advance(30_000)
  assert.equal(await priceOf('eth'), '100', 'nobody waits')
  await waitUntil('the rate is renewed', async () => (await priceOf('eth')) === '101')
  assert.equal(asked.length, 2)
})

test('G38, F73: sources that fall silent leave the last rate in use until it is a minute old, not longer', async () => {
  await priceOf('eth')
  prices.eth = []
  ctx.clock.advance(60_000)
  assert.equal(await priceOf('eth'), '100')
  ctx.clock.advance(1)
  assert.equal(await priceOf('eth'), null)
})

test('many who want a rate share one asking, which asks for what is lacking alone', async () => {
  let release: () => void = () => undefined
  const gate = new Promise<void>(resolve => {
    release = resolve
  })
  await priceOf('btc')
  answerLater = () => gate
  const waiting = [
    currentRates(ctx, ['eth']),
    currentRates(ctx, ['eth', 'btc']),
    currentRates(ctx, ['eth', 'gbp', 'usd']),
  ]
  release()
  const found = await Promise.all(waiting)
  assert.deepEqual(asked, [['btc'], ['eth'], ['gbp']])
  assert.deepEqual(
    found.map(each => [...each.keys()]),
    [['eth'], ['eth', 'btc'], ['eth', 'gbp', 'usd']],
  )
})

test('sources that do not agree are left alone for five seconds', async () => {
  prices.eth = ['100', '150']
  assert.equal(await priceOf('eth'), null)
  prices.eth = ['100', '100.5']
  ctx.clock.advance(4_999)
  assert.equal(await priceOf('eth'), null)
  assert.equal(asked.length, 1)
  ctx.clock.advance(1)
  assert.equal(await priceOf('eth'), '100.25')
})

test('every rate that was agreed on is stored, with those who said so', async () => {
  prices = { eth: ['2500', '2500.123456789012345678'], btc: ['1', '2'], gbp: ['1.25', '1.25', '99'] }
  await currentRates(ctx, ['eth', 'btc', 'gbp', 'usd'])
  assert.deepEqual(await stored(), ['eth 2500.061728394506172839 ["s0","s1"]', 'gbp 1.25 ["s0","s1"]'])
})

test('rates are forgotten after 30 days, a batch after the other', async () => {
  await currentRates(ctx, ['eth', 'btc'])
  ctx.clock.advance(30 * 86_400_000)
  await priceOf('gbp')
  assert.equal(await forgetOldRecords(ctx, 1), 0)
  ctx.clock.advance(1)
  assert.deepEqual(
    [await forgetOldRecords(ctx, 1), await forgetOldRecords(ctx, 1), await forgetOldRecords(ctx, 1)],
    [1, 1, 0],
  )
  assert.deepEqual(await stored(), ['gbp 100 ["s0","s1"]'])
})

test('the two names of one coin are asked for once', async () => {
  const found = await currentRates(ctx, ['pol', 'matic'])
  assert.deepEqual(asked, [['matic']])
  assert.deepEqual([...found.keys()], ['matic'])
})

test('B10.4, F73: a dollar coin that is off its peg is quoted as it is, and somebody is told', async () => {
  const lines: string[] = []
  ctx.log = pino({ level: 'warn', base: null }, { write: line => void lines.push(line) })
  prices.usdc = ['0.97', '0.97']
  assert.equal(await priceOf('usdc'), '0.97')
  assert.match(lines.join(), /"currency":"usdc","usd":"0.97"/)
})

test('a rate at hand waits for nobody: none at first, then the newest', async () => {
  assert.equal(rateAtHand(ctx, 'eth'), null)
  await waitUntil('the rate is at hand', () => rateAtHand(ctx, 'eth') !== null)
  assert.deepEqual(asked, [['eth']])
  ctx.clock.advance(60_001)
  assert.equal(rateAtHand(ctx, 'eth'), null)
})

test('G38: prices in coins need no rate: those in dollars ask nobody, others are worth what is at hand', async () => {
  const caller = await createOrganization(ctx)
  prices = { usdc: [], eth: [] }
  assert.equal((await createSession(ctx, caller)).valueUsd, 10_00000000n)
  assert.deepEqual(asked, [])
  const eth = await createSession(ctx, caller, { currency: 'eth', amount: 2_00000000n })
  assert.equal(eth.valueUsd, null)
  assert.equal(eth.assets[0]?.quote, null)
  prices = { eth: ['2500', '2500'] }
  ctx.clock.advance(5_000)
  await waitUntil('the rate is at hand', () => rateAtHand(ctx, 'eth') !== null)
  assert.equal((await createSession(ctx, caller, { currency: 'eth', amount: 2_00000000n })).valueUsd, 5000_00000000n)
})
