import { z } from '@hono/zod-openapi'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import {
  addPasskey,
  askForNewPasskey,
  askForPasskey,
  deletePasskey,
  listPasskeys,
  signInWithPasskey,
} from '../actions/passkeys.ts'
import type { Context } from '../context.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { entered } from './accountState.ts'
import { missing } from './router.ts'
import { name, uuid } from './rules.ts'

/** What a device answers; all of it but the id is read where it is verified. */
const answered = z.looseObject({
  id: z.string().max(2_000),
  rawId: z.string(),
  type: z.string(),
  response: z.looseObject({}),
})

/** The answer of a device to one challenge. */
export const proof = z.strictObject({
  id: uuid,
  response: answered.transform(value => value as unknown as AuthenticationResponseJSON),
})

const newPasskey = z.strictObject({
  name,
  response: answered.transform(value => value as unknown as RegistrationResponseJSON),
})

/** Passkeys: signing in with one, and those that a person has. */
export function accountPasskeyRoutes(ctx: Context): AccountRoute[] {
  return [...entryRoutes(ctx), ...ownRoutes(ctx)]
}

function entryRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'post',
      path: '/passkey/options',
      who: 'anybody',
      handle: async ({ from }) => await askForPasskey(ctx, from),
    }),
    accountRoute({
      method: 'post',
      path: '/passkey',
      who: 'anybody',
      body: proof,
      handle: async ({ c, body, from }) => await entered(ctx, c, await signInWithPasskey(ctx, body, from)),
    }),
  ]
}

function ownRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/passkeys',
      who: 'unprotected',
      handle: async ({ person }) => (await listPasskeys(ctx, person)).map(view),
    }),
    accountRoute({
      method: 'post',
      path: '/passkeys/options',
      who: 'unprotected',
      handle: async ({ person }) => await askForNewPasskey(ctx, person),
    }),
    accountRoute({
      method: 'post',
      path: '/passkeys',
      who: 'unprotected',
      body: newPasskey,
      handle: async ({ person, body, from }) => view(await addPasskey(ctx, person, body, from)),
    }),
    accountRoute({
      method: 'delete',
      path: '/passkeys/{id}',
      who: 'unprotected',
      handle: async ({ person, id, from }) => {
        if (!(await deletePasskey(ctx, person, id, from))) throw missing()
        return { success: true }
      },
    }),
  ]
}

function view({ id, name: called, createdAt, lastUsedAt }: Awaited<ReturnType<typeof listPasskeys>>[number]) {
  return { id, name: called, createdAt, lastUsedAt }
}
