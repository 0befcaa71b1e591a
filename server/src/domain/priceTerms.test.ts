import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from './errors.ts'
import { type AskedTerms, priceTerms } from './priceTerms.ts'

const amount = fc.option(fc.bigInt({ min: 1n, max: 20n }))

const asked: fc.Arbitrary<AskedTerms> = fc.record({
  currency: fc.constant('dai'),
  type: fc.constantFrom('one_time', 'recurring', 'streaming'),
  unitAmount: amount,
  customUnitMin: amount,
  customUnitMax: amount,
  customPreset: amount,
  customUnitAmountSuggestions: fc.option(fc.array(fc.bigInt({ min: 1n, max: 20n }), { maxLength: 2 })),
  interval: fc.option(fc.constantFrom('day', 'month')),
  intervalCount: fc.option(fc.integer({ min: 1, max: 3 })),
})

test('terms that are taken say one thing, and those refused do not', () => {
  fc.assert(
    fc.property(asked, given => {
      const { type, unitAmount, customUnitMin: min, customUnitMax: max, interval, intervalCount } = given
      const offered = [given.customPreset ?? null, ...(given.customUnitAmountSuggestions ?? [])].filter(a => a !== null)
      const isOpen = unitAmount === null
      const isBound = [min, max, given.customPreset, given.customUnitAmountSuggestions].some(field => field !== null)
      const isWithin = [min ?? 0n, ...offered].every(each => each <= (max ?? 20n) && each >= (min ?? 0n))
      const isTimed = type === 'one_time' ? interval === null && intervalCount === null : interval !== null
      const isGood = isTimed && (isOpen ? isWithin : !isBound)
      if (!isGood) return assert.throws(() => priceTerms(given, [18]), AppError)
      const terms = priceTerms(given, [18])
      assert.deepEqual([terms.type, terms.unitAmount, terms.interval], [type, unitAmount, interval])
      assert.equal(terms.intervalCount, type === 'one_time' ? null : (intervalCount ?? 1))
      const suggestions = given.customUnitAmountSuggestions ?? []
      assert.deepEqual(terms.open, isOpen ? { min, max, preset: given.customPreset, suggestions } : null)
    }),
  )
})

test('an amount must be payable in the finest coin of its currency', () => {
  const usdc = { currency: 'usdc', type: 'one_time', unitAmount: 1n } as const
  const refused = (run: () => unknown) => {
    let error: unknown
    try {
      run()
    } catch (thrown) {
      error = thrown
    }
    assert.ok(error instanceof AppError)
    return `${error.code} ${error.param}`
  }
  assert.equal(
    refused(() => priceTerms(usdc, [6])),
    'amount_scale unitAmount',
  )
  assert.equal(priceTerms(usdc, [6, 18]).unitAmount, 1n)
  assert.equal(priceTerms(usdc, []).unitAmount, 1n)
  assert.equal(priceTerms({ ...usdc, unitAmount: 100n }, [6]).unitAmount, 100n)
  assert.equal(
    refused(() => priceTerms({ ...usdc, currency: 'eur' }, [])),
    'amount_scale unitAmount',
  )
  const open = { ...usdc, unitAmount: null, customUnitAmountSuggestions: [100n, 101n] }
  assert.equal(
    refused(() => priceTerms(open, [6], 'priceData.')),
    'amount_scale priceData.customUnitAmountSuggestions[1]',
  )
})
