import { utf8ToBytes } from '@noble/hashes/utils.js'
import { AppError } from './errors.ts'

/** The version of the API that every event is written in. */
export const API_VERSION = '2023-01-11'

/** How long events, and what became of their deliveries, can be read: 30 days. */
export const EVENTS_KEPT_MS = 30 * 86_400_000

/** The closed list of things that we tell merchants about. */
export const EVENT_TYPES = [
  'checkout_session.completed',
  'checkout_session.expired',
  'checkout_session.canceled',
  'checkout_session.processing',
  'checkout_session.incomplete',
  'checkout_session.reverted',
  'checkout_session.exception',
  'payment_intent.succeeded',
  'payment_intent.processing',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'payment.unmatched',
  'customer.subscription.created',
  'customer.subscription.started',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.past_due',
  'customer.subscription.unpaid',
  'customer.subscription.incomplete_expired',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'invoice.finalized',
  'invoice.sent',
  'invoice.paid',
  'invoice.marked_as_paid',
  'invoice.marked_uncollectible',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.overdue',
  'refund.created',
  'refund.succeeded',
  'refund.failed',
  'sweep.succeeded',
  'sweep.failed',
  'withdrawal_address.created',
  'withdrawal_address.updated',
  'withdrawal_address.deleted',
  'chain.degraded',
  'chain.recovered',
  'webhook_endpoint_test',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** What an endpoint may subscribe to: an event type, or `*` for all of them and those to come. */
export type EnabledEvent = EventType | '*'

/**
 * An event as it is sent and listed: `created` in milliseconds, `object` the camelCase resource name, `data.object` as
 * a GET returns it.
 */
export type EventEnvelope = {
  id: string
  apiVersion: typeof API_VERSION
  created: number
  sequence: number
  object: string
  type: EventType
  data: { object: object }
}

const ENABLED_EVENTS: ReadonlySet<string> = new Set(['*', ...EVENT_TYPES])
const ENVELOPE_MAX_BYTES = 256 * 1024

/**
 * The subscription that an endpoint asks for, each entry once; throws `event_types_required` or `event_type_unknown`.
 */
export function parseEnabledEvents(events: readonly string[], param: string): EnabledEvent[] {
  if (events.length === 0) {
    throw new AppError('event_types_required', `Name at least one event type in ${param}, or "*" for all.`, { param })
  }
  const problems = events.flatMap((event, index) =>
    isEnabledEvent(event)
      ? []
      : [
          {
            code: 'event_type_unknown' as const,
            message:
              'This event type does not exist. The types are listed in the documentation of webhooks; "*" means all.',
            param: `${param}[${index}]`,
          },
        ],
  )
  const [first] = problems
  if (first !== undefined) throw new AppError(first.code, first.message, { param: first.param, problems })
  return [...new Set(events.filter(isEnabledEvent))]
}

/** Whether an endpoint with these `enabledEvents` is told about events of `type`. */
export function matchesEvent(enabledEvents: readonly string[], type: EventType): boolean {
  return enabledEvents.includes('*') || enabledEvents.includes(type)
}

/**
 * The envelope around `data`, the full object; when its JSON exceeds 256 KB, all metadata inside `lineItems` is null.
 */
export function eventEnvelope(event: {
  id: string
  createdAt: Date
  sequence: number
  object: string
  type: EventType
  data: object
}): EventEnvelope {
  const { id, createdAt, sequence, object, type, data } = event
  const envelope = { id, apiVersion: API_VERSION, created: createdAt.getTime(), sequence, object, type } as const
  const full = { ...envelope, data: { object: data } }
  if (utf8ToBytes(JSON.stringify(full)).length <= ENVELOPE_MAX_BYTES) return full
  if (!('lineItems' in data)) return full
  return { ...envelope, data: { object: { ...data, lineItems: withoutMetadata(data.lineItems) } } }
}

function isEnabledEvent(text: string): text is EnabledEvent {
  return ENABLED_EVENTS.has(text)
}

function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'metadata' ? null : withoutMetadata(inner)]),
  )
}
