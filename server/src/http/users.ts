import { z } from '@hono/zod-openapi'
import { getAuthUser, listUsers, removeUser, updateUserRole } from '../actions/changeTeam.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { assertMayAdmit } from '../domain/managedKey.ts'
import { memberView } from '../domain/user.ts'
import { successSchema } from './objects.ts'
import { authUserSchema, role, userSchema } from './organizationObjects.ts'
import { missing, type Route, route } from './router.ts'

const tag = 'Team'
const read = { tag, scope: 'organization:read' } as const
const write = { tag, scope: 'organization:write' } as const

/** The operations on the people who work for the organization. */
export function userRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/auth/me',
      operationId: 'getAuthUser',
      summary: 'Get the person who made this key, or else the owner of the organization',
      mayBeAbsent: true,
      response: authUserSchema,
      handle: async ({ caller }) => {
        const user = await getAuthUser(ctx, caller)
        if (user !== null) return user
        throw new AppError('resource_missing', 'Nobody stands behind this key: the organization has no members yet.')
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/users',
      operationId: 'listUsers',
      summary: 'List the people who work for your organization, the oldest member first',
      response: z.array(userSchema),
      handle: async ({ caller }) => (await listUsers(ctx, caller.organizationId)).map(memberView),
    }),
    route({
      ...write,
      method: 'put',
      path: '/users/{id}/role',
      operationId: 'updateUserRole',
      summary: 'Give a member another role; in live mode an owner whom another owner unmakes stays one for a day',
      body: z.strictObject({ role }).partial().openapi('UpdateUserRole'),
      response: userSchema,
      handle: async ({ caller, id, body }) => {
        assertMayAdmit(caller.key)
        const member = await updateUserRole(ctx, caller, id, body.role)
        if (member === null) throw missing()
        return memberView(member)
      },
    }),
    route({
      ...write,
      method: 'delete',
      path: '/users/{id}',
      operationId: 'deleteUser',
      summary: 'Let somebody no longer work for your organization',
      response: successSchema,
      handle: async ({ caller, id }) => {
        const removed = await removeUser(ctx, caller, id)
        if (removed === null) throw missing()
        const { member, dueAt } = removed
        const message =
          dueAt === null
            ? `${member.email} no longer belongs to the organization.`
            : `${member.email} is a member until ${dueAt.toISOString()}: all owners are told, and each can cancel it.`
        return { message, statusCode: 200 }
      },
    }),
  ]
}
