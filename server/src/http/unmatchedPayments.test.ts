import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import {
  createSession,
  eventTypes,
  paymentTo,
  type RecordedChain,
  readSession,
  recordChain,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { NATIVE } from '../domain/asset.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { pageSchema } from './list.ts'
import { checkoutSessionSchema } from './sessionObjects.ts'
import { unmatchedPaymentSchema } from './unmatchedPayments.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const HOUR = 3_600_000
const DUE = 10_000_000n

let ctx: FreshContext
let chain: RecordedChain
let other: RecordedChain
before(async () => {
  ctx = await openFreshContext({ chains: [testChainConfig(), testChainConfig({ chainId: 80002 })] })
  chain = await recordChain(ctx, 80001)
  other = await recordChain(ctx, 80002)
})
after(() => ctx.close())

type Payment = NonNullable<Parameters<typeof paymentTo>[2]>

/** Mines the payments to the session in one block, and enough blocks after it on every chain that all is final. */
async function pay(session: CheckoutSession, ...payments: Payment[]): Promise<void> {
  const on = (chainId: number) => payments.filter(payment => (payment.chainId ?? 80001) === chainId)
  const transfersOn = (chainId: number) => (header: Parameters<typeof paymentTo>[1]) =>
    on(chainId).map((payment, logIndex) =>
      paymentTo(session, header, { tx: `${session.id} ${logIndex}`, logIndex, ...payment }),
    )
  await chain.mine(transfersOn(80001))
  await other.mine(transfersOn(80002))
  for (let block = 0; block < 3; block++) {
    await chain.mine()
    await other.mine()
  }
}

/** A session of `api` on the first chain, paid an hour too late. */
async function lateSession(api: ApiCaller, payment: Payment = {}): Promise<{ session: CheckoutSession; id: string }> {
  const session = await createSession(ctx, api.caller, { chainIds: [80001] })
  ctx.clock.advance(3 * HOUR)
  await pay(session, payment)
  const [transfer] = (await readSession(ctx, session)).transfers
  assert.ok(transfer)
  return { session, id: transfer.id }
}

const list = async (api: ApiCaller, query = '') => {
  const page = await api.ok('GET', `/unmatched-payments?${query}`)
  assert.deepEqual(pageSchema(unmatchedPaymentSchema.strict()).parse(page), page)
  return page.data as Record<string, unknown>[]
}

describe('the list', () => {
  test('F88, F89, F92, F100, I14: every payment that does not count is listed with its reason', async () => {
    const api = await openApiCaller(ctx)
    const session = await createSession(ctx, api.caller, { chainIds: [80001] })
    await pay(session, {})
    const [usdt] = (ctx.chains.get(80001)?.assets ?? []).filter(asset => asset.currency === 'usdt')
    const [usdc] = ctx.chains.get(80002)?.assets ?? []
    assert.ok(usdt && usdc)
    await pay(
      session,
      { tx: `again ${session.id}` },
      { asset: usdt.address, amountRaw: 5n, tx: `usdt ${session.id}` },
      { asset: NATIVE, amountRaw: 7n, tx: `coin ${session.id}` },
      { chainId: 80002, asset: usdc.address, tx: `other ${session.id}` },
    )
    const { exceptions, status } = await readSession(ctx, session)
    assert.deepEqual([status, ...exceptions], ['complete', 'duplicate', 'wrong_chain', 'wrong_token'])

    const found = await list(api)
    const told = found.map(({ reason, status, resolution, transfer }) => {
      const { currency, amountRaw } = transfer as Record<string, unknown>
      return [reason, currency, amountRaw, status, resolution].join(' ')
    })
    assert.deepEqual(told.sort(), [
      'duplicate usdc 10000000 open ',
      'wrong_chain usdc 10000000 open ',
      'wrong_token eth 7 open ',
      'wrong_token usdt 5 open ',
    ])
    const [event] = (await ctx.db.owner.query('select data from events where object_id = $1', [found[0]?.id])).rows as {
      data: object
    }[]
    assert.deepEqual(event?.data, found[0])
  })

  test("filters narrow it, pages follow each other, and nobody sees what is another's", async () => {
    const [api, foreign] = [await openApiCaller(ctx), await openApiCaller(ctx)]
    const [first, second] = [await lateSession(api), await lateSession(api)]
    await api.ok('POST', `/unmatched-payments/${first.id}/resolve`, { resolution: 'swept' })
    const ids = async (query: string) => (await list(api, query)).map(({ id }) => id)
    assert.deepEqual(await ids(''), [second.id, first.id])
    assert.deepEqual(await ids('status=open'), [second.id])
    assert.deepEqual(await ids('status=resolved'), [first.id])
    assert.deepEqual(await ids('reason=late'), [second.id, first.id])
    assert.deepEqual(await ids('reason=duplicate'), [])
    assert.deepEqual(await ids(`checkoutSessionId=${first.session.id}`), [first.id])
    assert.deepEqual(await ids(`ids=${first.id},${ABSENT}`), [first.id])
    assert.deepEqual(await ids('limit=1'), [second.id])
    assert.deepEqual(await ids(`startingAfter=${second.id}`), [first.id])
    const { createdAt } = (await list(api))[1] as { createdAt: string }
    assert.deepEqual(await ids(`createdAt[lte]=${createdAt}`), [first.id])

    assert.deepEqual(await list(foreign), [])
    for (const after of [ABSENT, first.id]) {
      const refusal = await foreign.refused('GET', `/unmatched-payments?startingAfter=${after}`)
      assert.equal(refusal, '400 cursor_invalid startingAfter')
    }
    for (const query of ['status=closed', 'reason=overpaid', 'colour=red']) {
      assert.match(await api.refused('GET', `/unmatched-payments?${query}`), /^400 parameter_/)
    }
  })
})

describe('resolving', () => {
  const resolve = (api: ApiCaller, id: string, resolution: string) =>
    api.ok('POST', `/unmatched-payments/${id}/resolve`, { resolution })
  const refused = (api: ApiCaller, id: string, resolution: string) =>
    api.refused('POST', `/unmatched-payments/${id}/resolve`, { resolution })

  test('B6.7, B6.10, F105: a late payment that is accepted completes its session at once, with its events', async () => {
    const api = await openApiCaller(ctx)
    const { session, id } = await lateSession(api)
    assert.equal((await readSession(ctx, session)).status, 'expired')
    ctx.clock.advance(1000)
    const resolved = await resolve(api, id, 'accepted')
    assert.deepEqual(unmatchedPaymentSchema.strict().parse(resolved), resolved)
    assert.deepEqual([resolved.status, resolved.resolution, resolved.reason], ['resolved', 'accepted', 'late'])
    assert.equal(resolved.updatedAt, ctx.clock.now().toISOString())
    assert.deepEqual(await list(api), [resolved])

    const paid = await readSession(ctx, session)
    assert.deepEqual([paid.status, paid.exceptions, paid.intent.amountReceived], ['complete', [], 10_00000000n])
    assert.deepEqual(await eventTypes(ctx, session.id), [
      'checkout_session.expired',
      'checkout_session.exception',
      'checkout_session.completed',
    ])
    assert.deepEqual(await resolve(api, id, 'accepted'), resolved)
    assert.equal((await eventTypes(ctx, session.id)).length, 3)
    assert.equal(await refused(api, id, 'swept'), '409 payment_resolved')
  })

  test('what is accepted, kept or given back by hand stays so', async () => {
    const api = await openApiCaller(ctx)
    for (const [first, second] of [
      ['swept', 'accepted'],
      ['refunded', 'swept'],
    ] as const) {
      const { session, id } = await lateSession(api)
      const resolved = await resolve(api, id, first)
      assert.deepEqual([resolved.status, resolved.resolution], ['resolved', first])
      assert.deepEqual(await resolve(api, id, first), resolved)
      assert.equal(await refused(api, id, second), '409 payment_resolved')
      assert.equal((await readSession(ctx, session)).status, 'expired')
    }
  })

  test('B6.6, F88, F89: money in another coin or on another chain is never accepted, and can be kept', async () => {
    const api = await openApiCaller(ctx)
    for (const payment of [{ asset: NATIVE, amountRaw: 7n }, { chainId: 80002 }]) {
      const { id } = await lateSession(api, payment)
      assert.equal(await refused(api, id, 'accepted'), '400 payment_not_acceptable resolution')
      assert.equal((await resolve(api, id, 'swept')).status, 'resolved')
    }
  })

  test('a payment that is not final waits, and one that counts is none', async () => {
    const api = await openApiCaller(ctx)
    const session = await createSession(ctx, api.caller, { chainIds: [80001] })
    ctx.clock.advance(3 * HOUR)
    await chain.mine(header => [paymentTo(session, header)])
    const [transfer] = (await readSession(ctx, session)).transfers
    assert.equal(await refused(api, transfer?.id ?? '', 'accepted'), '409 payment_not_final')
    const onTime = await createSession(ctx, api.caller, { chainIds: [80001] })
    await pay(onTime, {})
    const [counted] = (await readSession(ctx, onTime)).transfers
    assert.equal(await refused(api, counted?.id ?? '', 'swept'), '404 resource_missing')
  })

  test('two people who resolve one payment differently at the same moment: one of them does', async t => {
    const api = await openApiCaller(ctx)
    const { session, id } = await lateSession(api)
    // All are let go at once.
    const gate = await ctx.db.owner.connect()
    t.after(() => gate.release(true))
    await gate.query('begin')
    await gate.query('select from checkout_sessions where id = $1 for update', [session.id])
    const asked = ['accepted', 'swept', 'refunded'].map(resolution =>
      api.call('POST', `/unmatched-payments/${id}/resolve`, { resolution }),
    )
    await waitUntil('all wait for the session', async () => {
      const { rows } = await ctx.db.owner.query<{ count: string }>(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
      return rows[0]?.count === '3'
    })
    await gate.query('commit')
    const answers = await Promise.all(asked)
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
  })

  test('a foreign payment is as absent as one that never was', async () => {
    const [api, foreign] = [await openApiCaller(ctx), await openApiCaller(ctx)]
    const { id } = await lateSession(api)
    assert.equal(await refused(foreign, id, 'swept'), '404 resource_missing')
    assert.equal(await refused(foreign, ABSENT, 'swept'), '404 resource_missing')
    assert.equal((await list(api))[0]?.status, 'open')
    assert.match(await refused(api, id, 'lost'), /^400 parameter_invalid resolution/)
  })

  test('a key is replayed, and what it may do is checked', async () => {
    const api = await openApiCaller(ctx)
    const { id } = await lateSession(api)
    const path = `/unmatched-payments/${id}/resolve`
    const once = { 'idempotency-key': 'resolve' }
    const first = await api.call('POST', path, { resolution: 'swept' }, once)
    const again = await api.call('POST', path, { resolution: 'swept' }, once)
    assert.deepEqual(again.answer, first.answer)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')

    const reader = await openApiCaller(ctx, { of: api.caller, key: ['checkout_sessions:read'] })
    assert.equal((await list(reader)).length, 1)
    assert.equal(await reader.refused('POST', path, { resolution: 'swept' }), '403 insufficient_permissions')
    const stranger = await openApiCaller(ctx, { of: api.caller, key: ['refunds:write'] })
    assert.equal(await stranger.refused('GET', '/unmatched-payments'), '403 insufficient_permissions')
    const page = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    assert.equal(await page.refused('GET', '/unmatched-payments'), '403 key_type')
    assert.equal(await page.refused('POST', path, { resolution: 'swept' }), '403 key_type')
  })
})

describe('accepting part of what was asked', () => {
  const path = (id: string) => `/checkout/sessions/${id}/complete-partial-checkout-session`

  test('B6.8, F97: an incomplete session is complete with what it has; later money is unmatched', async () => {
    const api = await openApiCaller(ctx)
    const session = await createSession(ctx, api.caller, { chainIds: [80001] })
    assert.equal(await api.refused('POST', path(session.id)), '409 session_not_incomplete')
    await pay(session, { amountRaw: DUE - 1n })
    assert.equal((await readSession(ctx, session)).status, 'incomplete')
    ctx.clock.advance(1000)
    const completed = await api.ok('POST', path(session.id))
    assert.deepEqual(checkoutSessionSchema.parse(completed), completed)
    assert.deepEqual([completed.status, completed.paymentStatus, completed.exceptions], ['complete', 'paid', []])
    assert.equal(await api.refused('POST', path(session.id)), '409 session_not_incomplete')
    assert.deepEqual((await eventTypes(ctx, session.id)).slice(-1), ['checkout_session.completed'])

    await pay(session, { tx: `rest of ${session.id}`, amountRaw: 1n })
    assert.deepEqual((await readSession(ctx, session)).exceptions, ['duplicate'])
  })

  test('a foreign session is absent, a key is replayed, and a publishable one refused', async () => {
    const [api, foreign] = [await openApiCaller(ctx), await openApiCaller(ctx)]
    const session = await createSession(ctx, api.caller, { chainIds: [80001] })
    await pay(session, { amountRaw: 1n })
    assert.equal(await foreign.refused('POST', path(session.id)), '404 resource_missing')
    assert.equal(await foreign.refused('POST', path(ABSENT)), '404 resource_missing')
    const page = await openApiCaller(ctx, { of: api.caller, key: 'publishable' })
    assert.equal(await page.refused('POST', path(session.id)), '403 key_type')
    const reader = await openApiCaller(ctx, { of: api.caller, key: ['checkout_sessions:read'] })
    assert.equal(await reader.refused('POST', path(session.id)), '403 insufficient_permissions')
    const once = { 'idempotency-key': 'partial' }
    const first = await api.call('POST', path(session.id), undefined, once)
    const again = await api.call('POST', path(session.id), undefined, once)
    assert.deepEqual([first.status, again.answer], [200, first.answer])
  })
})

test('F84, F97, F98, F99: one unit short, one over, and a hundred and one parts', async () => {
  const api = await openApiCaller(ctx)
  const paid = async (...amounts: bigint[]) => {
    const session = await createSession(ctx, api.caller, { chainIds: [80001] })
    await pay(session, ...amounts.map(amountRaw => ({ amountRaw })))
    const { status, exceptions, intent, transfers } = await readSession(ctx, session)
    return [status, ...exceptions, intent.amountReceived, transfers.length]
  }
  assert.deepEqual(await paid(DUE - 1n), ['incomplete', 'underpaid', 9_99999900n, 1])
  assert.deepEqual(await paid((DUE * 99n) / 100n), ['incomplete', 'underpaid', 9_90000000n, 1])
  assert.deepEqual(await paid(DUE + 1n), ['complete', 'overpaid', 10_00000100n, 1])
  const parts = Array.from({ length: 101 }, (_, index) => (index < 100 ? 99_009n : DUE - 9_900_900n))
  assert.deepEqual(await paid(...parts), ['complete', 10_00000000n, 101])
})
