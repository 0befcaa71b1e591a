import { createHash, hash } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import type { OnceKey } from '../actions/writeOnce.ts'
import { canonicalJson } from '../domain/canonicalJson.ts'
import { AppError } from '../domain/errors.ts'
import { headerLines } from './headerLines.ts'
import type { Route } from './router.ts'

/** The request's `Idempotency-Key` with a hash of what it asks for; null without one. Throws `invalid_idempotency_key`. */
export async function onceKeyOf(
  c: HonoContext,
  { method, path, bodyKind }: Route,
  params: Record<string, string>,
  body: unknown,
): Promise<OnceKey | null> {
  const [key, ...more] = headerLines(c, 'idempotency-key')
  if (key === undefined) return null
  if (more.length > 0 || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new AppError(
      'invalid_idempotency_key',
      'Idempotency-Key must be one header of 1 to 255 printable ASCII characters.',
    )
  }
  const said = bodyKind === 'multipart' ? await withHashes(body) : (body ?? null)
  const meaning = canonicalJson([method, path, Object.values(params).join('/'), said])
  return { key, requestHash: createHash('sha256').update(meaning).digest() }
}

/** The fields of a form, with the SHA-256 of its bytes for each file: what a file is called means nothing. */
async function withHashes(form: unknown): Promise<unknown> {
  const fields = Object.entries(form as Record<string, unknown>).map(async ([name, value]) => {
    if (!(value instanceof File)) return [name, value]
    return [name, { sha256: hash('sha256', await value.bytes()) }]
  })
  return Object.fromEntries(await Promise.all(fields))
}
