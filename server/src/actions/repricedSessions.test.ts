// Sessions that payers change before they pay: whatever they do, nothing of the money is off.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { asPayer, newCode, newLine, newSession } from '../../test/harness/sessionFixtures.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { readAsWorker } from '../store/database.ts'
import { changeDiscount } from './changeDiscount.ts'
import { getCheckoutSession } from './getCheckoutSession.ts'
import { proveSessions } from './proveSessions.ts'

let ctx: FreshContext
let api: ApiCaller
let chain: RecordedChain
let taxRateId: string
let codes: string[]
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
  chain = await recordChain(ctx)
  await api.ok('PUT', '/organization/payment-setting', { applyFee: true, feePercentage: 1.5 })
  taxRateId = `${(await api.ok('POST', '/tax-rates', { name: 'VAT', percentage: 19 })).id}`
  codes = [
    await newCode(api, { percentOff: 10 }),
    await newCode(api, { percentOff: 33.33 }),
    await newCode(api, { percentOff: 100 }),
  ]
})
after(() => ctx.close())

async function stored({ id }: { id: string }): Promise<CheckoutSession> {
  const seen = await getCheckoutSession(ctx, api.caller.organizationId, id)
  assert.ok(seen)
  return seen.found
}

/** What of a session is about money. */
function moneyOf({ assets, lineItems, intent, ...session }: CheckoutSession) {
  const { amountSubtotal, amountDiscount, amountTax, amountFee, amountTotal, valueUsd, discount } = session
  const lines = lineItems.map(line => [line.amountSubtotal, line.amountDiscount, line.amountTax, line.amountTotal])
  const dues = assets.map(({ asset, amount, amountRaw, policy }) => ({ id: asset.id, amount, amountRaw, policy }))
  const sums = { amountSubtotal, amountDiscount, amountTax, amountFee, amountTotal, valueUsd }
  return { ...sums, code: discount?.code ?? null, lines, dues: new Set(dues) }
}

async function assertProven({ id }: CheckoutSession): Promise<void> {
  const { differences } = await readAsWorker(ctx.db, tx => proveSessions(tx, ctx, [id]))
  assert.deepEqual(differences, [])
  const { rows } = await ctx.db.owner.query<{ is_same: boolean }>(
    'select i.amount = s.amount_total as is_same from checkout_sessions s join payment_intents i on i.checkout_session_id = s.id where s.id = $1',
    [id],
  )
  assert.deepEqual(rows, [{ is_same: true }])
}

const cents = fc.bigInt({ min: 1n, max: 1_000_00n }).map(amount => amount * 1_000_000n)
const carts = fc.record({
  currency: fc.constantFrom('usdc', 'usd', 'eur'),
  unitAmounts: fc.array(cents, { minLength: 1, maxLength: 3 }),
  isTaxed: fc.boolean(),
  /** The codes that the payer takes one after the other, null to remove the one in force. */
  taken: fc.array(fc.constantFrom(0, 1, 2, null), { maxLength: 4 }),
  /** What of the first coin is paid at once, in parts of a hundred; the rest follows. */
  part: fc.integer({ min: 0, max: 100 }),
})

test('however a payer takes and removes codes, the session is what it had been had it been made so, is paid exactly, and proven', async () => {
  await fc.assert(
    fc.asyncProperty(carts, async ({ currency, unitAmounts, isTaxed, taken, part }) => {
      const asked = {
        lineItems: unitAmounts.map(unitAmount => newLine({ currency, unitAmount: `${unitAmount}` })),
        ...(isTaxed && { taxRateIds: [taxRateId] }),
        allowPromotionCodes: true,
      }
      const made = await newSession(api, asked)
      // By the action itself: so many codes from one address are refused as guesses.
      for (const index of taken)
        await changeDiscount(ctx, await stored(made), (index === null ? null : codes[index]) ?? null)
      const session = await stored(made)
      const last = taken.at(-1) ?? null
      const defaultPromotionCode = last === null ? null : codes[last]
      assert.deepEqual(
        moneyOf(session),
        moneyOf(await stored(await newSession(api, { ...asked, defaultPromotionCode }))),
      )
      await assertProven(session)

      const before = chain.tip()
      const [row] = session.assets
      if (row === undefined) {
        assert.equal(session.amountTotal, 0n)
        await asPayer(api, made, 'mark-session-complete-for-zero-amount')
      } else {
        const first = (row.amountRaw * BigInt(part)) / 100n
        for (const [index, amountRaw] of [first, row.amountRaw - first].entries()) {
          const payment = { asset: row.asset.address, amountRaw, tx: `${made.id} ${index}` }
          if (amountRaw > 0n) await chain.mine(block => [paymentTo(session, block, payment)], made.id)
        }
        assert.notEqual((await stored(made)).status, 'complete')
        for (let count = 1; count < 3; count++) await chain.mine(undefined, made.id)
      }
      const paid = await stored(made)
      assert.deepEqual([paid.status, paid.exceptions], ['complete', []])
      assert.equal(paid.intent.amountReceived ?? 0n, session.amountTotal)
      await assertProven(paid)
      await chain.goBackTo(before)
      await assertProven(paid)
    }),
    { numRuns: 20 },
  )
})
