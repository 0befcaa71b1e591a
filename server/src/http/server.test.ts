import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { freePort } from '../dev/embeddedPostgres.ts'
import { StartError } from '../dev/process.ts'
import { AppError } from '../domain/errors.ts'
import { type Program, startProgram } from '../program.ts'
import { readJsonBody } from './body.ts'

let t: TestContext
let program: Program
let port: number

before(async () => {
  t = await createTestContext()
  port = await freePort()
  program = await startProgram(configOf(port), { api: true, worker: false })
})
after(async () => {
  await program.stop()
  await t.close()
})

function configOf(listenPort: number) {
  return {
    ...t.ctx.config,
    databaseUrl: t.ctx.db.ownerUrl,
    port: listenPort,
    publicUrl: `http://127.0.0.1:${listenPort}`,
  }
}

/** Sends bytes as they are, and returns all that comes back until the server ends the connection. */
async function raw(text: string, content: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk
  })
  socket.write(text)
  socket.write(content)
  await once(socket, 'close')
  return answer
}

const body = '{"successUrl":"https://shop.example","lineItems":[]}'
const post = (headers: string[], content: string | Buffer) =>
  raw(
    ['POST /api/v1/checkout/sessions HTTP/1.1', 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n'),
    content,
  )
const auth = () => `Authorization: Bearer ${t.apiKey}`
const json = 'Content-Type: application/json'

test('F56: two Authorization headers are refused', async () => {
  const answer = await post([auth(), auth(), json, `Content-Length: ${body.length}`], body)
  assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.match(answer, /"code":"api_key_invalid"/)
})

test('F60: two Idempotency-Key headers, or one with a line break, are refused', async () => {
  const full = body.replace('[]', '[{"priceData":{"currency":"usdc","unitAmount":"100","productData":{"name":"a"}}}]')
  const answer = await post(
    [auth(), json, 'Idempotency-Key: a', 'Idempotency-Key: b', `Content-Length: ${full.length}`],
    full,
  )
  assert.match(answer, /^HTTP\/1\.1 400 /)
  assert.match(answer, /"code":"invalid_idempotency_key"/)
  assert.match(
    await post([auth(), json, 'Idempotency-Key: a\nb', `Content-Length: ${full.length}`], full),
    /"code":"request_malformed"/,
  )
})

test('F72: a request with two lengths is refused in the envelope, and its connection ends', async () => {
  const answer = await post(
    [auth(), json, `Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'],
    `0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 400 /)
  assert.match(answer, /"code":"request_malformed"/)
  assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1)
})

test('F54: a Content-Length above the limit is refused before the body, a shorter one leaves no second request', async () => {
  assert.match(await post([auth(), json, 'Content-Length: 999999'], ''), /"code":"body_too_large"/)
  const answer = await post([auth(), json, 'Content-Length: 5'], body)
  assert.match(answer, /^HTTP\/1\.1 400 /)
  assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1)
})

test('F54: a chunked body without end runs out of time', async () => {
  const endless = new ReadableStream<Uint8Array>({ start: controller => controller.enqueue(Buffer.from('{')) })
  const request = new Request('http://x/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: endless,
    duplex: 'half',
  } as RequestInit)
  await assert.rejects(
    readJsonBody(request, { readMs: 30 }),
    error => error instanceof AppError && error.code === 'request_timeout',
  )
})

test('F54: so does one that comes over a connection, and one that breaks off is refused', async () => {
  const errors: unknown[] = []
  const server = createServer((incoming, outgoing) => {
    const request = new Request('http://x/', { method: 'POST', headers: { 'content-type': 'application/json' } })
    // The first one runs out of time, the second has enough of it.
    const readMs = errors.length === 0 ? 30 : 60_000
    readJsonBody(request, { readMs, incoming }).catch(error => {
      errors.push(error)
      outgoing.end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const begin = () => {
    const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{')
    return socket
  }
  await once(begin().resume(), 'close')
  const broken = begin()
  await once(server, 'request')
  broken.destroy()
  await waitUntil('both are refused', () => errors.length === 2)
  const codes = errors.map(error => (error instanceof AppError ? error.code : error))
  assert.deepEqual(codes, ['request_timeout', 'invalid_json'])
  server.close()
})

test('F54: a chunked body above the limit is refused', async () => {
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`
  const answer = await post([auth(), json, 'Transfer-Encoding: chunked'], `${chunk.repeat(5)}0\r\n\r\n`)
  assert.match(answer, /^HTTP\/1\.1 413 /)
  assert.match(answer, /"code":"body_too_large"/)
})

test('a body that is not UTF-8 is refused', async () => {
  assert.match(await post([auth(), json, 'Content-Length: 1'], Buffer.from([0xff])), /"code":"invalid_json"/)
})

test('a port in use is one sentence', async () => {
  await assert.rejects(
    startProgram(configOf(port), { api: true, worker: false }),
    error => error instanceof StartError && error.message.includes(`Port ${port} is in use`),
  )
})
