import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { AppError, type ErrorCode } from './errors.ts'
import {
  AMOUNT_MAX,
  assertPayable,
  atMostMax,
  formatAmount,
  formatDecimal,
  fromRawFloor,
  parseAmount,
  parseTypedAmount,
  smallestStep,
  toRaw,
  toRawCeil,
} from './money.ts'

const runs = { numRuns: 1000 }
const amounts = fc.bigInt({ min: 1n, max: AMOUNT_MAX })
const decimals = fc.integer({ min: 0, max: 30 })

function refused(code: ErrorCode, param: string, message: RegExp) {
  return (error: unknown) =>
    error instanceof AppError && error.code === code && error.param === param && message.test(error.message)
}

describe('parseAmount', () => {
  // The catalogue of bad input, F1 to F12 and F16, with JSON's own spelling where it matters.
  const rightForm = /whole number at 8 decimals.*"1250000000"/
  const invalid: unknown[] = [
    ...['', ' ', ' 7 ', '7\n', '-5', '0x10', '0b11', '0o7', '1e3', '1E+3', '1,000', '1_000', '1.0', '+5', '0.00', '-0'],
    ...['00', '007', '١٢', '１２', 'Ⅻ', '5n', 'NaN', 'Infinity', '²'],
    ...[null, undefined, true, false, [], ['5'], {}, 5n, Number.NaN, -5, -0.5, 10.5, 0.1, JSON.parse('-1e400')],
  ]
  for (const value of invalid) {
    it(`refuses ${typeof value} ${String(value)} as amount_invalid and shows the right form`, () => {
      assert.throws(() => parseAmount(value, 'amount'), refused('amount_invalid', 'amount', rightForm))
    })
  }

  const others: [unknown, ErrorCode, RegExp][] = [
    ['0', 'amount_too_small', /at least 1/],
    [0, 'amount_too_small', /at least 1/],
    [JSON.parse('9007199254740993'), 'amount_must_be_string', /2\^53-1.*string of digits/],
    [JSON.parse('9007199254740992'), 'amount_must_be_string', /2\^53-1/],
    [JSON.parse('1e400'), 'amount_must_be_string', /2\^53-1/],
    [AMOUNT_MAX.toString().replace(/7$/, '8'), 'amount_too_large', /at most 9223372036854775807/],
    ['99999999999999999999999', 'amount_too_large', /at most 9223372036854775807/],
    ['9'.repeat(1_000_000), 'amount_too_large', /at most/],
  ]
  for (const [value, code, message] of others) {
    it(`refuses ${typeof value} ${String(value).slice(0, 30)} as ${code}`, () => {
      assert.throws(() => parseAmount(value, 'a.b'), refused(code, 'a.b', message))
    })
  }

  it('takes the ends of the range', () => {
    assert.equal(parseAmount('1', 'amount'), 1n)
    assert.equal(parseAmount('9223372036854775807', 'amount'), 2n ** 63n - 1n)
    assert.equal(parseAmount(1, 'amount'), 1n)
    assert.equal(parseAmount(2 ** 53 - 1, 'amount'), 9007199254740991n)
    assert.equal(parseAmount(JSON.parse('1e3'), 'amount'), 1000n)
  })

  it('reads back what formatAmount wrote', () => {
    fc.assert(
      fc.property(amounts, amount => parseAmount(formatAmount(amount), 'amount') === amount),
      runs,
    )
  })

  it('accepts a text only if it is the one right spelling of its amount', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9 .+_x-]{0,22}$/))
    fc.assert(
      fc.property(texts, text => {
        try {
          return formatAmount(parseAmount(text, 'amount')) === text
        } catch (error) {
          return error instanceof AppError
        }
      }),
      runs,
    )
  })
})

describe('atMostMax', () => {
  it('lets the largest amount through and refuses one more', () => {
    assert.equal(atMostMax(AMOUNT_MAX, 'lineItems'), AMOUNT_MAX)
    assert.throws(() => atMostMax(AMOUNT_MAX + 1n, 'lineItems'), refused('amount_too_large', 'lineItems', /2\^63-1/))
  })
})

describe('formatAmount', () => {
  it('writes zero, and more than a price may be, but nothing negative', () => {
    assert.equal(formatAmount(0n), '0')
    assert.throws(() => formatAmount(-1n), /invariant/)
    assert.equal(formatAmount(2n ** 256n), (2n ** 256n).toString())
  })
})

describe('assertPayable', () => {
  const cases: [bigint, string, number, RegExp][] = [
    [1n, 'usdc', 6, /usdc has 6 decimals, the smallest step is 100\./],
    [50n, 'usdc', 6, /smallest step is 100\./],
    [1999900000001n, 'usd', 2, /smallest step is 1000000\./],
  ]
  for (const [amount, currency, digits, message] of cases) {
    it(`refuses ${amount} of ${currency}`, () => {
      assert.throws(
        () => assertPayable(amount, currency, digits, 'unitAmount'),
        refused('amount_scale', 'unitAmount', message),
      )
    })
  }

  it('F14: a currency without decimals has no fractions', () => {
    const pay = (amount: bigint) => assertPayable(amount, 'jpy', 0, 'unitAmount')
    assert.throws(() => pay(150000000n), refused('amount_scale', 'unitAmount', /smallest step is 100000000\./))
    pay(200000000n)
  })

  it('accepts exactly the multiples of the smallest step', () => {
    assertPayable(100n, 'usdc', 6, 'unitAmount')
    assertPayable(1999000000n, 'usd', 2, 'unitAmount')
    assertPayable(1n, 'btc', 8, 'unitAmount')
    assertPayable(1n, 'dai', 18, 'unitAmount')
  })
})

describe('amounts and base units', () => {
  it('converts by the table of the stack of decimals', () => {
    assert.equal(toRaw(100000000n, 6), 1000000n)
    assert.equal(toRaw(50000000n, 18), 500000000000000000n)
    assert.equal(toRaw(1n, 8), 1n)
    assert.equal(toRawCeil(1n, 6), 1n)
    assert.equal(toRawCeil(101n, 6), 2n)
    assert.equal(fromRawFloor(1n, 18), 0n)
    assert.equal(fromRawFloor(19999999999n, 18), 1n)
    assert.equal(fromRawFloor(1n, 6), 100n)
    assert.throws(() => toRaw(1n, 6), /invariant/)
  })

  it('loses nothing where the conversion is exact', () => {
    fc.assert(
      fc.property(amounts, decimals, (amount, digits) => {
        const exact = amount - (amount % smallestStep(digits))
        return fromRawFloor(toRaw(exact, digits), digits) === exact
      }),
      runs,
    )
  })

  it('rounds up what is owed by less than one base unit, and down what was received by less than 10^-8', () => {
    fc.assert(
      fc.property(amounts, decimals, (amount, digits) => {
        const raw = toRawCeil(amount, digits)
        // Compared at 38 decimals, where both are exact.
        const owed = amount * 10n ** 30n
        const rounded = raw * 10n ** BigInt(38 - digits)
        assert.ok(rounded >= owed && rounded - owed < 10n ** BigInt(38 - digits))
      }),
      runs,
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), decimals, (raw, digits) => {
        const exact = raw * 10n ** BigInt(38 - digits)
        const floored = fromRawFloor(raw, digits) * 10n ** 30n
        assert.ok(floored <= exact && exact - floored < 10n ** 30n)
      }),
      runs,
    )
  })
})

describe('formatDecimal', () => {
  const cases: [bigint, number, string][] = [
    [1500000n, 6, '1.5'],
    [0n, 18, '0'],
    [1n, 18, '0.000000000000000001'],
    [1000000000000000001n, 18, '1.000000000000000001'],
    [1000n, 0, '1000'],
    [100n, 2, '1'],
    [1234567n, 2, '12345.67'],
  ]
  for (const [raw, digits, text] of cases) {
    it(`writes ${raw} at ${digits} as ${text}`, () => assert.equal(formatDecimal(raw, digits), text))
  }

  it('can be read back exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), decimals, (raw, digits) => {
        const [whole = '', fraction = ''] = formatDecimal(raw, digits).split('.')
        return BigInt(whole + fraction.padEnd(digits, '0')) === raw && !fraction.endsWith('0')
      }),
      runs,
    )
  })
})

describe('what a person typed', () => {
  const good: [string, bigint][] = [
    ['12.50', 12_50000000n],
    [' 12,5 ', 12_50000000n],
    ['7', 7_00000000n],
    ['007', 7_00000000n],
    ['0.00000001', 1n],
    ['92233720368.54775807', AMOUNT_MAX],
  ]
  for (const [text, amount] of good) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseTypedAmount(text), amount))
  }
  const bad = ['', ' ', '0', '0.0', '-1', '+1', '1e3', '1.', '.5', '1,000.50', '1 000', '0.000000001', '٣', '12 USD']
  for (const text of [...bad, '92233720368.54775808', '9'.repeat(40)]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseTypedAmount(text), null))
  }
})
