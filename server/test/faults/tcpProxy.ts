import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * `pass`: as if it were not there; `drop`: every connection is cut; `hang`: nothing is answered; `garbage`: of any three
 * answers two are nonsense, but for the chain's id.
 */
export type ProxyMode = 'pass' | 'drop' | 'hang' | 'garbage'

/** A connection to a node that can be disturbed. */
export type TcpProxy = {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** What connections meet from now on. Those that hang go on hanging, as they do behind a firewall that lost them. */
  setMode: (mode: ProxyMode) => void
  /** How many connections, or answers of garbage, met the present mode. */
  met: () => number
  stop: () => Promise<void>
}

/** Starts a proxy on a free port of the loopback address in front of the server at `target`, an http URL. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const passing = new Set<Socket>()
  let mode: ProxyMode = 'pass'
  let met = 0
  const liar = createHttpServer((request, response) => {
    const answer = async () => {
      const asked = await read(request)
      met += 1
      const isTrue = asked.method === 'eth_chainId' || met % 3 === 0
      const { status, body } = isTrue ? await relay(target, asked) : nonsense(met, asked)
      response.writeHead(status, { connection: 'close' }).end(body)
    }
    answer().catch(() => response.destroy())
  })
  const pass = (socket: Socket) => {
    const upstream = connect(Number(port), hostname)
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one)
      passing.add(one)
      one.on('error', ignore).on('close', () => other.destroy())
      one.pipe(other)
    }
  }
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', ignore).on('close', () => sockets.delete(socket) && passing.delete(socket))
    if (mode === 'garbage') return void liar.emit('connection', socket)
    met += 1
    if (mode === 'drop') socket.destroy()
    else if (mode === 'hang') socket.resume()
    else pass(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setMode: next => {
      mode = next
      met = 0
      for (const socket of passing) {
        if (next !== 'hang') socket.destroy()
        // The bytes that come are taken and lost.
        else socket.unpipe().resume()
      }
      passing.clear()
    },
    met: () => met,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function ignore(): void {}

type Asked = { id: unknown; method: string }

async function read(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString())
}

async function relay(target: string, asked: Asked): Promise<{ status: number; body: string }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(target, { method: 'POST', headers, body: JSON.stringify(asked) })
  return { status: response.status, body: await response.text() }
}

/** Something that a node, or what stands before it, may say when it is ill. */
function nonsense(turn: number, { id }: Asked): { status: number; body: string } {
  const answers = [
    { status: 200, body: 'upstream connect error or disconnect/reset before headers' },
    { status: 502, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
    { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id, result: null }) },
    { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message: 'header not found' } }) },
    { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id, result: { number: '0x1', hash: '0x12' } }) },
    { status: 200, body: '{"jsonrpc":"2.0","id":1,"resu' },
    { status: 200, body: '' },
    { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id: -1, result: '0x13881' }) },
  ]
  return answers[turn % answers.length] ?? { status: 500, body: '' }
}
