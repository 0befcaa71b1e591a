import { z } from '@hono/zod-openapi'
import { createWebhookEndpoint } from '../actions/createWebhookEndpoint.ts'
import { getWebhookEndpoint, listWebhookEndpoints } from '../actions/getWebhookEndpoint.ts'
import { regenerateWebhookSecret } from '../actions/regenerateWebhookSecret.ts'
import { testWebhookEndpoint } from '../actions/testWebhookEndpoint.ts'
import { deleteWebhookEndpoint, updateWebhookEndpoint } from '../actions/updateWebhookEndpoint.ts'
import { webhookEndpointView } from '../actions/webhookEndpointView.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { parseWebhookUrl } from '../domain/url.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryFlag } from './list.ts'
import { successSchema, webhookEndpointSchema } from './objects.ts'
import { missing, type Route, route } from './router.ts'
import { text, url } from './rules.ts'
import { webhookEvents } from './webhookEvents.ts'

function endpointFields({ mode, webhookAllowedHosts }: Context['config']) {
  return {
    description: text(500, { min: 1 }),
    url: url((given, param) => parseWebhookUrl(given, param, { mode, allowedHosts: webhookAllowedHosts }).text),
    enabledEvents: webhookEvents,
  }
}

/** An endpoint as it is asked for. */
export function newWebhookEndpoint(config: Context['config']) {
  return z.strictObject(endpointFields(config)).openapi('CreateWebhookEndpoint')
}

const listQuery = z.strictObject({ ...listParameters, isDisabled: queryFlag.optional() })

const tag = 'Webhook endpoints'
const read = { tag, scope: 'webhook_endpoints:read' } as const
const write = { tag, scope: 'webhook_endpoints:write' } as const

/** The operations on webhook endpoints. */
export function webhookEndpointRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...endpointRoutes(ctx), ...secretAndTestRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/webhook-endpoints',
      operationId: 'createWebhookEndpoint',
      summary: 'Create a webhook endpoint; only this answer shows its secret',
      body: newWebhookEndpoint(ctx.config),
      response: webhookEndpointSchema,
      handle: async ({ caller, body, once }) =>
        await createWebhookEndpoint(ctx, caller, { ...body, enabledEvents: body.enabledEvents.events }, once),
    }),
    route({
      ...read,
      method: 'get',
      path: '/webhook-endpoints',
      operationId: 'listWebhookEndpoints',
      summary: 'List webhook endpoints, newest first',
      query: listQuery,
      response: pageSchema(webhookEndpointSchema),
      handle: async ({ caller, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.isDisabled !== undefined && { isDisabled: query.isDisabled }),
        }
        const found = await listWebhookEndpoints(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(endpoint => webhookEndpointView(endpoint)),
        )
      },
    }),
  ]
}

function endpointRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/webhook-endpoints/{id}',
      operationId: 'getWebhookEndpoint',
      summary: 'Get a webhook endpoint',
      response: webhookEndpointSchema,
      handle: async ({ caller, id }) => {
        const endpoint = await getWebhookEndpoint(ctx, caller.organizationId, id)
        if (endpoint === null) throw missing()
        return webhookEndpointView(endpoint)
      },
    }),
    route({
      ...write,
      method: 'put',
      path: '/webhook-endpoints/{id}',
      operationId: 'updateWebhookEndpoint',
      summary: 'Change, disable or enable a webhook endpoint',
      body: z
        .strictObject({ ...endpointFields(ctx.config), isDisabled: z.boolean() })
        .partial()
        .openapi('UpdateWebhookEndpoint'),
      response: webhookEndpointSchema,
      handle: async ({ caller, id, body }) => {
        const { description, url, enabledEvents, isDisabled } = body
        const endpoint = await updateWebhookEndpoint(ctx, caller, id, {
          ...(description !== undefined && { description }),
          ...(url !== undefined && { url }),
          ...(enabledEvents !== undefined && { enabledEvents: enabledEvents.events }),
          ...(isDisabled !== undefined && { isDisabled }),
        })
        if (endpoint === null) throw missing()
        return webhookEndpointView(endpoint)
      },
    }),
    route({
      ...write,
      method: 'delete',
      path: '/webhook-endpoints/{id}',
      operationId: 'deleteWebhookEndpoint',
      summary: 'Delete a webhook endpoint',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await deleteWebhookEndpoint(ctx, caller, id))) throw missing()
        return { message: 'The webhook endpoint is deleted.', statusCode: 200 }
      },
    }),
  ]
}

function secretAndTestRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/webhook-endpoints/{id}/regenerate',
      operationId: 'regenerateWebhookEndpointSecret',
      summary: 'Replace the secret; the old one keeps signing beside it for 24 hours',
      response: webhookEndpointSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const answer = await regenerateWebhookSecret(tx, ctx, caller, id)
          if (answer === null) throw missing()
          return answer
        }),
    }),
    route({
      ...write,
      method: 'post',
      path: '/webhook-endpoints/{id}/test',
      operationId: 'testWebhookEndpoint',
      summary: 'Send the event webhook_endpoint_test to this endpoint',
      response: successSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          if (!(await testWebhookEndpoint(tx, ctx, id))) throw missing()
          return { body: JSON.stringify({ message: 'A webhook_endpoint_test event is on its way.', statusCode: 200 }) }
        }),
    }),
  ]
}
