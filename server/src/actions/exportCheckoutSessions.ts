import type { Context } from '../context.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { inOrganization, readInOrganization } from '../store/database.ts'
import { listSessionIds, type SessionFilter } from '../store/listCheckoutSessions.ts'
import type { Caller } from './caller.ts'
import { noteAudit } from './noteAudit.ts'

const BATCH = 500

/**
 * All sessions of the organization that fit, newest first, in batches: each is read when it is asked for, in a transaction of its
 * own, so that neither memory nor a snapshot is held for whoever reads slowly. What is made meanwhile is not among them.
 * That it was asked for is noted before.
 */
export async function* exportCheckoutSessions(
  ctx: Context,
  caller: Caller,
  filter: SessionFilter,
): AsyncGenerator<CheckoutSession[]> {
  const { organizationId } = caller
  await inOrganization(ctx.db, organizationId, tx =>
    noteAudit(tx, ctx, caller, { action: 'checkout_sessions.exported', detail: { filter } }),
  )
  let after: string | null = null
  do {
    const slice = { limit: BATCH, offset: 0, after }
    const batch: CheckoutSession[] = await readInOrganization(ctx.db, organizationId, async tx =>
      loadSessions(tx, await listSessionIds(tx, filter, slice), ctx.known),
    )
    yield batch
    after = batch.length < BATCH ? null : (batch.at(-1)?.id ?? null)
  } while (after !== null)
}
