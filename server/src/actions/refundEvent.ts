import type { Context } from '../context.ts'
import type { EventType } from '../domain/event.ts'
import { type Refund, refundView } from '../domain/refund.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { NewEvent } from '../store/events.ts'

/** The event that tells of a refund's change, at the time of that change. */
export function refundEvent(
  type: Extract<EventType, `refund.${string}`>,
  refund: Refund,
  ctx: Pick<Context, 'random'>,
): NewEvent {
  return {
    id: uuidv7(refund.updatedAt, ctx.random(10)),
    organizationId: refund.organizationId,
    createdAt: refund.updatedAt,
    type,
    object: 'refund',
    objectId: refund.id,
    data: refundView(refund),
  }
}

/** The refund as the answer to a POST. */
export function answerWithRefund(refund: Refund): { body: string } {
  return { body: JSON.stringify(refundView(refund)) }
}
