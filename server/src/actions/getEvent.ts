import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { EVENTS_KEPT_MS } from '../domain/event.ts'
import type { StoredEvent } from '../domain/eventView.ts'
import { readInOrganization } from '../store/database.ts'
import { type EventFilter, findEvent, listEvents as list } from '../store/listEvents.ts'
import type { Slice } from '../store/lists.ts'

/** The time from which on events can be read, whether or not older ones have been deleted. */
export function keptSince(ctx: Context): Date {
  return new Date(ctx.clock.now().getTime() - EVENTS_KEPT_MS)
}

/** The organization's event `id`, or null for one that is absent, another's or too old. */
export async function getEvent(ctx: Context, organizationId: string, id: string): Promise<StoredEvent | null> {
  return await readInOrganization(ctx.db, organizationId, tx => findEvent(tx, id, keptSince(ctx)))
}

/** A page of the organization's events, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listEvents(
  ctx: Context,
  organizationId: string,
  filter: EventFilter,
  page: Slice,
): Promise<StoredEvent[]> {
  const since = keptSince(ctx)
  return await readInOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && (await findEvent(tx, page.after, since)) === null) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of an event of yours.', {
        param: 'startingAfter',
      })
    }
    return await list(tx, filter, since, page)
  })
}
