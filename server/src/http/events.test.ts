import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { tellEvent } from '../../test/harness/eventFixtures.ts'
import { createWebhookEndpoint } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { beginDelivery } from '../actions/beginDelivery.ts'
import { type DeliveryResult, recordDelivery } from '../actions/recordDelivery.ts'
import { deliverySchema } from './deliveries.ts'
import { eventSchema } from './events.ts'

type Json = Record<string, unknown>

const ABSENT = '00000000-0000-7000-8000-000000000000'
const DAY_MS = 86_400_000
const OK: DeliveryResult = { ok: true, status: 200, error: null, body: 'thanks', durationMs: 7, retryAfterS: null }
const FAILED: DeliveryResult = { ...OK, ok: false, status: 500, body: '<script>alert(1)</script>' }
const GONE: DeliveryResult = { ...OK, ok: false, status: 410, body: '' }

let ctx: FreshContext
before(async () => {
  ctx = await openFreshContext()
})
after(() => ctx.close())

const data = async (api: ApiCaller, path: string) => (await api.ok('GET', path)).data as Json[]
const ids = (rows: Json[]) => rows.map(({ id }) => id)
const deliveriesTo = (api: ApiCaller, endpoint: string, query = '') =>
  data(api, `/webhook-endpoints/${endpoint}/deliveries${query}`)

/** An event of another object, a moment later. */
async function tell(api: ApiCaller, options: Parameters<typeof tellEvent>[2] = {}) {
  ctx.clock.advance(1)
  return await tellEvent(ctx, api.caller.organizationId, options)
}

/** Makes the next attempt of a delivery, with this result. */
async function attempt(deliveryId: unknown, result: DeliveryResult) {
  const begun = await beginDelivery(ctx, String(deliveryId))
  assert.ok(begun)
  await recordDelivery(ctx, begun, result)
}

async function jobsOf(deliveryId: unknown): Promise<number[]> {
  const { rows } = await ctx.db.owner.query<{ number: number }>(
    `select (payload->>'number')::int as number from graphile_worker._private_jobs
     where payload->>'deliveryId' = $1 order by id`,
    [deliveryId],
  )
  return rows.map(({ number }) => number)
}

test('an event with how the telling of it goes, and each delivery with its newest attempt', async () => {
  const api = await openApiCaller(ctx)
  const [one, two] = [
    await createWebhookEndpoint(ctx, api.caller, ['*']),
    await createWebhookEndpoint(ctx, api.caller, ['checkout_session.completed']),
  ]
  await createWebhookEndpoint(ctx, api.caller, ['invoice.paid'])
  const told = await tell(api, { data: { id: 'x', amountTotal: '100' } })
  const event = await api.ok('GET', `/events/${told.id}`)
  assert.deepEqual(eventSchema.strict().parse(event), event)
  assert.deepEqual(event, {
    id: told.id,
    createdAt: told.createdAt.toISOString(),
    apiVersion: '2023-01-11',
    type: 'checkout_session.completed',
    object: 'checkoutSession',
    objectId: told.objectId,
    sequence: 1,
    data: { object: { id: 'x', amountTotal: '100' } },
    deliveries: { pending: 2, succeeded: 0, failed: 0 },
  })
  assert.deepEqual(await data(api, '/events'), [event])

  const [waiting] = await deliveriesTo(api, one)
  const { id, ...rest } = waiting as Json
  assert.deepEqual(rest, {
    createdAt: told.createdAt.toISOString(),
    eventId: told.id,
    eventType: 'checkout_session.completed',
    webhookEndpointId: one,
    attempt: 0,
    status: 'pending',
    attemptedAt: null,
    responseStatus: null,
    responseBody: null,
    error: null,
    durationMs: null,
    nextAttemptAt: told.createdAt.toISOString(),
  })
  ctx.clock.advance(1000)
  await attempt(id, FAILED)
  const [failed] = await deliveriesTo(api, one)
  assert.deepEqual(deliverySchema.strict().parse(failed), failed)
  assert.deepEqual(failed, {
    ...rest,
    id,
    attempt: 1,
    attemptedAt: ctx.clock.now().toISOString(),
    responseStatus: 500,
    responseBody: '<script>alert(1)</script>',
    durationMs: 7,
    nextAttemptAt: failed?.nextAttemptAt,
  })
  assert.ok(Date.parse(String(failed?.nextAttemptAt)) > ctx.clock.now().getTime())
  ctx.clock.advance(10_000)
  await attempt(id, OK)
  await attempt((await deliveriesTo(api, two))[0]?.id, GONE)
  assert.deepEqual(
    [(await deliveriesTo(api, one))[0], (await deliveriesTo(api, two))[0]].map(one => [
      one?.status,
      one?.attempt,
      one?.responseStatus,
      one?.nextAttemptAt,
    ]),
    [
      ['succeeded', 2, 200, null],
      ['failed', 1, 410, null],
    ],
  )
  const counts = (await api.ok('GET', `/events/${told.id}`)).deliveries
  assert.deepEqual(counts, { pending: 0, succeeded: 1, failed: 1 })
})

test('F148: what a receiver answers is data: JSON that no browser takes for a page', async () => {
  const api = await openApiCaller(ctx)
  const endpoint = await createWebhookEndpoint(ctx, api.caller, ['*'])
  await tell(api)
  await attempt((await deliveriesTo(api, endpoint))[0]?.id, FAILED)
  const { headers, answer } = await api.call('GET', `/webhook-endpoints/${endpoint}/deliveries`)
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.equal((answer.data as Json[])[0]?.responseBody, '<script>alert(1)</script>')
})

test('lists of events: newest first, by page, by cursor while others come, by filter', async () => {
  const api = await openApiCaller(ctx)
  const [good, bad] = [
    await createWebhookEndpoint(ctx, api.caller, ['*']),
    await createWebhookEndpoint(ctx, api.caller, ['invoice.paid']),
  ]
  const told: string[] = []
  for (const type of ['invoice.paid', 'invoice.voided', 'invoice.paid', 'refund.created'] as const) {
    told.unshift((await tell(api, { type })).id)
  }
  const list = async (query: string) => ids(await data(api, `/events${query}`))
  assert.deepEqual(await list(''), told)
  assert.deepEqual(await list('?limit=1&page=3'), [told[2]])
  const first = await list('?limit=2')
  await tell(api)
  assert.deepEqual(await list(`?limit=2&startingAfter=${first[1]}`), told.slice(2))
  assert.deepEqual(await list('?type=invoice.paid'), [told[1], told[3]])
  assert.deepEqual(await list(`?ids=${told[3]},${told[0]},${ABSENT}`), [told[0], told[3]])
  const moment = encodeURIComponent(ctx.clock.now().toISOString())
  assert.equal((await list(`?createdAt[gte]=${moment}`)).length, 1)
  assert.deepEqual(await list(`?createdAt[lt]=${moment}&type=refund.created`), [told[0]])

  for (const delivery of await deliveriesTo(api, good)) await attempt(delivery.id, OK)
  assert.deepEqual(await list('?deliverySuccess=false'), [told[1], told[3]])
  for (const delivery of await deliveriesTo(api, bad)) await attempt(delivery.id, OK)
  assert.deepEqual(await list('?deliverySuccess=false'), [])
  assert.deepEqual((await list('?deliverySuccess=true')).slice(1), told)

  assert.equal(await api.refused('GET', '/events?type=invoice.payed'), '400 event_type_unknown type')
  assert.equal(await api.refused('GET', '/events?deliverySuccess=1'), '400 parameter_invalid deliverySuccess')
  assert.equal(await api.refused('GET', '/events?object=invoice'), '400 parameter_unknown object')
  assert.equal(await api.refused('GET', `/events?startingAfter=${ABSENT}`), '400 cursor_invalid startingAfter')
})

test('lists of deliveries: newest first, by cursor, by status and by event', async () => {
  const api = await openApiCaller(ctx)
  const [endpoint, other] = [
    await createWebhookEndpoint(ctx, api.caller, ['*']),
    await createWebhookEndpoint(ctx, api.caller, ['*']),
  ]
  const events = [await tell(api), await tell(api), await tell(api)].reverse()
  const rows = await deliveriesTo(api, endpoint)
  assert.deepEqual(
    rows.map(({ eventId }) => eventId),
    events.map(({ id }) => id),
  )
  const list = async (query: string) => ids(await deliveriesTo(api, endpoint, query))
  assert.deepEqual(await list('?limit=1&page=2'), [rows[1]?.id])
  await tell(api)
  assert.deepEqual(await list(`?limit=2&startingAfter=${rows[0]?.id}`), ids(rows.slice(1)))
  await attempt(rows[1]?.id, OK)
  assert.deepEqual(await list('?status=succeeded'), [rows[1]?.id])
  assert.deepEqual(await list(`?eventId=${events[2]?.id}`), [rows[2]?.id])
  assert.deepEqual(await list(`?ids=${rows[0]?.id}`), [rows[0]?.id])
  const path = `/webhook-endpoints/${endpoint}/deliveries`
  const elsewhere = (await deliveriesTo(api, other))[0]?.id
  assert.equal(await api.refused('GET', `${path}?startingAfter=${elsewhere}`), '400 cursor_invalid startingAfter')
  assert.equal(await api.refused('GET', `${path}?status=done`), '400 parameter_invalid status')
  assert.equal(await api.refused('GET', `${path}?eventId=7`), '400 parameter_invalid eventId')
})

test('events can be read for 30 days, whether or not they are still there', async () => {
  const api = await openApiCaller(ctx)
  const old = await tell(api)
  ctx.clock.advance(30 * DAY_MS)
  assert.deepEqual(ids(await data(api, '/events')), [old.id])
  ctx.clock.advance(1)
  assert.deepEqual(await data(api, '/events'), [])
  assert.equal(await api.refused('GET', `/events/${old.id}`), '404 resource_missing')
  assert.equal(await api.refused('POST', `/events/${old.id}/resend`), '404 resource_missing')
})

test('a resend goes to all enabled endpoints that want the event now, those made later too', async () => {
  const api = await openApiCaller(ctx)
  const subscribe = (...events: string[]) => createWebhookEndpoint(ctx, api.caller, events)
  const [first, changed, off, gone] = [
    await subscribe('*'),
    await subscribe('*'),
    await subscribe('*'),
    await subscribe('*'),
  ]
  const told = await tell(api)
  for (const endpoint of [first, changed, off, gone]) await attempt((await deliveriesTo(api, endpoint))[0]?.id, OK)
  const [late, uninterested] = [await subscribe('checkout_session.completed'), await subscribe('invoice.paid')]
  await api.ok('PUT', `/webhook-endpoints/${changed}`, { enabledEvents: { events: ['invoice.paid'] } })
  await api.ok('PUT', `/webhook-endpoints/${off}`, { isDisabled: true })
  await api.ok('DELETE', `/webhook-endpoints/${gone}`)
  ctx.clock.advance(60_000)

  const event = await api.ok('POST', `/events/${told.id}/resend`)
  assert.deepEqual(event.deliveries, { pending: 2, succeeded: 3, failed: 0 })
  const [again] = await deliveriesTo(api, first)
  assert.deepEqual([again?.status, again?.attempt, again?.nextAttemptAt], ['pending', 1, ctx.clock.now().toISOString()])
  const [added] = await deliveriesTo(api, late)
  assert.deepEqual([added?.attempt, added?.createdAt, added?.eventId], [0, ctx.clock.now().toISOString(), told.id])
  assert.deepEqual(await deliveriesTo(api, uninterested), [])
  const [kept, sent] = [await beginDelivery(ctx, String(again?.id), 2), await beginDelivery(ctx, String(added?.id), 1)]
  assert.deepEqual([kept?.eventId, kept?.number, sent?.eventId, sent?.body], [told.id, 2, told.id, kept?.body])

  const named = await api.ok('POST', `/events/${told.id}/resend`, { webhookEndpointId: uninterested })
  assert.deepEqual(named.deliveries, { pending: 3, succeeded: 3, failed: 0 })
  const resend = (webhookEndpointId: string) => api.refused('POST', `/events/${told.id}/resend`, { webhookEndpointId })
  assert.equal(await resend(off), '409 endpoint_disabled')
  assert.equal(await resend(gone), '400 parameter_invalid webhookEndpointId')
  assert.equal(await resend(ABSENT), '400 parameter_invalid webhookEndpointId')
  assert.equal(await resend('mine'), '400 parameter_invalid webhookEndpointId')
  const delivery = ids(await deliveriesTo(api, off))[0]
  assert.equal(
    await api.refused('POST', `/webhook-endpoints/${off}/deliveries/${delivery}/resend`),
    '409 endpoint_disabled',
  )
})

test('what is over begins again with the whole schedule; what waits is tried now; nothing is doubled', async () => {
  const api = await openApiCaller(ctx)
  const endpoint = await createWebhookEndpoint(ctx, api.caller, ['*'])
  await tell(api)
  const id = (await deliveriesTo(api, endpoint))[0]?.id
  const path = `/webhook-endpoints/${endpoint}/deliveries/${id}/resend`
  const state = async () => {
    const [{ status, attempt: attempts, nextAttemptAt } = {}] = await deliveriesTo(api, endpoint)
    return [
      status,
      attempts,
      nextAttemptAt === null ? null : Date.parse(String(nextAttemptAt)) - ctx.clock.now().getTime(),
    ]
  }
  assert.deepEqual(await jobsOf(id), [1])
  for (let number = 1; number <= 10; number++) {
    await attempt(id, FAILED)
    ctx.clock.advance(60_000)
  }
  assert.deepEqual(await state(), ['failed', 10, null])

  const resent = await api.ok('POST', path)
  assert.deepEqual([resent.id, resent.status, resent.attempt], [id, 'pending', 10])
  assert.deepEqual((await jobsOf(id)).slice(-1), [11])
  await attempt(id, FAILED)
  const [status, attempts, waitMs] = await state()
  assert.deepEqual([status, attempts], ['pending', 11])
  assert.ok(Number(waitMs) >= 4_500 && Number(waitMs) <= 5_500, `the second attempt of ten follows in ${waitMs} ms`)

  // What waits is tried now, however often that is asked for at once: all the jobs are for one attempt.
  await Promise.all([1, 2, 3].map(() => api.ok('POST', path)))
  assert.deepEqual(await state(), ['pending', 11, 0])
  const underWay = await beginDelivery(ctx, String(id), 12)
  assert.ok(underWay)
  // A resend of what is under way makes no second attempt of the same.
  await api.ok('POST', path)
  await recordDelivery(ctx, underWay, OK)
  assert.deepEqual(await state(), ['succeeded', 12, null])
  assert.deepEqual([...new Set((await jobsOf(id)).slice(10))], [11, 12])
  assert.equal(await beginDelivery(ctx, String(id), 12), null)

  await api.ok('POST', path)
  assert.deepEqual(await state(), ['pending', 12, 0])
  assert.equal(await beginDelivery(ctx, String(id), 12), null)
  const last = await beginDelivery(ctx, String(id), 13)
  assert.ok(last)
  await recordDelivery(ctx, last, OK)
  assert.deepEqual(await state(), ['succeeded', 13, null])
})

test('resends of one event at once add one delivery for an endpoint that had none', async () => {
  const api = await openApiCaller(ctx)
  const told = await tell(api)
  const endpoint = await createWebhookEndpoint(ctx, api.caller, ['*'])
  await Promise.all([1, 2, 3, 4].map(() => api.ok('POST', `/events/${told.id}/resend`)))
  assert.equal((await deliveriesTo(api, endpoint)).length, 1)
})

test('a repeated POST resends once', async () => {
  const api = await openApiCaller(ctx)
  const endpoint = await createWebhookEndpoint(ctx, api.caller, ['*'])
  const told = await tell(api)
  const id = (await deliveriesTo(api, endpoint))[0]?.id
  for (const path of [`/events/${told.id}/resend`, `/webhook-endpoints/${endpoint}/deliveries/${id}/resend`]) {
    const before = (await jobsOf(id)).length
    const key = { 'idempotency-key': path }
    const first = await api.call('POST', path, undefined, key)
    const second = await api.call('POST', path, undefined, key)
    assert.deepEqual([second.headers.get('idempotent-replayed'), second.answer], ['true', first.answer])
    assert.equal((await jobsOf(id)).length, before + 1)
  }
})

test("another organization's events, endpoints and deliveries are as absent as none", async () => {
  const [owner, stranger] = [await openApiCaller(ctx), await openApiCaller(ctx)]
  const endpoint = await createWebhookEndpoint(ctx, owner.caller, ['*'])
  const mine = await createWebhookEndpoint(ctx, stranger.caller, ['*'])
  const told = await tell(owner)
  const own = await tell(stranger)
  const id = (await deliveriesTo(owner, endpoint))[0]?.id
  for (const [method, path] of [
    ['GET', `/events/${told.id}`],
    ['POST', `/events/${told.id}/resend`],
    ['GET', `/webhook-endpoints/${endpoint}/deliveries`],
    ['POST', `/webhook-endpoints/${endpoint}/deliveries/${id}/resend`],
    ['POST', `/webhook-endpoints/${mine}/deliveries/${id}/resend`],
    ['GET', `/webhook-endpoints/${ABSENT}/deliveries`],
    ['GET', `/events/${ABSENT}`],
  ] as const) {
    assert.equal(await stranger.refused(method, path), '404 resource_missing', `${method} ${path}`)
  }
  const named = { webhookEndpointId: endpoint }
  assert.equal(
    await stranger.refused('POST', `/events/${own.id}/resend`, named),
    '400 parameter_invalid webhookEndpointId',
  )
  assert.deepEqual(ids(await data(stranger, '/events')), [own.id])
  assert.equal(await stranger.refused('GET', `/events?startingAfter=${told.id}`), '400 cursor_invalid startingAfter')
})

test('keys need the scope of what they do', async () => {
  const owner = await openApiCaller(ctx)
  const endpoint = await createWebhookEndpoint(ctx, owner.caller, ['*'])
  const { id } = await tell(owner)
  const delivery = (await deliveriesTo(owner, endpoint))[0]?.id
  const of = owner.caller
  const refused = '403 insufficient_permissions'
  const reader = await openApiCaller(ctx, { of, key: ['events:read', 'webhook_endpoints:read'] })
  const writer = await openApiCaller(ctx, { of, key: ['events:write', 'webhook_endpoints:write'] })
  for (const path of ['/events', `/events/${id}`, `/webhook-endpoints/${endpoint}/deliveries`]) {
    await reader.ok('GET', path)
    assert.equal(await writer.refused('GET', path), refused)
  }
  for (const path of [`/events/${id}/resend`, `/webhook-endpoints/${endpoint}/deliveries/${delivery}/resend`]) {
    assert.equal(await reader.refused('POST', path), refused)
    await writer.ok('POST', path)
  }
})
