import type { Context } from '../context.ts'
import { type Sweep, sweepView } from '../domain/sweep.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { NewEvent } from '../store/events.ts'

/** The event that tells how a sweep has ended, with the whole sweep. */
export function sweepEvent(ctx: Context, sweep: Sweep & { status: 'succeeded' | 'failed' }): NewEvent {
  return {
    id: uuidv7(sweep.updatedAt, ctx.random(10)),
    organizationId: sweep.organizationId,
    createdAt: sweep.updatedAt,
    type: `sweep.${sweep.status}`,
    object: 'sweep',
    objectId: sweep.id,
    data: sweepView(sweep),
  }
}
