import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { withServer } from '../../test/harness/rpcServer.ts'
import { ANSWER_MAX_BYTES, httpPost } from './httpPost.ts'

const PACKED = { 'content-encoding': 'gzip' }

test('an answer is read plain or compressed, and the next one comes on the same connection', async () => {
  const ports = new Set<number | undefined>()
  const answer: RequestListener = async (request, response) => {
    ports.add(request.socket.remotePort)
    const body = Buffer.concat(await request.toArray())
    if (request.url === '/plain') return response.writeHead(200, { 'retry-after': '7' }).end(body)
    assert.equal(request.headers['accept-encoding'], 'gzip')
    response.writeHead(500, PACKED).end(gzipSync(body))
  }
  await withServer(answer, async origin => {
    const plain = await post(new URL('plain', origin))
    assert.deepEqual([plain.status, plain.headers.get('retry-after'), await plain.text()], [200, '7', 'a “question”'])
    const packed = await post(new URL('packed', origin))
    assert.deepEqual(
      [packed.status, packed.headers.get('retry-after'), await packed.text()],
      [500, null, 'a “question”'],
    )
  })
  assert.equal(ports.size, 1)
})

test('an answer that is too long, broken off or no longer waited for is never read as a whole one', async () => {
  const long = gzipSync(Buffer.alloc(ANSWER_MAX_BYTES + 1))
  await withServer(
    (_, response) => response.writeHead(200, PACKED).end(long),
    async origin => assert.equal(await (await post(origin)).text(), null),
  )
  for (const headers of [{}, PACKED]) {
    await withServer(
      (_, response) => {
        response.writeHead(200, { ...headers, 'content-length': '100' }).write(gzipSync('half'))
        response.destroy()
      },
      async origin => assert.rejects(post(origin).then(answer => answer.text())),
    )
    const stopping = new AbortController()
    await withServer(
      (_, response) => void response.writeHead(200, headers).write(gzipSync('half')),
      async origin => {
        const answer = await post(origin, stopping.signal)
        const text = answer.text()
        stopping.abort(new Error('no longer waited for'))
        await assert.rejects(text, /no longer waited for/)
      },
    )
  }
  await withServer(
    (_, response) => response.writeHead(200, PACKED).end('not compressed'),
    async origin => assert.rejects((await post(origin)).text(), { code: 'Z_DATA_ERROR' }),
  )
})

async function post(url: URL | string, signal = new AbortController().signal) {
  return await httpPost(new URL(url), { method: 'POST', headers: {}, body: 'a “question”', signal })
}
