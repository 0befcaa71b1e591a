import { z } from '@hono/zod-openapi'
import type { PayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { isUuid } from '../domain/uuid.ts'
import { describePayerRoute, PAYERS_API } from './describePayerRoute.ts'
import { errorReply } from './errorReply.ts'
import { networkOf } from './payerLimits.ts'
import { type App, addMethodNotAllowed, docsUrl, missing } from './router.ts'
import type { SessionViewers } from './sessionViewers.ts'

/** What one process holds open: about 40 KB and a file descriptor for each. */
const STREAMS_MAX = 8_000
/** Many people may share an address, an office or a mobile network; whoever gets no stream polls, which is limited by address, too. */
const NETWORK_STREAMS_MAX = 500
const SESSION_STREAMS_MAX = 2_000
/** Proxies close what is silent, often after a minute. */
const PING_EVERY_S = 20
const PING = Buffer.from('event: ping\ndata: \n\n')
const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Without this, the server would wait for the end of a short answer.
  'transfer-encoding': 'chunked',
  // The connection ends with its stream: a process that stops waits for it.
  connection: 'close',
}

/** Streams of sessions' states to open pages, all of this process. */
type SessionStreams = {
  /** Whether another stream may be opened. */
  hasRoom: (id: string, network: string) => boolean
  /** Streams the state now, then one after each change, until the reader hangs up or the process stops. */
  open: (id: string, network: string) => ReadableStream<Uint8Array>
}

type Stream = {
  readonly controller: ReadableStreamDefaultController<Uint8Array>
  /** The newest state, until the reader has taken what came before; what a slow reader misses is not kept. */
  waiting: Uint8Array | null
  /** The second, of those between two pings, in which it has its own. */
  readonly second: number
}

/** Adds the stream of a session's states: the one now, then one after each change; the reader asks again for the rest. */
export function addSessionStreams(app: App, ctx: Context, viewers: SessionViewers, stopping: AbortSignal): void {
  const streams = createSessionStreams(viewers, stopping)
  const path = `${PAYERS_API}/:id/events`
  describePayerRoute(app, {
    method: 'get',
    path: '/{id}/events',
    operationId: 'watchPaymentPage',
    summary: "A stream of a session's changes of status, as server-sent events",
    answer: z.string(),
    type: 'text/event-stream',
  })
  app.get(path, async c => {
    const id = c.req.param('id').toLowerCase()
    const seen = isUuid(id) ? await viewers.see(id) : null
    if (seen === null) return errorReply(missing(), c.get('requestId'), docsUrl(ctx))
    // The framework answers HEAD with what GET would: a stream that nobody reads is never ended.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    const network = networkOf(c, ctx.config.trustedProxies)
    // The page polls where it gets no stream.
    if (!streams.hasRoom(id, network)) return c.body(null, 503, { 'retry-after': '5' })
    return new Response(streams.open(id, network), { headers: STREAM_HEADERS })
  })
  addMethodNotAllowed(app, ctx, path, ['GET'])
}

function createSessionStreams(viewers: SessionViewers, stopping: AbortSignal): SessionStreams {
  const sessions = new Map<string, { streams: Set<Stream>; stop: () => void }>()
  const networks = new Map<string, number>()
  let size = 0
  let second = 0

  const add = (id: string, network: string, stream: Stream) => {
    size++
    networks.set(network, (networks.get(network) ?? 0) + 1)
    const known = sessions.get(id)
    if (known !== undefined) return void known.streams.add(stream)
    const streams = new Set([stream])
    const stop = viewers.watch(id, seen => {
      const event = eventOf(seen)
      for (const each of streams) send(each, event)
    })
    sessions.set(id, { streams, stop })
  }
  const remove = (id: string, network: string, stream: Stream) => {
    const session = sessions.get(id)
    if (session?.streams.delete(stream) !== true) return false
    size--
    const others = (networks.get(network) ?? 1) - 1
    if (others === 0) networks.delete(network)
    else networks.set(network, others)
    if (session.streams.size > 0) return true
    session.stop()
    sessions.delete(id)
    return true
  }
  const each = (act: (stream: Stream) => void) => {
    for (const { streams } of sessions.values()) for (const stream of streams) act(stream)
  }
  const pings = setInterval(() => {
    second = (second + 1) % PING_EVERY_S
    each(stream => {
      if (stream.second === second && isReady(stream)) stream.controller.enqueue(PING)
    })
  }, 1_000).unref()
  stopping.addEventListener('abort', () => {
    clearInterval(pings)
    each(({ controller }) => controller.close())
  })

  return {
    hasRoom: (id, network) =>
      !stopping.aborted &&
      size < STREAMS_MAX &&
      (networks.get(network) ?? 0) < NETWORK_STREAMS_MAX &&
      (sessions.get(id)?.streams.size ?? 0) < SESSION_STREAMS_MAX,
    open: (id, network) => {
      let stream: Stream
      return new ReadableStream<Uint8Array>({
        start: controller => {
          stream = { controller, waiting: null, second: size % PING_EVERY_S }
          add(id, network, stream)
          // Asked for once more, now that no change can be missed.
          viewers.see(id).then(
            seen => send(stream, eventOf(seen)),
            () => {
              // The reader may have hung up before, and a stream ends once: to end it again would end the process.
              if (remove(id, network, stream) && !stopping.aborted) controller.close()
            },
          )
        },
        pull: () => {
          if (stream.waiting !== null) stream.controller.enqueue(stream.waiting)
          stream.waiting = null
        },
        cancel: () => void remove(id, network, stream),
      })
    },
  }
}

function isReady({ controller }: Stream): boolean {
  return (controller.desiredSize ?? 0) > 0
}

function send(stream: Stream, event: Uint8Array): void {
  if (isReady(stream)) stream.controller.enqueue(event)
  else stream.waiting = event
}

function eventOf(seen: PayersSession | null): Uint8Array {
  const state = seen === null ? null : stateOf(seen.found)
  return Buffer.from(`data: ${JSON.stringify(state)}\n\n`)
}

function stateOf(session: PayersSession['found']) {
  return {
    status: session.status,
    paymentStatus: session.status === 'complete' ? 'paid' : 'unpaid',
    intentStatus: session.intent.status,
    updatedAt: session.updatedAt,
  }
}
