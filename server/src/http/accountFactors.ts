import { z } from '@hono/zod-openapi'
import { renderSVG } from 'uqr'
import { confirmWithPasskey } from '../actions/passkeys.ts'
import { changePassword } from '../actions/resetPassword.ts'
import { confirmPerson, giveCode } from '../actions/secondFactor.ts'
import { beginTotp, confirmTotp, removeTotp, renewRecoveryCodes } from '../actions/totp.ts'
import type { Context } from '../context.ts'
import { secret } from './accountEntry.ts'
import { proof } from './accountPasskeys.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { entered } from './accountState.ts'

const codeBody = z.strictObject({ code: z.string().max(100) })

/** What a person proves who they are with, beside passkeys: the password, an authenticator app, recovery codes. */
export function accountFactorRoutes(ctx: Context): AccountRoute[] {
  return [...proofRoutes(ctx), ...totpRoutes(ctx)]
}

function proofRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'post',
      path: '/second-factor',
      who: 'waiting',
      body: codeBody,
      handle: async ({ c, person, body, from }) => await entered(ctx, c, await giveCode(ctx, person, body.code, from)),
    }),
    accountRoute({
      method: 'post',
      path: '/confirm',
      who: 'unprotected',
      body: z.union([z.strictObject({ password: secret }), codeBody, proof]),
      handle: async ({ c, person, body, from }) => {
        const token = await ('id' in body
          ? confirmWithPasskey(ctx, person, body, from)
          : confirmPerson(ctx, person, body, from))
        return await entered(ctx, c, token)
      },
    }),
    accountRoute({
      method: 'put',
      path: '/password',
      who: 'unprotected',
      body: z.strictObject({ old: secret, new: secret }),
      handle: async ({ person, body, from }) => {
        await changePassword(ctx, person, { old: body.old, next: body.new }, from)
        return { success: true }
      },
    }),
  ]
}

function totpRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'post',
      path: '/totp',
      who: 'unprotected',
      handle: async ({ person }) => {
        const { secret: base32, uri } = await beginTotp(ctx, person)
        return { secret: base32, uri, qr: renderSVG(uri) }
      },
    }),
    accountRoute({
      method: 'post',
      path: '/totp/confirm',
      who: 'unprotected',
      body: codeBody,
      handle: async ({ person, body, from }) => ({ recoveryCodes: await confirmTotp(ctx, person, body.code, from) }),
    }),
    accountRoute({
      method: 'delete',
      path: '/totp',
      who: 'unprotected',
      handle: async ({ person, from }) => {
        await removeTotp(ctx, person, from)
        return { success: true }
      },
    }),
    accountRoute({
      method: 'post',
      path: '/recovery-codes',
      who: 'unprotected',
      handle: async ({ person, from }) => ({ recoveryCodes: await renewRecoveryCodes(ctx, person, from) }),
    }),
  ]
}
