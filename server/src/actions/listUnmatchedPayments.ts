import type { Context } from '../context.ts'
import { AppError, invariant } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { UnmatchedPayment } from '../domain/unmatchedPayment.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { findUnmatched, listUnmatched, type UnmatchedFilter } from '../store/unmatchedPayments.ts'
import { type Seen, viewWorld } from './getCheckoutSession.ts'

/** An unmatched payment with the session that it came to. */
export type Stray = { payment: UnmatchedPayment; session: CheckoutSession }

/** A page of the organization's unmatched payments, newest first. An `after` that is none of them is `cursor_invalid`. */
export async function listUnmatchedPayments(
  ctx: Context,
  organizationId: string,
  filter: UnmatchedFilter,
  page: Slice,
): Promise<Seen<Stray[]>> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && (await findUnmatched(tx, page.after)) === null) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of an unmatched payment of yours.', {
        param: 'startingAfter',
      })
    }
    const payments = await listUnmatched(tx, filter, page)
    const ids = [...new Set(payments.map(({ sessionId }) => sessionId))]
    const sessions = new Map((await loadSessions(tx, ids, ctx.known)).map(session => [session.id, session]))
    const found = payments.map(payment => {
      const session = sessions.get(payment.sessionId)
      invariant(session, 'an unmatched payment has a session')
      return { payment, session }
    })
    return { found, world: await viewWorld(tx, ctx) }
  })
}
