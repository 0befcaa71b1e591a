import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { AMOUNT_MAX } from './money.ts'
import { type CartLine, type CartTerms, type PricedCart, priceCart, priceStep } from './pricing.ts'
import type { Price } from './session.ts'
import type { TaxRate } from './taxRate.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const MOMENT = { createdAt: NOW, updatedAt: NOW, metadata: null, isActive: true }

const rate = (ratePpm: number, type: TaxRate['type']): TaxRate => {
  return { ...MOMENT, id: `${type} ${ratePpm}`, name: 'VAT', description: null, country: null, ratePpm, type }
}

const line = (unitAmount: bigint, quantity = 1, taxRates: readonly TaxRate[] = []): CartLine => {
  const price = { id: 'price', currency: 'usd', type: 'one_time', unitAmount, open: null } as Price
  return { price, quantity, unitAmount: null, description: null, periodStart: null, periodEnd: null, taxRates }
}

const percent = (percentPpm: number): CartTerms['discount'] => ({ percentPpm, amountOff: null })
const off = (amountOff: bigint): CartTerms['discount'] => ({ percentPpm: null, amountOff: `${amountOff}` })
const price = (lines: readonly CartLine[], terms: Partial<CartTerms> = {}) =>
  priceCart(lines, { discount: null, feePpm: null, step: 1n, ...terms })

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)

function assertAddsUp(cart: PricedCart): void {
  const { lineItems, amountSubtotal, amountDiscount, amountTax, amountFee, amountTotal } = cart
  assert.equal(amountSubtotal - amountDiscount + amountTax + amountFee, amountTotal)
  assert.equal(sum(lineItems.map(item => item.amountSubtotal)), amountSubtotal)
  assert.equal(sum(lineItems.map(item => item.amountDiscount)), amountDiscount)
  assert.equal(sum(lineItems.map(item => item.amountTax)), amountTax)
  for (const item of lineItems) {
    assert.equal(item.amountSubtotal - item.amountDiscount + item.amountTax, item.amountTotal)
    const amounts = [item.amountSubtotal, item.amountDiscount, item.amountTax, item.amountTotal]
    assert.ok(amounts.every(amount => amount >= 0n) && item.amountDiscount <= item.amountSubtotal, `${amounts}`)
    const added = item.taxes.filter(({ type }) => type === 'exclusive').map(({ amount }) => BigInt(amount))
    const included = item.taxes.filter(({ type }) => type === 'inclusive').map(({ amount }) => BigInt(amount))
    assert.equal(sum(added), item.amountTax)
    assert.ok(included.every(amount => amount >= 0n) && sum(included) <= item.amountSubtotal - item.amountDiscount)
  }
}

const ppm = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.constant(1_000_000))
const taxRate = fc.record({ ppm, type: fc.constantFrom('exclusive' as const, 'inclusive' as const) })
const anyStep = fc.constantFrom(1n, 100n, 1_000_000n)
const anyDiscount = fc.oneof(
  fc.constant(null),
  ppm.map(percent),
  fc.bigInt({ min: 0n, max: 10n ** 15n }).map(off),
  fc.bigInt({ min: 0n, max: 5_000n }).map(off),
)
const anyLine = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 10n ** 12n })),
    fc.integer({ min: 1, max: 1000 }),
    fc.array(taxRate, { maxLength: 4 }),
  )
  .map(([units, quantity, rates]) => ({ units, quantity, rates: rates.map(({ ppm, type }) => rate(ppm, type)) }))
const anyCart = fc.record({
  lines: fc.array(anyLine, { minLength: 1, maxLength: 8 }),
  discount: anyDiscount,
  feePpm: fc.option(ppm),
  step: anyStep,
})

describe('any cart', () => {
  test('adds up, of each line and of the whole, and nothing is negative, whatever step its prices are off', () => {
    fc.assert(
      fc.property(anyCart, ({ lines, ...terms }) =>
        assertAddsUp(
          price(
            lines.map(({ units, quantity, rates }) => line(units, quantity, rates)),
            terms,
          ),
        ),
      ),
      { numRuns: 2000 },
    )
  })

  test('of prices in whole steps has only amounts that can be paid', () => {
    fc.assert(
      fc.property(anyCart, ({ lines, ...terms }) => {
        const { step } = terms
        const cart = price(
          lines.map(({ units, quantity, rates }) => line((units % 1_000_000n) * step, quantity, rates)),
          terms,
        )
        assertAddsUp(cart)
        const { lineItems, ...sums } = cart
        const ofLines = lineItems.flatMap(item => [
          ...[item.amountSubtotal, item.amountDiscount, item.amountTax, item.amountTotal],
          ...item.taxes.map(({ amount }) => BigInt(amount)),
        ])
        assert.ok([...Object.values(sums), ...ofLines].every(amount => amount % step === 0n))
      }),
      { numRuns: 1000 },
    )
  })

  test('takes off no more than the coupon says and less than a step below it, and puts on at most half a step of tax too much', () => {
    fc.assert(
      fc.property(anyCart, ({ lines, discount, feePpm, step }) => {
        const cart = price(
          lines.map(({ units, quantity, rates }) => line((units % 1_000_000n) * step, quantity, rates)),
          { discount, feePpm, step },
        )
        const subtotal = cart.amountSubtotal
        const exact =
          discount === null
            ? 0n
            : discount.percentPpm === null
              ? BigInt(discount.amountOff ?? 0) * 1_000_000n
              : subtotal * BigInt(discount.percentPpm)
        const wanted = exact < subtotal * 1_000_000n ? exact : subtotal * 1_000_000n
        const short = wanted - cart.amountDiscount * 1_000_000n
        assert.ok(short >= 0n && short < step * 1_000_000n)
        for (const item of cart.lineItems) {
          const ideal =
            (subtotal === 0n ? 0n : cart.amountDiscount * item.amountSubtotal) - item.amountDiscount * subtotal
          assert.ok(ideal < step * subtotal + 1n && -ideal < step * subtotal + 1n, 'a line has its share, to a step')
          const taxable = item.amountSubtotal - item.amountDiscount
          const included = sum(item.taxes.map(({ type, ratePpm }) => (type === 'inclusive' ? BigInt(ratePpm) : 0n)))
          for (const { type, ratePpm, amount } of item.taxes) {
            if (type !== 'exclusive') continue
            const error = 2n * (BigInt(amount) * (1_000_000n + included) - taxable * BigInt(ratePpm))
            assert.ok(error <= step * (1_000_000n + included) && error > -step * (1_000_000n + included))
          }
        }
        const before = subtotal - cart.amountDiscount + cart.amountTax
        const over = cart.amountFee * 1_000_000n - before * BigInt(feePpm ?? 0)
        assert.ok(over >= 0n && over < step * 1_000_000n)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('by hand', () => {
  const cents = (cart: PricedCart) => cart.lineItems.map(item => item.amountDiscount / 1_000_000n)

  test('ten percent of 0.99 and a tax of 19 % on what is left, in cents', () => {
    const cart = price([line(99_000_000n, 1, [rate(190_000, 'exclusive')])], {
      discount: percent(100_000),
      step: 1_000_000n,
    })
    assert.deepEqual([cart.amountDiscount, cart.amountTax, cart.amountTotal], [9_000_000n, 17_000_000n, 107_000_000n])
  })

  test('an amount off is divided by the subtotals, and the cents that are left go to the largest remainders', () => {
    const lines = [line(100_000_000n), line(200_000_000n), line(400_000_000n)]
    assert.deepEqual(cents(price(lines, { discount: off(100_000_000n), step: 1_000_000n })), [14n, 29n, 57n])
    const equal = [line(100_000_000n), line(100_000_000n), line(100_000_000n)]
    assert.deepEqual(cents(price(equal, { discount: off(100_000_000n), step: 1_000_000n })), [34n, 33n, 33n])
  })

  test('a coupon of more than the cart makes it free, whatever taxes and fee', () => {
    const cart = price([line(500n, 3, [rate(190_000, 'exclusive')])], { discount: off(10_000n), feePpm: 30_000 })
    assert.deepEqual([cart.amountDiscount, cart.amountTax, cart.amountFee, cart.amountTotal], [1500n, 0n, 0n, 0n])
  })

  test('an included tax is part of the price and changes no sum; an added one beside it is of the price without it', () => {
    const cart = price([line(119_00000000n, 1, [rate(190_000, 'inclusive'), rate(100_000, 'exclusive')])], {
      step: 1_000_000n,
    })
    assert.deepEqual(
      cart.lineItems[0]?.taxes.map(({ amount }) => amount),
      ['1900000000', '1000000000'],
    )
    assert.deepEqual([cart.amountTax, cart.amountTotal], [10_00000000n, 129_00000000n])
  })

  test('the fee is of what is left with its taxes, and rounded up', () => {
    const cart = price([line(100_00000000n)], { discount: percent(333_333), feePpm: 10_000, step: 1_000_000n })
    assert.deepEqual([cart.amountDiscount, cart.amountFee, cart.amountTotal], [33_33000000n, 67_000000n, 67_34000000n])
  })

  test('an open price is nothing until something is chosen', () => {
    const open = { ...line(0n), price: { ...line(0n).price, unitAmount: null } }
    assert.equal(price([open]).amountTotal, 0n)
    assert.equal(price([{ ...open, quantity: 2, unitAmount: 7n }]).amountTotal, 14n)
  })

  test('what no amount can hold is refused', () => {
    assert.throws(() => price([line(AMOUNT_MAX), line(1n)]), { code: 'amount_too_large' })
    assert.throws(() => price([line(AMOUNT_MAX)], { feePpm: 1 }), { code: 'amount_too_large' })
  })

  test('the step is that of the coarsest coin, or the cent', () => {
    assert.deepEqual(
      [priceStep('usdc', [6, 18]), priceStep('eth', [18]), priceStep('eur', [6])],
      [100n, 1n, 1_000_000n],
    )
  })
})
