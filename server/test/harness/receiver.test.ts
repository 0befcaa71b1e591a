import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startReceiver } from './receiver.ts'

const receiver = await startReceiver()
after(() => receiver.stop())

function post(path: string, body: string | Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<Response> {
  return fetch(`${receiver.url}${path}`, { method: 'POST', body, ...(signal && { signal }) })
}

test('records the bytes, and wakes who waits for them', async () => {
  const waiting = receiver.waitFor(({ path }) => path === '/bytes')
  const bytes = new Uint8Array([0xff, 0x00, 0x7b])
  assert.equal((await post('/bytes', bytes)).status, 200)
  const request = await waiting
  assert.deepEqual(new Uint8Array(request.body), bytes)
  assert.equal(request.headers['content-length'], '3')
  assert.equal(await receiver.waitFor(({ path }) => path === '/bytes'), request)
})

test('answers as told, one by one, then as always', async () => {
  receiver.answerAll({ status: 204 })
  receiver.answerNext({ status: 503, headers: { 'retry-after': '7' }, body: 'later' }, { kind: 'cut' })
  const first = await post('/a', '')
  assert.deepEqual([first.status, first.headers.get('retry-after'), await first.text()], [503, '7', 'later'])
  await assert.rejects(post('/b', ''))
  assert.equal((await post('/c', '')).status, 204)
})

test('a hanging or endless answer ends with the caller', async () => {
  receiver.answerNext({ kind: 'hang' }, { kind: 'endless' })
  const caller = new AbortController()
  const hanging = post('/hang', '', caller.signal)
  await receiver.waitFor(({ path }) => path === '/hang')
  caller.abort()
  await assert.rejects(hanging, { name: 'AbortError' })
  const reader = (await post('/endless', '')).body?.getReader()
  let length = 0
  while (length < 8192) length += (await reader?.read())?.value?.length ?? 8192
  await reader?.cancel()
})

test('names what arrived when the awaited request did not', async () => {
  await post('/other', '')
  await assert.rejects(
    receiver.waitFor(() => false, { timeoutMs: 1 }),
    /did not arrive in 1 ms; received: .*POST \/other/,
  )
  const count = receiver.requests.length
  await assert.rejects(receiver.waitForCount(count + 1, { timeoutMs: 1 }), /did not arrive/)
  assert.equal((await receiver.waitForCount(count)).length, count)
})
