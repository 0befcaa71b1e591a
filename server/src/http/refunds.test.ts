import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import {
  createSession,
  eventTypes,
  hashFor,
  paymentTo,
  type RecordedChain,
  readSession,
  recordChain,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { checksumAddress } from '../domain/address.ts'
import type { Asset } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import { pageSchema } from './list.ts'
import { refundSchema } from './refunds.ts'

type Json = Record<string, unknown>

const ABSENT = '00000000-0000-7000-8000-000000000000'
const WALLET: Hex = `0x${'9a'.repeat(20)}`
// Who pays in hand-made blocks.
const PAYER: Hex = `0x${'aa'.repeat(20)}`
const HOUR = 3_600_000

let ctx: FreshContext
let chain: RecordedChain
let other: RecordedChain
before(async () => {
  ctx = await openFreshContext({ chains: [testChainConfig(), testChainConfig({ chainId: 80002 })] })
  chain = await recordChain(ctx, 80001)
  other = await recordChain(ctx, 80002)
})
after(() => ctx.close())

/** A session of 10 USDC that is paid by `payments`, all of it final. */
async function paidSession(api: ApiCaller, ...payments: NonNullable<Parameters<typeof paymentTo>[2]>[]) {
  const session = await createSession(ctx, api.caller)
  for (const [chainId, recorded] of [
    [80001, chain],
    [80002, other],
  ] as const) {
    const mine = payments.filter(payment => (payment.chainId ?? 80001) === chainId)
    await recorded.mine(header =>
      mine.map((payment, logIndex) =>
        paymentTo(session, header, { tx: `${session.id} ${chainId} ${logIndex}`, logIndex, ...payment }),
      ),
    )
    for (let block = 0; block < 3; block++) await recorded.mine()
  }
  return await readSession(ctx, session)
}

function usdcOn(chainId: number): Asset {
  return testChainConfig({ chainId }).assets[0] as Asset
}

const create = async (api: ApiCaller, body: Json) => {
  // Lists are in the order of time.
  ctx.clock.advance(1)
  const refund = await api.ok('POST', '/refunds', { toAddress: WALLET, ...body })
  assert.deepEqual(refundSchema.strict().parse(refund), refund)
  return refund
}
const refused = (api: ApiCaller, body: Json) => api.refused('POST', '/refunds', { toAddress: WALLET, ...body })

describe('creating', () => {
  test('a refund of all that was paid, with the call for the wallet and its event', async () => {
    const api = await openApiCaller(ctx)
    const session = await paidSession(api, {})
    const usdc = usdcOn(80001)
    const refund = await create(api, { paymentIntentId: session.intent.id, reason: 'Broken on arrival' })
    const { id, call, ...rest } = refund
    const now = ctx.clock.now().toISOString()
    assert.deepEqual(rest, {
      createdAt: now,
      updatedAt: now,
      organizationId: api.caller.organizationId,
      checkoutSessionId: session.id,
      paymentIntentId: session.intent.id,
      unmatchedPaymentId: null,
      amount: '1000000000',
      amountRaw: '10000000',
      assetId: usdc.id,
      toAddress: WALLET,
      reason: 'Broken on arrival',
      status: 'requires_signature',
      failure: null,
      transactionHash: null,
    })
    const data = `0xa9059cbb${WALLET.slice(2).padStart(64, '0')}${10_000_000n.toString(16).padStart(64, '0')}`
    assert.deepEqual(call, { chainId: 80001, to: usdc.address, data, value: '0' })
    assert.deepEqual(await eventTypes(ctx, String(id)), ['refund.created'])
    assert.deepEqual(await api.ok('GET', `/refunds/${id}`), refund)
  })

  test('never more than was received and is final, less what others give back', async () => {
    const api = await openApiCaller(ctx)
    const { intent } = await paidSession(api, { amountRaw: 6_000_000n })
    const of = { paymentIntentId: intent.id }
    assert.equal(await refused(api, { ...of, amount: '600000100' }), '400 refund_too_large amount')
    assert.equal(await refused(api, { ...of, amount: '1' }), '400 amount_scale amount')
    const first = await create(api, { ...of, amount: '400000000' })
    assert.equal(await refused(api, { ...of, amount: '200000100' }), '400 refund_too_large amount')
    assert.equal((await create(api, of)).amount, '200000000')
    assert.equal(await refused(api, of), '409 nothing_to_refund')
    await api.ok('POST', `/refunds/${first.id}/cancel`)
    assert.equal((await create(api, of)).amount, '400000000')
  })

  test('many at the same moment add up to no more than was received', async () => {
    const api = await openApiCaller(ctx)
    const { intent } = await paidSession(api, {})
    const body = { paymentIntentId: intent.id, toAddress: WALLET, amount: '300000000' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call('POST', '/refunds', body)))
    const told = answers.map(({ status, answer }) => `${status} ${answer.code ?? answer.amount}`).sort()
    const expected = [...Array(3).fill('200 300000000'), ...Array(5).fill('400 refund_too_large')]
    assert.deepEqual(told, expected)
  })

  test('one for each asset that was paid in', async () => {
    const api = await openApiCaller(ctx)
    const { intent } = await paidSession(api, { amountRaw: 6_000_000n }, { chainId: 80002, amountRaw: 4_000_000n })
    const of = { paymentIntentId: intent.id }
    assert.equal(await refused(api, of), '400 asset_required assetId')
    const usdc = usdcOn(80002)
    const refund = await create(api, { ...of, assetId: usdc.id })
    assert.deepEqual([refund.amount, (refund.call as Json).chainId], ['400000000', 80002])
    assert.equal((await create(api, of)).amount, '600000000')
  })

  test('an unmatched payment is given back by itself, and is then open until that has happened', async () => {
    const api = await openApiCaller(ctx)
    const session = await paidSession(api, {})
    ctx.clock.advance(3 * HOUR)
    await chain.mine(header => [paymentTo(session, header, { tx: `late ${session.id}`, amountRaw: 7_000_000n })])
    const unmatched = async () =>
      (await api.ok('GET', `/unmatched-payments?checkoutSessionId=${session.id}`)).data as Json[]
    const [late] = await unmatched()
    const of = { unmatchedPaymentId: late?.id }
    assert.equal(await refused(api, of), '409 nothing_to_refund')
    for (let block = 0; block < 3; block++) await chain.mine()
    const refund = await create(api, of)
    assert.deepEqual([refund.amount, refund.unmatchedPaymentId], ['700000000', late?.id])
    assert.equal((await unmatched())[0]?.status, 'open')
    const resolve = `/unmatched-payments/${late?.id}/resolve`
    assert.equal(await api.refused('POST', resolve, { resolution: 'swept' }), '409 payment_resolved')
    await api.ok('POST', `/refunds/${refund.id}/cancel`)
    await api.ok('POST', resolve, { resolution: 'swept' })
    assert.equal(await refused(api, of), '409 payment_resolved unmatchedPaymentId')
  })

  test('B7.9: to where a payment came from, or what looks like it, only when it is typed in twice', async () => {
    const api = await openApiCaller(ctx)
    const { intent } = await paidSession(api, {})
    const of = { paymentIntentId: intent.id, amount: '100000000' }
    const alike: Hex = `${PAYER.slice(0, 6)}${'bb'.repeat(16)}${PAYER.slice(-4)}` as Hex
    for (const toAddress of [PAYER, checksumAddress(PAYER), alike]) {
      assert.equal(await refused(api, { ...of, toAddress }), '400 address_unconfirmed confirmToAddress')
      const wrong = { ...of, toAddress, confirmToAddress: WALLET }
      assert.equal(await refused(api, wrong), '400 address_unconfirmed confirmToAddress')
      assert.equal(
        (await create(api, { ...of, toAddress, confirmToAddress: toAddress })).toAddress,
        toAddress.toLowerCase(),
      )
    }
    assert.equal((await create(api, of)).toAddress, WALLET)
  })

  test('nowhere from where money never comes back', async () => {
    const api = await openApiCaller(ctx)
    const { intent, deposit } = await paidSession(api, {})
    const foreign = await createSession(ctx, (await openApiCaller(ctx)).caller)
    const usdc = usdcOn(80001)
    for (const toAddress of [
      deposit.address,
      foreign.deposit.address,
      deposit.factory,
      usdc.address,
      `0x${'0'.repeat(40)}`,
    ]) {
      assert.equal(await refused(api, { paymentIntentId: intent.id, toAddress }), '400 address_forbidden toAddress')
    }
    const wrong = '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    assert.equal(await refused(api, { paymentIntentId: intent.id, toAddress: wrong }), '400 address_checksum toAddress')
  })

  test("what is another's is as absent as what never was", async () => {
    const [api, foreign] = [await openApiCaller(ctx), await openApiCaller(ctx)]
    const { intent } = await paidSession(api, {})
    for (const id of [intent.id, ABSENT]) {
      assert.equal(await refused(foreign, { paymentIntentId: id }), '400 parameter_invalid paymentIntentId')
    }
    assert.equal(await refused(foreign, { unmatchedPaymentId: ABSENT }), '400 parameter_invalid unmatchedPaymentId')
    assert.equal(await refused(api, {}), '400 parameter_invalid paymentIntentId')
    const both = { paymentIntentId: intent.id, unmatchedPaymentId: ABSENT }
    assert.equal(await refused(api, both), '400 parameter_invalid paymentIntentId')
  })
})

describe('its steps', () => {
  test('it is canceled while it was not sent, and submitted once', async () => {
    const api = await openApiCaller(ctx)
    const { intent } = await paidSession(api, {})
    const of = { paymentIntentId: intent.id, amount: '100000000' }
    const canceled = await create(api, of)
    ctx.clock.advance(1000)
    const updatedAt = ctx.clock.now().toISOString()
    const gone = await api.ok('POST', `/refunds/${canceled.id}/cancel`)
    assert.deepEqual(gone, { ...canceled, status: 'canceled', updatedAt })
    const hash = hashFor('refund')
    const sent = { transactionHash: `0x${hash.slice(2).toUpperCase()}` }
    for (const step of ['cancel', 'submit']) {
      const body = step === 'submit' ? sent : undefined
      assert.equal(await api.refused('POST', `/refunds/${canceled.id}/${step}`, body), '409 refund_not_open')
    }
    const refund = await create(api, of)
    const submitted = await api.ok('POST', `/refunds/${refund.id}/submit`, sent)
    assert.deepEqual(submitted, { ...refund, status: 'submitted', transactionHash: hash })
    assert.deepEqual(await api.ok('POST', `/refunds/${refund.id}/submit`, sent), submitted)
    assert.equal(await api.refused('POST', `/refunds/${refund.id}/cancel`), '409 refund_not_open')
    const bad = { transactionHash: '0x12' }
    assert.equal(
      await api.refused('POST', `/refunds/${refund.id}/submit`, bad),
      '400 parameter_invalid transactionHash',
    )
  })

  test('lists are narrowed, paged and kept apart', async () => {
    const [api, foreign] = [await openApiCaller(ctx), await openApiCaller(ctx)]
    const [one, two] = [await paidSession(api, {}), await paidSession(api, {})]
    const first = await create(api, { paymentIntentId: one.intent.id })
    const second = await create(api, { paymentIntentId: two.intent.id })
    await api.ok('POST', `/refunds/${first.id}/cancel`)
    const ids = async (query: string) => {
      const page = await api.ok('GET', `/refunds?${query}`)
      assert.deepEqual(pageSchema(refundSchema.strict()).parse(page), page)
      return (page.data as Json[]).map(({ id }) => id)
    }
    assert.deepEqual(await ids(''), [second.id, first.id])
    assert.deepEqual(await ids('status=canceled'), [first.id])
    assert.deepEqual(await ids(`paymentIntentId=${two.intent.id}`), [second.id])
    assert.deepEqual(await ids(`ids=${first.id}`), [first.id])
    assert.deepEqual(await ids(`startingAfter=${second.id}`), [first.id])
    assert.deepEqual((await foreign.ok('GET', '/refunds')).data, [])
    const refusal = await foreign.refused('GET', `/refunds?startingAfter=${first.id}`)
    assert.equal(refusal, '400 cursor_invalid startingAfter')
    assert.match(await api.refused('GET', '/refunds?status=lost'), /^400 parameter_invalid/)
  })

  test("another's refund is as absent as one that never was, whatever is done to it", async () => {
    const [api, foreign] = [await openApiCaller(ctx), await openApiCaller(ctx)]
    const refund = await create(api, { paymentIntentId: (await paidSession(api, {})).intent.id })
    for (const id of [refund.id, ABSENT]) {
      assert.equal(await foreign.refused('GET', `/refunds/${id}`), '404 resource_missing')
      assert.equal(await foreign.refused('POST', `/refunds/${id}/cancel`), '404 resource_missing')
      const body = { transactionHash: hashFor('x') }
      assert.equal(await foreign.refused('POST', `/refunds/${id}/submit`, body), '404 resource_missing')
    }
    assert.deepEqual(await api.ok('GET', `/refunds/${refund.id}`), refund)
  })

  test('keys are replayed, and what a key may do is checked', async () => {
    const api = await openApiCaller(ctx)
    const { intent } = await paidSession(api, {})
    const body = { paymentIntentId: intent.id, toAddress: WALLET }
    const once = { 'idempotency-key': 'refund' }
    const first = await api.call('POST', '/refunds', body, once)
    const again = await api.call('POST', '/refunds', body, once)
    assert.deepEqual([first.status, again.answer], [200, first.answer])
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    const { id } = first.answer
    const sent = { transactionHash: hashFor('once') }
    const done = await api.call('POST', `/refunds/${id}/submit`, sent, { 'idempotency-key': 'submit' })
    const repeated = await api.call('POST', `/refunds/${id}/submit`, sent, { 'idempotency-key': 'submit' })
    assert.deepEqual([done.status, repeated.answer], [200, done.answer])
    assert.equal(repeated.headers.get('idempotent-replayed'), 'true')
    const reader = await openApiCaller(ctx, { of: api.caller, key: ['refunds:read'] })
    assert.equal((await reader.ok('GET', `/refunds/${id}`)).id, id)
    assert.equal(await reader.refused('POST', '/refunds', body), '403 insufficient_permissions')
    const writer = await openApiCaller(ctx, { of: api.caller, key: ['refunds:write'] })
    assert.equal(await writer.refused('GET', '/refunds'), '403 insufficient_permissions')
    const page = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    assert.equal(await page.refused('POST', '/refunds', body), '403 key_type')
    assert.equal(await page.refused('GET', '/refunds'), '403 key_type')
  })
})
