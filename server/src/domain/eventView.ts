import { API_VERSION, type EventType, eventEnvelope } from './event.ts'

/** An event as it is stored, and how many endpoints are being told, were told, or could not be told of it. */
export type StoredEvent = {
  id: string
  createdAt: Date
  type: EventType
  object: string
  objectId: string
  sequence: number
  data: object
  deliveries: { pending: number; succeeded: number; failed: number }
}

/** The event as lists and answers show it; `data` is that of the envelope that endpoints get. */
export function eventView(event: StoredEvent) {
  const { id, createdAt, type, object, objectId, sequence, deliveries } = event
  const { data } = eventEnvelope(event)
  return { id, createdAt, apiVersion: API_VERSION, type, object, objectId, sequence, data, deliveries }
}
