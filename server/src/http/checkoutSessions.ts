import { z } from '@hono/zod-openapi'
import { createCheckoutSession } from '../actions/createCheckoutSession.ts'
import { expireCheckoutSession } from '../actions/expireCheckoutSession.ts'
import {
  getCheckoutSession,
  getStorefront,
  listCheckoutSessions,
  updateCheckoutSession,
  worldAt,
} from '../actions/getCheckoutSession.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { checkoutSessionSlimView, checkoutSessionView } from '../domain/checkoutSessionView.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView } from './list.ts'
import { newSessionSchema } from './newSession.ts'
import { payerView } from './payerView.ts'
import { publicOnce, publicSession } from './publicSession.ts'
import { missing, type Route, route } from './router.ts'
import { metadata } from './rules.ts'
import { sessionFilters } from './sessionFilters.ts'
import { checkoutSessionSchema, checkoutSessionSlimSchema, sessionCompletedSchema } from './sessionObjects.ts'

const listQuery = z.strictObject({ ...listParameters, ...sessionFilters })

/** The operations on checkout sessions. */
export function checkoutSessionRoutes(ctx: Context): Route[] {
  const tag = 'Checkout sessions'
  const read = { tag, scope: 'checkout_sessions:read' } as const
  const write = { tag, scope: 'checkout_sessions:write' } as const
  return [
    route({
      ...write,
      method: 'post',
      path: '/checkout/sessions',
      operationId: 'createCheckoutSession',
      summary: 'Create a checkout session',
      publishable: true,
      body: newSessionSchema(ctx.config.mode),
      response: checkoutSessionSchema,
      handle: async ({ caller, body, once, reload }) => {
        const world = worldAt(ctx, NO_HEADS)
        if (caller.key.type !== 'publishable') {
          const render = (session: CheckoutSession) => JSON.stringify(checkoutSessionView(session, world))
          return await createCheckoutSession(ctx, caller, body, once, render, reload)
        }
        // A page sees of a session what its payer sees.
        const storefront = await getStorefront(ctx, caller.organizationId)
        const render = (found: CheckoutSession) => JSON.stringify(payerView(ctx, { found, world, ...storefront }))
        return await createCheckoutSession(ctx, caller, publicSession(body), publicOnce(once), render, reload)
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/checkout/sessions',
      operationId: 'listCheckoutSessions',
      summary: 'List checkout sessions, newest first',
      query: listQuery,
      response: pageSchema(checkoutSessionSlimSchema),
      handle: async ({ caller, query }) => {
        const { page, limit, startingAfter, paymentMethodTypes, ...rest } = query
        const filter = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('createdAt[')))
        const { found, world } = await listCheckoutSessions(
          ctx,
          caller.organizationId,
          {
            ...filter,
            createdAt: createdAtOf(query),
            ...(paymentMethodTypes !== undefined && { paymentMethodType: paymentMethodTypes }),
          },
          pageOf(query),
        )
        return pageView(
          query,
          found.map(session => checkoutSessionSlimView(session, world)),
        )
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/checkout/sessions/{id}',
      operationId: 'getCheckoutSession',
      summary: 'Get a checkout session',
      response: checkoutSessionSchema,
      handle: async ({ caller, id }) => {
        const seen = await getCheckoutSession(ctx, caller.organizationId, id)
        if (seen === null) throw missing()
        return checkoutSessionView(seen.found, seen.world)
      },
    }),
    route({
      ...write,
      method: 'put',
      path: '/checkout/sessions/{id}',
      operationId: 'updateCheckoutSession',
      summary: "Replace a checkout session's metadata",
      body: z.strictObject({ metadata: metadata.nullish() }).openapi('UpdateCheckoutSession'),
      response: checkoutSessionSchema,
      handle: async ({ caller, id, body }) => {
        const seen = await updateCheckoutSession(ctx, caller.organizationId, id, body.metadata)
        if (seen === null) throw missing()
        return checkoutSessionView(seen.found, seen.world)
      },
    }),
    route({
      ...write,
      method: 'post',
      path: '/checkout/sessions/{id}/expire',
      operationId: 'expireCheckoutSession',
      summary: 'Close an open checkout session now',
      response: checkoutSessionSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const seen = await expireCheckoutSession(tx, ctx, id)
          if (seen === null) throw missing()
          return { body: JSON.stringify(checkoutSessionView(seen.found, seen.world)) }
        }),
    }),
    route({
      ...read,
      method: 'get',
      path: '/checkout/sessions/{id}/completed_webhook_delivered',
      operationId: 'getCheckoutSessionCompleted',
      summary: 'Whether a checkout session is complete: the cheap poll',
      response: sessionCompletedSchema,
      handle: async ({ caller, id }) => {
        const seen = await getCheckoutSession(ctx, caller.organizationId, id)
        if (seen === null) throw missing()
        const { status, updatedAt, transfers } = seen.found
        const first = transfers.find(transfer => transfer.orphanedAt === null && transfer.unmatchedReason === null)
        return { completed: status === 'complete', transactionHash: first?.txHash ?? null, status, updatedAt }
      },
    }),
  ]
}

/** A new session has no payments, so no head matters. */
const NO_HEADS: Parameters<typeof worldAt>[1] = new Map()
