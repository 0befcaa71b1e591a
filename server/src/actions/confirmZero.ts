import type { Context } from '../context.ts'
import { isChosen } from '../domain/cart.ts'
import { assertChangeable } from '../domain/changeable.ts'
import { AppError } from '../domain/errors.ts'
import { missingDetails } from '../domain/payerDetails.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import { inOrganization } from '../store/database.ts'
import { insertDecision, loadDecisions } from '../store/decisions.ts'
import { settleSessions } from './settleSessions.ts'

/**
 * The payer takes what costs nothing: a session whose total is 0 completes, once, after the details that it asks for. Throws
 * `amount_not_zero` or `details_missing`.
 */
export async function confirmZero(ctx: Context, { organizationId, id }: CheckoutSession): Promise<void> {
  await inOrganization(ctx.db, organizationId, async tx => {
    await lockSessions(tx, [id])
    const [session] = await loadSessions(tx, [id], ctx.known)
    if (session === undefined) return
    const decisions = (await loadDecisions(tx, [id])).get(id) ?? []
    if (decisions.some(({ kind }) => kind === 'confirm_zero')) return
    const now = ctx.clock.now()
    assertChangeable(session, now)
    if (session.amountTotal > 0n || !isChosen(session.lineItems)) {
      throw new AppError('amount_not_zero', 'This session asks for money: pay it, or choose an amount first.')
    }
    const [missing] = missingDetails(session.options)
    if (missing !== undefined) {
      throw new AppError('details_missing', `This session asks for ${missing}: send it to …/details first.`, {
        param: missing,
      })
    }
    await insertDecision(tx, {
      id: uuidv7(now, ctx.random(10)),
      organizationId,
      sessionId: id,
      kind: 'confirm_zero',
      at: now,
    })
    await settleSessions(tx, ctx, [id], now)
  })
}
