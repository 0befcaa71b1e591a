import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { type Answer, type ReceivedRequest, startReceiver } from '../../server/test/harness/receiver.ts'
import {
  ApiError,
  AuthenticationError,
  Bitstream,
  BitstreamError,
  type ClientOptions,
  ConnectionError,
  IdempotencyError,
  InvalidRequestError,
  PermissionError,
  RateLimitError,
} from '../src/bitstream.ts'
import { callsOf, openCalls } from './calls.ts'

const KEY = 'sk_test_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLM'
const json = { 'content-type': 'application/json' }

const server = await startReceiver()
after(() => server.stop())
beforeEach(() => server.answerAll(ok))

const ok = { headers: json, body: '{"id":"1"}' } satisfies Answer
const failure = (status: number, body: object = {}, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify({ statusCode: status, message: 'No.', code: 'some_code', type: 'api_error', ...body }),
})
const cut = { kind: 'cut' } satisfies Answer
const hang = { kind: 'hang' } satisfies Answer

/** A client that does not wait between its attempts, and how long it would have waited. */
function clientOf(options: Partial<ClientOptions> = {}) {
  const waits: number[] = []
  const wait = async (ms: number) => void waits.push(ms)
  return { client: new Bitstream(KEY, { baseUrl: server.url, wait, ...options }), waits }
}

/** What arrives at the server while `work` runs. */
async function arrivals(work: () => Promise<unknown>): Promise<readonly ReceivedRequest[]> {
  const before = server.requests.length
  await work()
  return server.requests.slice(before)
}

async function failed(work: PromiseLike<unknown>): Promise<BitstreamError> {
  const error: unknown = await Promise.resolve(work).then(
    () => assert.fail('it was answered'),
    cause => cause,
  )
  assert.ok(error instanceof BitstreamError, inspect(error))
  return error
}

const order = { currency: 'usdc', lineItems: { data: [] } }
const create = (client: Bitstream) => client.checkout.sessions.create(order as never)

describe('a request', () => {
  test('carries the key, JSON, and amounts and dates as the API takes them', async () => {
    const { client } = clientOf()
    const [request] = await arrivals(() =>
      client.prices.create({ unitAmount: 12_50000000n, at: new Date(0), none: undefined, list: [1n] } as never),
    )
    assert.equal(request?.headers.authorization, `Bearer ${KEY}`)
    assert.equal(request.headers['content-type'], 'application/json')
    assert.equal(request.path, '/api/v1/prices')
    assert.deepEqual(JSON.parse(request.body.toString()), {
      unitAmount: '1250000000',
      at: '1970-01-01T00:00:00.000Z',
      list: ['1'],
    })
  })

  test('without a body has no content type, and reading has no idempotency key', async () => {
    const { client } = clientOf()
    const [get, post] = await arrivals(async () => {
      await client.products.get('a b/c')
      await client.checkout.sessions.expire('1')
    })
    assert.equal(get?.path, '/api/v1/products/a%20b%2Fc')
    assert.equal(get.headers['idempotency-key'], undefined)
    assert.equal(get.headers['content-type'], undefined)
    assert.equal(post?.method, 'POST')
    assert.equal(post.headers['content-type'], undefined)
    assert.equal(post.body.length, 0)
  })

  test('takes trees, lists, dates and flags in its query', async () => {
    const { client } = clientOf()
    const createdAt = { gte: new Date(0), lt: '2026-01-01T00:00:00.000Z', isnull: undefined, notnull: true }
    const [request] = await arrivals(async () =>
      client.products.list({ createdAt, ids: ['1', '2'], isActive: false, limit: 3, url: 'a&b=c', page: undefined }),
    )
    const { searchParams } = new URL(request?.path ?? '', server.url)
    assert.deepEqual(Object.fromEntries(searchParams), {
      'createdAt[gte]': '1970-01-01T00:00:00.000Z',
      'createdAt[lt]': '2026-01-01T00:00:00.000Z',
      'createdAt[notnull]': 'true',
      ids: '1,2',
      isActive: 'false',
      limit: '3',
      url: 'a&b=c',
    })
  })

  test('sends files as a form, and leaves out what is not given', async () => {
    const { client } = clientOf()
    const brandLogo = new Blob(['<picture>'], { type: 'image/png' })
    const [request] = await arrivals(() => client.organization.updateBrand({ brandLogo, brandColor: '#112233' }))
    assert.match(request?.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/)
    const form = await new Response(request?.body.toString(), {
      headers: { 'content-type': request?.headers['content-type'] ?? '' },
    }).formData()
    assert.equal(form.get('brandColor'), '#112233')
    const file = form.get('brandLogo')
    assert.ok(file instanceof Blob)
    assert.equal(await file.text(), '<picture>')
    const [without] = await arrivals(() =>
      client.organization.updateBrand({ brandLogo: undefined, brandColor: '#112233' }),
    )
    assert.doesNotMatch(without?.body.toString() ?? '', /brandLogo/)
  })

  test('goes below the path of its base URL', async () => {
    for (const [baseUrl, path] of [
      [`${server.url}/`, '/api/v1/auth/me'],
      [`${server.url}/pay`, '/pay/api/v1/auth/me'],
      [`${server.url}/pay//?a=b#c`, '/pay/api/v1/auth/me'],
    ] as const) {
      const { client } = clientOf({ baseUrl })
      const [request] = await arrivals(() => client.auth.me())
      assert.equal(request?.path, path)
    }
  })

  test('is not sent with an id that would make it another request', async () => {
    const { client } = clientOf()
    const sent = await arrivals(async () => {
      for (const id of ['', '.', '..', undefined, null, {}] as string[]) {
        assert.equal((await failed(client.products.delete(id))).code, 'id_invalid')
      }
    })
    assert.deepEqual(sent, [])
    const [dots] = await arrivals(() => client.products.get('...'))
    assert.equal(dots?.path, '/api/v1/products/...')
  })
})

describe('a client', () => {
  test('is not made with a key or an address that cannot be right', () => {
    for (const key of ['', 'key', ' sk_test_abc', 'sk_test_abc\n', 'sk_test_', 'sk_prod_abc', 'Bearer sk_test_abc']) {
      assert.throws(() => new Bitstream(key, { baseUrl: server.url }), { code: 'api_key_invalid' })
    }
    for (const baseUrl of ['', 'pay.example.com', 'ftp://pay.example.com', 'javascript:alert(1)', '/api']) {
      assert.throws(() => new Bitstream(KEY, { baseUrl }), { code: 'base_url_invalid' })
    }
  })

  test('has no two calls of one name, and each asks for what its name says', async () => {
    const { client } = clientOf()
    const names = callsOf(client)
    assert.equal(new Set(names).size, names.length)
    for (const name of ['checkout.sessions.create', 'products.list', 'webhookEndpoints.deliveries.resend']) {
      assert.ok(names.includes(name), name)
    }
  })
})

describe('idempotency', () => {
  test('A1.12: every POST carries a key, the same again on each of its attempts, and no two calls share one', async () => {
    const { client } = clientOf({ maxRetries: 2 })
    const keys: string[] = []
    let posts = 0
    for (const { name, call } of openCalls(client)) {
      server.answerNext(failure(500), cut)
      const sent = await arrivals(async () => call('1', { a: 1 }))
      assert.equal(sent.length, 3, name)
      const [first] = sent
      for (const request of sent) {
        assert.equal(`${request.method} ${request.path}`, `${first?.method} ${first?.path}`)
        assert.equal(request.headers['idempotency-key'], first?.headers['idempotency-key'], name)
      }
      const isPost = first?.method === 'POST'
      assert.equal(typeof first?.headers['idempotency-key'] === 'string', isPost, name)
      if (!isPost) continue
      posts++
      keys.push(String(first.headers['idempotency-key']))
    }
    assert.ok(posts > 30, String(posts))
    assert.equal(new Set(keys).size, posts)
    for (const key of keys) assert.match(key, /^[0-9a-f-]{36}$/)
  })

  test('A1.12: a key without retries too, and the caller’s own where there is one', async () => {
    const { client } = clientOf({ maxRetries: 0 })
    const [first, second] = await arrivals(async () => {
      await create(client)
      await client.checkout.sessions.create(order as never, { idempotencyKey: 'order-7' })
    })
    assert.match(String(first?.headers['idempotency-key']), /^[0-9a-f-]{36}$/)
    assert.equal(second?.headers['idempotency-key'], 'order-7')
  })
})

describe('retries', () => {
  test('what passes by itself is tried again, twice unless told', async () => {
    const passing: Answer[] = [
      failure(429),
      failure(408),
      failure(500),
      failure(502),
      failure(503),
      failure(504),
      failure(409, { code: 'idempotency_key_in_use', type: 'idempotency_error' }),
      cut,
      { status: 502, body: '<h1>Bad gateway</h1>' },
    ]
    for (const answer of passing) {
      for (const maxRetries of [undefined, 0, 1, 4]) {
        const { client, waits } = clientOf(maxRetries === undefined ? {} : { maxRetries })
        server.answerAll(answer)
        const sent = await arrivals(() => failed(create(client)))
        assert.equal(sent.length, 1 + (maxRetries ?? 2), JSON.stringify(answer))
        assert.equal(waits.length, maxRetries ?? 2)
        server.answerAll(ok)
        server.answerNext(answer)
        if (maxRetries !== 0) assert.deepEqual(await create(client), { id: '1' })
      }
    }
  })

  test('so is an answer that is cut in the middle', async () => {
    let count = 0
    const cutting = createServer((_, response) => {
      count++
      response.writeHead(200, json)
      response.write('{"id":', () => (count < 3 ? response.destroy() : response.end('"1"}')))
    })
    cutting.listen(0, '127.0.0.1')
    await once(cutting, 'listening')
    const { port } = cutting.address() as AddressInfo
    const { client } = clientOf({ baseUrl: `http://127.0.0.1:${port}` })
    assert.deepEqual(await create(client), { id: '1' })
    assert.equal(count, 3)
    cutting.closeAllConnections()
    cutting.close()
  })

  test('what does not is not', async () => {
    const lasting: Answer[] = [
      ...[400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422].map(status => failure(status)),
      failure(400, { code: 'idempotency_key_reused', type: 'idempotency_error' }),
      failure(501),
      { body: '<h1>Welcome</h1>' },
    ]
    for (const answer of lasting) {
      const { client, waits } = clientOf()
      server.answerNext(answer)
      const sent = await arrivals(() => failed(create(client)))
      assert.equal(sent.length, 1, JSON.stringify(answer))
      assert.deepEqual(waits, [])
    }
  })

  test('waits grow from half a second to 8, none is like another', async () => {
    const { client, waits } = clientOf({ maxRetries: 7 })
    server.answerAll(failure(503))
    for (let call = 0; call < 5; call++) await failed(create(client))
    for (const [index, waited] of waits.entries()) {
      const longest = Math.min(500 * 2 ** (index % 7), 8_000)
      assert.ok(waited >= longest / 2 && waited <= longest, `${index}: ${waited}`)
    }
    assert.equal(waits.length, 35)
    assert.ok(new Set(waits).size > 30)
  })

  test('waits as long as the server asks, in seconds or until a date, but a minute at most', async () => {
    const { client, waits } = clientOf({ maxRetries: 1 })
    for (const [asked, [from, to]] of [
      ['7', [7_000, 7_000]],
      ['0', [250, 500]],
      ['60', [60_000, 60_000]],
      [new Date(Date.now() + 30_000).toUTCString(), [20_000, 30_000]],
      ['soon', [250, 500]],
    ] as const) {
      server.answerNext(failure(429, {}, { 'retry-after': asked }))
      await create(client)
      const waited = waits.at(-1) ?? 0
      assert.ok(waited >= from && waited <= to, `${asked}: ${waited}`)
    }
    server.answerNext(failure(429, {}, { 'retry-after': '61' }))
    const [error] = [await failed(create(client))]
    assert.equal(error.retryAfterMs, 61_000)
    assert.equal(waits.length, 5)
  })

  test('a call may have its own number', async () => {
    const { client } = clientOf()
    server.answerAll(failure(500))
    const sent = await arrivals(() => failed(client.products.get('1', { maxRetries: 3 })))
    assert.equal(sent.length, 4)
  })
})

describe('time', () => {
  test('an attempt that hangs is given up and made again', async () => {
    let count = 0
    const counting: typeof fetch = (...request) => {
      count++
      return fetch(...request)
    }
    const { client } = clientOf({ timeoutMs: 20, fetch: counting })
    server.answerAll(hang)
    const error = await failed(create(client))
    assert.ok(error instanceof ConnectionError)
    assert.equal(error.code, 'timeout')
    assert.equal(count, 3)
  })

  test('so is one whose answer begins and never ends', async () => {
    const { client } = clientOf({ timeoutMs: 20, maxRetries: 0 })
    server.answerAll({ kind: 'endless', headers: json })
    assert.equal((await failed(create(client))).code, 'timeout')
  })

  test('so is one of a fetch that never comes back, whatever it is told', async () => {
    const { client } = clientOf({ timeoutMs: 5, maxRetries: 1, fetch: () => new Promise(() => {}) })
    assert.equal((await failed(create(client))).code, 'timeout')
  })

  test('a file may take longer, once it has begun', async () => {
    const { client } = clientOf({ timeoutMs: 500, maxRetries: 0 })
    const whole = Promise.withResolvers<void>()
    const body = new ReadableStream({
      async start(stream) {
        stream.enqueue(new TextEncoder().encode('begun'))
        await whole.promise
        stream.enqueue(new TextEncoder().encode(' and ended'))
        stream.close()
      },
    })
    let signal: AbortSignal | null | undefined
    const slow = clientOf({
      timeoutMs: 1,
      fetch: async (_, init) => {
        signal = init?.signal
        return new Response(body)
      },
    })
    const file = await slow.client.checkout.sessions.export()
    await client.auth.me()
    assert.equal(signal?.aborted, false)
    whole.resolve()
    assert.equal(await file.text(), 'begun and ended')
  })

  test('the caller’s signal ends a call before it, during it, and between its attempts', async () => {
    const reason = new Error('the shopper left')
    const { client } = clientOf()
    const none = await arrivals(() =>
      assert.rejects(client.products.get('1', { signal: AbortSignal.abort(reason) }), reason),
    )
    assert.equal(none.length, 0)

    const during = new AbortController()
    server.answerAll(() => {
      queueMicrotask(() => during.abort(reason))
      return hang
    })
    const once = await arrivals(() => assert.rejects(client.products.get('1', { signal: during.signal }), reason))
    assert.equal(once.length, 1)

    const between = new AbortController()
    server.answerAll(failure(503))
    const waiting = new Bitstream(KEY, { baseUrl: server.url })
    const stopped = await arrivals(async () => {
      const asked = waiting.products.get('1', { signal: between.signal })
      await server.waitForCount(server.requests.length + 1)
      between.abort(reason)
      await assert.rejects(asked, reason)
    })
    assert.equal(stopped.length, 1)
  })
})

describe('errors', () => {
  test('are of the class of their type, with all that the server says', async () => {
    const { client } = clientOf({ maxRetries: 0 })
    const classes = {
      invalid_request_error: InvalidRequestError,
      authentication_error: AuthenticationError,
      permission_error: PermissionError,
      idempotency_error: IdempotencyError,
      rate_limit_error: RateLimitError,
      api_error: ApiError,
    }
    const errors = [{ code: 'amount_invalid', message: 'No.', param: 'a.b[0]', docUrl: 'https://x.test/docs' }]
    for (const [type, kind] of Object.entries(classes)) {
      const body = {
        type,
        code: 'amount_invalid',
        message: 'Say it.',
        param: 'a.b[0]',
        docUrl: 'https://x.test',
        errors,
      }
      server.answerNext(failure(400, body, { 'request-id': 'req_1', 'retry-after': '2' }))
      const error = await failed(create(client))
      assert.equal(error.constructor, kind)
      assert.equal(error.name, kind.name)
      const { code, message, param, docUrl, problems, statusCode, requestId, retryAfterMs } = error
      assert.deepEqual(
        { type: error.type, code, message, param, docUrl, errors: problems, statusCode, requestId, retryAfterMs },
        { ...body, statusCode: 400, requestId: 'req_1', retryAfterMs: 2_000 },
      )
    }
  })

  test('of others than this API say so', async () => {
    const { client } = clientOf({ maxRetries: 0 })
    const bodies = ['', '<h1>No</h1>', 'null', '[]', '"no"', '{"type":"constructor"}', '{"message":{"a":1},"code":7}']
    for (const body of [...bodies, '{"type":"__proto__","code":"x","message":{}}']) {
      for (const [status, kind] of [
        [404, InvalidRequestError],
        [429, RateLimitError],
        [502, ApiError],
      ] as const) {
        server.answerNext({ status, body })
        const error = await failed(create(client))
        assert.equal(error.constructor, kind, body)
        assert.equal(error.code, 'unknown_answer')
        assert.match(error.message, new RegExp(`status ${status}`))
      }
    }
    for (const body of ['', '<h1>Welcome</h1>', 'null', '7']) {
      server.answerNext({ body })
      assert.equal((await failed(create(client))).code, 'unknown_answer')
    }
  })

  test('of the connection name the server, and what is behind them', async () => {
    const { client } = clientOf({ maxRetries: 0 })
    server.answerNext(cut)
    const error = await failed(create(client))
    assert.ok(error instanceof ConnectionError)
    assert.equal(error.code, 'connection_failed')
    assert.ok(error.message.includes(server.url))
    assert.ok(error.cause instanceof Error)
    assert.equal(error.statusCode, null)
  })

  test('a redirect is refused, and what it points to never asked', async () => {
    const { client } = clientOf()
    for (const status of [301, 302, 303, 307, 308]) {
      server.answerNext({ status, headers: { location: `${server.url}/elsewhere` } })
      const sent = await arrivals(async () => {
        assert.equal((await failed(create(client))).code, 'redirect_refused')
      })
      assert.equal(sent.length, 1)
    }
  })

  test('never hold the key, nor does the client when it is printed', async () => {
    const { client } = clientOf({ maxRetries: 0, timeoutMs: 20 })
    for (const answer of [cut, hang, failure(401), failure(500), { body: 'x' }, { status: 302 }] satisfies Answer[]) {
      server.answerNext(answer)
      const error = await failed(create(client))
      assert.doesNotMatch(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error), /sk_test_/)
    }
    assert.throws(
      () => new Bitstream('sk_test_abc def', { baseUrl: server.url }),
      (error: unknown) => !/abc def/.test(inspect(error)),
    )
    assert.doesNotMatch(inspect(client, { depth: 20, showHidden: true }) + JSON.stringify(client), /sk_test_/)
  })
})
