import { z } from '@hono/zod-openapi'
import { completePartialSession } from '../actions/completePartialSession.ts'
import { getCheckoutSession } from '../actions/getCheckoutSession.ts'
import { recoverTransaction } from '../actions/recoverTransaction.ts'
import { findReplay, writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { checkoutSessionView } from '../domain/checkoutSessionView.ts'
import { successSchema } from './objects.ts'
import { missing, type Route, route } from './router.ts'
import { checkoutSessionSchema } from './sessionObjects.ts'
import { transactionHash } from './transactionHash.ts'

const recoverBody = z
  .strictObject({ chainId: z.int().min(1), transactionHash })
  .openapi('RequestAutoRecoverCheckoutSession')

const write = { tag: 'Checkout sessions', scope: 'checkout_sessions:write' } as const

/** What a merchant does by hand about the money of sessions. */
export function recoverRoutes(ctx: Context): Route[] {
  return [...transactionRoutes(ctx), partialRoute(ctx)]
}

function transactionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/checkout/sessions/auto-recover-by-transaction-hash',
      operationId: 'autoRecoverByTransactionHash',
      summary: 'Look a transaction up and count what it pays; answers the first session that it pays',
      body: recoverBody,
      response: checkoutSessionSchema,
      handle: async ({ caller, body, once }) => {
        const earlier = await findReplay(ctx, caller, once)
        if (earlier !== null) return earlier
        const { organizationId } = caller
        const [first] = await recoverTransaction(
          ctx,
          { organizationId, deposit: null },
          body.chainId,
          body.transactionHash,
        )
        const seen = await getCheckoutSession(ctx, organizationId, first)
        if (seen === null) throw missing()
        const answer = JSON.stringify(checkoutSessionView(seen.found, seen.world))
        return await writeOnce(ctx, caller, once, async () => ({ body: answer }))
      },
    }),
    route({
      ...write,
      method: 'post',
      path: '/checkout/sessions/{id}/auto-recover',
      operationId: 'autoRecoverCheckoutSession',
      summary: 'Look a transaction up and count what it pays to this checkout session',
      body: recoverBody,
      response: successSchema,
      handle: async ({ caller, id, body, once }) => {
        const earlier = await findReplay(ctx, caller, once)
        if (earlier !== null) return earlier
        const { organizationId } = caller
        const seen = await getCheckoutSession(ctx, organizationId, id)
        if (seen === null) throw missing()
        const scope = { organizationId, deposit: seen.found.deposit.address }
        await recoverTransaction(ctx, scope, body.chainId, body.transactionHash)
        const answer = {
          message: 'All that this transaction pays to the checkout session is recorded.',
          statusCode: 200,
        }
        return await writeOnce(ctx, caller, once, async () => ({ body: JSON.stringify(answer) }))
      },
    }),
  ]
}

function partialRoute(ctx: Context): Route {
  return route({
    ...write,
    method: 'post',
    path: '/checkout/sessions/{id}/complete-partial-checkout-session',
    operationId: 'completePartialCheckoutSession',
    summary: 'Accept an incomplete checkout session for what was received',
    response: checkoutSessionSchema,
    handle: async ({ caller, id, once }) =>
      await writeOnce(ctx, caller, once, async tx => {
        const seen = await completePartialSession(tx, ctx, caller, id)
        if (seen === null) throw missing()
        return { body: JSON.stringify(checkoutSessionView(seen.found, seen.world)) }
      }),
  })
}
