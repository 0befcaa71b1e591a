import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Asset, assetId } from './asset.ts'
import type { Crypto } from './currency.ts'
import { AppError, type ErrorCode } from './errors.ts'
import { AMOUNT_MAX, formatDecimal, fromRawFloor, smallestStep, toRaw } from './money.ts'
import { dueFor, lockedQuote, paidBy, planQuote, valueIn } from './quote.ts'
import { ONE_USD, parseUsd, type Rate } from './rate.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const ids = { id: 'q', now: NOW }

function rate(currency: Rate['currency'], price: string, options: Partial<Rate> = {}): Rate {
  const usd = parseUsd(price)
  assert.ok(usd)
  return { currency, usd, sources: ['a', 'b'], fetchedAt: NOW, ...options }
}

const usd = rate('usd', '1', { sources: [] })
const eth = rate('eth', '2500')

function asset(currency: Crypto, decimals: number): Asset {
  const address = `0x${'0'.repeat(38)}${decimals.toString().padStart(2, '0')}` as const
  const name = currency.toUpperCase()
  return {
    id: assetId(1, address),
    chainId: 1,
    address,
    currency,
    symbol: name,
    name,
    decimals,
    coingeckoId: null,
    isPublic: true,
  }
}

const refused = (code: ErrorCode, param: string) => (error: unknown) =>
  error instanceof AppError && error.code === code && error.param === param

describe('what is due', () => {
  test('is the quotient of the rates where that is a whole number of steps', () => {
    assert.equal(dueFor(12_50000000n, usd, eth, 18, 'x'), 500000n)
    assert.equal(dueFor(12_50000000n, usd, rate('usdc', '1'), 6, 'x'), 12_50000000n)
    assert.equal(dueFor(10_00000000n, rate('eur', '1.08'), usd, 2, 'x'), 10_80000000n)
  })
  test('is rounded up to the smallest step of the asset', () => {
    assert.equal(dueFor(10_00000000n, usd, rate('usdc', '0.9998'), 6, 'x'), 10_00200100n)
    assert.equal(dueFor(10_00000000n, usd, rate('usdc', '0.9998'), 18, 'x'), 10_00200041n)
    assert.equal(dueFor(10_00000000n, usd, rate('usdc', '0.9998'), 0, 'x'), 11_00000000n)
  })
  test('B10.4: is more of a coin that has lost its peg', () => {
    assert.equal(dueFor(97_00000000n, usd, rate('usdc', '0.97'), 6, 'x'), 100_00000000n)
  })
  test('is never nothing', () => assert.equal(dueFor(1n, usd, rate('btc', '60000'), 8, 'x'), 1n))
  test('is refused above 2^63 − 1', () => {
    assert.throws(
      () => dueFor(AMOUNT_MAX, usd, rate('matic', '0.5'), 18, 'lineItems'),
      refused('amount_too_large', 'lineItems'),
    )
  })

  const prices = fc.bigInt({ min: ONE_USD / 100_000n, max: 1_000_000n * ONE_USD })
  const amounts = fc.bigInt({ min: 1n, max: 10n ** 14n })
  test('P2: due ≥ price ÷ rate, and less than one step more, for all decimals', () => {
    fc.assert(
      fc.property(amounts, prices, prices, fc.integer({ min: 0, max: 18 }), (amount, fromUsd, toUsd, decimals) => {
        const [from, to] = [
          { ...usd, usd: fromUsd },
          { ...eth, usd: toUsd },
        ]
        const exactTimesTo = amount * fromUsd
        if (exactTimesTo / toUsd > 10n ** 18n) return
        const due = dueFor(amount, from, to, decimals, 'x')
        const step = smallestStep(decimals)
        assert.equal(due % step, 0n)
        assert.ok(due * toUsd >= exactTimesTo, 'enough')
        assert.ok((due - step) * toUsd < exactTimesTo, 'less than a step too much')
        assert.equal(fromRawFloor(toRaw(due, decimals), decimals), due, 'exact in base units')
      }),
      { numRuns: 1000 },
    )
  })
  test('what a coin pays, priced again, asks for no more of the coin', () => {
    fc.assert(
      fc.property(amounts, prices, prices, (amount, fromUsd, toUsd) => {
        const [from, to] = [
          { ...usd, usd: fromUsd },
          { ...eth, usd: toUsd },
        ]
        const paid = paidBy(amount, from, to, 2)
        if (paid > AMOUNT_MAX) return
        assert.ok(dueFor(paid, from, to, 8, 'x') <= amount)
      }),
      { numRuns: 1000 },
    )
  })
})

test('what an amount is worth is rounded up, and unknown beyond the largest amount', () => {
  assert.equal(valueIn(eth, 1_00000000n), 2500_00000000n)
  assert.equal(valueIn(rate('eth', '0.333'), 1n), 1n)
  assert.equal(valueIn(eth, AMOUNT_MAX), null)
})

test('what is stored names the rates, everyone who said so, and the older of the two times', () => {
  const older = new Date(NOW.getTime() - 1000)
  assert.deepEqual(
    lockedQuote(rate('eur', '1.08', { fetchedAt: older }), rate('eth', '2500.5', { sources: ['b', 'c'] })),
    {
      fromUsd: '1.08',
      toUsd: '2500.5',
      sources: ['a', 'b', 'c'],
      at: older.toISOString(),
    },
  )
})

describe('a quote', () => {
  const assets = [asset('usdc', 6), asset('usdc', 18), asset('eth', 18)]
  const usdc = rate('usdc', '1')

  test('says what pays an amount, at the rate, for a minute', () => {
    assert.deepEqual(
      planQuote({ from: 'usd', to: 'eth', amountFrom: 12_50000000n }, { from: usd, to: eth }, assets, ids),
      {
        id: 'q',
        createdAt: NOW,
        expiresAt: new Date(NOW.getTime() + 60_000),
        from: 'usd',
        to: 'eth',
        amountFrom: 12_50000000n,
        amountTo: 500000n,
        rate: '0.0004',
        sources: ['a', 'b'],
      },
    )
  })
  test('says what an amount pays, rounded down to what the other currency can represent', () => {
    const quote = planQuote({ from: 'usd', to: 'eth', amountTo: 1000001n }, { from: usd, to: eth }, assets, ids)
    assert.equal(formatDecimal(quote.amountFrom, 8), '25')
    assert.equal(quote.amountTo, 1000001n)
  })
  test('is in steps that every asset of a coin can pay', () => {
    const quote = planQuote({ from: 'eth', to: 'usdc', amountFrom: 1n }, { from: eth, to: usdc }, assets, ids)
    assert.equal(quote.amountTo, 2500n)
    const third = planQuote(
      { from: 'eth', to: 'usdc', amountFrom: 1n },
      { from: rate('eth', '2501.23'), to: usdc },
      assets,
      ids,
    )
    assert.equal(third.amountTo, 2600n)
  })
  test('refuses amounts that cannot be, and what is worth nothing', () => {
    const plan = (asked: Parameters<typeof planQuote>[0]) => planQuote(asked, { from: usd, to: eth }, assets, ids)
    assert.throws(() => plan({ from: 'usd', to: 'eth', amountFrom: 1n }), refused('amount_scale', 'amountFrom'))
    assert.throws(() => plan({ from: 'usd', to: 'eth', amountTo: 1n }), refused('amount_too_small', 'amountTo'))
    assert.throws(() => plan({ from: 'usd', to: 'eth', amountTo: AMOUNT_MAX }), refused('amount_too_large', 'amountTo'))
    const back = () => planQuote({ from: 'eth', to: 'usdc', amountTo: 50n }, { from: eth, to: usdc }, assets, ids)
    assert.throws(back, refused('amount_scale', 'amountTo'))
  })
})
