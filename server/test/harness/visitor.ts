import assert from 'node:assert/strict'
import type { Hono } from 'hono'
import type { Context } from '../../src/context.ts'
import { createApp } from '../../src/http/app.ts'
import type { TestContext } from './testContext.ts'

/** What `GET /api/account/state` and every step into the dashboard answer. */
export type AccountState = {
  mode: 'test' | 'live'
  canDemo: boolean
  needsSetup: boolean
  signIn: null | {
    user: { id: string; email: string; firstName: string; lastName: string }
    organization: { id: string; name: string; role: string; scopes: string[] }
    organizations: { id: string; name: string; role: string }[]
    stage: 'waiting' | 'whole'
    confirmedAt: string
    isStrong: boolean
    csrfToken: string
    factors: { password: boolean; totp: boolean; passkeys: number }
    mustHaveSecondFactor: boolean
  }
}

/** The answer to a request: its status, its body, and the code of its error. */
export type Answer<T = unknown> = { status: number; body: T; code: string | null; headers: Headers }

/** A browser with a cookie jar at the dashboard. */
export type Visitor = {
  /** What the jar holds, as the header `cookie`; empty for nothing. */
  cookie: string
  /** What its page last read: each change carries its token. */
  state: AccountState | null
  /** Asks below /api/account. */
  ask: <T = AccountState>(method: string, path: string, body?: object) => Promise<Answer<T>>
  /** Asks any path. */
  fetch: <T>(method: string, path: string, body?: object) => Promise<Answer<T>>
}

const apps = new WeakMap<Context, Hono>()

function appOf(ctx: Context): Hono {
  const app = apps.get(ctx) ?? (createApp(ctx) as unknown as Hono)
  apps.set(ctx, app)
  return app
}

/** A new browser at the dashboard of `world`, from the network address `address`. */
export function openVisitor(world: Pick<TestContext, 'ctx'>, address = '203.0.113.7'): Visitor {
  const app = appOf(world.ctx)
  const origin = world.ctx.config.publicUrl ?? ''
  const visitor: Visitor = {
    cookie: '',
    state: null,
    ask: (method, path, body) => visitor.fetch(method, `/api/account${path}`, body),
    fetch: async <T>(method: string, path: string, body?: object) => {
      const answer = await app.request(`${origin}${path}`, {
        method,
        headers: {
          ...{ origin, 'x-forwarded-for': address, 'user-agent': 'Test browser' },
          ...(visitor.cookie !== '' && { cookie: visitor.cookie }),
          ...(visitor.state?.signIn && { 'x-csrf-token': visitor.state.signIn.csrfToken }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const [cookie] = answer.headers.get('set-cookie')?.split(';') ?? []
      if (cookie !== undefined) visitor.cookie = cookie.endsWith('=') ? '' : cookie
      const told = (await answer.json()) as T & Partial<AccountState> & { code?: string }
      if (answer.ok && told.canDemo !== undefined) visitor.state = told as unknown as AccountState
      return { status: answer.status, body: told, code: answer.ok ? null : (told.code ?? ''), headers: answer.headers }
    },
  }
  return visitor
}

/** The sign-in of a visitor who has one. */
export function signInOf({ state }: Visitor): NonNullable<AccountState['signIn']> {
  assert.ok(state?.signIn, 'somebody is signed in')
  return state.signIn
}
