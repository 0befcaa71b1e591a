import type { Context } from '../context.ts'
import { checkoutSessionView } from '../domain/checkoutSessionView.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import { inOrganization } from '../store/database.ts'
import { insertDecision, loadDecisions } from '../store/decisions.ts'
import { appendEvents } from '../store/events.ts'
import { viewWorld } from './getCheckoutSession.ts'

/** The payer goes back to the shop: the merchant is told once, and the session stays as it is and can still be paid. */
export async function cancelByPayer(ctx: Context, { organizationId, id }: CheckoutSession): Promise<void> {
  const now = ctx.clock.now()
  const newId = () => uuidv7(now, ctx.random(10))
  await inOrganization(ctx.db, organizationId, async tx => {
    await lockSessions(tx, [id])
    const [session] = await loadSessions(tx, [id], ctx.known)
    const decisions = (await loadDecisions(tx, [id])).get(id) ?? []
    if (session?.status !== 'open' || decisions.some(decision => decision.kind === 'payer_cancel')) return
    await insertDecision(tx, { id: newId(), organizationId, sessionId: id, kind: 'payer_cancel', at: now })
    const data = checkoutSessionView(session, await viewWorld(tx, ctx))
    const about = { organizationId, object: 'checkoutSession', objectId: id, data, createdAt: now }
    await appendEvents(tx, [{ ...about, id: newId(), type: 'checkout_session.canceled' }])
  })
}
