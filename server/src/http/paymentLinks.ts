import { z } from '@hono/zod-openapi'
import { createPaymentLink } from '../actions/createPaymentLink.ts'
import { getPaymentLink, listPaymentLinks } from '../actions/getPaymentLink.ts'
import { deletePaymentLink, updatePaymentLink } from '../actions/updatePaymentLink.ts'
import type { Context } from '../context.ts'
import type { PaymentLink } from '../domain/paymentLink.ts'
import { paymentLinkView } from '../domain/paymentLinkView.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryFlag } from './list.ts'
import { successSchema } from './objects.ts'
import { linkChangesSchema, newLinkSchema, toLinkChanges, toNewLink } from './paymentLinkFields.ts'
import { paymentLinkSchema } from './paymentLinkObjects.ts'
import { missing, type Route, route } from './router.ts'

const listQuery = z.strictObject({ ...listParameters, isActive: queryFlag.optional() })

const tag = 'Payment links'
const read = { tag, scope: 'payment_links:read' } as const
const write = { tag, scope: 'payment_links:write' } as const

/** The operations on payment links. */
export function paymentLinkRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...linkRoutes(ctx), ...stateRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/payment-links',
      operationId: 'createPaymentLink',
      summary:
        'Create a payment link, at an amount, at the payer’s choice, or to a product at its default price of now',
      body: newLinkSchema(ctx.config.mode),
      response: paymentLinkSchema,
      handle: async ({ caller, body, once }) => await createPaymentLink(ctx, caller, toNewLink(body), once),
    }),
    route({
      ...read,
      method: 'get',
      path: '/payment-links',
      operationId: 'listPaymentLinks',
      summary: 'List payment links, newest first',
      query: listQuery,
      response: pageSchema(paymentLinkSchema),
      handle: async ({ caller, query }) => {
        const { ids, isActive } = query
        const filter = { createdAt: createdAtOf(query), ids, isActive }
        const found = await listPaymentLinks(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(link => paymentLinkView(link, ctx.config.publicUrl)),
        )
      },
    }),
  ]
}

function linkRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/payment-links/{linkId}',
      operationId: 'getPaymentLink',
      summary: 'Get a payment link',
      response: paymentLinkSchema,
      handle: async ({ caller, id }) => shown(ctx, await getPaymentLink(ctx, caller.organizationId, id)),
    }),
    route({
      ...write,
      method: 'put',
      path: '/payment-links/{linkId}',
      operationId: 'updatePaymentLink',
      summary: 'Change a payment link; sessions that it has made stay as they are',
      body: linkChangesSchema(ctx.config.mode),
      response: paymentLinkSchema,
      handle: async ({ caller, id, body }) => shown(ctx, await updatePaymentLink(ctx, caller, id, toLinkChanges(body))),
    }),
    route({
      ...write,
      method: 'delete',
      path: '/payment-links/{linkId}',
      operationId: 'deletePaymentLink',
      summary: 'Delete a payment link; sessions that it has made can still be paid',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await deletePaymentLink(ctx, caller.organizationId, id))) throw missing()
        return { message: 'The payment link is deleted.', statusCode: 200 }
      },
    }),
  ]
}

function stateRoutes(ctx: Context): Route[] {
  return (['activate', 'deactivate'] as const).map(verb =>
    route({
      ...write,
      method: 'put',
      path: `/payment-links/{linkId}/${verb}`,
      operationId: `${verb}PaymentLink`,
      summary: verb === 'activate' ? 'Let a payment link be paid' : 'Keep a payment link from being paid',
      response: paymentLinkSchema,
      handle: async ({ caller, id }) =>
        shown(ctx, await updatePaymentLink(ctx, caller, id, { isActive: verb === 'activate' })),
    }),
  )
}

function shown(ctx: Context, found: PaymentLink | null) {
  if (found === null) throw missing()
  return paymentLinkView(found, ctx.config.publicUrl)
}
