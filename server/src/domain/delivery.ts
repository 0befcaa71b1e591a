import type { EventType } from './event.ts'

/** Told, being told, or given up. */
export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed'] as const

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** The telling of one event to one endpoint, with its newest attempt; `nextAttemptAt` is null once it is over. */
export type Delivery = {
  id: string
  createdAt: Date
  eventId: string
  eventType: EventType
  /** The object that the event is about. */
  objectId: string
  webhookEndpointId: string
  status: DeliveryStatus
  /** How many attempts were made. */
  attempts: number
  nextAttemptAt: Date | null
  /** Null before the first: when it was made, the beginning of the answer, and what kept a whole one from arriving. */
  newest: {
    at: Date
    responseStatus: number | null
    responseBody: string
    error: string | null
    durationMs: number
  } | null
}

/** The delivery as lists and answers show it. */
export function deliveryView(delivery: Delivery) {
  const { id, createdAt, eventId, eventType, webhookEndpointId, attempts, status, nextAttemptAt, newest } = delivery
  return {
    id,
    createdAt,
    eventId,
    eventType,
    webhookEndpointId,
    attempt: attempts,
    status,
    attemptedAt: newest?.at ?? null,
    responseStatus: newest?.responseStatus ?? null,
    responseBody: newest?.responseBody ?? null,
    error: newest?.error ?? null,
    durationMs: newest?.durationMs ?? null,
    nextAttemptAt,
  }
}
