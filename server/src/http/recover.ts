import { completePartialSession } from '../actions/completePartialSession.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { checkoutSessionView } from '../domain/checkoutSessionView.ts'
import { missing, type Route, route } from './router.ts'
import { checkoutSessionSchema } from './sessionObjects.ts'

/** What a merchant does by hand about the money of a session. */
export function recoverRoutes(ctx: Context): Route[] {
  const write = { tag: 'Checkout sessions', scope: 'checkout_sessions:write' } as const
  return [
    route({
      ...write,
      method: 'post',
      path: '/checkout/sessions/{id}/complete-partial-checkout-session',
      operationId: 'completePartialCheckoutSession',
      summary: 'Accept an incomplete checkout session for what was received',
      response: checkoutSessionSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const seen = await completePartialSession(tx, ctx, id)
          if (seen === null) throw missing()
          return { body: JSON.stringify(checkoutSessionView(seen.found, seen.world)) }
        }),
    }),
  ]
}
