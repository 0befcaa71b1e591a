import type { Context } from '../../src/context.ts'
import type { EventType } from '../../src/domain/event.ts'
import { uuidv7 } from '../../src/domain/uuid.ts'
import { asWorker } from '../../src/store/database.ts'
import { appendEvents, type NewEvent } from '../../src/store/events.ts'

/** Tells the organization's endpoints about something that happened now to an object, a new one unless named. */
export async function tellEvent(
  ctx: Context,
  organizationId: string,
  options: { type?: EventType; objectId?: string; data?: object } = {},
): Promise<NewEvent> {
  const createdAt = ctx.clock.now()
  const newId = () => uuidv7(createdAt, ctx.random(10))
  const { type = 'checkout_session.completed', objectId = newId(), data = { id: objectId } } = options
  const event = { id: newId(), organizationId, createdAt, type, object: 'checkoutSession', objectId, data }
  await asWorker(ctx.db, tx => appendEvents(tx, [event]))
  return event
}
