import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { findSessionOfIntent, type IntentFilter, listIntentSessions } from '../store/paymentIntents.ts'

/** The session of the organization's payment intent `id`, or null for one that is absent or another's. */
export async function getPaymentIntent(
  ctx: Context,
  organizationId: string,
  id: string,
): Promise<CheckoutSession | null> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const sessionId = await findSessionOfIntent(tx, id)
    const [session] = await loadSessions(tx, sessionId === null ? [] : [sessionId], ctx.known)
    return session ?? null
  })
}

/** The sessions of a page of the organization's payment intents, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listPaymentIntents(
  ctx: Context,
  organizationId: string,
  filter: IntentFilter,
  page: Slice,
): Promise<CheckoutSession[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const after = page.after === null ? null : await findSessionOfIntent(tx, page.after)
    if (page.after !== null && after === null) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a payment intent of yours.', {
        param: 'startingAfter',
      })
    }
    return await loadSessions(tx, await listIntentSessions(tx, filter, { ...page, after }), ctx.known)
  })
}
