import { z } from '@hono/zod-openapi'
import { forgetCallers } from '../actions/authenticate.ts'
import {
  createWithdrawalAddress,
  deleteWithdrawalAddress,
  listWithdrawalAddresses,
  markDefaultAddress,
  type Redirected,
  updateWithdrawalAddress,
} from '../actions/changeWithdrawalAddress.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { withdrawalAddressView } from '../domain/withdrawalAddress.ts'
import { successSchema } from './objects.ts'
import { withdrawalAddressSchema } from './organizationObjects.ts'
import { missing, type Route, route } from './router.ts'
import { evmAddress, name } from './rules.ts'

/** A wallet to be saved. */
export const newWithdrawalAddress = z
  .strictObject({ name, address: evmAddress, chainId: z.int().positive() })
  .openapi('CreateWithdrawalAddress')

const PATH = '/organization/withdrawal-addresses'
const tag = 'Withdrawal addresses'
const read = { tag, scope: 'organization:read' } as const
const write = { tag, scope: 'organization:write' } as const

/** The operations on withdrawal addresses; in live mode a key may look at them only, and what owners change counts a day later. */
export function withdrawalAddressRoutes(ctx: Context): Route[] {
  return [...readRoutes(ctx), ...writeRoutes(ctx), ...existingRoutes(ctx)]
}

/** The end of a sentence about what counts later. */
function from({ dueAt }: Redirected): string {
  return dueAt === null ? '' : ` from ${dueAt.toISOString()} on, unless an owner cancels that before`
}

function readRoutes(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: PATH,
      operationId: 'listWithdrawalAddresses',
      summary: 'List the wallets that your money may be swept to, newest first',
      response: z.array(withdrawalAddressSchema),
      handle: async ({ caller }) =>
        (await listWithdrawalAddresses(ctx, caller.organizationId)).map(withdrawalAddressView),
    }),
    route({
      ...read,
      method: 'get',
      path: `${PATH}/{id}`,
      operationId: 'getWithdrawalAddress',
      summary: 'Get a withdrawal address',
      response: withdrawalAddressSchema,
      handle: async ({ caller, id }) => {
        const saved = (await listWithdrawalAddresses(ctx, caller.organizationId)).find(each => each.id === id)
        if (saved === undefined) throw missing()
        return withdrawalAddressView(saved)
      },
    }),
  ]
}

function writeRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: PATH,
      operationId: 'createWithdrawalAddress',
      summary: 'Save a wallet; the first of a network makes payments there possible',
      body: newWithdrawalAddress,
      response: withdrawalAddressSchema,
      handle: async ({ caller, body, once }) => {
        return await createWithdrawalAddress(ctx, caller, body, once)
      },
    }),
    route({
      ...write,
      method: 'post',
      path: `${PATH}/{id}/mark-as-default`,
      operationId: 'markWithdrawalAddressAsDefault',
      summary: 'Let new sessions pay to this wallet on its network',
      response: successSchema,
      handle: async ({ caller, id, once }) => {
        const answer = await writeOnce(ctx, caller, once, async tx => {
          const made = await markDefaultAddress(tx, ctx, caller, id)
          if (made === null) throw missing()
          const message = `New sessions pay to this wallet${from(made)}.`
          return { body: JSON.stringify({ message, statusCode: 200 }) }
        })
        forgetCallers(ctx, caller.organizationId)
        return answer
      },
    }),
  ]
}

function existingRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'put',
      path: `${PATH}/{id}`,
      operationId: 'updateWithdrawalAddress',
      summary: 'Change a withdrawal address; open sessions keep the wallet that they were created with',
      body: z.strictObject({ name, address: evmAddress }).partial().openapi('UpdateWithdrawalAddress'),
      response: withdrawalAddressSchema,
      handle: async ({ caller, id, body }) => {
        const saved = await updateWithdrawalAddress(ctx, caller, id, body)
        if (saved === null) throw missing()
        return withdrawalAddressView(saved)
      },
    }),
    route({
      ...write,
      method: 'delete',
      path: `${PATH}/{id}`,
      operationId: 'deleteWithdrawalAddress',
      summary: 'Delete a withdrawal address; after a default the oldest of its network takes its place',
      response: successSchema,
      handle: async ({ caller, id }) => {
        const deleted = await deleteWithdrawalAddress(ctx, caller, id)
        if (deleted === null) throw missing()
        return { message: `The withdrawal address is deleted${from(deleted)}.`, statusCode: 200 }
      },
    }),
  ]
}
