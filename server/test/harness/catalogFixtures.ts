import assert from 'node:assert/strict'
import type { Context } from '../../src/context.ts'
import { type ApiCaller, openApiCaller } from './apiCaller.ts'

/** The ids of the objects on a page, in its order. */
export function idsOf(page: Record<string, unknown>): unknown[] {
  return (page.data as { id: unknown }[]).map(({ id }) => id)
}

type CallOf = readonly [method: string, path: string, body?: object]

const ABSENT = '00000000-0000-7000-8000-000000000000'
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/**
 * Asserts of a resource that another organization's object is answered as none at all is, to the byte; that it is in no list of
 * theirs; that keys need the scope of what they do; and that a repeated POST gets its first answer. `calls` name an object of `owner`.
 */
export async function absent(
  ctx: Context,
  owner: ApiCaller,
  resource: { list: string; scope: string; calls: readonly CallOf[]; create: CallOf },
): Promise<void> {
  const { list, scope, calls, create } = resource
  const stranger = await openApiCaller(ctx)
  const reader = await openApiCaller(ctx, { of: owner.caller, key: [`${scope}:read`] })
  const writer = await openApiCaller(ctx, { of: owner.caller, key: [`${scope}:write`] })
  const page = await stranger.ok('GET', list)
  assert.deepEqual(page.data, [])
  const id = UUID.exec(calls[0]?.[1] ?? '')?.[0] ?? ''
  assert.equal(await stranger.refused('GET', `${list}?startingAfter=${id}`), '400 cursor_invalid startingAfter')
  for (const [method, path, body] of calls) {
    const { answer: foreign } = await stranger.call(method, path, body)
    const { answer: none } = await stranger.call(method, path.replace(UUID, ABSENT), body)
    assert.equal(foreign.code, 'resource_missing', `${method} ${path}`)
    assert.deepEqual({ ...foreign, requestId: none.requestId }, none)
    const [may, mayNot] = method === 'GET' ? [reader, writer] : [writer, reader]
    assert.equal(await mayNot.refused(method, path, body), '403 insufficient_permissions')
    await may.ok(method, path, body)
  }
  const [method, path, body] = create
  assert.equal(await reader.refused(method, path, body), '403 insufficient_permissions')
  const once = { 'idempotency-key': `${scope} once` }
  const first = await writer.call(method, path, body, once)
  const again = await writer.call(method, path, body, once)
  assert.deepEqual([first.status, again.answer], [200, first.answer])
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
}
