import { z } from '@hono/zod-openapi'
import { AppError } from '../domain/errors.ts'
import { listParameters, pageSchema, pageView, queryUuid } from './list.ts'
import { missing, type Route, route } from './router.ts'
import { currency, text, url, uuid } from './rules.ts'
import { customerPortalSessionSchema, subscriptionSchema, subscriptionStatus } from './subscriptionObjects.ts'

/** The bounds of a time in a query, as of `createdAt` in every list. */
function timeFilter(name: string): Record<string, z.ZodType> {
  const bounds = Object.entries(listParameters).filter(([key]) => key.startsWith('createdAt['))
  return Object.fromEntries(bounds.map(([key, schema]) => [key.replace('createdAt', name), schema]))
}

const listQuery = z
  .strictObject({
    ...listParameters,
    clientReferenceId: text(200).optional(),
    currency: currency.optional(),
    status: subscriptionStatus.optional(),
    customerId: queryUuid.optional(),
    priceId: queryUuid.optional(),
    productId: queryUuid.optional(),
  })
  .extend(timeFilter('startDate'))
  .extend(timeFilter('endedAt'))

const cancellation = z
  .strictObject({ cancellationComment: text(500).nullish() })
  .openapi('SubscriptionCancel')
  .optional()

const tag = 'Subscriptions'

const STEPS: readonly { step: string; summary: string; body?: z.ZodType }[] = [
  { step: 'cancel', summary: 'Cancel a subscription at the end of its period', body: cancellation },
  { step: 'resume', summary: 'Take back that a subscription is canceled or paused' },
  { step: 'end', summary: 'End a subscription now, without a refund', body: cancellation },
  { step: 'pause', summary: 'Pause a subscription' },
  {
    step: 'update',
    summary: 'Change the price of a subscription',
    body: z.strictObject({ priceId: uuid, quantity: z.int().min(1).optional() }).openapi('UpdateSubscription'),
  },
]

/**
 * The operations on subscriptions. There are none yet, since no session of mode subscription can be made: lists are empty, and
 * whatever is named is absent.
 */
export function subscriptionRoutes(): Route[] {
  const read = { tag, scope: 'subscriptions:read', response: subscriptionSchema } as const
  return [
    route({
      ...read,
      method: 'get',
      path: '/subscriptions',
      operationId: 'listSubscriptions',
      summary: 'List subscriptions, newest first',
      query: listQuery,
      response: pageSchema(subscriptionSchema),
      handle: async ({ query }) => {
        if (query.startingAfter === undefined) return pageView(query, [])
        const message = 'startingAfter must be the id of a subscription of yours.'
        throw new AppError('cursor_invalid', message, { param: 'startingAfter' })
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/subscriptions/{id}',
      operationId: 'getSubscription',
      summary: 'Get a subscription',
      handle: async () => {
        throw missing()
      },
    }),
    ...STEPS.map(({ step, summary, ...rest }) =>
      route({
        ...read,
        ...rest,
        scope: 'subscriptions:write',
        method: 'post',
        path: `/subscriptions/{id}/${step}`,
        operationId: `${step}Subscription`,
        summary,
        handle: async () => {
          throw missing()
        },
      }),
    ),
    portalRoute(),
  ]
}

function portalRoute(): Route {
  return route({
    method: 'post',
    path: '/customer-portal/sessions',
    operationId: 'createCustomerPortalSession',
    summary: 'Make a page where a customer looks after subscriptions; not available yet',
    tag,
    scope: 'subscriptions:write',
    body: z
      .strictObject({ customerId: uuid, returnUrl: url(given => given).optional() })
      .openapi('CreateCustomerPortalSession'),
    response: customerPortalSessionSchema,
    handle: async () => {
      throw new AppError('not_yet_available', 'The customer portal comes with subscriptions, which are not there yet.')
    },
  })
}
