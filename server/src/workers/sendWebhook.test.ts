import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import test, { type TestContext } from 'node:test'
import {
  createServer as createTlsServer,
  getCACertificates,
  setDefaultCACertificates,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { Webhook } from 'standardwebhooks'
import { AppError } from '../domain/errors.ts'
import { makeWebhookSecret, signWebhook } from '../domain/webhook.ts'
import { createSender, type Lookup } from './sendWebhook.ts'

const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 }
const NOWHERE: LookupAddress = { address: '0.0.0.0', family: 4 }
const PUBLIC: LookupAddress = { address: '93.184.216.34', family: 4 }
const HEADERS = { 'content-type': 'application/json' }
const to =
  (...addresses: LookupAddress[]): Lookup =>
  async () =>
    addresses

const sender = createSender({ mode: 'test', allowedHosts: [], lookup: to(LOOPBACK) })
const send = (port: number, options: { timeoutMs?: number; path?: string } = {}) =>
  createSender({ mode: 'test', allowedHosts: [], lookup: to(LOOPBACK), ...options }).send(
    `http://127.0.0.1:${port}${options.path ?? '/hook'}`,
    HEADERS,
    '{}',
  )

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}

/** A merchant's server, and how many connections it saw. */
async function merchant(t: TestContext, onRequest: RequestListener) {
  const server = createHttpServer(onRequest)
  const seen = { connections: 0 }
  server.on('connection', () => {
    seen.connections += 1
  })
  return { port: await listen(t, server), seen }
}

/** A server that answers with these bytes once it was spoken to, then does `then`. */
function rawServer(t: TestContext, bytes: string, then: (socket: Socket) => void): Promise<number> {
  return listen(
    t,
    createServer(socket => {
      socket.once('data', () => socket.write(bytes, () => then(socket)))
    }),
  )
}

/** A server that repeats `text` after `start` for as long as somebody reads; `closed` when its connection ended. */
async function endlessServer(t: TestContext, start: string, text: string) {
  let markClosed = () => {}
  const closed = new Promise<void>(resolve => {
    markClosed = resolve
  })
  const port = await listen(
    t,
    createServer(socket => {
      const fill = () => {
        while (!socket.destroyed && socket.write(text)) {}
      }
      socket.once('data', () => {
        socket.write(start)
        socket.on('drain', fill)
        fill()
      })
      socket.on('close', markClosed)
    }),
  )
  return { port, closed }
}

test('a 2xx answer is success, every other status is not, and neither is an error', async t => {
  const { port } = await merchant(t, (request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end(response.statusCode === 204 ? undefined : 'thanks')
  })
  for (const status of [200, 201, 204, 299]) {
    const result = await send(port, { path: `/${status}` })
    assert.deepEqual([result.ok, result.status, result.error, result.reason], [true, status, null, null])
    assert.equal(result.body, status === 204 ? '' : 'thanks')
    assert.ok(Number.isInteger(result.durationMs) && result.durationMs >= 0)
  }
  for (const status of [300, 400, 401, 404, 410, 429, 500, 502, 503, 504]) {
    const result = await send(port, { path: `/${status}` })
    assert.deepEqual([result.ok, result.status, result.error], [false, status, null])
  }
})

test('the answer is told with its Retry-After', async t => {
  const { port } = await merchant(t, (_request, response) => {
    response.writeHead(429, { 'retry-after': '120' }).end('slow down')
  })
  const { durationMs: _, ...result } = await send(port)
  assert.deepEqual(result, { ok: false, status: 429, error: null, reason: null, body: 'slow down', retryAfter: '120' })
})

test('what travels is exactly what was signed', async t => {
  const secret = makeWebhookSecret(new Uint8Array(32).fill(3))
  const body = JSON.stringify({ a: 'é👨‍👩‍👧‍👦</script>\u2028', b: 1e21, z: { d: 1, c: 2 } })
  const headers = signWebhook({ id: 'evt_1', timestampS: Math.floor(Date.now() / 1000), body, secrets: [secret] })
  const received: Buffer[] = []
  const port = await listen(
    t,
    createServer(socket => {
      socket.on('data', chunk => {
        received.push(chunk)
        const wire = Buffer.concat(received)
        if (wire.includes('\r\n\r\n') && wire.subarray(-2).toString() === '}}') {
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
        }
      })
    }),
  )
  const result = await sender.send(`http://shop.example:${port}/hook?a=1`, headers, body)
  assert.equal(result.ok, true)

  const wire = Buffer.concat(received)
  const split = wire.indexOf('\r\n\r\n')
  const [start, ...lines] = wire.subarray(0, split).toString('latin1').split('\r\n')
  const sent = Object.fromEntries(
    lines.map(line => line.split(': ', 2).map((part, i) => (i === 0 ? part.toLowerCase() : part))),
  )
  assert.equal(start, 'POST /hook?a=1 HTTP/1.1')
  assert.deepEqual(wire.subarray(split + 4), Buffer.from(body, 'utf8'))
  assert.deepEqual(sent, {
    ...headers,
    host: `shop.example:${port}`,
    connection: 'close',
    'content-length': `${Buffer.byteLength(body)}`,
  })
  new Webhook(secret).verify(wire.subarray(split + 4), sent)
})

test('F143: a redirect is a status and nothing else', async t => {
  const elsewhere = await merchant(t, (_request, response) => response.end())
  const { port } = await merchant(t, (request, response) => {
    response.writeHead(Number(request.url?.slice(1)), { location: `http://127.0.0.1:${elsewhere.port}/` }).end()
  })
  for (const status of [301, 302, 303, 307, 308]) {
    const result = await send(port, { path: `/${status}` })
    assert.deepEqual([result.ok, result.status, result.error], [false, status, null])
  }
  assert.equal(elsewhere.seen.connections, 0)
})

test('F146 F150: a server that takes the request and never answers is timed out', async t => {
  const { port } = await merchant(t, () => {})
  const result = await send(port, { timeoutMs: 100 })
  assert.deepEqual([result.ok, result.status, result.error], [false, null, 'timeout'])
  const silent = await listen(t, createServer())
  const hasty = createSender({ mode: 'test', allowedHosts: [], lookup: to(LOOPBACK), timeoutMs: 100 })
  for (const scheme of ['http', 'https']) {
    const unheard = await hasty.send(`${scheme}://127.0.0.1:${silent}/`, HEADERS, '{}')
    assert.deepEqual([unheard.ok, unheard.status, unheard.error], [false, null, 'timeout'], scheme)
  }
})

test('F147: an answer that drips is cut at the deadline, whatever its status', async t => {
  const { port } = await merchant(t, (_request, response) => {
    response.flushHeaders()
    const drip = setInterval(() => response.write('x'), 10)
    response.on('close', () => clearInterval(drip))
  })
  const result = await send(port, { timeoutMs: 1000 })
  assert.deepEqual([result.ok, result.status, result.error], [false, 200, 'timeout'])
  assert.match(result.body, /^x+$/)
})

test('a resolver that never answers is timed out', async () => {
  const never = createSender({ mode: 'test', allowedHosts: [], lookup: () => new Promise(() => {}), timeoutMs: 50 })
  const result = await never.send('http://shop.example/', HEADERS, '{}')
  assert.deepEqual([result.ok, result.status, result.error], [false, null, 'timeout'])
  await assert.rejects(never.resolveHost('http://shop.example/', 'url'), { code: 'url_unresolvable', param: 'url' })
})

test('F147: of an endless answer 64 KB are read and the first KB kept', async t => {
  const { port, closed } = await endlessServer(t, 'HTTP/1.1 200 OK\r\n\r\n', 'y'.repeat(8192))
  const result = await send(port)
  assert.deepEqual([result.ok, result.status, result.error, result.body], [true, 200, null, 'y'.repeat(1024)])
  await closed
})

test('F147: endless headers, and endless interim answers, are refused', async t => {
  const headers = await endlessServer(t, 'HTTP/1.1 200 OK\r\n', `x-filler: ${'z'.repeat(1000)}\r\n`)
  const long = await send(headers.port)
  assert.deepEqual([long.ok, long.error, long.reason], [false, 'response_invalid', 'HPE_HEADER_OVERFLOW'])
  await headers.closed

  const interim = await endlessServer(t, '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')
  const early = await send(interim.port)
  assert.deepEqual([early.ok, early.status, early.error], [false, null, 'response_invalid'])
  await interim.closed
})

test('a few interim answers before the real one do no harm', async t => {
  const hints = 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(2)
  const port = await rawServer(t, `${hints}HTTP/1.1 200 OK\r\n\r\nfine`, socket => socket.end())
  const result = await send(port)
  assert.deepEqual([result.ok, result.status, result.body], [true, 200, 'fine'])
})

test('F147: a compressed answer is kept as it came', async t => {
  const bomb = gzipSync(Buffer.alloc(10_000_000))
  const { port } = await merchant(t, (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
  })
  const result = await send(port)
  assert.equal(result.ok, true)
  assert.ok(result.body.startsWith('\u001f') && Buffer.byteLength(result.body) <= 1024)
})

test('what is kept of an answer is text that a database takes', async t => {
  const answers = [
    Buffer.from('a\0b'),
    Buffer.alloc(3000, 0xff),
    Buffer.from(`${'a'.repeat(1023)}é`),
    Buffer.from(`${'a'.repeat(1021)}😀`),
    Buffer.from('<script>'),
  ]
  const { port } = await merchant(t, (request, response) => response.end(answers[Number(request.url?.slice(1))]))
  const bodies: string[] = []
  for (const index of answers.keys()) bodies.push((await send(port, { path: `/${index}` })).body)
  assert.deepEqual(bodies, ['ab', '\ufffd'.repeat(341), 'a'.repeat(1023), 'a'.repeat(1021), '<script>'])
})

test('F150: a connection that is refused, reset or cut short is an error', async t => {
  const gone = createServer()
  gone.listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port: closedPort } = gone.address() as AddressInfo
  gone.close()
  await once(gone, 'close')
  const refused = await send(closedPort)
  assert.deepEqual(
    [refused.ok, refused.status, refused.error, refused.reason],
    [false, null, 'connection_error', 'ECONNREFUSED'],
  )

  const reset = await send(await rawServer(t, '', socket => socket.resetAndDestroy()))
  assert.deepEqual([reset.ok, reset.status, reset.error, reset.reason], [false, null, 'connection_error', 'ECONNRESET'])

  const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'
  const resetInBody = await send(await rawServer(t, whole, socket => socket.resetAndDestroy()))
  assert.deepEqual([resetInBody.ok, resetInBody.error], [false, 'connection_error'])

  for (const answer of [whole, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n']) {
    const short = await send(await rawServer(t, answer, socket => socket.end()))
    assert.deepEqual([short.ok, short.status, short.body], [false, 200, 'abc'])
    assert.deepEqual([short.error, short.reason], ['connection_error', 'ECONNRESET'])
  }
})

test('what is not HTTP, or switches protocols, is an error', async t => {
  const noise = await send(await rawServer(t, 'SSH-2.0-OpenSSH_9.2\r\n', () => {}))
  assert.deepEqual([noise.ok, noise.status, noise.error], [false, null, 'response_invalid'])
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'
  const switched = await send(await rawServer(t, upgrade, () => {}))
  assert.deepEqual([switched.ok, switched.status, switched.error], [false, null, 'connection_error'])
})

test('F138: a host is resolved once, and that address is the one connected to', async t => {
  const { port, seen } = await merchant(t, (_request, response) => response.end())
  let calls = 0
  const rebinding = createSender({
    mode: 'test',
    allowedHosts: [],
    lookup: async hostname => {
      assert.equal(hostname, 'rebind.example')
      calls += 1
      return calls % 2 === 1 ? [LOOPBACK] : [NOWHERE]
    },
  })
  const url = `http://rebind.example:${port}/`
  for (let round = 1; round <= 10; round += 1) {
    assert.equal((await rebinding.send(url, HEADERS, '{}')).ok, true)
    assert.deepEqual([calls, seen.connections], [2 * round - 1, round])
    const refused = await rebinding.send(url, HEADERS, '{}')
    assert.deepEqual([refused.ok, refused.status, refused.error, refused.reason], [false, null, 'host_forbidden', null])
    assert.deepEqual([calls, seen.connections], [2 * round, round])
  }
})

test('F137: one private address among public ones is enough to refuse a host', async t => {
  const { port, seen } = await merchant(t, (_request, response) => response.end())
  for (const address of [
    '10.0.0.1',
    '169.254.169.254',
    '::',
    'fd00:ec2::254',
    'fe80::1%lo',
    '64:ff9b::a9fe:a9fe',
    'garbage',
  ]) {
    const lookup = to(LOOPBACK, { address, family: address.includes(':') ? 6 : 4 })
    const mixed = createSender({ mode: 'test', allowedHosts: [], lookup })
    assert.equal((await mixed.send(`http://shop.example:${port}/`, HEADERS, '{}')).error, 'host_forbidden', address)
  }
  assert.equal(seen.connections, 0)
})

test('F135 F138: in live mode loopback is refused by name and by number, before anything is sent', async () => {
  const live = createSender({ mode: 'live', allowedHosts: [], lookup: to(LOOPBACK) })
  for (const host of ['shop.example', '127.0.0.1', '[::1]', '2130706433', '[::ffff:127.0.0.1]']) {
    assert.equal((await live.send(`https://${host}:8443/`, HEADERS, '{}')).error, 'host_forbidden', host)
  }
  for (const [url, reason] of [
    ['https://shop.example:22/', 'url_port_forbidden'],
    ['http://shop.example/', 'url_scheme'],
    ['https://a@shop.example/', 'url_userinfo'],
    ['nonsense', 'url_invalid'],
  ] as const) {
    const { durationMs: _, ...result } = await live.send(url, HEADERS, '{}')
    assert.deepEqual(result, { ok: false, status: null, error: 'url_forbidden', reason, body: '', retryAfter: null })
  }
})

test('F139: a resolver that fails stops the delivery', async t => {
  const { port, seen } = await merchant(t, (_request, response) => response.end())
  const failing: Lookup[] = [
    () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
    () => Promise.reject(Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' })),
    () => {
      throw new Error('broken resolver')
    },
    to(),
  ]
  for (const lookup of failing) {
    const result = await createSender({ mode: 'test', allowedHosts: [], lookup }).send(
      `http://localhost:${port}/`,
      HEADERS,
      '{}',
    )
    assert.deepEqual([result.ok, result.status, result.error], [false, null, 'unresolvable'])
  }
  assert.equal(seen.connections, 0)
})

test('the next address is tried when the first does not answer', async t => {
  const { port } = await merchant(t, (_request, response) => response.end())
  const lookup = to({ address: '127.0.0.9', family: 4 }, LOOPBACK)
  const result = await createSender({ mode: 'test', allowedHosts: [], lookup }).send(
    `http://shop.example:${port}/`,
    HEADERS,
    '{}',
  )
  assert.equal(result.ok, true)
})

test('the configuration opens one private host and port', async t => {
  const { port, seen } = await merchant(t, (_request, response) => response.end())
  const lan = createSender({ mode: 'test', allowedHosts: [`shop.lan:${port}`], lookup: to(NOWHERE) })
  assert.equal((await lan.send(`http://shop.lan:${port}/`, HEADERS, '{}')).ok, true)
  assert.equal((await lan.send(`http://shop2.lan:${port}/`, HEADERS, '{}')).error, 'host_forbidden')
  assert.equal((await lan.send('http://shop.lan:1/', HEADERS, '{}')).error, 'host_forbidden')
  assert.equal(seen.connections, 1)
})

test('F137 F139: an endpoint is checked when it is made as it is when we send', async () => {
  const codeOf = async (url: string, lookup: Lookup) => {
    try {
      await createSender({ mode: 'live', allowedHosts: [], ownHosts: ['pay.example'], lookup }).resolveHost(url, 'url')
      return null
    } catch (error) {
      assert.ok(error instanceof AppError && error.param === 'url')
      return error.code
    }
  }
  const missing: Lookup = () => Promise.reject(new Error('getaddrinfo ENOTFOUND'))
  assert.equal(await codeOf('https://shop.example/', to(PUBLIC)), null)
  assert.equal(await codeOf('https://shop.example/', to(PUBLIC, { address: '::1', family: 6 })), 'url_host_forbidden')
  assert.equal(
    await codeOf('https://169.254.169.254.nip.example/', to({ address: '169.254.169.254', family: 4 })),
    'url_host_forbidden',
  )
  assert.equal(await codeOf('https://pay.example/', to(PUBLIC)), 'url_host_forbidden')
  assert.equal(await codeOf('https://[::1]/', to(PUBLIC)), 'url_host_forbidden')
  assert.equal(await codeOf('https://8.8.8.8/', missing), null)
  assert.equal(await codeOf('https://shop.example/', missing), 'url_unresolvable')
  assert.equal(await codeOf('https://shop.example/', to()), 'url_unresolvable')
  assert.equal(await codeOf('http://shop.example/', to(PUBLIC)), 'url_scheme')
})

test('the system resolver is the default, and says what localhost is', async t => {
  const live = createSender({ mode: 'live', allowedHosts: [] })
  await assert.rejects(live.resolveHost('https://localhost/', 'url'), { code: 'url_host_forbidden' })
  const { port } = await merchant(t, (_request, response) => response.end())
  const local = createSender({ mode: 'test', allowedHosts: [] })
  assert.equal((await local.send(`http://localhost:${port}/`, HEADERS, '{}')).ok, true)
})

test('a proxy of the environment is not used', async t => {
  const proxy = await merchant(t, (_request, response) => response.end('proxied'))
  const { port } = await merchant(t, (_request, response) => response.end('direct'))
  const proxyUrl = `http://127.0.0.1:${proxy.port}`
  // The plain request of the same program shows that the environment would have mattered.
  const program = `
    import { get } from 'node:http'
    import { createSender } from ${JSON.stringify(new URL('./sendWebhook.ts', import.meta.url).href)}
    const sender = createSender({ mode: 'test', allowedHosts: [] })
    console.log((await sender.send('http://127.0.0.1:${port}/', {}, '{}')).body)
    get('http://127.0.0.1:${port}/', response => response.pipe(process.stdout))`
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    NO_PROXY: '',
    no_proxy: '',
  }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env,
    timeout: 30_000,
  })
  assert.equal(stdout, 'direct\nproxied')
})

/** DER of one ASN.1 value. */
function der(tag: number, ...contents: (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(contents.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

/** A self-signed certificate (RFC 5280) for `hostname`, valid from `from` to `to`, both as in `20260101000000Z`. */
function selfSigned(hostname: string, from: string, to: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
  const algorithm = der(0x30, oid('2a8648ce3d040302'))
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, hostname))))
  const alternativeNames = der(0x30, oid('551d11'), der(0x04, der(0x30, der(0x82, hostname))))
  const isAuthority = der(0x30, oid('551d13'), der(0x04, der(0x30, der(0x01, Buffer.of(0xff)))))
  const signed = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    algorithm,
    name,
    der(0x30, der(0x18, from), der(0x18, to)),
    name,
    publicKey,
    der(0xa3, der(0x30, alternativeNames, isAuthority)),
  )
  const signature = signBytes('sha256', signed, createPrivateKey(privateKey))
  const certificate = der(0x30, signed, algorithm, der(0x03, Buffer.of(0), signature)).toString('base64')
  return { key: privateKey, cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n` }
}

/** A merchant's TLS server, with the names that clients asked it for. */
async function tlsMerchant(t: TestContext, options: TlsOptions) {
  const names: (string | false | null)[] = []
  const requests: string[] = []
  const server = createTlsServer(options, (socket: TLSSocket) => {
    names.push(socket.servername)
    socket.once('data', bytes => {
      requests.push(bytes.toString('latin1'))
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
    socket.on('error', () => socket.destroy())
  })
  return { port: await listen(t, server), names, requests }
}

test('F149: over TLS the name is verified and sent, though the connection goes to the address', async t => {
  const own = selfSigned('shop.example', '20200101000000Z', '21200101000000Z')
  const expired = selfSigned('old.example', '20200101000000Z', '20200201000000Z')
  const stranger = selfSigned('stranger.example', '20200101000000Z', '21200101000000Z')
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, own.cert, expired.cert])
  t.after(() => setDefaultCACertificates(before))

  const shop = await tlsMerchant(t, own)
  const sent = await sender.send(`https://shop.example:${shop.port}/hook`, HEADERS, '{}')
  assert.deepEqual([sent.ok, sent.status, sent.body], [true, 200, 'ok'])
  assert.deepEqual(shop.names, ['shop.example'])
  assert.match(
    shop.requests[0] ?? '',
    new RegExp(`^POST /hook HTTP/1.1\r\n[^]*host: shop.example:${shop.port}\r\n`, 'i'),
  )

  const failure = async (hostname: string, options: TlsOptions) => {
    const { port, requests } = await tlsMerchant(t, options)
    const { ok, status, error, reason } = await sender.send(`https://${hostname}:${port}/`, HEADERS, '{}')
    assert.deepEqual([ok, status, error, requests], [false, null, 'tls_error', []], hostname)
    return reason
  }
  assert.equal(await failure('stranger.example', stranger), 'DEPTH_ZERO_SELF_SIGNED_CERT')
  assert.equal(await failure('old.example', expired), 'CERT_HAS_EXPIRED')
  assert.equal(await failure('other.example', own), 'ERR_TLS_CERT_ALTNAME_INVALID')
  const tls11 = { ...own, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  assert.match((await failure('shop.example', tls11)) ?? '', /^(ERR_SSL_|EPROTO)/)

  const { port } = await merchant(t, (_request, response) => response.end())
  const plain = await sender.send(`https://shop.example:${port}/`, HEADERS, '{}')
  assert.deepEqual([plain.ok, plain.status, plain.error], [false, null, 'tls_error'])
})

test('F149: the environment cannot switch verification off', async t => {
  const { port } = await tlsMerchant(t, selfSigned('stranger.example', '20200101000000Z', '21200101000000Z'))
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  t.after(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
  })
  const result = await sender.send(`https://stranger.example:${port}/`, HEADERS, '{}')
  assert.deepEqual([result.ok, result.error, result.reason], [false, 'tls_error', 'DEPTH_ZERO_SELF_SIGNED_CERT'])
})
