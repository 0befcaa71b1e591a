import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'

/** A request as it arrived: `body` holds the bytes before any parsing, `receivedAt` is when the last of them came, in ms since 1970. */
export type ReceivedRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly receivedAt: number
}

/**
 * How to answer: status 200 and an empty body unless told, once `after` has come. Of the kinds, `hang` never answers, `cut` ends the
 * connection, and `endless` writes a kilobyte every millisecond until the caller hangs up.
 */
export type Answer = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly after?: Promise<unknown>
  readonly kind?: 'answer' | 'hang' | 'cut' | 'endless'
}

/** An HTTP server on the loopback address that records what it gets. */
export type Receiver = {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string
  /** Everything received until now, oldest first. */
  readonly requests: readonly ReceivedRequest[]
  /** Answers the next requests with these, one each; afterwards those of `answerAll` again. */
  answerNext(...answers: readonly Answer[]): void
  /** Answers every further request so. */
  answerAll(answer: Answer | ((request: ReceivedRequest) => Answer)): void
  /** Resolves with the first request, received already or still to come, that fits; rejects after `timeoutMs` (30 s unless told). */
  waitFor(fits: (request: ReceivedRequest) => boolean, options?: { timeoutMs?: number }): Promise<ReceivedRequest>
  /** Resolves with all requests as soon as there are `count`; rejects after `timeoutMs` (30 s unless told). */
  waitForCount(count: number, options?: { timeoutMs?: number }): Promise<readonly ReceivedRequest[]>
  /** Cuts all connections and ends the server. */
  stop(): Promise<void>
}

type Waiting = { settle(): boolean }

/** Starts a receiver on a free port. */
export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const next: Answer[] = []
  const waiting = new Set<Waiting>()
  let all: (request: ReceivedRequest) => Answer = () => ({})
  const server = createServer((incoming, response) => {
    readRequest(incoming).then(
      request => {
        requests.push(request)
        for (const one of waiting) if (one.settle()) waiting.delete(one)
        return send(response, next.shift() ?? all(request))
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  const wait = <T>(find: () => T | undefined, what: string, timeoutMs: number) =>
    new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(one)
        const seen = requests.map(({ method, path }) => `${method} ${path}`).join(', ')
        reject(new Error(`${what} did not arrive in ${timeoutMs} ms; received: ${seen || 'nothing'}`))
      }, timeoutMs)
      const one: Waiting = {
        settle: () => {
          const found = find()
          if (found === undefined) return false
          clearTimeout(timer)
          resolve(found)
          return true
        },
      }
      if (!one.settle()) waiting.add(one)
    })

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answerNext: (...answers) => void next.push(...answers),
    answerAll: answer => {
      all = typeof answer === 'function' ? answer : () => answer
    },
    waitFor: (fits, { timeoutMs = 30_000 } = {}) => wait(() => requests.find(fits), 'the request', timeoutMs),
    waitForCount: (count, { timeoutMs = 30_000 } = {}) =>
      wait(() => (requests.length >= count ? requests : undefined), `request ${count}`, timeoutMs),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(parts),
    receivedAt: Date.now(),
  }
}

async function send(
  response: ServerResponse,
  { after, kind = 'answer', status = 200, headers = {}, body = '' }: Answer,
): Promise<void> {
  await after
  if (response.destroyed || kind === 'hang') return
  if (kind === 'cut') {
    response.destroy()
    return
  }
  response.writeHead(status, headers)
  if (kind === 'answer') {
    response.end(body)
    return
  }
  const timer = setInterval(() => response.write(' '.repeat(1024)), 1)
  response.once('close', () => clearInterval(timer))
}
