import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Caller } from '../../src/actions/caller.ts'
import type { Context } from '../../src/context.ts'
import { hashApiKey, lastFour, makeApiKey } from '../../src/domain/apiKey.ts'
import { uuidv7 } from '../../src/domain/uuid.ts'
import { createApp } from '../../src/http/app.ts'
import { createOrganization } from './fixtures.ts'

/** An answer of the API with its status and headers. */
export type Answer = { status: number; answer: Record<string, unknown>; headers: Headers }

/** An organization that calls the API with a key of its own. */
export type ApiCaller = {
  caller: Caller
  /** The key, for answers that are no JSON. */
  key: string
  call: (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>
  /** A call whose body is a form with files. */
  send: (method: string, path: string, form: FormData, headers?: Record<string, string>) => Promise<Answer>
  /** The answer of a call that must work. */
  ok: (method: string, path: string, body?: object) => Promise<Record<string, unknown>>
  /** Status, code and param of a call that must be refused. */
  refused: (method: string, path: string, body?: object) => Promise<string>
}

/** A new organization, or `of` an earlier one, with a key: a secret one, a publishable one, or one restricted to some scopes. */
export async function openApiCaller(
  ctx: Context,
  options: { of?: Caller; key?: 'secret' | 'publishable' | readonly string[] } = {},
): Promise<ApiCaller> {
  const { key: kind = 'secret' } = options
  const caller = options.of ?? (await createOrganization(ctx))
  const type = typeof kind === 'string' ? kind : 'restricted'
  const key = makeApiKey(type, ctx.config.mode, randomBytes(32))
  await ctx.db.owner.query(
    `insert into api_keys (id, organization_id, created_at, name, type, scopes, hash, last_four)
     values ($7, $1, $2, 'Key', $3, $4, $5, $6)`,
    [
      caller.organizationId,
      ctx.clock.now(),
      type,
      typeof kind === 'string' ? [] : kind,
      Buffer.from(hashApiKey(key)),
      lastFour(key),
      uuidv7(ctx.clock.now(), randomBytes(10)),
    ],
  )
  const app = createApp(ctx)
  const request = async (
    path: string,
    init: { method: string; headers: Record<string, string>; body?: string | FormData },
  ) => {
    const headers = { authorization: `Bearer ${key}`, ...init.headers }
    const response = await app.request(`/api/v1${path}`, { ...init, headers })
    return { status: response.status, answer: (await response.json()) as Answer['answer'], headers: response.headers }
  }
  const call: ApiCaller['call'] = (method, path, body, headers = {}) =>
    request(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return {
    caller,
    key,
    call,
    send: (method, path, form, headers = {}) => request(path, { method, headers, body: form }),
    ok: async (method, path, body) => {
      const { status, answer } = await call(method, path, body)
      assert.equal(status, 200, JSON.stringify(answer))
      return answer
    },
    refused: async (method, path, body) => {
      const { status, answer } = await call(method, path, body)
      assert.notEqual(status, 200, `${method} ${path} works`)
      return [status, answer.code, ...(answer.param === null ? [] : [answer.param])].join(' ')
    },
  }
}
