import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { createSession, hashFor, paymentTo, type RecordedChain, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { paymentIntentSchema, transaction } from './paymentObjects.ts'

type Json = Record<string, unknown>

const ABSENT = '00000000-0000-7000-8000-000000000000'
const WALLET = `0x${'9a'.repeat(20)}`

let ctx: FreshContext
let chain: RecordedChain
before(async () => {
  ctx = await openFreshContext()
  chain = await recordChain(ctx)
})
after(() => ctx.close())

const data = async (api: ApiCaller, path: string) => (await api.ok('GET', path)).data as Json[]
const ids = (rows: Json[]) => rows.map(({ id }) => id)

/** What tells blocks apart from those that a reorg took from their places. */
let branch = 'a'

async function loseAfter(ancestor: ReturnType<RecordedChain['tip']>) {
  await chain.goBackTo(ancestor)
  branch += 'a'
}

/** A session of 10 USDC, made a moment later. */
async function newSession(api: ApiCaller): Promise<CheckoutSession> {
  ctx.clock.advance(1)
  return await createSession(ctx, api.caller)
}

/** Records a payment of `amountRaw`, the whole price unless told, and, unless it is to stay pending, the blocks that make it final. */
async function pay(session: CheckoutSession, options: { amountRaw?: bigint; tx?: string; isPending?: boolean } = {}) {
  const { isPending = false, ...payment } = options
  const block = await chain.mine(header => [paymentTo(session, header, payment)], branch)
  for (let more = 0; more < (isPending ? 0 : 2); more++) await chain.mine(() => [], branch)
  return block
}

/** Records that all of a paid session left for the merchant's wallet. */
async function sweep(session: CheckoutSession) {
  await chain.mine(header => {
    const from = session.deposit.address
    const to = session.deposit.payouts[0]?.receiver ?? assert.fail()
    return [{ ...paymentTo(session, header), from, to, place: '9', txHash: hashFor(`sweep of ${session.id}`) }]
  }, branch)
}

describe('payment intents', () => {
  test('one is read as its session shows it, with every payment', async () => {
    const api = await openApiCaller(ctx)
    const session = await newSession(api)
    await pay(session, { amountRaw: 4_000_000n })
    const intent = await api.ok('GET', `/payment-intents/${session.intent.id}`)
    assert.deepEqual(paymentIntentSchema.strict().parse(intent), intent)
    assert.deepEqual(intent, (await api.ok('GET', `/checkout/sessions/${session.id}`)).paymentIntent)
    assert.deepEqual([intent.amount, intent.amountReceived], ['1000000000', '400000000'])
    const [payment] = intent.transactions as Json[]
    assert.deepEqual(
      [payment?.type, payment?.checkoutSessionId, payment?.paymentIntentId, payment?.amountRaw],
      ['incoming', session.id, intent.id, '4000000'],
    )
  })

  test('lists: newest first, by page, by cursor while others come, by status and customer', async () => {
    const api = await openApiCaller(ctx)
    const sessions = [await newSession(api), await newSession(api), await newSession(api)].reverse()
    const intents = sessions.map(({ intent }) => intent.id)
    const list = async (query: string) => ids(await data(api, `/payment-intents${query}`))
    assert.deepEqual(await list(''), intents)
    assert.deepEqual(await list('?limit=1&page=2'), [intents[1]])
    await newSession(api)
    assert.deepEqual(await list(`?limit=2&startingAfter=${intents[0]}`), intents.slice(1))
    assert.deepEqual(await list(`?ids=${intents[2]},${ABSENT}`), [intents[2]])
    const moment = encodeURIComponent(String(sessions[1]?.createdAt.toISOString()))
    assert.deepEqual(await list(`?createdAt[lte]=${moment}`), intents.slice(1))

    await pay(sessions[1] as CheckoutSession)
    await pay(sessions[2] as CheckoutSession, { isPending: true })
    assert.deepEqual(await list('?status=succeeded'), [intents[1]])
    assert.deepEqual(await list('?status=processing'), [intents[2]])
    assert.deepEqual(await list('?status=requires_capture'), [])
    await ctx.db.owner.query('update checkout_sessions set customer_id = $1 where id = $2', [ABSENT, sessions[0]?.id])
    assert.deepEqual(await list(`?customerId=${ABSENT}`), [intents[0]])

    for (const [query, refusal] of [
      ['?status=paid', 'parameter_invalid status'],
      ['?customerId=7', 'parameter_invalid customerId'],
      [`?startingAfter=${ABSENT}`, 'cursor_invalid startingAfter'],
      ['?paid=true', 'parameter_unknown paid'],
    ]) {
      assert.equal(await api.refused('GET', `/payment-intents${query}`), `400 ${refusal}`)
    }
  })

  test('what was paid can be marked as refunded, once, and the session says so', async () => {
    const api = await openApiCaller(ctx)
    const session = await newSession(api)
    const path = `/payment-intents/${session.intent.id}`
    const mark = `${path}/mark-as-refund`
    assert.equal(await api.refused('POST', mark), '409 nothing_to_refund')
    await pay(session)
    const before = await api.ok('GET', path)
    ctx.clock.advance(1000)
    const at = ctx.clock.now().toISOString()
    const marked = await api.ok('POST', mark, { markRefundedComment: 'By bank transfer' })
    const noted = { isMarkRefunded: true, markRefundedAt: at, markRefundedComment: 'By bank transfer' }
    assert.deepEqual(marked, { ...before, ...noted })
    assert.deepEqual(paymentIntentSchema.strict().parse(marked), marked)
    ctx.clock.advance(1000)
    assert.deepEqual(await api.ok('POST', mark), marked)
    assert.deepEqual(await api.ok('POST', mark, { markRefundedComment: 'Another' }), marked)
    assert.deepEqual(await api.ok('GET', path), marked)
    const seen = await api.ok('GET', `/checkout/sessions/${session.id}`)
    assert.deepEqual([seen.isMarkRefunded, seen.paymentIntent], [true, marked])
    assert.equal(await api.refused('POST', mark, { comment: 'x' }), '400 parameter_unknown comment')
    const long = { markRefundedComment: 'x'.repeat(501) }
    assert.equal(await api.refused('POST', mark, long), '400 too_long markRefundedComment')
  })

  test('what the merchant notes of it is not for the payer', async () => {
    const api = await openApiCaller(ctx)
    const session = await newSession(api)
    await pay(session)
    await api.ok('POST', `/payment-intents/${session.intent.id}/mark-as-refund`, { markRefundedComment: 'Chargeback?' })
    const seen = await api.ok('GET', `/payment-pages/for-checkout-session/${session.id}`)
    assert.equal(seen.isMarkRefunded, true)
    assert.ok(!JSON.stringify(seen).includes('Chargeback?'))
  })

  test('marked by many at once, the first one counts; what is on its way or came late can be given back too', async () => {
    const api = await openApiCaller(ctx)
    const session = await newSession(api)
    const mark = `/payment-intents/${session.intent.id}/mark-as-refund`
    await pay(session, { amountRaw: 1n, isPending: true })
    const answers = await Promise.all([1, 2, 3].map(n => api.ok('POST', mark, { markRefundedComment: `${n}` })))
    assert.equal(new Set(answers.map(answer => answer.markRefundedComment)).size, 1)

    const late = await newSession(api)
    ctx.clock.advance(3 * 3_600_000)
    await pay(late)
    const { status } = await api.ok('POST', `/payment-intents/${late.intent.id}/mark-as-refund`)
    assert.equal(status, 'canceled')
  })

  test('what a reorg took away was not received', async () => {
    const api = await openApiCaller(ctx)
    const session = await newSession(api)
    const ancestor = chain.tip()
    await pay(session, { isPending: true })
    await loseAfter(ancestor)
    const mark = `/payment-intents/${session.intent.id}/mark-as-refund`
    assert.equal(await api.refused('POST', mark), '409 nothing_to_refund')
  })

  test('a repeated POST marks once', async () => {
    const api = await openApiCaller(ctx)
    const session = await newSession(api)
    await pay(session)
    const mark = () =>
      api.call('POST', `/payment-intents/${session.intent.id}/mark-as-refund`, undefined, { 'idempotency-key': 'mark' })
    const first = await mark()
    const second = await mark()
    assert.deepEqual([second.headers.get('idempotent-replayed'), second.answer], ['true', first.answer])
  })
})

describe('transactions', () => {
  test('payments, sweeps and refunds as they came, newest first, with stable pages', async () => {
    const api = await openApiCaller(ctx)
    const [one, two] = [await newSession(api), await newSession(api)]
    await pay(one)
    await pay(two)
    await sweep(one)
    ctx.clock.advance(1)
    const refund = await api.ok('POST', '/refunds', { paymentIntentId: two.intent.id, toAddress: WALLET })
    const hash = hashFor('refund')
    await ctx.db.owner.query("update refunds set status = 'succeeded', tx_hash = $2 where id = $1", [
      refund.id,
      Buffer.from(hash.slice(2), 'hex'),
    ])

    const all = await data(api, '/transactions')
    for (const each of all) assert.deepEqual(transaction.strict().parse(each), each)
    const receiver = one.deposit.payouts[0]?.receiver
    assert.deepEqual(
      all.map(each => [each.type, each.checkoutSessionId, each.fromAddress, each.toAddress, each.amount]),
      [
        ['outgoing', two.id, null, WALLET, '1000000000'],
        ['outgoing', one.id, one.deposit.address, receiver, '1000000000'],
        ['incoming', two.id, `0x${'aa'.repeat(20)}`, two.deposit.address, '1000000000'],
        ['incoming', one.id, `0x${'aa'.repeat(20)}`, one.deposit.address, '1000000000'],
      ],
    )
    assert.equal(all[0]?.transactionHash, hash)
    assert.equal(all[0]?.transactionUrl, `http://127.0.0.1/tx/${hash}`)
    const intent = await api.ok('GET', `/payment-intents/${one.intent.id}`)
    assert.deepEqual([all[3]], intent.transactions)

    const list = async (query: string) => ids(await data(api, `/transactions${query}`))
    const known = ids(all)
    for (const limit of [1, 2, 3]) {
      const pages = [await list(`?limit=${limit}`), await list(`?limit=${limit}&page=2`)]
      assert.deepEqual(pages.flat(), known.slice(0, 2 * limit))
    }
    await pay(await newSession(api))
    assert.deepEqual(await list(`?limit=2&startingAfter=${known[0]}`), known.slice(1, 3))
    assert.deepEqual(await list(`?ids=${known[3]},${known[1]}`), [known[1], known[3]])
    assert.deepEqual(await list('?type=outgoing'), known.slice(0, 2))
    assert.equal((await list('?type=incoming')).length, 3)
    assert.deepEqual([await list('?type=event'), await list('?type=transfer')], [[], []])
    assert.deepEqual(await list(`?paymentIntentId=${one.intent.id}`), [known[1], known[3]])
    assert.deepEqual(await list(`?paymentIntentId=${ABSENT}`), [])
    assert.deepEqual(await list(`?subscriptionId=${ABSENT}`), [])
    await ctx.db.owner.query('update checkout_sessions set subscription_id = $1 where id = $2', [ABSENT, two.id])
    assert.deepEqual(await list(`?subscriptionId=${ABSENT}`), [known[0], known[2]])
    const moment = encodeURIComponent(String(all[2]?.createdAt))
    assert.deepEqual(await list(`?createdAt[lte]=${moment}`), known.slice(2))
  })

  test('what a reorg takes away is not listed, and is still a place to go on from', async () => {
    const api = await openApiCaller(ctx)
    const [kept, lost] = [await newSession(api), await newSession(api)]
    await pay(kept)
    const ancestor = chain.tip()
    await pay(lost, { isPending: true })
    const [last, first] = ids(await data(api, '/transactions'))
    await loseAfter(ancestor)
    assert.deepEqual(ids(await data(api, '/transactions')), [first])
    assert.deepEqual(ids(await data(api, `/transactions?startingAfter=${last}`)), [first])
  })

  test('filters that are not valid are refused', async () => {
    const api = await openApiCaller(ctx)
    for (const [query, refusal] of [
      ['?type=in', 'parameter_invalid type'],
      ['?paymentIntentId=7', 'parameter_invalid paymentIntentId'],
      ['?subscriptionId=7', 'parameter_invalid subscriptionId'],
      [`?startingAfter=${ABSENT}`, 'cursor_invalid startingAfter'],
      ['?limit=0', 'limit_invalid limit'],
    ]) {
      assert.equal(await api.refused('GET', `/transactions${query}`), `400 ${refusal}`)
    }
  })
})

test("another organization's intents and transactions are as absent as none", async () => {
  const [owner, stranger] = [await openApiCaller(ctx), await openApiCaller(ctx)]
  const session = await newSession(owner)
  await pay(session)
  const [{ id } = {}] = await data(owner, '/transactions')
  const missing = '404 resource_missing'
  assert.equal(await stranger.refused('GET', `/payment-intents/${session.intent.id}`), missing)
  assert.equal(await stranger.refused('GET', `/payment-intents/${ABSENT}`), missing)
  assert.equal(await stranger.refused('POST', `/payment-intents/${session.intent.id}/mark-as-refund`), missing)
  for (const path of [
    '/payment-intents',
    '/transactions',
    `/transactions?ids=${id}`,
    `/transactions?paymentIntentId=${session.intent.id}`,
  ]) {
    assert.deepEqual(await data(stranger, path), [], path)
  }
  assert.equal(await stranger.refused('GET', `/transactions?startingAfter=${id}`), '400 cursor_invalid startingAfter')
})

test('keys need the scope of what they do', async () => {
  const owner = await openApiCaller(ctx)
  const session = await newSession(owner)
  await pay(session)
  const of = owner.caller
  const reader = await openApiCaller(ctx, { of, key: ['payment_intents:read'] })
  const writer = await openApiCaller(ctx, { of, key: ['payment_intents:write'] })
  for (const path of ['/payment-intents', `/payment-intents/${session.intent.id}`, '/transactions']) {
    await reader.ok('GET', path)
    assert.equal(await writer.refused('GET', path), '403 insufficient_permissions')
  }
  const mark = `/payment-intents/${session.intent.id}/mark-as-refund`
  assert.equal(await reader.refused('POST', mark), '403 insufficient_permissions')
  await writer.ok('POST', mark)
})
