import { z } from '@hono/zod-openapi'
import { forgetCallers } from '../actions/authenticate.ts'
import { createApiKey, listApiKeys, revokeApiKey, rollApiKey } from '../actions/changeKeys.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { apiKeyView, OVERLAP_MAX_MS } from '../domain/managedKey.ts'
import { RESOURCES } from '../domain/scopes.ts'
import { id, time } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView } from './list.ts'
import { successSchema } from './objects.ts'
import { missing, type Route, route } from './router.ts'
import { datetime, name, PARAM } from './rules.ts'

const type = z.enum(['secret', 'restricted', 'publishable'])
const scope = z.enum(['*', ...RESOURCES.flatMap(resource => [`${resource}:read`, `${resource}:write`] as const)])

/** A key; `token` is shown at its creation only. */
export const apiKeySchema = z
  .object({
    id,
    createdAt: time,
    createdBy: id.nullable().openapi({
      description: 'The person who made it, who may have left since; the key works on. Null where the server did.',
    }),
    name: z.string(),
    type,
    scopes: z.array(scope),
    prefix: z.string(),
    lastFour: z.string(),
    lastUsedAt: time.nullable().openapi({ description: 'To the minute.' }),
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    token: z.string().nullable(),
  })
  .openapi('ApiKey')

const newKey = z
  .strictObject({
    name,
    type,
    scopes: z.array(scope).max(40).default([]).openapi({ description: 'What a restricted key may do.' }),
    expiresAt: datetime.nullish(),
  })
  .refine(({ type, scopes }) => (type === 'restricted') === scopes.length > 0, {
    path: ['scopes'],
    message: `${PARAM}: a restricted key has at least one scope, the others have none.`,
  })
  .openapi('CreateApiKey')

const rolling = z
  .strictObject({
    overlapMs: z
      .int()
      .min(0)
      .max(OVERLAP_MAX_MS)
      .optional()
      .openapi({ description: 'How long the old key works beside the new one, in milliseconds: up to 7 days.' }),
    expiresAt: datetime.optional().openapi({ description: 'When the old key ends, in place of overlapMs.' }),
  })
  .refine(({ overlapMs, expiresAt }) => (overlapMs === undefined) !== (expiresAt === undefined), {
    path: ['overlapMs'],
    message: `${PARAM}: give overlapMs or expiresAt, one of them; an overlapMs of 0 ends the old key at once.`,
  })
  .openapi('RollApiKey')

const tag = 'API keys'
const read = { tag, scope: 'organization:read' } as const
const write = { tag, scope: 'organization:write', roles: ['developer'] } as const

/** The operations on API keys; no key makes one that may do more than itself. */
export function apiKeyRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...keyRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/api-keys',
      operationId: 'createApiKey',
      summary: 'Create a key; only this answer shows it',
      body: newKey,
      response: apiKeySchema,
      handle: async ({ caller, body: { expiresAt = null, ...body }, once }) => {
        const asked = { ...body, scopes: [...new Set(body.scopes)], expiresAt }
        return await writeOnce(ctx, caller, once, tx => createApiKey(tx, ctx, caller, asked))
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/api-keys',
      operationId: 'listApiKeys',
      summary: 'List keys without their text, newest first; revoked ones too',
      query: z.strictObject(listParameters),
      response: pageSchema(apiKeySchema),
      handle: async ({ caller, query }) => {
        const filter = { createdAt: createdAtOf(query), ids: query.ids }
        const found = await listApiKeys(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(key => apiKeyView(key, ctx.config.mode, null)),
        )
      },
    }),
  ]
}

function keyRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/api-keys/{id}/roll',
      operationId: 'rollApiKey',
      summary: 'Replace a key by one with the same rights; only this answer shows it',
      body: rolling,
      response: apiKeySchema,
      handle: async ({ caller, id, body, once }) => {
        const answer = await writeOnce(ctx, caller, once, async tx => {
          const answer = await rollApiKey(tx, ctx, caller, id, body)
          if (answer === null) throw missing()
          return answer
        })
        forgetCallers(ctx, caller.organizationId)
        return answer
      },
    }),
    route({
      ...write,
      method: 'delete',
      path: '/api-keys/{id}',
      operationId: 'revokeApiKey',
      summary: 'Revoke a key; it ends everywhere within 5 seconds',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await revokeApiKey(ctx, caller, id))) throw missing()
        return { message: 'The key is revoked.', statusCode: 200 }
      },
    }),
  ]
}
