import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { agree, formatUsd, isCurrent, isOffPeg, ONE_USD, parseUsd, type Rate, rateKey, type Said } from './rate.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const ago = (ms: number) => new Date(NOW.getTime() - ms)

/** What one source says after the other, all of them now and good for a minute. */
function says(...prices: string[]): Said[] {
  return prices.map((price, index) => {
    const usd = parseUsd(price)
    assert.ok(usd)
    return { source: `source ${index}`, usd, at: NOW, maxAgeMs: 60_000 }
  })
}

const agreed = (said: readonly Said[]) => {
  const found = agree(said, NOW)
  return found === null ? null : { usd: formatUsd(found.usd), sources: found.sources }
}

describe('parseUsd', () => {
  for (const [text, expected] of [
    ['1', '1'],
    ['0.99985', '0.99985'],
    ['67187.3358936566', '67187.3358936566'],
    ['1.1e-2', '0.011'],
    ['12E+3', '12000'],
    ['9007199254740993', '9007199254740993'],
    ['0.000000000000000000000000000000000001', '0.000000000000000000000000000000000001'],
    ['1.0000000000000000000000000000000000000', '1'],
  ] as const) {
    test(`reads ${text} digit for digit`, () => assert.equal(formatUsd(parseUsd(text) ?? 0n), expected))
  }

  for (const text of [
    '',
    '0',
    '0.0',
    '-1',
    '+1',
    '.5',
    '1.',
    '1,000',
    ' 1',
    '0x10',
    'NaN',
    'Infinity',
    '1e999',
    '１',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseUsd(text), null))
  }

  test('refuses what is not exact at 36 decimals', () => {
    assert.equal(parseUsd('0.0000000000000000000000000000000000001'), null)
    assert.equal(parseUsd('1e-37'), null)
  })

  test('P1: a price is written as it was read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 45n }), usd => {
        assert.equal(parseUsd(formatUsd(usd)), usd)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('agree', () => {
  test('B10.4: 100, 101.5 and 100.2: the outlier is dropped', () => {
    assert.deepEqual(agreed(says('100', '101.5', '100.2')), { usd: '100.1', sources: ['source 0', 'source 2'] })
  })
  test('B10.4, F73: one source alone is refused', () => assert.equal(agreed(says('100')), null))
  test('F73: nobody says anything', () => assert.equal(agreed([]), null))
  test('two that are more than 1 % apart', () => assert.equal(agreed(says('100', '101.01')), null))
  test('two that are exactly 1 % apart', () => assert.equal(agreed(says('100', '101'))?.usd, '100.5'))
  test('three, each far from the others', () => assert.equal(agreed(says('100', '103', '106')), null))
  test('two against two', () => assert.equal(agreed(says('100', '100.1', '200', '200.1')), null))
  test('two of four are no majority', () => assert.equal(agreed(says('100', '100.1', '103', '200')), null))
  test('the middle one of three that agree', () => assert.equal(agreed(says('100', '100.9', '101.7'))?.usd, '100.9'))
  test('G38: one source is wrong by a factor of ten', () => {
    assert.deepEqual(agreed(says('2500', '25000', '2501')), { usd: '2500.5', sources: ['source 0', 'source 2'] })
    assert.deepEqual(agreed(says('250', '2500', '2501')), { usd: '2500.5', sources: ['source 1', 'source 2'] })
  })
  test('G38: two of three are stale', () => {
    const said = says('100', '100', '100').map((each, index) => ({ ...each, at: index === 0 ? NOW : ago(60_001) }))
    assert.equal(agreed(said), null)
  })
  test('F73: a source counts until its own age, and not a millisecond longer', () => {
    const at = (ms: number) => says('100', '100').map(each => ({ ...each, at: ago(ms) }))
    assert.equal(agreed(at(60_000))?.usd, '100')
    assert.equal(agreed(at(60_001)), null)
    assert.equal(agreed(at(-60_001)), null, 'a price of the future is none')
  })
  test('a stale source is nobody, and takes no majority away', () => {
    const [first, second, ...others] = says('100', '100.5', '300', '300')
    assert.ok(first && second)
    assert.equal(agreed([first, second, ...others.map(each => ({ ...each, at: ago(70_000) }))])?.usd, '100.25')
  })

  test('whatever is said, the rate lies between two sources within 1 % of the median, in any order', () => {
    const price = fc.bigInt({ min: ONE_USD / 1000n, max: 100_000n * ONE_USD })
    const near = fc.tuple(price, fc.array(fc.integer({ min: 9_800, max: 10_200 }), { minLength: 1, maxLength: 6 }))
    fc.assert(
      fc.property(near, fc.nat(), ([base, parts], turn) => {
        const said = parts.map((part, index) => ({
          source: `${index}`,
          usd: (base * BigInt(part)) / 10_000n,
          at: NOW,
          maxAgeMs: 0,
        }))
        const found = agree(said, NOW)
        const shift = turn % said.length
        assert.deepEqual(agree([...said.slice(shift), ...said.slice(0, shift)], NOW)?.usd, found?.usd)
        if (found === null) return
        const behind = said.filter(
          ({ usd }) => (usd > found.usd ? usd - found.usd : found.usd - usd) * 100n <= found.usd * 2n,
        )
        assert.ok(behind.length >= 2 && behind.length * 2 > said.length)
        assert.ok(found.sources.length >= 2)
      }),
      { numRuns: 1000 },
    )
  })
})

test('F73: a rate may be used for 60 seconds', () => {
  const rate = (fetchedAt: Date): Rate => ({ currency: 'eth', usd: ONE_USD, sources: [], fetchedAt })
  assert.equal(isCurrent(rate(ago(60_000)), NOW), true)
  assert.equal(isCurrent(rate(ago(60_001)), NOW), false)
  assert.equal(isCurrent(rate(ago(-60_001)), NOW), false, 'the clock was set back')
})

test('F73: a coin that is made to be a dollar is off its peg beyond 1 %', () => {
  const rate = (currency: Rate['currency'], text: string): Rate => {
    return { currency, usd: parseUsd(text) ?? 0n, sources: [], fetchedAt: NOW }
  }
  assert.equal(isOffPeg(rate('usdc', '0.97')), true)
  assert.equal(isOffPeg(rate('usdc', '0.99')), false)
  assert.equal(isOffPeg(rate('dai', '1.0101')), true)
  assert.equal(isOffPeg(rate('eth', '2500')), false)
})

test('the two names of one coin share a rate', () => {
  assert.equal(rateKey('pol'), rateKey('matic'))
  assert.equal(rateKey('eth'), 'eth')
})
