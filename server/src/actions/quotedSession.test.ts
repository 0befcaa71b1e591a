// Sessions that are priced in a state currency: what is due in each coin, and that the coins together pay it exactly.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  paymentTo,
  type RecordedChain,
  readSession,
  recordChain,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { fixedRates, type Rates } from '../chain/rates.ts'
import { NATIVE } from '../domain/asset.ts'
import { partsOf, reaches, sharesOf } from '../domain/completion.ts'
import type { Currency } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { toRaw } from '../domain/money.ts'
import { quotedDues } from '../domain/payableAssets.ts'
import { parseUsd, type Rate } from '../domain/rate.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'

const usd = (text: string) => parseUsd(text) ?? 0n
const TABLE = { usdc: usd('0.9998'), usdt: usd('1'), dai: usd('1.0001'), eth: usd('2500.1'), eur: usd('1.08') }

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
let chain: RecordedChain

before(async () => {
  database = await createTestDatabase()
  ctx = await openBareContext(database.url, {
    chains: [testChainConfig(), testChainConfig({ chainId: 80002 })],
    rates: fixedRates(TABLE),
  })
  caller = await createOrganization(ctx)
  chain = await recordChain(ctx)
  await recordChain(ctx, 80002)
})
after(async () => {
  await ctx.close()
  await database.drop()
})

const dues = ({ assets }: CheckoutSession) =>
  assets.map(({ asset, amount, amountRaw }) => `${asset.chainId} ${asset.currency} ${amount} ${amountRaw}`)

describe('a session in dollars', () => {
  test('is payable in every coin of its chains, each with its own amount, the preferred chain first', async () => {
    const session = await createSession(ctx, caller, { currency: 'usd', amount: 100_00000000n })
    assert.deepEqual(dues(session), [
      '80001 usdc 10002000500 100020005',
      '80001 usdt 10000000000 100000000',
      '80001 dai 9999000100 99990001000000000000',
      '80001 eth 3999841 39998410000000000',
      '80002 usdc 10002000500 100020005',
      '80002 usdt 10000000000 100000000',
      '80002 dai 9999000100 99990001000000000000',
      '80002 eth 3999841 39998410000000000',
    ])
    assert.equal(session.amountTotal, 100_00000000n)
    assert.equal(session.currency, 'usd')
    assert.equal(session.valueUsd, 100_00000000n)
  })
  test('keeps its amounts and the rates that they were locked with', async () => {
    const session = await createSession(ctx, caller, { currency: 'eur', amount: 10_00000000n })
    const kept = await readSession(ctx, session)
    assert.deepEqual(kept.assets, session.assets)
    assert.equal(kept.valueUsd, 10_80000000n)
    const eth = kept.assets.find(({ asset }) => asset.address === NATIVE)
    assert.deepEqual(eth?.quote, {
      fromUsd: '1.08',
      toUsd: '2500.1',
      sources: ['test table'],
      at: ctx.clock.now().toISOString(),
    })
  })
  test('is payable in the coins that the organization takes', async () => {
    const strict = { ...caller, allowedCurrencies: ['eth' as const, 'pol' as const] }
    const session = await createSession(ctx, strict, { currency: 'usd', chainIds: [80001] })
    assert.deepEqual(
      session.assets.map(({ asset }) => asset.currency),
      ['eth'],
    )
    const coin = await createSession(ctx, strict, { currency: 'usdc', chainIds: [80001] })
    assert.deepEqual(
      coin.assets.map(({ asset }) => asset.currency),
      ['usdc'],
      'a price in a coin is paid in that coin',
    )
  })
  test('is refused where the organization takes no coin of its chains', async () => {
    const none = createSession(ctx, { ...caller, allowedCurrencies: ['btc'] }, { currency: 'usd' })
    await assert.rejects(none, error => error instanceof AppError && error.code === 'currency_unsupported')
  })
})

describe('sources', () => {
  const withRates = (rates: Rates) => ({ ...ctx, rates })
  const unavailable = (error: unknown) =>
    error instanceof AppError && error.code === 'rate_unavailable' && error.retryAfterS === 5

  test('a coin that they do not agree on is left out', async () => {
    const session = await createSession(withRates(fixedRates({ eth: TABLE.eth })), caller, { currency: 'usd' })
    assert.deepEqual([...new Set(session.assets.map(({ asset }) => asset.currency))], ['eth'])
  })
  test('G38, F73: without any rate a price in dollars is refused, one in a coin is not', async () => {
    const silent = withRates(fixedRates({}))
    await assert.rejects(createSession(silent, caller, { currency: 'usd' }), unavailable)
    assert.equal((await createSession(silent, caller)).status, 'open')
  })
  test('F73: a single source is none', async () => {
    const alone: Rates = {
      ask: async (currencies, at) =>
        new Map(currencies.map(each => [each, [{ source: 'a', usd: usd('1'), at, maxAgeMs: 1 }]] as const)),
    }
    await assert.rejects(createSession(withRates(alone), caller, { currency: 'usd' }), unavailable)
  })
  test('a price in euros needs the rate of the euro', async () => {
    const { eur, ...coins } = TABLE
    assert.ok(eur)
    await assert.rejects(createSession(withRates(fixedRates(coins)), caller, { currency: 'eur' }), unavailable)
  })
  test('what would be more than 2^63 − 1 of a coin is refused', async () => {
    const cheap = withRates(fixedRates({ usdc: usd('0.001') }))
    const asked = createSession(cheap, caller, { currency: 'usd', amount: 90_000_000_000_00000000n })
    await assert.rejects(asked, error => error instanceof AppError && error.code === 'amount_too_large')
  })
})

describe('paid in two coins', () => {
  const rowOf = (session: CheckoutSession, address: Hex) => {
    const row = session.assets.find(({ asset }) => asset.address === address && asset.chainId === 80001)
    assert.ok(row)
    return row
  }
  const USDC = testChainConfig().assets[0]?.address ?? NATIVE

  /** Pays half of what is due in USDC and the other half, less `shortRaw` wei, in ether, and confirms both. */
  async function payHalves(session: CheckoutSession, shortRaw: bigint) {
    const usdcRaw = rowOf(session, USDC).amountRaw
    const ethRaw = rowOf(session, NATIVE).amountRaw
    assert.equal(usdcRaw % 2n, 0n)
    assert.equal(ethRaw % 2n, 0n)
    const before = chain.tip()
    await chain.mine(block => [
      paymentTo(session, block, { amountRaw: usdcRaw / 2n, tx: `usdc of ${session.id}` }),
      paymentTo(session, block, { asset: NATIVE, amountRaw: ethRaw / 2n - shortRaw, tx: `eth of ${session.id}` }),
    ])
    await chain.mine()
    await chain.mine()
    return before
  }
  const open = async (by = caller) => {
    // 30.006002 USDC and 0.01199553 ETH at these rates: both can be halved.
    return await createSession(ctx, by, { currency: 'usd', amount: 30_00000000n })
  }

  test('two halves complete exactly', async () => {
    const session = await open()
    await payHalves(session, 0n)
    const paid = await readSession(ctx, session)
    assert.equal(paid.status, 'complete')
    assert.deepEqual(paid.exceptions, [])
    assert.equal(paid.intent.amountReceived, 30_00000000n, 'in dollars')
  })
  test('one wei less does not complete', async () => {
    const session = await open()
    await payHalves(session, 1n)
    const short = await readSession(ctx, session)
    assert.equal(short.status, 'incomplete')
    assert.deepEqual(short.exceptions, ['underpaid'])
    assert.equal(short.intent.amountReceived, 29_99999999n)
    await chain.mine(block => [
      paymentTo(session, block, { asset: NATIVE, amountRaw: 1n, tx: `rest of ${session.id}` }),
    ])
    await chain.mine()
    await chain.mine()
    assert.equal((await readSession(ctx, session)).status, 'complete')
  })
  test('what is within the tolerance completes', async () => {
    const lenient = { ...caller, toleranceBps: 1 }
    const session = await open(lenient)
    const ethRaw = rowOf(session, NATIVE).amountRaw
    await payHalves(session, ethRaw / 10_000n)
    assert.equal((await readSession(ctx, session)).status, 'complete')
    const other = await open(lenient)
    await payHalves(other, ethRaw / 10_000n + 1n)
    assert.equal((await readSession(ctx, other)).status, 'incomplete')
  })
  test('a reorg takes both away, and the same amounts are due in the same coins as before', async () => {
    const session = await open()
    const ancestor = await payHalves(session, 0n)
    assert.equal((await readSession(ctx, session)).status, 'complete')
    await chain.goBackTo(ancestor)
    const lost = await readSession(ctx, session)
    assert.equal(lost.status, 'open')
    assert.deepEqual(lost.assets, session.assets)
    const types = await eventTypes(ctx, session.id)
    assert.ok(types.includes('checkout_session.reverted'), types.join())
    await payHalves(session, 0n)
    assert.equal((await readSession(ctx, session)).status, 'complete')
  })
})

test('P7: whatever the rates, parts of several coins complete exactly when their shares add up to one', () => {
  const price = fc.bigInt({ min: usd('0.01'), max: usd('100000') })
  const assets = testChainConfig().assets
  fc.assert(
    fc.property(fc.array(price, { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 9_999 }), (prices, part) => {
      const at = new Date(0)
      const rateOf = (currency: Currency, usd: bigint): [Currency, Rate] => {
        return [currency, { currency, usd, sources: [], fetchedAt: at }]
      }
      const coins = assets.map(({ currency }, index) => rateOf(currency, prices[index] ?? 1n))
      const rows = quotedDues(assets, 50_00000000n, 'usd', new Map([...coins, rateOf('usd', usd('1'))])).map(due => ({
        asset: due.asset,
        amountRaw: toRaw(due.amount, due.asset.decimals),
      }))
      const shares = sharesOf({ amountTotal: 50_00000000n, assets: rows, toleranceBps: 0, expiresAt: at, haltedMs: 0 })
      const [first, second] = rows
      if (first === undefined || second === undefined) throw new Error('two coins have rates')
      const paidRaw = (first.amountRaw * BigInt(part)) / 10_000n
      // What is left of the whole, in the second coin, rounded up.
      const restRaw = ((first.amountRaw - paidRaw) * second.amountRaw + first.amountRaw - 1n) / first.amountRaw
      const parts = (amountRaw: bigint) =>
        partsOf(
          [
            { assetId: first.asset.id, amountRaw: paidRaw },
            { assetId: second.asset.id, amountRaw },
          ],
          shares,
        )
      assert.equal(reaches(parts(restRaw), shares.due), true)
      assert.equal(reaches(parts(restRaw - 1n), shares.due), false)
    }),
    { numRuns: 300 },
  )
})
