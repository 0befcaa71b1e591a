import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { serveLoad } from './loadProcess.ts'

/** What the process that asks the API over HTTP is given: a body to POST, or null, and the paths that it asks one after the other. */
export type HttpLoadOptions = { apiUrl: string; apiKey: string; paths: string[]; body: string | null }

// Bare sockets: a client library would take more of the processor than what is measured leaves.
const { apiUrl, apiKey, paths, body } = JSON.parse(process.argv[2] ?? '') as HttpLoadOptions
const { hostname, port } = new URL(apiUrl)
let sockets: Socket[] = []
let requests: Buffer[] = []

serveLoad({
  prepare: async ({ requests: count, connections, isOnce }) => {
    // The server closes what is idle, while others have their turn.
    sockets = sockets.filter(socket => !socket.destroyed)
    while (sockets.length < connections) sockets.push(await open())
    requests = Array.from({ length: isOnce ? count : paths.length }, (_, number) =>
      request(paths[number % paths.length] ?? '', isOnce ? randomBytes(16).toString('hex') : null),
    )
  },
  send: (connection, number) => {
    const socket = sockets[connection]
    const bytes = requests[number % requests.length]
    if (socket === undefined || bytes === undefined) throw new Error('a round was not prepared')
    return exchange(socket, bytes)
  },
})

async function open(): Promise<Socket> {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  return socket
}

function request(path: string, idempotencyKey: string | null): Buffer {
  const once = idempotencyKey === null ? '' : `idempotency-key: ${idempotencyKey}\r\n`
  return Buffer.from(
    `${body === null ? 'GET' : 'POST'} /api/v1${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${apiKey}\r\n${
      body === null ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
    }${once}\r\n${body ?? ''}`,
  )
}

function exchange(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const end = (error?: Error) => {
      socket.off('data', read).off('error', end).off('close', closed)
      if (error === undefined) resolve()
      else reject(error)
    }
    const closed = () => end(new Error('the server hung up'))
    const read = (part: Buffer) => {
      parts.push(part)
      const answer = parts.length === 1 ? part : Buffer.concat(parts)
      const isWhole = wholeAnswer(answer)
      if (isWhole instanceof Error) end(isWhole)
      else if (isWhole) end()
    }
    socket.on('data', read).once('error', end).once('close', closed)
    socket.write(bytes)
  })
}

function wholeAnswer(answer: Buffer): boolean | Error {
  const headersEnd = answer.indexOf('\r\n\r\n')
  if (headersEnd < 0) return false
  const headers = answer.toString('latin1', 0, headersEnd)
  if (!headers.startsWith('HTTP/1.1 200')) return new Error(answer.toString())
  const length = /\r\ncontent-length: (\d+)/i.exec(headers)?.[1]
  if (length === undefined) return new Error(`an answer without a length: ${headers}`)
  return answer.length >= headersEnd + 4 + Number(length)
}
