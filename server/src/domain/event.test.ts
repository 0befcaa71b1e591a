import assert from 'node:assert/strict'
import test from 'node:test'
import { AppError } from './errors.ts'
import { EVENT_TYPES, eventEnvelope, matchesEvent, parseEnabledEvents } from './event.ts'

const EVENT = {
  id: '0195a3c0-0000-7000-8000-000000000001',
  createdAt: new Date('2026-03-01T12:00:00.123Z'),
  sequence: 3,
  object: 'checkoutSession',
  type: 'checkout_session.completed',
} as const

const sessionOf = (filler: string) => ({
  id: 's',
  metadata: { order: '7' },
  lineItems: {
    object: 'list',
    data: [{ quantity: 1, price: { id: 'p', metadata: { filler }, product: { name: 'n', metadata: { filler } } } }],
  },
})
const byteLength = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

test('every type is listed once, and none is the wildcard', () => {
  assert.equal(EVENT_TYPES.length, 40)
  assert.equal(new Set(EVENT_TYPES).size, 40)
  for (const type of EVENT_TYPES) assert.match(type, /^[a-z_]+(\.[a-z_]+){0,2}$/)
})

test('an endpoint hears what it named, or everything by the wildcard', () => {
  assert.equal(matchesEvent(['invoice.paid'], 'invoice.paid'), true)
  assert.equal(matchesEvent(['invoice.paid', 'refund.created'], 'invoice.sent'), false)
  assert.equal(matchesEvent([], 'invoice.paid'), false)
  for (const type of EVENT_TYPES) assert.equal(matchesEvent(['*'], type), true)
})

test('subscriptions are parsed: known types, each once, at least one', () => {
  assert.deepEqual(parseEnabledEvents(['invoice.paid', '*', 'invoice.paid'], 'enabledEvents.events'), [
    'invoice.paid',
    '*',
  ])
  const refused = (events: string[]) => {
    try {
      parseEnabledEvents(events, 'enabledEvents.events')
    } catch (error) {
      assert.ok(error instanceof AppError)
      return error.problems.map(({ code, param }) => `${code} ${param}`)
    }
    return []
  }
  assert.deepEqual(refused([]), ['event_types_required enabledEvents.events'])
  assert.deepEqual(refused(['invoice.paid', 'invoice.*', 'Invoice.Paid', '']), [
    'event_type_unknown enabledEvents.events[1]',
    'event_type_unknown enabledEvents.events[2]',
    'event_type_unknown enabledEvents.events[3]',
  ])
  assert.deepEqual(refused(['__proto__']), ['event_type_unknown enabledEvents.events[0]'])
})

test('the envelope has the documented shape, with created in epoch milliseconds', () => {
  const data = sessionOf('x')
  assert.deepEqual(eventEnvelope({ ...EVENT, data }), {
    id: EVENT.id,
    apiVersion: '2023-01-11',
    created: 1772366400123,
    sequence: 3,
    object: 'checkoutSession',
    type: 'checkout_session.completed',
    data: { object: data },
  })
})

test('F162: up to 256 KB nothing is left out, one byte more and the metadata of the line items is', () => {
  const room = 256 * 1024 - byteLength(eventEnvelope({ ...EVENT, data: sessionOf('') }))
  const even = room - (room % 2)
  const fits = sessionOf('x'.repeat(even / 2))
  assert.deepEqual(eventEnvelope({ ...EVENT, data: fits }).data.object, fits)

  const large = sessionOf('x'.repeat(even / 2 + 1))
  const before = structuredClone(large)
  const envelope = eventEnvelope({ ...EVENT, data: large })
  assert.deepEqual(envelope.data.object, {
    id: 's',
    metadata: { order: '7' },
    lineItems: {
      object: 'list',
      data: [{ quantity: 1, price: { id: 'p', metadata: null, product: { name: 'n', metadata: null } } }],
    },
  })
  assert.ok(byteLength(envelope) < 1024)
  assert.deepEqual(large, before)
})

test('F162: size is counted in bytes of UTF-8, and objects without line items stay whole', () => {
  const wide = sessionOf('é'.repeat(70_000))
  assert.notDeepEqual(eventEnvelope({ ...EVENT, data: wide }).data.object, wide)
  const invoice = { id: 'i', metadata: { filler: 'x'.repeat(300_000) } }
  assert.deepEqual(eventEnvelope({ ...EVENT, data: invoice }).data.object, invoice)
})
